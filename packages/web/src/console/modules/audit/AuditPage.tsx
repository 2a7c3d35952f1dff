import type { AuditEntry } from '@vigil/contract'
import { auditActionNames } from '@vigil/contract/terms'
import { Input, Select } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { useRawSearch, useScope, useSetSearch } from '../../kernel/scope.ts'
import { useTyped } from '../../kernel/typed.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ListExport } from '../export/ListExport.tsx'
import { HeadPanel } from './HeadPanel.tsx'
import { objectName } from './words.ts'

const outcomeNames: Record<AuditEntry['outcome'], string> = { done: t('成功'), refused: t('拒绝'), failed: t('失败') }
const tones = { done: 'good', refused: 'warn', failed: 'bad' } as const

/** Who did what, when and from where; newest first. */
export function AuditPage() {
  const { from, to } = useScope()
  const search = useRawSearch()
  const setSearch = useSetSearch()
  const [actor, setActor] = useTyped(search.actor)
  const outcome = (['done', 'refused', 'failed'] as const).find((known) => known === search.outcome)
  const filter = {
    from,
    to,
    ...(search.action ? { action: search.action } : {}),
    ...(search.actor ? { actor: search.actor } : {}),
    ...(outcome ? { outcome } : {}),
  }
  const list = usePaged(keys.audit, filter, (cursor, signal) =>
    call('audit.list', { query: { ...filter, limit: 50, ...(cursor ? { cursor } : {}) }, signal }),
  )
  return (
    <Page
      title={t('审计日志')}
      note={t('每个操作、查看明文、导出、登录和拒绝各记一条；封存后任何改动都能查出。')}
      actions={<ListExport list="audit" filter={filter} />}
    >
      <HeadPanel />
      <search className="filters" aria-label={t('筛选')}>
        <Input.Search
          className="exact"
          aria-label={t('操作人')}
          placeholder={t('操作人')}
          maxLength={60}
          allowClear
          value={actor}
          onChange={(event) => setActor(event.target.value)}
          onSearch={(value) => setSearch({ actor: value.trim() || undefined })}
        />
        <Select
          aria-label={t('操作')}
          className="wide-select"
          showSearch={{ optionFilterProp: 'label' }}
          value={search.action ?? ''}
          onChange={(value) => setSearch({ action: value || undefined })}
          options={[
            { value: '', label: t('全部操作') },
            ...Object.entries(auditActionNames).map(([value, label]) => ({ value, label })),
          ]}
        />
        <Select
          aria-label={t('结果')}
          value={outcome ?? ''}
          onChange={(value) => setSearch({ outcome: value || undefined })}
          options={[
            { value: '', label: t('全部结果') },
            ...Object.entries(outcomeNames).map(([value, label]) => ({ value, label })),
          ]}
        />
      </search>
      <Panel flush>
        <DataTable<AuditEntry>
          label={t('审计日志')}
          rowKey="seq"
          rows={list.rows}
          error={list.error}
          loading={list.loading && list.rows !== undefined}
          retry={list.refetch}
          paged={list}
          minWidth={1060}
          heading="action"
          empty={t('所选时段内没有记录')}
          columns={[
            { title: t('序号'), dataIndex: 'seq', width: 84, align: 'right' },
            { title: t('时间'), dataIndex: 'at', width: 140, render: formatTime },
            { title: t('操作人'), dataIndex: 'actor', width: 140 },
            {
              title: t('操作'),
              dataIndex: 'action',
              width: 170,
              render: (value: string) => <span title={value}>{auditActionNames[value] ?? t('其他操作')}</span>,
            },
            {
              title: t('结果'),
              key: 'outcome',
              width: 76,
              render: (_, row) => <Mark tone={tones[row.outcome]}>{outcomeNames[row.outcome]}</Mark>,
            },
            {
              title: t('对象与内容'),
              key: 'detail',
              render: (_, row) => (
                <>
                  <div className="break" title={row.object}>
                    {objectName(row.object)}
                  </div>
                  {Object.keys(row.detail).length ? (
                    <details>
                      <summary className="muted">{t('原始内容')}</summary>
                      <pre className="json">{JSON.stringify(row.detail, null, 2)}</pre>
                    </details>
                  ) : null}
                </>
              ),
            },
            {
              title: t('来源'),
              dataIndex: 'ip',
              width: 130,
              render: (ip: string) => <span className="number">{ip}</span>,
            },
            {
              title: t('封存'),
              key: 'sealed',
              width: 76,
              render: (_, row) => (row.sealed ? t('已封存') : t('待封存')),
            },
          ]}
        />
      </Panel>
    </Page>
  )
}
