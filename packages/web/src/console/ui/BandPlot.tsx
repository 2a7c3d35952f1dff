import { LineChart, ScatterChart } from 'echarts/charts'
import { use } from 'echarts/core'
import { useMemo } from 'react'
import { t } from '../../text.ts'
import { formatCount, formatDay } from '../kernel/format.ts'
import type { BandDay } from './BandChart.tsx'
import { base, Drawing } from './Drawing.tsx'
import { grades } from './GradeMark.tsx'
import { ink } from './theme.ts'

use([LineChart, ScatterChart])

const dashes = 'path://M0 5h9v3H0zM13 5h9v3h-9zM26 5h9v3h-9z'
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
    ...base,
    legend: {
      ...base.legend,
      itemGap: 18,
      // What the marks of the chart itself are: dashes, a grey field, a dot; a pin would run into the name before it.
      data: [
        names.observed,
        { name: names.expected, icon: dashes },
        { name: names.band, icon: 'rect', itemStyle: { opacity: 0.25 } },
        { name: names.alarm, icon: 'circle' },
      ],
    },
    tooltip: {
      ...base.tooltip,
      formatter: (points: unknown) => {
        const at = (points as { dataIndex: number }[])[0]?.dataIndex
        const day = at === undefined ? undefined : days[at]
        return day ? tipOf(day) : ''
      },
    },
    xAxis: {
      ...base.xAxis,
      data: days.map(({ day }) => formatDay(day)),
      boundaryGap: false,
    },
    yAxis: {
      ...base.yAxis,
      minInterval: 1,
      axisLabel: { ...base.yAxis.axisLabel, formatter: (value: number) => formatCount(value) },
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
  const option = useMemo(() => optionOf(days), [days])
  return <Drawing option={option} label={label} />
}
