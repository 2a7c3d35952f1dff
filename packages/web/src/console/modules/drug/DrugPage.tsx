import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { DrugItem } from '@vigil/contract'
import { drugClassNames } from '@vigil/contract/terms'
import { Input } from 'antd'
import { useDeferredValue, useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { useRawSearch, useSetSearch } from '../../kernel/scope.ts'
import { useCan } from '../../kernel/session.ts'
import { ClassSelect } from '../../ui/ClassSelect.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { ImportButton } from '../../ui/ImportDialog.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ListExport } from '../export/ListExport.tsx'

const most = 100
const code = (value: string | null) => (value ? <span className="number">{value}</span> : '—')

/** Drug catalogue: search as typed, import. */
export function DrugPage() {
  const search = useRawSearch()
  const setSearch = useSetSearch()
  const can = useCan()
  const [typed, setTyped] = useState(search.q ?? '')
  const q = useDeferredValue(typed.trim())
  const exported = { ...(q ? { q } : {}), ...(search.class ? { class: search.class } : {}) }
  const asked = { ...exported, limit: most }
  const query = useQuery({
    queryKey: [...keys.drugs, asked],
    queryFn: ({ signal }) => call('drug.search', { query: asked, signal }),
    placeholderData: keepPreviousData,
  })
  const total = query.data?.total ?? 0
  return (
    <Page
      title={t('药品目录')}
      note={t('登记端从这份目录中选药；可按名称、拼音、首字母、批准文号、条码或追溯码查找。')}
      actions={
        <>
          <ListExport list="drugs" filter={exported} />
          {can('drug.manage') ? (
            <ImportButton
              route="drug.import"
              title={t('导入药品')}
              columns={t(
                '列：类别、通用名（必填），商品名、剂型、规格、生产企业、批准文号、商品条码、追溯码前7位、启用。',
              )}
              refresh={[keys.drugs]}
            />
          ) : null}
        </>
      }
    >
      <search className="filters" aria-label={t('筛选')}>
        <Input
          className="exact"
          aria-label={t('查找药品')}
          placeholder={t('布洛芬、blf、国药准字…')}
          maxLength={60}
          allowClear
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setSearch({ q: event.target.value.trim() || undefined }, { replace: true })
          }}
        />
        <ClassSelect value={search.class} />
        {query.data ? (
          <span className="hint" role="status">
            {t('共 {total} 种{value}', {
              total: formatCount(total),
              value: total > most ? t('，显示前 {most} 种', { most }) : '',
            })}
          </span>
        ) : null}
      </search>
      <Panel flush>
        <DataTable<DrugItem>
          label={t('药品目录')}
          rowKey="id"
          rows={query.data?.items}
          error={query.error}
          loading={query.isPlaceholderData}
          retry={() => void query.refetch()}
          minWidth={1000}
          empty={q ? t('没有找到“{q}”', { q }) : t('目录还是空的')}
          columns={[
            {
              title: t('类别'),
              dataIndex: 'class',
              width: 84,
              render: (value: DrugItem['class']) => drugClassNames[value],
            },
            {
              title: t('通用名'),
              key: 'generic',
              render: (_, row) => (
                <>
                  {row.generic} {row.active ? null : <Mark>{t('停用')}</Mark>}
                  {row.brand ? <div className="muted">{row.brand}</div> : null}
                </>
              ),
            },
            { title: t('剂型'), dataIndex: 'form', width: 110 },
            { title: t('规格'), dataIndex: 'strength', width: 130 },
            { title: t('生产企业'), dataIndex: 'maker', width: 200, render: (value: string) => value || '—' },
            { title: t('批准文号'), dataIndex: 'approvalNo', width: 150, render: code },
            { title: t('商品条码'), dataIndex: 'ean13', width: 130, render: code },
            { title: t('追溯码前缀'), dataIndex: 'tracePrefix', width: 100, render: code },
          ]}
        />
      </Panel>
    </Page>
  )
}
