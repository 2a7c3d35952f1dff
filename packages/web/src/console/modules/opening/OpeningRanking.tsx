import type { OpeningOverview } from '@vigil/contract'
import { t } from '../../../text.ts'
import { formatCount, formatShare } from '../../kernel/format.ts'
import { useSetSearch } from '../../kernel/scope.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Panel } from '../../ui/Page.tsx'

type Row = OpeningOverview['ranking'][number]
const rate = ({ active, open, sold }: Row) => (active === 0 ? 1 : (open + sold) / active)

/** The level below, lowest rate first; an area leads one level down, a store to its day. */
export function OpeningRanking({ rows }: { rows: readonly Row[] }) {
  const setSearch = useSetSearch()
  const stores = rows.every(({ kind }) => kind === 'store')
  const title = stores ? t('药店营业情况') : t('辖区营业率')
  const number = (key: 'active' | 'open' | 'sold' | 'closed' | 'missing', name: string) => ({
    title: name,
    dataIndex: key,
    align: 'right' as const,
    width: 104,
    sorter: (a: Row, b: Row) => a[key] - b[key],
    render: formatCount,
  })
  return (
    <Panel title={title} flush>
      <DataTable<Row>
        label={title}
        rowKey="code"
        rows={rows.filter(({ active }) => active > 0)}
        minWidth={760}
        empty={t('当日没有在册营业的药店')}
        columns={[
          {
            title: stores ? t('药店') : t('区划'),
            dataIndex: 'name',
            width: '24%',
            render: (name: string, row) => (
              <button
                type="button"
                className="link"
                onClick={() =>
                  setSearch(row.kind === 'store' ? { open: row.code } : { area: row.code, open: undefined })
                }
              >
                {name}
              </button>
            ),
          },
          {
            title: t('营业率'),
            key: 'rate',
            sorter: (a, b) => rate(a) - rate(b),
            render: (_, row) => (
              <div className="bar-cell">
                <span>{formatShare(row.open + row.sold, row.active)}</span>
                <i className="bar-rail" aria-hidden="true">
                  <b className="bar-fill" style={{ width: `${rate(row) * 100}%` }} />
                </i>
              </div>
            ),
          },
          number('active', t('应营业')),
          number('open', t('签到营业')),
          number('sold', t('有销售')),
          number('closed', t('停业')),
          number('missing', t('未签到')),
        ]}
      />
    </Panel>
  )
}
