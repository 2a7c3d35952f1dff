import { dayText } from './dates.ts'
import { type City, drugClasses, habitKinds, type SimulatedPurchase } from './types.ts'

export type Measures = {
  counties: number
  stores: number
  days: number
  total: number
  perDay: number
  least: { day: string; count: number }
  most: { day: string; count: number }
  /** Purchases whose buyer (document number) had bought before, as a share of all. */
  returning: number
  buyers: number
  classShares: number[]
  /** Purchases that reached the bureau more than an hour after the sale, as a share. */
  late: number
  fever: number
  boughtForOther: number
  promotion: number
  outbreak: number
  habits: Readonly<Record<string, number>>
}

/** Counts what the calibration table states, day by day; holds the buyers' numbers in memory. */
export function measure(city: City, purchasesOf: (day: number) => readonly SimulatedPurchase[]): Measures {
  const seen = new Set<string>()
  const classes = [0, 0, 0, 0]
  const habits: Record<string, number> = Object.fromEntries(habitKinds.map((kind) => [kind, 0]))
  const tally = { returning: 0, late: 0, fever: 0, other: 0, promotion: 0, outbreak: 0 }
  const perDay: { day: string; count: number }[] = []
  for (let day = 0; day < city.days; day++) {
    const list = purchasesOf(day)
    perDay.push({ day: dayText(city.epochDay + day), count: list.length })
    for (const purchase of list) {
      if (seen.has(purchase.documentNumber)) tally.returning++
      else seen.add(purchase.documentNumber)
      classes[drugClasses.indexOf(purchase.items[0]!.drugClass)]!++
      if (Date.parse(purchase.reportedAt) - Date.parse(purchase.soldAt) > 3_600_000) tally.late++
      if (purchase.symptoms.includes('fever')) tally.fever++
      if (purchase.boughtFor !== null) tally.other++
      if (purchase.truth.promotion !== undefined) tally.promotion++
      if (purchase.truth.outbreak !== undefined) tally.outbreak++
      const { habit } = purchase.truth
      if (habit !== undefined) habits[habit]!++
    }
  }
  const total = perDay.reduce((sum, { count }) => sum + count, 0)
  const share = (count: number): number => (total === 0 ? 0 : count / total)
  const ordered = [...perDay].sort((a, b) => a.count - b.count)
  return {
    counties: city.counties.length,
    stores: city.stores.length,
    days: city.days,
    total,
    perDay: total / city.days,
    least: ordered[0]!,
    most: ordered.at(-1)!,
    returning: share(tally.returning),
    buyers: seen.size,
    classShares: classes.map(share),
    late: share(tally.late),
    fever: share(tally.fever),
    boughtForOther: share(tally.other),
    promotion: share(tally.promotion),
    outbreak: tally.outbreak,
    habits,
  }
}

/** The measures as the Markdown table of the README. */
export function formatMeasures(m: Measures): string {
  const n = (value: number): string => Math.round(value).toLocaleString('en')
  const percent = (value: number): string => `${(100 * value).toFixed(1)}%`
  const rows: [string, string][] = [
    ['county-level units', n(m.counties)],
    ['stores', n(m.stores)],
    ['days', n(m.days)],
    ['purchases', n(m.total)],
    ['purchases a day, mean', n(m.perDay)],
    ['least and most on one day', `${n(m.least.count)} (${m.least.day}), ${n(m.most.count)} (${m.most.day})`],
    ['different buyers', n(m.buyers)],
    ['purchases by a returning buyer', percent(m.returning)],
    ['antipyretic / cough / antibiotic / antiviral', m.classShares.map(percent).join(' / ')],
    ['reported more than an hour late', percent(m.late)],
    ['with fever', percent(m.fever)],
    ['bought for another person', percent(m.boughtForOther)],
    ['extra through promotions', percent(m.promotion)],
    ['injected by epidemics', n(m.outbreak)],
    ...Object.entries(m.habits).map(([kind, count]): [string, string] => [`bad habit ${kind}`, n(count)]),
  ]
  return ['| measure | value |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n')
}
