import type { DrugClass, Overview } from '@vigil/contract'
import { drugClasses, drugClassNames } from '@vigil/contract/terms'
import { t } from '../../../text.ts'
import { formatCount, formatDay, formatPeriod } from '../../kernel/format.ts'
import type { Series } from '../../ui/CurveChart.tsx'
import { classMarks } from '../../ui/theme.ts'

export const measures = {
  purchases: t('登记笔数'),
  buyers: t('购药人数'),
  units: t('药品数量'),
  fever: t('发热人次'),
} as const
export type Measure = keyof typeof measures

/** One series per drug class over `days`; a day without a row is 0. */
export function seriesOf(
  curve: Overview['curve'],
  days: readonly string[],
  measure: Measure,
  only: DrugClass | undefined,
): Series[] {
  const found = new Map(curve.map((point) => [`${point.class}/${point.day}`, point[measure]]))
  return drugClasses
    .filter((drugClass) => !only || drugClass === only)
    .map((drugClass) => ({
      name: drugClassNames[drugClass],
      ...classMarks[drugClass],
      values: days.map((day) => found.get(`${drugClass}/${day}`) ?? 0),
    }))
}

/** The curve in words: sum and highest day of each class, most first. */
export function summaryOf(series: readonly Series[], days: readonly string[], measure: Measure): string {
  const parts = series
    .map(({ name, values }) => {
      const total = values.reduce((sum, value) => sum + value, 0)
      const top = Math.max(0, ...values)
      const day = days[values.indexOf(top)]
      const peak =
        days.length > 1 && top > 0 && day
          ? t('（最高 {day} {top}）', { day: formatDay(day), top: formatCount(top) })
          : ''
      return { total, text: `${name} ${formatCount(total)}${peak}` }
    })
    .sort((a, b) => b.total - a.total)
    .map(({ text }) => text)
  return t('{days}，各类{measures}：{value}。', {
    days: formatPeriod(days[0] ?? '', days.at(-1) ?? ''),
    measures: measures[measure],
    value: parts.join('，'),
  })
}

/** Sum over the classes by day; a day without a row is 0. */
export function totalsOf(curve: Overview['curve'], days: readonly string[], measure: Measure): number[] {
  const sums = new Map<string, number>()
  for (const point of curve) sums.set(point.day, (sums.get(point.day) ?? 0) + point[measure])
  return days.map((day) => sums.get(day) ?? 0)
}
