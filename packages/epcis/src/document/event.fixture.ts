import fc from 'fast-check'
import { epcArbitrary } from '../identifier/epc.fixture.ts'
import { formatEpc, isClass } from '../identifier/index.ts'
import type { EpcisEvent } from './types.ts'
import { vocabularies } from './vocabulary.ts'

const epc = epcArbitrary.filter((each) => !isClass(each)).map(formatEpc)
const epcClass = epcArbitrary.filter(isClass).map(formatEpc)
const two = (value: number) => String(value).padStart(2, '0')
/** Times of 1990–2025 with their offset and 0 to 6 digits of fraction. */
export const timeArbitrary = fc
  .record({
    at: fc.integer({ min: 631_152_000, max: 1_760_000_000 }),
    minutes: fc.constantFrom(0, 480, -360, 330, 840, -570),
    fraction: fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 6 }),
  })
  .map(({ at, minutes, fraction }) => {
    const offset = `${minutes < 0 ? '-' : '+'}${two(Math.trunc(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`
    const local = new Date((at + minutes * 60) * 1000).toISOString().slice(0, 19)
    return { time: `${local}${fraction && `.${fraction}`}${offset}`, offset, at: at * 1000 }
  })
const text = fc
  .string({ unit: fc.constantFrom(...'aZ 09é冷<&>"\'].:/'), minLength: 1, maxLength: 8 })
  .map((each) => each.trim() || 'x')
const extension: fc.Arbitrary<object> = fc.dictionary(
  fc.constantFrom('ext:a', 'ext:b', 'cbvmda:lotNumber'),
  fc.oneof(
    text,
    fc.array(text, { minLength: 2, maxLength: 3 }),
    fc.dictionary(fc.constantFrom('ext:c', 'ext:d'), text, { minKeys: 1 }),
  ),
  { maxKeys: 2 },
)
const optional = <T>(name: string, value: fc.Arbitrary<T>): fc.Arbitrary<object> =>
  fc.option(value, { nil: undefined }).map((each) => (each === undefined ? {} : { [name]: each }))
const merged = (...parts: fc.Arbitrary<object>[]): fc.Arbitrary<object> =>
  fc.tuple(...parts).map((each) => Object.assign({}, ...each))
const term = (field: keyof typeof vocabularies) => fc.constantFrom(...vocabularies[field].names)
const decimal = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((each) => each / 1000)
const quantity = merged(
  epcClass.map((each) => ({ epcClass: each })),
  optional('quantity', decimal.map(Math.abs)),
  optional('uom', fc.constantFrom('KGM', 'GRM', 'LTR')),
)
const some = <T>(value: fc.Arbitrary<T>) =>
  fc.uniqueArray(value, { minLength: 1, maxLength: 3, selector: (each) => JSON.stringify(each) })
const place = merged(
  epc.map((id) => ({ id })),
  extension,
)
const sensorElement = merged(
  optional(
    'sensorMetadata',
    merged(
      timeArbitrary.map(({ time }) => ({ time })),
      optional('deviceID', epc),
      extension,
    ),
  ),
  some(
    merged(
      term('measurementType').map((type) => ({ type })),
      optional('value', decimal),
      optional('uom', fc.constantFrom('CEL', 'A93')),
      optional('stringValue', text),
      optional('booleanValue', fc.boolean()),
      optional('component', term('component')),
      extension,
    ),
  ).map((sensorReport) => ({ sensorReport })),
  extension,
)
const dispositions = some(term('disposition'))
const common = merged(
  timeArbitrary.map(({ time, offset }) => ({ eventTime: time, eventTimeZoneOffset: offset })),
  optional(
    'eventID',
    fc.uuid().map((id) => `urn:uuid:${id}`),
  ),
  optional('certificationInfo', fc.constant(['https://example.org/cert/1', 'https://example.org/cert/2'])),
  optional(
    'errorDeclaration',
    merged(
      timeArbitrary.map(({ time }) => ({ declarationTime: time })),
      optional('reason', term('errorReason')),
    ),
  ),
  optional('bizStep', term('bizStep')),
  optional('disposition', term('disposition')),
  optional('readPoint', place),
  optional('bizLocation', place),
  optional('sourceList', some(fc.record({ type: term('sourceDestType'), source: epc }))),
  optional('destinationList', some(fc.record({ type: term('sourceDestType'), destination: epc }))),
  optional('sensorElementList', some(sensorElement)),
  extension,
)
const transactions = some(
  merged(
    optional('type', term('bizTransactionType')),
    epc.map((bizTransaction) => ({ bizTransaction })),
  ),
)
const bizTransactions = optional('bizTransactionList', transactions)
const action = fc.constantFrom('ADD', 'OBSERVE', 'DELETE').map((each) => ({ action: each }))
const persistent = optional(
  'persistentDisposition',
  fc.oneof(
    dispositions.map((set) => ({ set })),
    fc.record({ set: dispositions, unset: dispositions }),
  ),
)
const ilmd = optional(
  'ilmd',
  extension.filter((each) => Object.keys(each).length > 0),
)
const things = (epcs: string, quantities: string) =>
  fc.oneof(
    some(epc).map((each) => ({ [epcs]: each })),
    some(quantity).map((each) => ({ [quantities]: each })),
    fc.tuple(some(epc), some(quantity)).map(([a, b]) => ({ [epcs]: a, [quantities]: b })),
  )
const type = (name: EpcisEvent['type']) => fc.constant({ type: name })
const parent = epc.map((parentID) => ({ parentID }))
const children = things('childEPCs', 'childQuantityList')
const moving = things('epcList', 'quantityList')

/** Any valid event of the five types, with extensions whose prefixes are `ext` and `cbvmda`. */
export const eventArbitrary = fc.oneof(
  merged(type('ObjectEvent'), common, action, moving, bizTransactions, persistent),
  merged(type('ObjectEvent'), common, fc.constant({ action: 'ADD' }), moving, bizTransactions, ilmd),
  merged(type('AggregationEvent'), common, action, parent, children, bizTransactions),
  merged(type('AssociationEvent'), common, action, parent, children, bizTransactions),
  merged(
    type('TransactionEvent'),
    common,
    action,
    moving,
    transactions.map((bizTransactionList) => ({ bizTransactionList })),
  ),
  merged(
    type('TransformationEvent'),
    common,
    things('inputEPCList', 'inputQuantityList'),
    things('outputEPCList', 'outputQuantityList'),
    optional('transformationID', epc),
    bizTransactions,
    persistent,
    ilmd,
  ),
) as fc.Arbitrary<EpcisEvent>

/** Context that the events' extensions need. */
export const fixtureContext = [
  'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
  { ext: 'https://ns.example.com/epcis/' },
] as const

/** A document around events. */
export const documentOf = (eventList: readonly EpcisEvent[]) => ({
  '@context': fixtureContext,
  type: 'EPCISDocument' as const,
  schemaVersion: '2.0',
  creationDate: '2026-11-22T12:00:00Z',
  epcisBody: { eventList },
})
