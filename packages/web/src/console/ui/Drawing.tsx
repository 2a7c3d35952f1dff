import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { ink } from './theme.ts'

use([GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

const text = { color: ink.text }
const muted = { color: ink.muted }

/** What every chart over categories begins with; a chart adds its own series and words. */
export const base = {
  animation: false,
  textStyle: { fontFamily: 'inherit', ...muted },
  grid: { left: 8, right: 16, top: 40, bottom: 4, outerBoundsMode: 'same' as const },
  legend: { top: 0, left: 0, itemWidth: 28, textStyle: text },
  tooltip: { trigger: 'axis' as const, textStyle: text },
  xAxis: {
    type: 'category' as const,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: ink.line } },
    axisLabel: muted,
  },
  yAxis: { type: 'value' as const, splitLine: { lineStyle: { color: ink.line } }, axisLabel: muted },
}

/** A drawing of an option, as wide as its place; `option` must stay the same object while nothing changes. */
export function Drawing({ option, label }: { readonly option: EChartsCoreOption; readonly label: string }) {
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
    chart.current?.setOption(option, { notMerge: true })
  }, [option])
  return <div ref={place} className="plot" role="img" aria-label={label} />
}
