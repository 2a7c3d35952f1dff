import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, MarkAreaComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { t } from '../../text.ts'
import { formatCount, formatDay } from '../kernel/format.ts'
import type { Series } from './CurveChart.tsx'
import { ink } from './theme.ts'

use([LineChart, BarChart, GridComponent, LegendComponent, MarkAreaComponent, TooltipComponent, SVGRenderer])

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
    animation: false,
    textStyle: { fontFamily: 'inherit', color: ink.muted },
    grid: { left: 8, right: 16, top: 40, bottom: 4, outerBoundsMode: 'same' as const },
    legend: { top: 0, left: 0, itemWidth: 28, textStyle: { color: ink.text } },
    tooltip: {
      trigger: 'axis' as const,
      valueFormatter: (value: unknown) => shown(Number(value)),
      textStyle: { color: ink.text },
    },
    xAxis: {
      type: 'category' as const,
      data: days.map(formatDay),
      boundaryGap: single,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: ink.line } },
      axisLabel: { color: ink.muted },
    },
    yAxis: {
      type: 'value' as const,
      minInterval: 1,
      ...(share ? { min: floor, max: 100 } : most ? { max: most } : {}),
      splitLine: { lineStyle: { color: ink.line } },
      axisLabel: {
        color: ink.muted,
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
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<ReturnType<typeof init>>(undefined)
  useEffect(() => {
    if (!place.current) return
    const drawn = init(place.current, undefined, { renderer: 'svg' })
    chart.current = drawn
    const watch = new ResizeObserver(() => drawn.resize())
    watch.observe(place.current)
    return () => {
      watch.disconnect()
      drawn.dispose()
    }
  }, [])
  useEffect(() => {
    chart.current?.setOption(optionOf(days, series, runningDay, share, most), { notMerge: true })
  }, [days, series, runningDay, share, most])
  return <div ref={place} className="plot" role="img" aria-label={label} />
}
