import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  exposuresOf,
  judgeRecord,
  limitOfLabel,
  limitOn,
  type Reading,
  sensorReadings,
  temperatureCategories,
  temperatureLimits,
} from './temperature.domain.ts'

const minute = 60_000
const frozen = limitOn('frozen', '2026-11-22')!
const chilled = limitOn('chilled-meat', '2026-11-22')!
const every = (step: number, ...tenths: number[]): Reading[] =>
  tenths.map((each, i) => ({ at: i * step * minute, tenths: each }))
const span = (from: number, to: number) => ({ from: from * minute, to: to * minute })

test('limits are dated: none before the first, then the newest', () => {
  for (const category of temperatureCategories) {
    const [newest] = temperatureLimits.filter((each) => each.category === category)
    expect(limitOn(category, '2000-01-01')).toBeUndefined()
    expect(limitOn(category, newest!.since)).toBe(newest)
  }
  expect([frozen.max, frozen.brief, chilled.min, chilled.max]).toEqual([-180, -150, 0, 40])
})

test('a label that names a temperature is the limit itself', () => {
  expect(limitOfLabel(-180)).toMatchObject({ min: null, max: -180, brief: -150 })
  expect(limitOfLabel(40)).toMatchObject({ min: 0, max: 40, brief: null })
  expect(limitOfLabel(-10)).toMatchObject({ min: -10, max: -10 })
})

describe('a record', () => {
  test('has an excursion from the first reading beyond the limit to the first within it', () => {
    const verdict = judgeRecord(every(10, -185, -170, -120, -175, -181, -181), frozen, span(0, 50))
    expect(verdict.excursions).toEqual([
      {
        side: 'above',
        begin: 10 * minute,
        end: 40 * minute,
        peak: -120,
        area: (10 + 60 + 5) * 10 * minute,
        tolerated: false,
      },
    ])
    expect(verdict).toMatchObject({ gaps: [], covered: 50 * minute, lowest: -185, highest: -120 })
  })
  test('is borne for half an hour up to -15 °C, and not longer or warmer', () => {
    const tolerated = (...tenths: number[]) =>
      judgeRecord(every(10, -185, ...tenths, -185), frozen, span(0, 90)).excursions.map((each) => each.tolerated)
    expect(tolerated(-150, -150, -150)).toEqual([true])
    expect(tolerated(-150, -150, -150, -150)).toEqual([false])
    expect(tolerated(-149)).toEqual([false])
  })
  test('is held against the lower limit as well', () => {
    const { excursions } = judgeRecord(every(10, 20, -5, -15, 20, 55), chilled, span(0, 40))
    expect(excursions.map(({ side, peak, tolerated }) => [side, peak, tolerated])).toEqual([
      ['below', -15, false],
      ['above', 55, true],
    ])
  })
  test('with a gap says what it does not know, and an excursion ends there', () => {
    const readings = [
      { at: 0, tenths: -100 },
      { at: 100 * minute, tenths: -100 },
      { at: 110 * minute, tenths: -190 },
    ]
    const verdict = judgeRecord(readings, frozen, span(-10, 120))
    expect(verdict.gaps).toEqual([span(-10, 0), span(30, 100), span(110, 120)])
    expect(verdict.excursions.map(({ begin, end }) => [begin / minute, end / minute])).toEqual([
      [0, 30],
      [100, 110],
    ])
  })
})

const readings = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: -250, max: 0 })), { maxLength: 40 })
  .map((steps) => {
    let at = 0
    return steps.map(([wait, tenths]) => {
      at += wait * minute
      return { at, tenths }
    })
  })
const place = fc.integer({ min: -50, max: 1_500 }).map((at) => at * minute)

describe('in any record', () => {
  test('coverage and gaps are the whole span, and excursions lie in it without touching', () => {
    fc.assert(
      fc.property(readings, place, place, (record, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)]
        const verdict = judgeRecord(record, frozen, { from, to })
        expect(verdict.covered + verdict.gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0)).toBe(to - from)
        let last = from
        for (const { begin, end, area, peak } of verdict.excursions) {
          expect(begin).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThanOrEqual(begin)
          expect(end).toBeLessThanOrEqual(to)
          expect(area).toBeLessThanOrEqual((peak - frozen.max) * (end - begin))
          expect(peak).toBeGreaterThan(frozen.max)
          last = end
        }
      }),
    )
  })
  test('what two halves of a stay suffered is what the whole did', () => {
    const strict = { ...frozen, brief: null }
    fc.assert(
      fc.property(readings, place, place, place, (record, ...places) => {
        const [a, b, c] = places.sort((x, y) => x - y) as [number, number, number]
        const sum = (...spans: [number, number][]) => {
          const [exposure] = exposuresOf(
            record,
            strict,
            spans.map(([from, to]) => ({ thing: 'lot', from, to })),
          )
          return [exposure?.duration ?? 0, exposure?.area ?? 0, exposure?.unknown ?? 0]
        }
        expect(sum([a, b], [b, c])).toEqual(sum([a, c]))
      }),
    )
  })
  test('a thing that was there all the time suffered every excursion; one that was not, none', () => {
    fc.assert(
      fc.property(readings, (record) => {
        const end = record.at(-1)?.at ?? 0
        const whole = { from: record[0]?.at ?? 0, to: end }
        const [exposure] = exposuresOf(record, frozen, [{ thing: 'there', ...whole }])
        const counted = judgeRecord(record, frozen, whole).excursions.filter(({ tolerated }) => !tolerated)
        expect((exposure?.excursions ?? []).filter(({ tolerated }) => !tolerated)).toEqual(counted)
        const away = exposuresOf(record, frozen, [
          { thing: 'away', from: end + 10_000 * minute, to: end + 10_001 * minute },
        ])
        expect(away).toEqual([{ thing: 'away', excursions: [], duration: 0, area: 0, peak: null, unknown: minute }])
      }),
    )
  })
})

test('who was beside the logger while it was warm is named with time and peak', () => {
  const record = every(10, -185, -100, -120, -185, -185)
  const exposures = exposuresOf(record, frozen, [
    { thing: 'A', ...span(0, 40) },
    { thing: 'B', ...span(0, 10) },
    { thing: 'C', ...span(25, 40) },
    { thing: 'C', ...span(0, 5) },
  ])
  expect(exposures.map(({ thing, duration, peak, area }) => [thing, duration / minute, peak, area / minute])).toEqual([
    ['A', 20, -100, 1_400],
    ['C', 5, -120, 300],
  ])
})

test('sensor elements of events are readings, whatever their unit', () => {
  const report = (value: number, uom: string, time?: string) => ({
    type: 'Temperature',
    value,
    uom,
    ...(time ? { time } : {}),
  })
  const read = sensorReadings(
    [
      {
        sensorMetadata: { time: '2026-11-22T01:00:00Z' },
        sensorReport: [report(-18.24, 'CEL'), { type: 'gs1:RelativeHumidity', value: 50, uom: 'A93' }],
      },
      {
        sensorReport: [
          report(0, 'FAH', '2026-11-22T00:30:00Z'),
          { ...report(255.15, 'KEL'), type: 'gs1:Temperature' },
          report(1, 'LTR'),
        ],
      },
    ] as Parameters<typeof sensorReadings>[0],
    Date.UTC(2026, 10, 22, 2),
  )
  expect(read.map(({ at, tenths }) => [new Date(at).toISOString().slice(11, 16), tenths])).toEqual([
    ['00:30', -178],
    ['01:00', -182],
    ['02:00', -180],
  ])
})
