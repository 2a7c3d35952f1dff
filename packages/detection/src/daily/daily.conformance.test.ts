import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { scoreTrials } from '../score/index.ts'
import { detectDaily } from './index.ts'

const file = new URL('../../../../../shared/reference/detection/daily-16-signals-w5.json', import.meta.url)

type Reference = {
  evaluate: [number, number]
  bankHolidayIndex: number[]
  // R writes a vector of one as a number.
  series: { count: number[]; outbreak: number | number[] }[]
}

it('reaches specificity 0.98, POD 0.92 and a delay under 2 days on the 16 signals of 2019, w = 5', () => {
  const reference = JSON.parse(readFileSync(file, 'utf8')) as Reference
  const trials = reference.series.map(({ count, outbreak }) => {
    const flags = (days: readonly number[]) => Uint8Array.from(count, (_, t) => (days.includes(t + 1) ? 1 : 0))
    const result = detectDaily({ count, effects: { holiday: flags(reference.bankHolidayIndex) } })
    return {
      alarm: result.alarm,
      outbreak: flags([outbreak ?? []].flat()),
      from: reference.evaluate[0] - 1,
      to: reference.evaluate[1] - 1,
    }
  })
  const score = scoreTrials(trials)
  expect(score.specificity).toBeGreaterThanOrEqual(0.98)
  expect(score.pod).toBeGreaterThanOrEqual(0.92)
  expect(score.meanDelay).toBeLessThan(2)
})
