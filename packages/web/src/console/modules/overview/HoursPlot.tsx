import type { UnitHours } from '@vigil/contract'
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { t } from '../../../text.ts'
import { formatCount } from '../../kernel/format.ts'
import { ink } from '../../ui/theme.ts'

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

type Hours = UnitHours['hours']

function optionOf(hours: Hours) {
  const axis = { axisTick: { show: false }, axisLine: { lineStyle: { color: ink.line } } }
  return {
    animation: false,
    textStyle: { fontFamily: 'inherit', color: ink.muted },
    grid: { left: 8, right: 16, top: 40, bottom: 4, outerBoundsMode: 'same' as const },
    legend: { top: 0, left: 0, itemWidth: 28, textStyle: { color: ink.text } },
    tooltip: {
      trigger: 'axis' as const,
      valueFormatter: (value: unknown) => (value == null ? '—' : formatCount(Math.round(Number(value)))),
      textStyle: { color: ink.text },
    },
    xAxis: {
      ...axis,
      type: 'category' as const,
      data: hours.map(({ hour }) => t('{hour} 时', { hour })),
      axisLabel: { color: ink.muted },
    },
    yAxis: {
      type: 'value' as const,
      minInterval: 1,
      splitLine: { lineStyle: { color: ink.line } },
      axisLabel: { color: ink.muted, formatter: formatCount },
    },
    series: [
      {
        type: 'bar' as const,
        name: t('已登记'),
        data: hours.map(({ observed }) => observed),
        color: ink.brand,
        barMaxWidth: 28,
      },
      {
        type: 'line' as const,
        name: t('预期'),
        data: hours.map(({ expected }) => expected),
        color: ink.text,
        symbol: 'emptyCircle',
        symbolSize: 6,
        lineStyle: { width: 2, type: [6, 4] },
      },
    ],
  }
}

/** Sales of a day by hour as bars, and what is expected of each hour as a line. */
export default function HoursPlot({ hours, label }: { readonly hours: Hours; readonly label: string }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!place.current) return
    const drawn = init(place.current, undefined, { renderer: 'svg' })
    drawn.setOption(optionOf(hours) as never)
    const watch = new ResizeObserver(() => drawn.resize())
    watch.observe(place.current)
    return () => {
      watch.disconnect()
      drawn.dispose()
    }
  }, [hours])
  return <div ref={place} className="plot" role="img" aria-label={label} />
}
