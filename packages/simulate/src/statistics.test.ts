import { weekday } from '@vigil/codes'
import { createCalendar } from '@vigil/codes/workday'
import { beforeAll, describe, expect, it } from 'vitest'
import { createCity, reportsOn } from './city.ts'
import { dayText } from './dates.ts'
import { purchasesOfDay } from './day.ts'
import { type Measures, measure } from './measure.ts'
import { noHabits } from './options.ts'
import { drugClasses, type SimulatedPurchase } from './types.ts'

const classOf = (purchase: SimulatedPurchase): number => drugClasses.indexOf(purchase.items[0]!.drugClass)
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

describe('calibration to Quanzhou (figures of the press report: 13 counties, over 5,000 a day, 552,000 in total)', () => {
  let m: Measures
  beforeAll(() => {
    const city = createCity({ seed: 1, city: '350500', startDay: '2022-03-01', days: 107 })
    m = measure(city, (day) => purchasesOfDay(city, day))
  }, 180_000)

  it('reaches the total within 2% and more than 5,000 on the average day', () => {
    expect(m.counties).toBe(13)
    expect(m.stores).toBe(1300)
    expect(Math.abs(m.total - 552_000) / 552_000).toBeLessThan(0.02)
    expect(m.perDay).toBeGreaterThan(5000)
  })

  it('has buyers who return, late stores, fever and all habits', () => {
    expect(m.returning).toBeGreaterThan(0.35)
    expect(m.returning).toBeLessThan(0.5)
    expect(m.late).toBeGreaterThan(0.04)
    expect(m.late).toBeLessThan(0.15)
    expect(m.fever).toBeGreaterThan(0.04)
    expect(m.fever).toBeLessThan(0.12)
    expect(m.promotion).toBeGreaterThan(0.005)
    for (const count of Object.values(m.habits)) expect(count).toBeGreaterThan(100)
  })
})

describe('three years of a small city', () => {
  const city = createCity({
    seed: 9,
    city: '350500',
    startDay: '2021-01-01',
    days: 1095,
    stores: 60,
    dailyPurchases: 200,
    habits: noHabits,
  })
  const calendar = createCalendar()
  const days: { day: string; total: number; classes: number[]; promoted: number }[] = []
  beforeAll(() => {
    for (let d = 0; d < city.days; d++) {
      const list = purchasesOfDay(city, d)
      const classes = [0, 0, 0, 0]
      for (const purchase of list) classes[classOf(purchase)]!++
      const promoted = list.filter((purchase) => purchase.truth.promotion !== undefined).length
      days.push({ day: dayText(city.epochDay + d), total: list.length, classes, promoted })
    }
  }, 180_000)
  const meanWhere = (keep: (day: string) => boolean): number =>
    mean(days.filter(({ day }) => keep(day)).map(({ total }) => total))
  const ordinary = (day: string): boolean => calendar.holidayName(day) === undefined

  it('has the wanted daily mean', () => {
    expect(mean(days.map(({ total }) => total)) / 200).toBeCloseTo(1, 1)
  })

  it('sells most on Monday and least on Sunday, in the modelled ratio', () => {
    const ratio =
      meanWhere((day) => ordinary(day) && weekday(day) === 1) / meanWhere((day) => ordinary(day) && weekday(day) === 7)
    expect(ratio).toBeGreaterThan(1.09)
    expect(ratio).toBeLessThan(1.26)
  })

  it('sells less on public holidays and least at Spring Festival, although that is in the season', () => {
    const usual = meanWhere(ordinary)
    const spring = meanWhere((day) => calendar.holidayName(day) === '春节')
    const other = meanWhere((day) => !ordinary(day) && calendar.holidayName(day) !== '春节')
    expect(other / usual).toBeLessThan(0.92)
    expect(spring / usual).toBeLessThan(0.85)
  })

  it('has a winter season in every class, strongest for antivirals', () => {
    const ratios = drugClasses.map((_, c) => {
      const of = (months: readonly string[]): number =>
        mean(
          days.filter(({ day }) => months.includes(day.slice(5, 7)) && ordinary(day)).map(({ classes }) => classes[c]!),
        )
      return of(['12', '01', '02']) / of(['07', '08', '09'])
    })
    for (const ratio of ratios) expect(ratio).toBeGreaterThan(1.1)
    expect(ratios[3]).toBeGreaterThan(ratios[2]!)
    expect(ratios[3]).toBeGreaterThan(1.6)
  })

  it('scatters more than Poisson counts about the expected day', () => {
    const pearson = days.map(({ total, promoted }, d) => {
      const expected = [0, 1, 2, 3].reduce((sum, c) => sum + city.expected[d * 4 + c]!, 0)
      return (total - promoted - expected) ** 2 / expected
    })
    expect(mean(pearson)).toBeGreaterThan(1)
    expect(mean(pearson)).toBeLessThan(6)
  })

  it('adds the purchases that each promotion should, labelled', () => {
    let expected = 0
    for (const promotion of city.promotions) {
      for (const store of city.stores.filter(({ chain }) => chain === promotion.chain)) {
        for (let d = promotion.from; d < promotion.to; d++) {
          if (!reportsOn(store, d)) continue
          for (const drugClass of promotion.drugClasses)
            expected += (promotion.lift - 1) * store.size * city.expected[d * 4 + drugClasses.indexOf(drugClass)]!
        }
      }
    }
    expect(expected).toBeGreaterThan(500)
    expect(days.reduce((sum, day) => sum + day.promoted, 0) / expected).toBeCloseTo(1, 1)
  })
})
