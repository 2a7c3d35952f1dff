import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type SampleFacts, standingPositives } from './release.domain.ts'

const results = ['pending', 'negative', 'positive'] as const
/** Samples of which each may test an earlier positive one again. */
const history = fc
  .array(fc.tuple(fc.constantFrom(...results), fc.option(fc.nat(20), { nil: null })), { minLength: 1, maxLength: 12 })
  .map((rows) =>
    rows.map(([result, of], at): SampleFacts => {
      const earlier = of === null || at === 0 ? null : of % at
      const retests = earlier !== null && rows[earlier]![0] === 'positive'
      return { id: `s${at}`, subject: 'goods', result, retestOf: retests ? `s${earlier}` : null }
    }),
  )

test('a positive stands until a retest is negative, and again when another of its retests is not', () => {
  fc.assert(
    fc.property(history, (samples) => {
      const standing = new Set(standingPositives(samples).map(({ id }) => id))
      for (const { id, result } of samples) {
        const again = samples.filter(({ retestOf }) => retestOf === id)
        const refuted = again.length > 0 && again.every((retest) => retest.result === 'negative')
        expect(standing.has(id)).toBe(result === 'positive' && !refuted)
      }
      // A lot with a positive result and no negative one is never free of positives.
      const [positive, negative] = results
        .slice(1)
        .toReversed()
        .map((kind) => samples.some(({ result }) => result === kind))
      if (positive && !negative) expect(standing.size).toBeGreaterThan(0)
    }),
  )
})
