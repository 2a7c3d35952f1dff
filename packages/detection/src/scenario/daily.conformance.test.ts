import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { bankHolidays, DAILY_SIGNALS, simulateDaily } from './index.ts'

const file = new URL('../../../../../shared/reference/detection/daily-16-signals-w5.json', import.meta.url)

type Series = { signal: number; count: number[]; outbreak: number | number[] }
const reference = JSON.parse(readFileSync(file, 'utf8')) as { bankHolidayIndex: number[]; series: Series[] }

const YEARS = 6
const holidays = new Set(reference.bankHolidayIndex)
/** Days of the years without outbreaks, but for holidays and the days after, as days since a Monday. */
const ordinary = Array.from({ length: YEARS * 364 }, (_, t) => t).filter(
  (t) => ![0, 1, 2, 3].some((back) => holidays.has(t + 1 - back)),
)
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length

/** Means of each class of days for a series, and the mean square of the differences between one week and the next. */
function profile(count: ArrayLike<number>) {
  const over = (which: (t: number) => boolean) => mean(ordinary.filter(which).map((t) => count[t]!))
  const pairs = ordinary.filter((t) => t >= 7 && ![0, 1, 2, 3].some((back) => holidays.has(t - 6 - back)))
  return {
    weekday: [0, 1, 2, 3, 4, 5, 6].map((day) => over((t) => t % 7 === day)),
    quarter: [0, 1, 2, 3].map((part) => over((t) => Math.floor((t % 364) / 91) === part)),
    year: Array.from({ length: YEARS }, (_, year) => over((t) => Math.floor(t / 364) === year)),
    roughness: [mean(pairs.map((t) => (count[t]! - count[t - 7]!) ** 2)) / 2],
  }
}

type Profile = ReturnType<typeof profile>
const columns = ['weekday', 'quarter', 'year', 'roughness'] as const

/** Largest distance between the means of two groups of draws, in standard errors of the difference. */
function distance(one: readonly Profile[], other: readonly Profile[]): number {
  let largest = 0
  for (const column of columns) {
    one[0]![column].forEach((_, i) => {
      const [a, b] = [one, other].map((group) => group.map((draw) => draw[column][i]!)) as [number[], number[]]
      const variance = b.reduce((sum, value) => sum + (value - mean(b)) ** 2, 0) / (b.length - 1)
      if (variance > 0)
        largest = Math.max(largest, Math.abs(mean(a) - mean(b)) / Math.sqrt(variance * (1 / a.length + 1 / b.length)))
      else expect(mean(a)).toBe(mean(b))
    })
  }
  return largest
}

it('has the bank holidays of the reference', () => {
  const days = Array.from(bankHolidays().entries()).flatMap(([t, flag]) => (flag ? [t + 1] : []))
  expect(days).toEqual(reference.bankHolidayIndex)
})

describe.each(DAILY_SIGNALS.map((signal) => [signal.id, signal] as const))('signal %i', (_, signal) => {
  const theirs = reference.series.filter((series) => series.signal === signal.sigid)
  const draw = (seed: number) => simulateDaily(signal, { w: 5, seed, variant: 'farringtonFlex' })
  const ours = Array.from({ length: 40 }, (_, seed) => draw(seed))

  it('has the weekdays, seasons, years and roughness of the reference', () => {
    expect(theirs).toHaveLength(6)
    const far = distance(
      theirs.map(({ count }) => profile(count)),
      ours.map(({ count }) => profile(count)),
    )
    // 18 means, of six draws each: beyond 4.5 of 40 degrees of freedom once in a thousand.
    expect(far).toBeLessThan(4.5)
  })

  it('has outbreaks of the length of the reference', () => {
    const lengths = theirs.map(({ outbreak }) => [outbreak ?? []].flat().length).sort((a, b) => a - b)
    const mine = ours.map(({ outbreak }) => outbreak.reduce((days, cases) => days + Number(cases > 0), 0))
    // The program spreads every outbreak of a size alike; ours vary. Those at the very end are cut short in both.
    const middle = lengths[3]!
    expect(mine.filter((length) => length <= middle).length).toBeGreaterThan(3)
    expect(mine.filter((length) => length >= middle).length).toBeGreaterThan(3)
    for (const { outbreak } of ours) expect(outbreak.at(-1)).toBe(0)
  })
})
