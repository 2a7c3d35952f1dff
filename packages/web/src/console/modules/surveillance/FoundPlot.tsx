import type { BacktestResult } from '@vigil/contract'
import { LineChart } from 'echarts/charts'
import { use } from 'echarts/core'
import { useMemo } from 'react'
import { t } from '../../../text.ts'
import { base, Drawing } from '../../ui/Drawing.tsx'
import { ink } from '../../ui/theme.ts'

use([LineChart])

const colors = ['#5b6b7a', '#1d5d91', '#8a6a00', '#b3261e']
const symbols = ['circle', 'rect', 'triangle', 'diamond']
const dashes: ('solid' | number[])[] = [[2, 3], [6, 3], [10, 3, 2, 3], 'solid']

function optionOf({ byDay }: BacktestResult) {
  const days = byDay[0]?.found.length ?? 0
  return {
    ...base,
    tooltip: {
      ...base.tooltip,
      valueFormatter: (value: unknown) => `${Math.round(Number(value) * 100)}%`,
    },
    xAxis: {
      ...base.xAxis,
      boundaryGap: false,
      data: Array.from({ length: days }, (_, day) => t('第 {day} 天', { day: day + 1 })),
    },
    yAxis: {
      ...base.yAxis,
      min: 0,
      max: 1,
      axisLabel: { ...base.yAxis.axisLabel, formatter: (value: number) => `${Math.round(value * 100)}%` },
    },
    series: byDay.map(({ size, found }, at) => ({
      type: 'line' as const,
      name: t('{size} 倍标准差', { size }),
      data: found,
      color: colors[at % colors.length] ?? ink.text,
      symbol: symbols[at % symbols.length] ?? 'circle',
      symbolSize: 6,
      lineStyle: { width: 2, type: dashes[at % dashes.length] ?? 'solid' },
    })),
  }
}

/** Share of injected outbreaks found by each day, a line for each size; told apart in grey print too. */
export default function FoundPlot({ result, label }: { readonly result: BacktestResult; readonly label: string }) {
  const option = useMemo(() => optionOf(result), [result])
  return <Drawing option={option} label={label} />
}
