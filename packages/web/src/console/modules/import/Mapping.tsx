import { useMutation, useQuery } from '@tanstack/react-query'
import type { ImportLook } from '@vigil/contract'
import { Alert, Button, Select } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Panel } from '../../ui/Page.tsx'
import { ErrorState, Loading, ProblemAlert } from '../../ui/states.tsx'

type Column = ImportLook['columns'][number] & { readonly key: string }

/** What the head says is missing or doubled, as a sentence; undefined when all is clear. */
function gapOf(look: ImportLook, chosen: ReadonlyMap<number, string>): string | undefined {
  const name = (key: string) => look.fields.find((field) => field.key === key)?.name ?? key
  const taken = [...chosen.values()]
  const missing = look.fields.filter((field) => field.required && !taken.includes(field.key)).map((field) => field.name)
  const doubled = [...new Set(taken.filter((key, at) => taken.indexOf(key) !== at))].map(name)
  const parts = [
    missing.length ? t('还缺必需的列：{names}', { names: missing.join('、') }) : '',
    doubled.length ? t('有几列指定为同一字段：{names}', { names: doubled.join('、') }) : '',
  ].filter(Boolean)
  return parts.length ? parts.join('；') : undefined
}

/** Says which column of the file is which field; kept for later files with the same head. */
export function Mapping({ id, onSaved }: { readonly id: string; readonly onSaved: () => void }) {
  const queryKey = [...keys.imports, id, 'look']
  const query = useQuery({
    queryKey,
    queryFn: () => call('import.look', { params: { id } }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const [changes, setChanges] = useState<ReadonlyMap<number, string | undefined>>(new Map())
  const look = query.data
  const chosen = new Map(
    (look?.columns ?? []).flatMap(({ index, field }) => {
      const value = changes.has(index) ? changes.get(index) : field
      return value ? [[index, value] as const] : []
    }),
  )
  const save = useMutation({
    mutationFn: () =>
      call('import.map', {
        params: { id },
        body: { columns: [...chosen].map(([index, field]) => ({ index, field })) },
      }),
    onSuccess: (next) => {
      queryClient.setQueryData(queryKey, next)
      setChanges(new Map())
      onSaved()
    },
  })
  if (query.error) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  if (!look) return <Loading text={t('正在读取文件…')} />
  const gap = gapOf(look, chosen)
  const columns: Column[] = look.columns.map((column) => ({ ...column, key: String(column.index) }))
  return (
    <Panel
      flush
      title={t('列的对应')}
      extra={
        <Button type="primary" disabled={changes.size === 0} loading={save.isPending} onClick={() => save.mutate()}>
          {t('保存对应')}
        </Button>
      }
    >
      <div className="import-note">
        <p className="hint">
          {look.format === 'xlsx'
            ? t('工作表“{sheet}”，表头在第 {row} 行。', { sheet: look.sheet, row: look.headRow })
            : t('表头在第 {row} 行。', { row: look.headRow })}
          {look.remembered ? t('列的对应由人工指定，同样表头的文件以后自动沿用。') : ''}
        </p>
        {gap ? <Alert showIcon type="warning" title={gap} /> : null}
        <ProblemAlert error={save.error} fields />
      </div>
      <DataTable<Column>
        label={t('列的对应')}
        rowKey="key"
        rows={columns}
        minWidth={720}
        columns={[
          {
            title: t('文件中的列'),
            dataIndex: 'head',
            width: 200,
            render: (head: string, { index }) => head || t('（第 {n} 列，无表头）', { n: index + 1 }),
          },
          {
            title: t('前几行（个人信息已隐去）'),
            dataIndex: 'samples',
            render: (samples: string[]) => <span className="muted">{samples.filter(Boolean).join(' / ') || '—'}</span>,
          },
          {
            title: t('对应的字段'),
            key: 'field',
            width: 240,
            render: (_, { index, head }) => (
              <Select
                className="import-field"
                aria-label={t('{head} 对应的字段', { head: head || String(index + 1) })}
                placeholder={t('不导入')}
                allowClear
                showSearch={{ optionFilterProp: 'label' }}
                value={chosen.get(index) ?? null}
                onChange={(field: string | null | undefined) =>
                  setChanges(new Map(changes).set(index, field ?? undefined))
                }
                options={look.fields.map(({ key, name, required }) => ({
                  value: key,
                  label: required ? t('{name}（必需）', { name }) : name,
                }))}
              />
            ),
          },
        ]}
      />
    </Panel>
  )
}
