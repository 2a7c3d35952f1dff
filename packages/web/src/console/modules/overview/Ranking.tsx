import type { Overview } from '@vigil/contract'
import { t } from '../../../text.ts'
import { changeOf, formatCount, formatShare } from '../../kernel/format.ts'
import { useSetSearch } from '../../kernel/scope.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Panel } from '../../ui/Page.tsx'

type Row = Overview['ranking'][number]
const arrows = { up: '▲ ', down: '▼ ', same: '', none: '' } as const

/** The level below, most purchases first; a name leads one level down. */
export function Ranking({ rows }: { rows: readonly Row[] }) {
  const setSearch = useSetSearch()
  const most = Math.max(1, ...rows.map((row) => row.purchases))
  const stores = rows[0]?.kind === 'store'
  return (
    <Panel title={stores ? t('药店排行') : t('辖区排行')} flush>
      <DataTable<Row>
        label={stores ? t('药店排行') : t('辖区排行')}
        rowKey="code"
        rows={[...rows].sort((a, b) => b.purchases - a.purchases)}
        minWidth={720}
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
                  setSearch(row.kind === 'store' ? { store: row.code } : { area: row.code, store: undefined })
                }
              >
                {name}
              </button>
            ),
          },
          {
            title: t('登记笔数'),
            dataIndex: 'purchases',
            sorter: (a, b) => a.purchases - b.purchases,
            render: (value: number) => (
              <div className="bar-cell">
                <span>{formatCount(value)}</span>
                <i className="bar-rail" aria-hidden="true">
                  <b className="bar-fill" style={{ width: `${(value / most) * 100}%` }} />
                </i>
              </div>
            ),
          },
          {
            title: t('较上周同期'),
            key: 'change',
            align: 'right',
            width: 120,
            sorter: (a, b) => a.compared - a.previous - (b.compared - b.previous),
            render: (_, row) => {
              const change = changeOf(row.compared, row.previous)
              return (
                <span className={`change ${change.direction}`}>
                  <span aria-hidden="true">{arrows[change.direction]}</span>
                  {change.text}
                </span>
              )
            },
          },
          {
            title: t('购药人数'),
            dataIndex: 'buyers',
            align: 'right',
            width: 104,
            sorter: (a, b) => a.buyers - b.buyers,
            render: formatCount,
          },
          {
            title: t('发热人次'),
            dataIndex: 'fever',
            align: 'right',
            width: 104,
            sorter: (a, b) => a.fever - b.fever,
            render: formatCount,
          },
          ...(stores
            ? []
            : [
                {
                  title: t('上报药店'),
                  key: 'reporting',
                  align: 'right' as const,
                  width: 150,
                  render: (_: unknown, row: Row) =>
                    `${formatCount(row.reporting)} / ${formatCount(row.stores)}（${formatShare(row.reporting, row.stores)}）`,
                },
              ]),
        ]}
      />
    </Panel>
  )
}
