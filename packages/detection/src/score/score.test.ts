import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DetectionError } from '../error.ts'
import { scoreTrials } from './index.ts'

describe('measures of Noufaily 2019, counted by hand', () => {
  const late = { outbreak: [0, 0, 3, 0, 5, 1, 0, 0], alarm: [1, 0, 0, 1, 1, 0, 0, 0] }
  const never = { outbreak: [0, 0, 0, 2, 2, 0, 0, 0], alarm: [0, 0, 0, 0, 0, 0, 0, 0] }
  const quiet = { outbreak: [0, 0, 0, 0], alarm: [0, 1, 0, 0] }

  it('pools days over trials and outbreaks over those that have one', () => {
    const score = scoreTrials([late, never, quiet])
    expect(score.trials).toBe(3)
    expect(score.outbreaks).toBe(2)
    expect(score.pod).toBe(1 / 2)
    expect(score.sensitivity).toBe(1 / 5)
    expect(score.fpr).toBe(3 / 15)
    expect(score.specificity).toBe(12 / 15)
    expect(score.ppv).toBe(1 / 4)
    // first alarm on an outbreak day 2 days after the start of an outbreak that spans 4 days; the other counts as 1
    expect(score.timeliness).toBe((2 / 4 + 1) / 2)
    expect(score.meanDelay).toBe(2)
  })

  it("divides by all trials as the authors' program does, if told so", () => {
    const score = scoreTrials([late, never, quiet], { outbreaks: 'trials' })
    expect(score.outbreaks).toBe(3)
    expect(score.pod).toBe(1 / 3)
    expect(score.timeliness).toBe((2 / 4 + 1 + 1) / 3)
    expect(score.meanDelay).toBe(2)
    expect(score.sensitivity).toBe(1 / 5)
    expect(score.fpr).toBe(3 / 15)
  })

  it('finds an outbreak anywhere in its span, as in 2013, if told so', () => {
    const gap = { outbreak: [0, 2, 0, 1, 0], alarm: [1, 0, 1, 0, 1] }
    expect(scoreTrials([gap]).pod).toBe(0)
    const score = scoreTrials([gap, quiet], { found: 'span' })
    expect([score.pod, score.meanDelay, score.timeliness]).toEqual([1, 1, 1 / 3])
    expect(score.fpr).toBe(4 / 7)
    expect(scoreTrials([never], { found: 'span' }).pod).toBe(0)
  })

  it('takes a day without verdict for one without alarm', () => {
    const score = scoreTrials([{ outbreak: [0, 1, 1], alarm: [Number.NaN, Number.NaN, 1] }])
    expect([score.fpr, score.sensitivity, score.meanDelay]).toEqual([0, 1 / 2, 1])
  })

  it('looks at the given range only', () => {
    const score = scoreTrials([{ ...late, from: 3, to: 5 }])
    expect(score.fpr).toBe(1)
    expect(score.meanDelay).toBe(0)
  })

  it('names the trial whose lengths differ', () => {
    expect(() => scoreTrials([quiet, { outbreak: [0], alarm: [] }])).toThrow(
      expect.objectContaining({ name: 'DetectionError', code: 'length', index: 1 }) as DetectionError,
    )
  })

  it('never gets worse at finding when more days alarm', () => {
    const days = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.boolean(), fc.boolean()), { minLength: 2 })
    fc.assert(
      fc.property(days, (rows) => {
        const outbreak = rows.map(([cases]) => cases)
        const few = scoreTrials([{ outbreak, alarm: rows.map(([, a, b]) => a && b) }])
        const many = scoreTrials([{ outbreak, alarm: rows.map(([, a]) => a) }])
        if (few.outbreaks > 0) expect(many.pod).toBeGreaterThanOrEqual(few.pod)
        if (few.outbreaks > 0) expect(many.timeliness).toBeLessThanOrEqual(few.timeliness)
        if (Number.isFinite(few.fpr)) expect(many.fpr).toBeGreaterThanOrEqual(few.fpr)
      }),
    )
  })
})
