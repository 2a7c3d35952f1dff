import { useQuery } from '@tanstack/react-query'
import type { coldchainRoutes, ResponseOf } from '@vigil/contract'
import { lazy } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { useScope } from '../../kernel/scope.ts'
import { ChartFrame } from '../../ui/ChartFrame.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Panel } from '../../ui/Page.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { ink } from '../../ui/theme.ts'
import { ListExport } from '../export/ListExport.tsx'
import { tonnes, weight } from './words.ts'

const Plot = lazy(() => import('../../ui/Plot.tsx'))

type Statistics = ResponseOf<(typeof coldchainRoutes)['cold-chain.statistics']>
type Figures = Statistics['total']
type Line = Figures & { readonly key: string; readonly name: string }

const columns = [
  { title: t('批次'), dataIndex: 'lots', align: 'right' as const, width: 80, render: formatCount },
  { title: t('件数'), dataIndex: 'boxes', align: 'right' as const, width: 90, render: formatCount },
  {
    title: t('重量'),
    key: 'grams',
    align: 'right' as const,
    width: 110,
    render: (_: unknown, row: Line) => tonnes(row.grams),
  },
  { title: t('放行'), dataIndex: 'released', align: 'right' as const, width: 80, render: formatCount },
  { title: t('违规'), dataIndex: 'violations', align: 'right' as const, width: 80, render: formatCount },
  {
    title: t('下架与销毁'),
    key: 'withdrawn',
    align: 'right' as const,
    width: 130,
    render: (_: unknown, row: Line) => weight(row.withdrawnGrams),
  },
]

function Table({
  label,
  head,
  rows,
}: {
  readonly label: string
  readonly head: string
  readonly rows: readonly Line[]
}) {
  return (
    <DataTable<Line>
      label={label}
      rowKey="key"
      rows={rows}
      minWidth={640}
      heading="name"
      empty={t('这段时间没有入仓、违规或下架')}
      columns={[{ title: head, dataIndex: 'name' }, ...columns]}
    />
  )
}

/** Lots, cases, tonnes, violations and what was taken off sale in the chosen period, by county and by day. */
export function StatisticsPanel({ area }: { readonly area: string }) {
  const { from, to } = useScope()
  const query = useQuery({
    queryKey: [...keys.coldchain, 'statistics', area, from, to],
    queryFn: ({ signal }) => call('cold-chain.statistics', { query: { area, from, to }, signal }),
  })
  const data = query.data
  return (
    <Panel title={t('统计')} flush extra={<ListExport list="cold-tally" filter={{ area, from, to }} />}>
      {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {data ? <Shown data={data} /> : null}
      {!data && !query.isError ? <Loading /> : null}
    </Panel>
  )
}

function Shown({ data }: { readonly data: Statistics }) {
  const { total, counties, days } = data
  const summary = t('入仓 {lots} 批 {boxes} 件 {mass}，违规 {violations} 件，下架与销毁 {off}', {
    lots: formatCount(total.lots),
    boxes: formatCount(total.boxes),
    mass: tonnes(total.grams),
    violations: formatCount(total.violations),
    off: weight(total.withdrawnGrams),
  })
  const lines = counties.map(
    ({ areaCode, areaName, ...figures }): Line => ({ key: areaCode, name: areaName, ...figures }),
  )
  const byDay = days.map(({ day, ...figures }): Line => ({ key: day, name: day, ...figures }))
  return (
    <>
      {days.length > 1 ? (
        <div className="recall">
          <ChartFrame
            summary={summary}
            chart={
              <Plot
                days={days.map(({ day }) => day)}
                label={summary}
                series={[
                  {
                    name: t('入仓批次'),
                    color: ink.brand,
                    symbol: 'circle',
                    dash: 'solid',
                    values: days.map(({ lots }) => lots),
                  },
                  {
                    ...{ name: t('违规'), color: '#b4540a', symbol: 'triangle', dash: [6, 4] },
                    values: days.map(({ violations }) => violations),
                  },
                ]}
              />
            }
            table={<Table label={t('按日统计')} head={t('日期')} rows={byDay} />}
          />
        </div>
      ) : (
        <p className="hint recall">{summary}</p>
      )}
      <Table label={t('按县统计')} head={t('县（市、区）')} rows={lines} />
    </>
  )
}
