import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { documentOf, eventArbitrary } from '../document/event.fixture.ts'
import type { EpcisEvent, TransformationEvent } from '../document/index.ts'
import { gramsOf, isMassUnit, massOf } from '../mass/index.ts'
import { strictEventProblems, strictProblems, strictRules } from './index.ts'

const options = { now: Date.UTC(2026, 10, 22) }
const base = {
  type: 'ObjectEvent',
  action: 'OBSERVE',
  eventTime: '2026-11-20T08:00:00+08:00',
  eventTimeZoneOffset: '+08:00',
  epcList: [],
}
const found = (event: object) =>
  strictEventProblems({ ...base, ...event } as EpcisEvent, options).map(({ rule, path }) => `${rule} ${path}`)
const metadata = (sensorMetadata: object, report: object = {}) => ({
  sensorElementList: [{ sensorMetadata, sensorReport: [{ type: 'Temperature', ...report }] }],
})
const lot = 'urn:epc:class:lgtin:4012345.012345.L1'

test('a sound event has no problem', () => {
  expect(
    found({
      quantityList: [
        { epcClass: lot, quantity: 1.5, uom: 'KGM' },
        { epcClass: lot, quantity: 3 },
      ],
    }),
  ).toEqual([])
  expect(found({ eventTime: '2026-11-20T00:00:00Z', 'cbvmda:lotNumber': '1', 'https://x/y': 1 })).toEqual([])
})

const cases: readonly (readonly [rule: keyof typeof strictRules, event: object, path: string])[] = [
  ['negative-quantity', { quantityList: [{ epcClass: lot, quantity: -1, uom: 'KGM' }] }, '/quantityList/0/quantity'],
  ['fractional-pieces', { quantityList: [{ epcClass: lot, quantity: 1.5 }] }, '/quantityList/0/quantity'],
  ['malformed-epc', { epcList: ['urn:epc:id:sgtin:4012345.01.1'] }, '/epcList/0'],
  ['malformed-digital-link', { readPoint: { id: 'https://id.gs1.org/414/4012345000116' } }, '/readPoint/id'],
  ['malformed-epc', { sourceList: [{ type: 'location', source: 'urn:epc:id:sgln:1' }] }, '/sourceList/0/source'],
  ['malformed-epc', metadata({}, { deviceID: 'urn:epc:id:giai:1' }), '/sensorElementList/0/sensorReport/0/deviceID'],
  ['class-as-thing', { epcList: [lot] }, '/epcList/0'],
  ['class-as-thing', { epcList: ['https://x.org/01/04012345123456/10/A'] }, '/epcList/0'],
  [
    'thing-as-class',
    { quantityList: [{ epcClass: 'urn:epc:id:sscc:4012345.1112223334' }] },
    '/quantityList/0/epcClass',
  ],
  ['event-time-future', { eventTime: '2099-01-01T00:00:00+08:00' }, '/eventTime'],
  ['record-time-set', { recordTime: '2026-11-20T08:00:00Z' }, '/recordTime'],
  ['zone-contradicts-offset', { eventTimeZoneOffset: '-06:00' }, '/eventTimeZoneOffset'],
  [
    'sensor-time-after-event',
    metadata({ time: '2026-11-20T00:00:00.001Z' }),
    '/sensorElementList/0/sensorMetadata/time',
  ],
  [
    'sensor-time-after-event',
    metadata({}, { time: '2026-11-20T08:00:01+08:00' }),
    '/sensorElementList/0/sensorReport/0/time',
  ],
  [
    'sensor-period',
    metadata({ startTime: '2026-11-19T02:00:00Z', endTime: '2026-11-19T01:00:00Z' }),
    '/sensorElementList/0/sensorMetadata/endTime',
  ],
  [
    'device-twice',
    metadata({ deviceID: 'urn:x:1' }, { deviceID: 'urn:x:1' }),
    '/sensorElementList/0/sensorReport/0/deviceID',
  ],
  ['parent-missing', { type: 'AggregationEvent', action: 'ADD', childEPCs: ['urn:x:1'] }, '/parentID'],
  ['undeclared-prefix', { 'ext:a': { 'b:c': 1 } }, '/ext:a/b:c'],
]
test.each(cases)('%s', (rule, event, path) => expect(found(event)).toContain(`${rule} ${path}`))
test('every rule has a case', () => {
  const rest = Object.keys(strictRules).filter((rule) => !cases.some(([each]) => each === rule))
  expect(rest).toEqual(['mass-created'])
})
test('a clock may run ahead by the tolerance', () => {
  const event = { ...base, eventTime: '2026-11-22T00:05:00Z' } as unknown as EpcisEvent
  expect(strictEventProblems(event, { ...options, tolerance: 300_000 })).toEqual([])
  expect(strictEventProblems(event, options)).toHaveLength(1)
})

describe('mass', () => {
  const grams = fc.integer({ min: 1, max: 5_000_000 })
  const parts = fc.array(grams, { minLength: 1, maxLength: 6 })
  const quantities = (list: readonly number[]) =>
    list.map((each, i) => ({ epcClass: lot, quantity: i % 2 ? each : each / 1000, uom: i % 2 ? 'GRM' : 'KGM' }))
  const sum = (list: readonly number[]) => list.reduce((total, each) => total + each, 0)
  const event = (input: readonly number[], output: readonly number[], more: Partial<TransformationEvent> = {}) =>
    ({
      ...base,
      type: 'TransformationEvent',
      inputQuantityList: quantities(input),
      outputQuantityList: quantities(output),
      ...more,
    }) as unknown as EpcisEvent
  const rules = (...events: EpcisEvent[]) =>
    strictProblems(documentOf(events), options).filter(({ rule }) => rule === 'mass-created')

  test('is created exactly when more comes out than went in, to the gram', () => {
    fc.assert(
      fc.property(parts, parts, (input, output) => {
        expect(rules(event(input, output)).length > 0).toBe(sum(output) > sum(input))
        expect(rules(event(input, [...input].reverse()))).toEqual([])
        expect(rules(event(input, [...input, 1]))).toHaveLength(1)
      }),
    )
  })
  test('is weighed over all events of one transformation', () => {
    const transformationID = 'urn:epc:id:gdti:4012345.55555.1234'
    const part = (input: number[], output: number[]) => event(input, output, { transformationID })
    expect(rules(part([5], []), part([], [3]), part([], [2]))).toEqual([])
    expect(rules(part([5], []), part([], [3]), part([], [3]))[0]?.path).toBe(
      '/epcisBody/eventList/2/outputQuantityList',
    )
  })
  test('is not judged while an input’s is unknown', () => {
    expect(rules(event([1], [2], { inputEPCList: ['urn:x:1'] }))).toEqual([])
    expect(rules(event([1], [2], { inputQuantityList: [{ epcClass: lot, quantity: 1 }] }))).toEqual([])
  })
  test('is exact where floating point is not', () => {
    expect(gramsOf({ quantity: 0.3, uom: 'KGM' })).toBe(300)
    expect(gramsOf({ quantity: 1.005, uom: 'TNE' })).toBe(1_005_000)
    expect(gramsOf({ quantity: 0.0005, uom: 'KGM' })).toBeNull()
    expect(massOf(1, 'LBR')).toBe(453_592_370_000n)
    expect([isMassUnit('LTR'), isMassUnit(undefined), massOf(1, 'LTR')]).toEqual([false, false, null])
    fc.assert(fc.property(fc.nat({ max: 1e12 }), (each) => gramsOf({ quantity: each / 1000, uom: 'KGM' }) === each))
  })
})

test('finds nothing else in any event whose keys are sound', () => {
  const drawn = new Set(['mass-created', 'fractional-pieces', 'sensor-time-after-event'])
  fc.assert(
    fc.property(eventArbitrary, (event) => {
      expect(strictProblems(documentOf([event]), options).filter(({ rule }) => !drawn.has(rule))).toEqual([])
    }),
    { numRuns: 50 },
  )
})
