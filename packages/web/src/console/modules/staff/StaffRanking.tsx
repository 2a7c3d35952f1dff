import type { StaffCoverage } from '@vigil/contract'
import { t } from '../../../text.ts'
import { formatCount, formatShare } from '../../kernel/format.ts'
import { useSetSearch } from '../../kernel/scope.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Panel } from '../../ui/Page.tsx'

type Row = StaffCoverage['ranking'][number]
const rate = ({ required, covered }: Row) => (required === 0 ? 1 : covered / required)

/** The level below, lowest coverage first; an area leads one level down, a store to its roster. */
export function StaffRanking({ rows }: { rows: readonly Row[] }) {
  const setSearch = useSetSearch()
  const stores = rows.every(({ kind }) => kind === 'store')
  const title = stores ? t('药店覆盖率') : t('辖区覆盖率')
  const number = (key: 'required' | 'covered' | 'soon' | 'due' | 'overdue' | 'exempt', name: string) => ({
    title: name,
    dataIndex: key,
    align: 'right' as const,
    width: 96,
    sorter: (a: Row, b: Row) => a[key] - b[key],
    render: formatCount,
  })
  return (
    <Panel title={title} flush>
      <DataTable<Row>
        label={title}
        rowKey="code"
        rows={rows.filter(({ required, exempt }) => required + exempt > 0)}
        minWidth={800}
        empty={t('这里还没有需要检测的人员')}
        columns={[
          {
            title: stores ? t('药店') : t('区划'),
            dataIndex: 'name',
            width: '22%',
            render: (name: string, row) => (
              <button
                type="button"
                className="link"
                onClick={() =>
                  setSearch(row.kind === 'store' ? { store: row.code } : { area: row.code, store: undefined })
                }
              >
                {name}
              </button>
            ),
          },
          {
            title: t('覆盖率'),
            key: 'rate',
            sorter: (a, b) => rate(a) - rate(b),
            render: (_, row) => (
              <div className="bar-cell">
                <span>{formatShare(row.covered, row.required)}</span>
                <i className="bar-rail" aria-hidden="true">
                  <b className="bar-fill" style={{ width: `${rate(row) * 100}%` }} />
                </i>
              </div>
            ),
          },
          number('required', t('应检')),
          number('covered', t('已检')),
          number('soon', t('即将到期')),
          number('due', t('到期')),
          number('overdue', t('逾期')),
          number('exempt', t('暂免')),
        ]}
      />
    </Panel>
  )
}
