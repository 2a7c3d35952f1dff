import { type EpcisEvent, namespacesOf } from '@vigil/epcis/document'
import { canonicalUri } from '@vigil/epcis/identifier'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withScope } from '../../kernel/db/index.ts'
import { createTestApp, type TestApp } from '../../testing/index.ts'
import { prepareEvents } from './capture.prepare.ts'
import { storePrepared } from './capture.ts'
import { county } from './epcis.fixture.ts'
import { parseQuery } from './query.parse.ts'
import { readEvents } from './query.read.ts'
import { holds } from './query.reference.fixture.ts'

let app: TestApp
let events: readonly EpcisEvent[]
beforeAll(async () => {
  app = await createTestApp()
  const now = app.kernel.clock.now()
  const { ready, refusals } = prepareEvents(fc.sample(event, { numRuns: 150, seed: 8 }), { now })
  expect(refusals).toEqual([])
  events = await withScope(app.kernel.db, [county], async (tx) => {
    const context = { path: county, by: '测试', source: 'loop' } as const
    const captured = await storePrepared({ kernel: app.kernel, guards: [] }, tx, ready, now, context)
    return captured.filter(({ known }) => !known).map((each) => each.event)
  })
}, 60_000)
afterAll(() => app.close())

// Few values, so that random queries meet random events; things in both of their spellings.
const urns = [
  'urn:epc:id:sgtin:4012345.011111.1',
  'urn:epc:id:sgtin:4012345.011112.1',
  'urn:epc:id:sgtin:4012346.011111.2',
  'urn:epc:id:sscc:4012345.1112223334',
]
const classUrns = [
  'urn:epc:class:lgtin:4012345.011111.L1',
  'urn:epc:class:lgtin:4012345.011111.L2',
  'urn:epc:idpat:sgtin:4012345.011111.*',
]
const byCanonical = new Map(urns.map((urn) => [canonicalUri(urn)!, urn]))
const spelled = (list: readonly string[]) =>
  fc.tuple(fc.constantFrom(...list), fc.boolean()).map(([urn, link]) => (link ? canonicalUri(urn)! : urn))
const epc = spelled(urns)
const epcClass = spelled(classUrns)
const place = spelled(['urn:epc:id:sgln:4012345.00001.0', 'urn:epc:id:sgln:4012345.00001.7'])
const uri = fc.constantFrom('urn:uuid:1', 'https://example.com/2', 'urn:epc:id:gdti:4012345.55555.9')
const step = fc.constantFrom('packing', 'shipping', 'https://example.com/step')
const disposition = fc.constantFrom('active', 'in_transit')
const time = fc.constantFrom('2026-01-05T10:00:00Z', '2026-01-05T18:00:00.500+08:00', '2026-01-06T00:00:00Z')
// 50 °F are 10 °C, 2.5 kg are 2500 g.
const number = fc.constantFrom(0, 1, 2.5, 10, 50, 2500)
const uom = fc.constantFrom('KGM', 'GRM', 'CEL', 'FAH')
const some = <T>(value: fc.Arbitrary<T>) =>
  fc.uniqueArray(value, {
    minLength: 1,
    maxLength: 2,
    selector: (each) => (typeof each === 'string' ? canonicalUri(each) : null) ?? JSON.stringify(each),
  })
const scalar = fc.oneof(fc.constantFrom('a', 'b', '2.5'), number, time, fc.boolean())
const extension = fc.dictionary(
  fc.constantFrom('ex:one', 'ex:two'),
  fc.oneof(
    scalar,
    fc.array(scalar, { minLength: 1, maxLength: 2 }),
    fc.dictionary(fc.constantFrom('ex:one', 'ex:deep'), scalar, { minKeys: 1 }),
  ),
  { maxKeys: 2 },
)
const withExtension = (fields: fc.Arbitrary<object>) => fc.tuple(fields, extension).map(([a, b]) => ({ ...a, ...b }))
const quantity = fc.record({ epcClass, quantity: number, uom }, { requiredKeys: ['epcClass', 'quantity', 'uom'] })
const early = fc.constant('2026-01-05T09:00:00Z')
const sensor = withExtension(
  fc.record(
    {
      sensorMetadata: withExtension(
        fc.record({ time: early, startTime: early, endTime: early, bizRules: uri }, { requiredKeys: [] }),
      ),
      sensorReport: fc.array(
        withExtension(
          fc.record(
            {
              type: fc.constantFrom('Temperature', 'Mass'),
              ...{
                value: number,
                uom,
                minValue: number,
                percRank: number,
                deviceID: uri,
                stringValue: fc.constantFrom('a', 'b'),
              },
              booleanValue: fc.boolean(),
              time: early,
            },
            { requiredKeys: ['type'] },
          ),
        ),
        { minLength: 1, maxLength: 2 },
      ),
    },
    { requiredKeys: ['sensorReport'] },
  ),
)
const common = {
  eventTime: time.map((each) => each.replace('18:00:00.500+08:00', '10:00:00.500Z')),
  eventTimeZoneOffset: fc.constant('+08:00'),
  eventID: uri,
  bizStep: step,
  disposition,
  readPoint: withExtension(fc.record({ id: place })),
  bizLocation: withExtension(fc.record({ id: place })),
  sourceList: some(fc.record({ type: fc.constantFrom('owning_party', 'location'), source: uri })),
  destinationList: some(fc.record({ type: fc.constantFrom('owning_party', 'location'), destination: uri })),
  sensorElementList: fc.array(sensor, { minLength: 1, maxLength: 2 }),
  errorDeclaration: withExtension(
    fc.record(
      {
        declarationTime: time,
        reason: fc.constantFrom('did_not_occur', 'incorrect_data'),
        correctiveEventIDs: some(uri),
      },
      { requiredKeys: ['declarationTime'] },
    ),
  ),
}
const always = ['eventTime', 'eventTimeZoneOffset'] as const
const documents = some(fc.record({ type: fc.constantFrom('po', 'inv'), bizTransaction: uri }))
const typed = (type: string, fields: Record<string, fc.Arbitrary<unknown>>, required: readonly string[]) =>
  withExtension(
    fc.record({ ...common, ...fields }, { requiredKeys: [...always, ...required] as never[] }).map((each) => ({
      '@context': [{ ex: 'https://example.com/ns/' }],
      type,
      ...each,
    })),
  )
const children = {
  action: fc.constantFrom('ADD', 'OBSERVE', 'DELETE'),
  parentID: epc,
  childEPCs: some(epc),
  childQuantityList: fc.array(quantity, { minLength: 1, maxLength: 2 }),
}
const event = fc.oneof(
  typed(
    'ObjectEvent',
    {
      action: fc.constant('ADD'),
      epcList: some(epc),
      quantityList: fc.array(quantity, { maxLength: 2 }),
      ilmd: extension,
      bizTransactionList: documents,
      persistentDisposition: fc.record({ set: some(disposition), unset: some(disposition) }, { requiredKeys: ['set'] }),
    },
    ['action', 'epcList'],
  ),
  typed('AggregationEvent', children, ['action', 'parentID', 'childEPCs']),
  typed('AssociationEvent', children, ['action', 'parentID', 'childEPCs']),
  typed(
    'TransactionEvent',
    { action: children.action, parentID: epc, epcList: some(epc), bizTransactionList: documents },
    ['action', 'epcList', 'bizTransactionList'],
  ),
  typed(
    'TransformationEvent',
    {
      inputEPCList: some(epc),
      outputEPCList: some(epc),
      inputQuantityList: fc.array(quantity, { maxLength: 2 }),
      outputQuantityList: fc.array(quantity, { maxLength: 2 }),
      transformationID: uri,
      ilmd: extension,
    },
    ['inputEPCList', 'outputEPCList'],
  ),
) as unknown as fc.Arbitrary<EpcisEvent>

const texts = (value: fc.Arbitrary<unknown>) =>
  fc.array(value, { minLength: 1, maxLength: 2 }).map((list) => list.join('|'))
const named = (names: string, value: fc.Arbitrary<unknown>) =>
  fc.tuple(fc.constantFrom(...names.split(/\s+/)), texts(value)) as fc.Arbitrary<[string, string]>
const one = (names: string, value: fc.Arbitrary<unknown>) =>
  fc.tuple(fc.constantFrom(...names.split(/\s+/)), value.map(String)) as fc.Arbitrary<[string, string]>
const patterns = fc.constantFrom(
  'urn:epc:idpat:sgtin:4012345.011111.*',
  'urn:epc:idpat:sgtin:4012345.*.*',
  'urn:epc:idpat:sgtin:*.*.*',
  'urn:epc:idpat:sscc:4012345.*',
)
const places = [
  '',
  'ILMD_',
  'ERROR_DECLARATION_',
  'SENSORELEMENT_',
  'SENSORMETADATA_',
  'SENSORREPORT_',
  'readPoint_',
  'bizLocation_',
]
const extensionName = (operators: string[]) =>
  fc
    .tuple(
      fc.constantFrom(...operators),
      fc.constantFrom('', 'INNER_'),
      fc.constantFrom(...places),
      fc.constantFrom('one', 'two', 'deep'),
    )
    .map(([operator, inner, holder, name]) => `${operator}_${inner}${holder}q:${name}`)
const parameter: fc.Arbitrary<[string, string]> = fc.oneof(
  named('eventType', fc.constantFrom('ObjectEvent', 'AggregationEvent', 'TransformationEvent', 'TransactionEvent')),
  named('EQ_action', fc.constantFrom('ADD', 'DELETE')),
  named(
    'EQ_bizStep',
    fc.oneof(
      step,
      fc.constant('https://ref.gs1.org/cbv/BizStep-packing'),
      fc.constant('urn:epcglobal:cbv:bizstep:shipping'),
    ),
  ),
  named('EQ_disposition EQ_persistentDisposition_set EQ_persistentDisposition_unset', disposition),
  named('EQ_readPoint EQ_bizLocation', place),
  named('EQ_transformationID EQ_eventID EQ_correctiveEventID', uri),
  named('EQ_errorReason', fc.constantFrom('did_not_occur', 'incorrect_data')),
  named('MATCH_epc MATCH_parentID MATCH_inputEPC MATCH_outputEPC MATCH_anyEPC', fc.oneof(epc, patterns)),
  named('MATCH_epcClass MATCH_inputEPCClass MATCH_outputEPCClass MATCH_anyEPCClass', epcClass),
  named('EQ_bizTransaction_po EQ_source_owning_party EQ_source_location EQ_destination_owning_party', uri),
  named('EQ_quantity EQ_quantity_KGM EQ_quantity_GRM EQ_value_CEL EQ_value_FAH EQ_percRank', number),
  one(
    'GT_quantity GE_quantity_KGM LT_quantity LT_quantity_GRM LE_quantity_CEL GE_value_CEL LT_value_FAH LT_minValue_KGM GT_percRank',
    number,
  ),
  one('EXISTS_errorDeclaration EXISTS_sensorElementList', fc.boolean()),
  one(
    'GE_eventTime LT_eventTime GE_errorDeclarationTime LT_errorDeclarationTime LT_recordTime GE_time LT_startTime GE_endTime',
    time,
  ),
  named('EQ_type', fc.constantFrom('Temperature', 'Mass')),
  named('EQ_deviceID EQ_bizRules', uri),
  named('EQ_stringValue', fc.constantFrom('a', 'b')),
  one('EQ_booleanValue', fc.boolean()),
  fc.tuple(extensionName(['EQ']), texts(scalar)),
  fc.tuple(extensionName(['GT', 'GE', 'LT', 'LE']), fc.oneof(number, time).map(String)),
  fc.tuple(extensionName(['EXISTS']), fc.constantFrom('true', 'false')),
)

test('SQL finds what a plain reading of the parameters finds', async () => {
  expect(events.length).toBeGreaterThan(100)
  const namespaces = namespacesOf({ q: 'https://example.com/ns/' })
  const numbers = new Map(events.map(({ '@context': _, ...each }, index) => [JSON.stringify(each), index]))
  let found = 0
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(parameter, { minLength: 1, maxLength: 3, selector: ([name]) => name }),
      async (parameters) => {
        const query = parseQuery(new Map(parameters), namespaces)
        const now = new Date()
        const page = await readEvents(app.kernel.db, [county], query, { size: 1000, token: null, query: '', now })
        const places = page.events.map(({ doc }) => numbers.get(JSON.stringify(JSON.parse(doc)))!)
        const expected = events.flatMap((each, index) =>
          parameters.every(([name, text]) => holds(each, name, text, byCanonical)) ? [index] : [],
        )
        found += expected.length
        expect(places).toEqual(expected)
      },
    ),
    { numRuns: 60 },
  )
  // Queries that never find anything would prove nothing.
  expect(found).toBeGreaterThan(100)
}, 60_000)
