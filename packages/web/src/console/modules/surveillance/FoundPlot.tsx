import type { BacktestResult } from '@vigil/contract'
import { LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { t } from '../../../text.ts'
import { ink } from '../../ui/theme.ts'

use([LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

const colors = ['#5b6b7a', '#1d5d91', '#8a6a00', '#b3261e']
const symbols = ['circle', 'rect', 'triangle', 'diamond']
const dashes: ('solid' | number[])[] = [[2, 3], [6, 3], [10, 3, 2, 3], 'solid']

function optionOf({ byDay }: BacktestResult) {
  const days = byDay[0]?.found.length ?? 0
  return {
    animation: false,
    textStyle: { fontFamily: 'inherit', color: ink.muted },
    grid: { left: 8, right: 16, top: 40, bottom: 4, outerBoundsMode: 'same' as const },
    legend: { top: 0, left: 0, itemWidth: 28, textStyle: { color: ink.text } },
    tooltip: {
      trigger: 'axis' as const,
      valueFormatter: (value: unknown) => `${Math.round(Number(value) * 100)}%`,
      textStyle: { color: ink.text },
    },
    xAxis: {
      type: 'category' as const,
      boundaryGap: false,
      data: Array.from({ length: days }, (_, day) => t('第 {day} 天', { day: day + 1 })),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: ink.line } },
      axisLabel: { color: ink.muted },
    },
    yAxis: {
      type: 'value' as const,
      min: 0,
      max: 1,
      splitLine: { lineStyle: { color: ink.line } },
      axisLabel: { color: ink.muted, formatter: (value: number) => `${Math.round(value * 100)}%` },
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
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!place.current) return
    const drawn = init(place.current, undefined, { renderer: 'svg' })
    drawn.setOption(optionOf(result) as never)
    const watch = new ResizeObserver(() => drawn.resize())
    watch.observe(place.current)
    return () => {
      watch.disconnect()
      drawn.dispose()
    }
  }, [result])
  return <div ref={place} className="plot" role="img" aria-label={label} />
}
