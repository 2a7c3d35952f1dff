import { describe, expect, it } from 'vitest'
import { createRandom } from '../random/index.ts'
import { bankHolidays, DAILY_SIGNALS, simulateDaily, simulateWeekly, WEEKLY_SCENARIOS } from './index.ts'
import { spreadOutbreak } from './outbreak.ts'

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0)

describe('weekly scenarios (Noufaily 2013)', () => {
  it('are 42, of seven families by trend and harmonics', () => {
    expect(WEEKLY_SCENARIOS.map(({ id }) => id)).toEqual(Array.from({ length: 42 }, (_, i) => i + 1))
    expect(WEEKLY_SCENARIOS.filter(({ beta }) => beta > 0)).toHaveLength(21)
    expect(WEEKLY_SCENARIOS.filter(({ harmonics }) => harmonics === 2)).toHaveLength(14)
  })

  it('keep to mean and dispersion', () => {
    const scenario = WEEKLY_SCENARIOS[24]!
    const weeks = Array.from({ length: 40 }, (_, seed) => simulateWeekly(scenario, { k: 0, seed }).count.slice(0, 312))
    const all = weeks.flatMap((week) => Array.from(week))
    const mean = sum(all) / all.length
    const variance = sum(all.map((value) => (value - mean) ** 2)) / all.length
    expect(mean).toBeCloseTo(Math.exp(2.5), 0)
    expect(variance / mean).toBeGreaterThan(2.7)
    expect(variance / mean).toBeLessThan(3.3)
  })

  it('put the current outbreak into weeks 576 to 624 only, and none for k = 0', () => {
    const { count, outbreak, from, to } = simulateWeekly(WEEKLY_SCENARIOS[36]!, { k: 10, seed: 3 })
    expect([from, to, count.length]).toEqual([575, 623, 624])
    expect(sum(outbreak.slice(0, from))).toBe(0)
    expect(sum(outbreak)).toBeGreaterThan(0)
    expect(sum(simulateWeekly(WEEKLY_SCENARIOS[36]!, { k: 0, seed: 3 }).outbreak)).toBe(0)
    const cases = (past: number) =>
      sum(simulateWeekly(WEEKLY_SCENARIOS[36]!, { k: 0, seed: 3, past }).count.slice(312, 575))
    expect(cases(4)).toBeGreaterThan(cases(0))
  })
})

describe('daily signals (Noufaily 2019)', () => {
  it('are 16 over seven years of 364 days, repeatable by seed', () => {
    expect(DAILY_SIGNALS).toHaveLength(16)
    for (const signal of DAILY_SIGNALS) {
      const one = simulateDaily(signal, { w: 5, seed: 11 })
      expect(one.count).toHaveLength(2548)
      expect(one).toEqual(simulateDaily(signal, { w: 5, seed: 11 }))
      expect(sum(one.outbreak.slice(0, one.from))).toBe(0)
    }
  })

  it("have the program's numbers, and outbreaks of the sizes of the script that is followed", () => {
    expect(DAILY_SIGNALS.map(({ sigid }) => sigid)).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17])
    const cases = (id: number, variant: 'outbreaks' | 'farringtonFlex' | 'ownSd') => {
      const draws = Array.from({ length: 20 }, (_, seed) =>
        simulateDaily(DAILY_SIGNALS[id - 1]!, { w: 10, seed, variant }),
      )
      return { outbreak: sum(draws.map((draw) => sum(draw.outbreak))), wave: sum(draws.map((draw) => sum(draw.wave))) }
    }
    // Signal 13 has the sd of signal 1 (about √(2 · 525)) in place of its own (about √(4 · 30)).
    expect(cases(13, 'outbreaks').outbreak / cases(13, 'ownSd').outbreak).toBeGreaterThan(2)
    expect(cases(13, 'farringtonFlex').outbreak).toBe(cases(13, 'outbreaks').outbreak)
    // Signal 15: a wave of 1050 · 10 in place of 3150 sd, an outbreak of factor 2 in place of 10.
    const [plain, flex] = [cases(15, 'outbreaks'), cases(15, 'farringtonFlex')]
    expect(flex.wave / plain.wave).toBeCloseTo(10 / 3, 1)
    expect(flex.outbreak / plain.outbreak).toBeCloseTo(0.2, 1)
    expect(cases(2, 'outbreaks').wave).toBe(0)
  })

  it('close five-day services at weekends and on holidays, and double seven-day ones', () => {
    const holiday = bankHolidays()
    const five = simulateDaily(DAILY_SIGNALS[9]!, { w: 0, seed: 1 }).count
    expect(five.every((count, t) => (t % 7 >= 5 || holiday[t] ? count === 0 : count > 0))).toBe(true)
    const seven = simulateDaily(DAILY_SIGNALS[2]!, { w: 0, seed: 1 }).count
    const mondays = (flag: number) => Array.from(seven).filter((_, t) => t % 7 === 0 && holiday[t] === flag)
    expect(sum(mondays(1)) / mondays(1).length / (sum(mondays(0)) / mondays(0).length)).toBeCloseTo(2, 1)
  })

  it('spread an outbreak by lognormal(0, 0.5): median 1, 5% after 2.28 units', () => {
    const { cases } = spreadOutbreak(createRandom(5), 0, 20_000, 0.25)
    const total = sum(cases)
    expect(sum(cases.slice(0, 4)) / total).toBeCloseTo(0.5, 1)
    expect(sum(cases.slice(9)) / total).toBeCloseTo(0.0525, 2)
  })
})
