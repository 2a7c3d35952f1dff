import { Table } from 'antd'
import { lazy } from 'react'
import { t } from '../../text.ts'
import { formatCount } from '../kernel/format.ts'
import { ChartFrame } from './ChartFrame.tsx'

const plot = () => import('./Plot.tsx')
const Plot = lazy(plot)
// Fetched beside the figures rather than after them; a failure is told when the chart is drawn.
plot().catch(() => undefined)

export interface Series {
  readonly name: string
  readonly color: string
  readonly symbol: string
  readonly dash: 'solid' | readonly number[]
  readonly values: readonly number[]
}

/** One or more series over days, as a chart or as a table, with a summary in words. */
export function CurveChart({
  days,
  series,
  summary,
  runningDay,
  share = false,
  most,
}: {
  readonly days: readonly string[]
  readonly series: readonly Series[]
  readonly summary: string
  /** The day that is not over yet: marked, so that it does not read as a fall. */
  readonly runningDay?: string
  /** The values are percentages with a decimal, not counts. */
  readonly share?: boolean
  /** Upper end of the axis, for values that have one. */
  readonly most?: number
}) {
  return (
    <ChartFrame
      summary={summary}
      chart={
        <Plot
          days={days}
          series={series}
          label={summary}
          share={share}
          {...(runningDay ? { runningDay } : {})}
          {...(most ? { most } : {})}
        />
      }
      table={
        <Table
          size="small"
          pagination={false}
          rowKey="day"
          dataSource={days.map((day, index) => ({ day, index })).reverse()}
          columns={[
            { title: t('日期'), dataIndex: 'day' },
            ...series.map(({ name, values }) => ({
              title: name,
              key: name,
              align: 'right' as const,
              render: (_: unknown, { index }: { index: number }) =>
                share ? t('{share}%', { share: (values[index] ?? 0).toFixed(1) }) : formatCount(values[index] ?? 0),
            })),
          ]}
        />
      }
    />
  )
}
