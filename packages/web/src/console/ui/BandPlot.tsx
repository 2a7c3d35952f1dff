import { LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { t } from '../../text.ts'
import { formatCount, formatDay } from '../kernel/format.ts'
import type { BandDay } from './BandChart.tsx'
import { grades } from './GradeMark.tsx'
import { ink } from './theme.ts'

use([LineChart, ScatterChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

const names = { observed: t('实际'), expected: t('预期'), band: t('预期区间'), alarm: t('预警') } as const

/** The tooltip of a day in words, escaped by construction: numbers and own texts only. */
function tipOf(day: BandDay): string {
  const lines = [
    formatDay(day.day),
    t('实际 {value}', { value: day.observed === null ? '—' : formatCount(day.observed) }),
  ]
  if (day.expected !== null) lines.push(t('预期 {value}', { value: formatCount(Math.round(day.expected)) }))
  if (day.lower !== null && day.upper !== null)
    lines.push(
      t('区间 {lower} 至 {upper}', {
        lower: formatCount(Math.max(0, Math.round(day.lower))),
        upper: formatCount(Math.round(day.upper)),
      }),
    )
  if (day.grade) lines.push(grades[day.grade].name)
  if (day.running) lines.push(t('今日未完'))
  return lines.join('<br>')
}

function optionOf(days: readonly BandDay[]) {
  const floor = days.map(({ lower }) => (lower === null ? null : Math.max(0, lower)))
  const width = days.map(({ lower, upper }) => (lower === null || upper === null ? null : upper - Math.max(0, lower)))
  const edge = { type: 'line' as const, stack: 'band', symbol: 'none', silent: true, color: ink.muted }
  return {
    animation: false,
    textStyle: { fontFamily: 'inherit', color: ink.muted },
    grid: { left: 8, right: 16, top: 40, bottom: 4, outerBoundsMode: 'same' as const },
    legend: {
      top: 0,
      left: 0,
      itemWidth: 28,
      textStyle: { color: ink.text },
      data: [names.observed, names.expected, names.band, names.alarm],
    },
    tooltip: {
      trigger: 'axis' as const,
      textStyle: { color: ink.text },
      formatter: (points: unknown) => {
        const at = (points as { dataIndex: number }[])[0]?.dataIndex
        const day = at === undefined ? undefined : days[at]
        return day ? tipOf(day) : ''
      },
    },
    xAxis: {
      type: 'category' as const,
      data: days.map(({ day }) => formatDay(day)),
      boundaryGap: false,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: ink.line } },
      axisLabel: { color: ink.muted },
    },
    yAxis: {
      type: 'value' as const,
      minInterval: 1,
      splitLine: { lineStyle: { color: ink.line } },
      axisLabel: { color: ink.muted, formatter: (value: number) => formatCount(value) },
    },
    series: [
      { ...edge, name: '', data: floor, lineStyle: { width: 1, type: 'dotted' as const } },
      {
        ...edge,
        name: names.band,
        data: width,
        lineStyle: { width: 1, type: 'dotted' as const },
        areaStyle: { color: ink.muted, opacity: 0.14 },
      },
      {
        type: 'line' as const,
        name: names.expected,
        data: days.map(({ expected }) => expected),
        symbol: 'none',
        color: ink.muted,
        lineStyle: { width: 1.5, type: [6, 4] },
      },
      {
        type: 'line' as const,
        name: names.observed,
        data: days.map(({ observed }) => observed),
        symbol: 'circle',
        symbolSize: 6,
        showSymbol: days.length <= 45,
        color: ink.brand,
        lineStyle: { width: 2 },
      },
      {
        type: 'scatter' as const,
        name: names.alarm,
        symbol: 'pin',
        symbolSize: 30,
        color: grades.red.color,
        z: 5,
        data: days.flatMap(({ grade, observed }, at) =>
          grade && observed !== null
            ? [
                {
                  value: [at, observed],
                  itemStyle: { color: grades[grade].color },
                  label: { show: true, formatter: grades[grade].short, color: '#fff', fontSize: 11 },
                },
              ]
            : [],
        ),
      },
    ],
  }
}

/** The drawing itself; loaded when a chart is first shown. */
export default function BandPlot({ days, label }: { readonly days: readonly BandDay[]; readonly label: string }) {
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
    chart.current?.setOption(optionOf(days), { notMerge: true })
  }, [days])
  return <div ref={place} className="plot" role="img" aria-label={label} />
}
