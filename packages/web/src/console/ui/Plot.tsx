import { BarChart, LineChart } from 'echarts/charts'
import { MarkAreaComponent } from 'echarts/components'
import { use } from 'echarts/core'
import { useMemo } from 'react'
import { t } from '../../text.ts'
import { formatCount, formatDay } from '../kernel/format.ts'
import type { Series } from './CurveChart.tsx'
import { base, Drawing } from './Drawing.tsx'
import { ink } from './theme.ts'

use([LineChart, BarChart, MarkAreaComponent])

/** Grey over the part of the curve that leads to the running day. */
function runningArea(days: readonly string[], runningDay: string | undefined) {
  const last = days.length - 1
  if (last < 1 || days[last] !== runningDay) return undefined
  return {
    silent: true,
    itemStyle: { color: ink.line, opacity: 0.35 },
    label: { formatter: t('今日未完'), color: ink.muted, position: 'insideTop' as const },
    data: [[{ xAxis: last - 1 }, { xAxis: last }]] as [{ xAxis: number }, { xAxis: number }][],
  }
}

function optionOf(
  days: readonly string[],
  series: readonly Series[],
  runningDay: string | undefined,
  share: boolean,
  most: number | undefined,
) {
  const shown = (value: number) => (share ? t('{share}%', { share: value.toFixed(1) }) : formatCount(value))
  // Shares lie close below 100: from zero on, nothing could be read.
  const floor = share
    ? Math.max(0, Math.floor((Math.min(100, ...series.flatMap(({ values }) => values)) - 2) / 10) * 10)
    : 0
  const single = days.length === 1
  const running = runningArea(days, runningDay)
  return {
    ...base,
    tooltip: {
      ...base.tooltip,
      valueFormatter: (value: unknown) => shown(Number(value)),
    },
    xAxis: {
      ...base.xAxis,
      data: days.map(formatDay),
      boundaryGap: single,
    },
    yAxis: {
      ...base.yAxis,
      minInterval: 1,
      ...(share ? { min: floor, max: 100 } : most ? { max: most } : {}),
      axisLabel: {
        ...base.yAxis.axisLabel,
        formatter: (value: number) => (share ? t('{share}%', { share: value }) : formatCount(value)),
      },
    },
    series: series.map(({ name, color, symbol, dash, values }, index) =>
      single
        ? { type: 'bar' as const, name, data: [...values], color, barMaxWidth: 48 }
        : {
            type: 'line' as const,
            name,
            data: [...values],
            color,
            symbol,
            symbolSize: 7,
            showSymbol: days.length <= 31,
            ...(index === 0 && running ? { markArea: running } : {}),
            lineStyle: { width: 2, type: dash === 'solid' ? ('solid' as const) : [...dash] },
          },
    ),
  }
}

/** The drawing itself; loaded when a chart is first shown. */
export default function Plot({
  days,
  series,
  label,
  runningDay,
  share = false,
  most,
}: {
  readonly days: readonly string[]
  readonly series: readonly Series[]
  readonly label: string
  readonly runningDay?: string
  readonly share?: boolean
  readonly most?: number
}) {
  const option = useMemo(() => optionOf(days, series, runningDay, share, most), [days, series, runningDay, share, most])
  return <Drawing option={option} label={label} />
}
