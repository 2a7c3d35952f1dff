import type { UnitHours } from '@vigil/contract'
import { BarChart, LineChart } from 'echarts/charts'
import { use } from 'echarts/core'
import { useMemo } from 'react'
import { t } from '../../../text.ts'
import { formatCount } from '../../kernel/format.ts'
import { base, Drawing } from '../../ui/Drawing.tsx'
import { ink } from '../../ui/theme.ts'

use([BarChart, LineChart])

type Hours = UnitHours['hours']

function optionOf(hours: Hours) {
  return {
    ...base,
    tooltip: {
      ...base.tooltip,
      valueFormatter: (value: unknown) => (value == null ? '—' : formatCount(Math.round(Number(value)))),
    },
    xAxis: {
      ...base.xAxis,
      data: hours.map(({ hour }) => t('{hour} 时', { hour })),
    },
    yAxis: {
      ...base.yAxis,
      minInterval: 1,
      axisLabel: { ...base.yAxis.axisLabel, formatter: formatCount },
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
  const option = useMemo(() => optionOf(hours), [hours])
  return <Drawing option={option} label={label} />
}
