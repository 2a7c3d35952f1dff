import type { ColdTemperature } from '@vigil/contract'
import { LineChart } from 'echarts/charts'
import { MarkLineComponent } from 'echarts/components'
import { use } from 'echarts/core'
import { useMemo } from 'react'
import { t } from '../../../text.ts'
import { formatTime } from '../../kernel/format.ts'
import { base, Drawing } from '../../ui/Drawing.tsx'
import { ink } from '../../ui/theme.ts'

use([LineChart, MarkLineComponent])

/** Temperatures over time, with the limit of the goods as a line. */
export default function TemperaturePlot({
  curve,
  limitTenths,
  label,
}: {
  readonly curve: ColdTemperature['curve']
  readonly limitTenths: number | null
  readonly label: string
}) {
  const option = useMemo(() => {
    const limit =
      limitTenths === null
        ? {}
        : {
            markLine: {
              silent: true,
              symbol: 'none',
              lineStyle: { color: ink.danger, type: 'dashed' as const },
              label: { formatter: t('限值'), position: 'insideEndTop' as const, color: ink.danger },
              data: [{ yAxis: limitTenths / 10 }],
            },
          }
    return {
      ...base,
      legend: { show: false },
      grid: { ...base.grid, top: 16 },
      xAxis: { ...base.xAxis, data: curve.map(({ at }) => formatTime(at)) },
      yAxis: { ...base.yAxis, scale: true, axisLabel: { color: ink.muted, formatter: '{value} °C' } },
      series: [
        {
          type: 'line' as const,
          name: t('温度'),
          showSymbol: false,
          lineStyle: { color: ink.brand },
          itemStyle: { color: ink.brand },
          data: curve.map(({ tenths }) => tenths / 10),
          ...limit,
        },
      ],
    }
  }, [curve, limitTenths])
  return <Drawing option={option} label={label} />
}
