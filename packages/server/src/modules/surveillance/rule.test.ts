import { detectors, type RuleSettings } from '@vigil/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultRules } from './rule.defaults.ts'
import { faultsOf, parameterBounds, reachOf } from './rule.domain.ts'
import { createWatch } from './watch.ts'

const sound = defaultRules[0]!.settings
const faulty = (change: Partial<RuleSettings>) => faultsOf({ ...sound, ...change })

describe('settings that cannot be', () => {
  test('the rules that a city starts with are sound', () => {
    for (const { settings } of defaultRules) expect(faultsOf(settings)).toEqual([])
  })

  test.each<[string, Partial<RuleSettings>, RegExp]>([
    ['/levels', { levels: [] }, /至少选择一个层级/],
    ['/classes', { classes: [] }, /至少选择一类药品/],
    ['/classes', { classes: ['cough', 'cough'] }, /重复/],
    ['/grades/blue', { grades: { blue: 0, yellow: 4, orange: 5, red: 7 } }, /蓝色强度应不低于 1/],
    ['/grades/orange', { grades: { blue: 3, yellow: 4, orange: 4, red: 7 } }, /橙色强度应高于前一等级的 4/],
    ['/budget', { budget: 0 }, /误报预算应在/],
    ['/budget', { budget: Number.NaN }, /误报预算应在/],
    ['/minCompleteness', { minCompleteness: 1.2 }, /最低报告比例应在/],
    ['/historyDays', { historyDays: 100.5 }, /学习天数应为整数/],
    ['/maxAgeDays', { maxAgeDays: 500 }, /适用历史天数应在 29 至 400 之间/],
    ['/maxAgeDays', { maxAgeDays: 10 }, /适用历史天数应在/],
    ['/parameters/warmUp', { parameters: { warmUp: 3 } }, /起步天数应在 14 至 365 之间/],
    ['/parameters/windows', { parameters: { windows: [] } }, /合并天数/],
    ['/parameters/k', { parameters: { k: 1 } }, /没有此参数/],
    ['/historyDays', { detector: 'farrington-flexible', parameters: {}, historyDays: 200 }, /应不少于 392/],
  ])('%s is named with its reason', (pointer, change, reason) => {
    const faults = faulty(change)
    expect(faults.map((fault) => fault.pointer)).toContain(pointer)
    expect(faults.find((fault) => fault.pointer === pointer)?.detail).toMatch(reason)
  })

  test('what passes makes a detector that judges, whatever the parameters', () => {
    const settings = fc.constantFrom(...detectors).chain((detector) =>
      fc.record({
        detector: fc.constant(detector),
        parameters: fc.record(
          Object.fromEntries(
            Object.entries(parameterBounds[detector]).map(([key, bound]) => [
              key,
              'whole' in bound
                ? fc.integer({ min: bound.least, max: Math.min(bound.most, bound.least + 40) })
                : fc.double({ min: bound.least, max: bound.most, noNaN: true }),
            ]),
          ),
        ),
      }),
    )
    fc.assert(
      fc.property(settings, fc.integer({ min: 0, max: 6 }), ({ detector, parameters }, weekday) => {
        const rule = { ...sound, detector, parameters, historyDays: 2200 } as RuleSettings
        expect(faultsOf(rule)).toEqual([])
        const watch = createWatch(rule, weekday)
        for (let day = 0; day < 20; day++) watch.push({ count: day % 5, completeness: 1, effects: [] })
        expect(watch.push({ count: Number.NaN, completeness: 1, effects: [] }).untested).toBeGreaterThan(0)
        expect(reachOf(rule)).toBeGreaterThan(7)
      }),
      { numRuns: 30 },
    )
  })
})

describe('a detector that was accepted', () => {
  const series = Array.from({ length: 430 }, (_, day) => 30 + (day % 7) * 2 + ((day * 7919) % 11))
  test.each(detectors)('%s is quiet on a plain series and sees a jump on its last day', (detector) => {
    const watch = createWatch({ ...sound, detector, parameters: {} }, 0)
    const verdicts = series.map((count) => watch.push({ count, completeness: 1, effects: [] }))
    const judged = verdicts.filter(({ untested }) => untested === 0)
    expect(judged.length).toBeGreaterThan(20)
    expect(judged.filter(({ strength }) => strength > 4).length).toBeLessThan(judged.length / 20)
    const peeked = watch.peek({ count: 400, completeness: 1, effects: [] })
    expect(peeked.strength).toBeGreaterThan(5)
    expect(400).toBeGreaterThan(peeked.upper)
    // Looking is not learning.
    expect(watch.push({ count: 400, completeness: 1, effects: [] }).strength).toBe(peeked.strength)
  })

  test.each(detectors)('%s takes half a day as half a day', (detector) => {
    const watch = createWatch({ ...sound, detector, parameters: {} }, 0)
    for (const count of series) watch.push({ count, completeness: 1, effects: [] })
    const half = watch.peek({ count: 20, completeness: 0.5, effects: [] })
    const whole = watch.peek({ count: 40, completeness: 1, effects: [] })
    expect(half.expected).toBeCloseTo(whole.expected / 2, 0)
    expect(half.strength).toBeLessThan(3)
    expect(watch.peek({ count: 2, completeness: 0.05, effects: [] }).untested).toBeGreaterThan(0)
  })
})
