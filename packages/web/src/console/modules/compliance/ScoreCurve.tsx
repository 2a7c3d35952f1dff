import { dayOf } from '@vigil/codes'
import type { Contract, ResponseOf } from '@vigil/contract'
import { useMemo } from 'react'
import { t } from '../../../text.ts'
import { CurveChart } from '../../ui/CurveChart.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { ink } from '../../ui/theme.ts'

/** Score of a store by day as it was judged, as a chart or as a table. */
export function ScoreCurve({ days: scores }: Pick<ResponseOf<Contract['compliance.store']>, 'days'>) {
  const days = useMemo(() => scores.map(({ day }) => day), [scores])
  const series = useMemo(
    () => [
      {
        name: t('规范分'),
        color: ink.brand,
        symbol: 'circle',
        dash: 'solid' as const,
        values: scores.map(({ score }) => score),
      },
    ],
    [scores],
  )
  const last = scores.at(-1)
  const lowest = scores.reduce((low, each) => (each.score < low ? each.score : low), 100)
  if (!last) return <EmptyState text={t('还没有核查过')} />
  return (
    <CurveChart
      days={days}
      series={series}
      most={100}
      runningDay={dayOf(new Date())}
      summary={t('{from} 至 {to}，最近 {score} 分，最低 {lowest} 分', {
        from: days[0] ?? last.day,
        to: last.day,
        score: last.score,
        lowest,
      })}
    />
  )
}
