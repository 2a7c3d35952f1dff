import type { EpcisEvent } from '@vigil/epcis/document'
import { eventHashId } from '@vigil/epcis/hash'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asXml, queryDocument } from './answer.domain.ts'
import { companyPrefixes, translate } from './translate.domain.ts'

const now = new Date('2026-01-05T10:00:00Z')
const documentOf = (event: EpcisEvent) =>
  queryDocument([{ doc: JSON.stringify(event), context: null }], { queryName: 'q', now })
const eventIn = (text: string): EpcisEvent => JSON.parse(text).epcisBody.queryResults.resultsBody.eventList[0]

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`))
const keys = fc.constantFrom(6, 7, 9, 12).chain((length) =>
  fc.record({
    item: fc
      .tuple(digits(13 - length), fc.stringMatching(/^[A-Za-z0-9-]{1,20}$/))
      .map(([item, serial]) => `urn:epc:id:sgtin:${'4'.repeat(length)}.${item}.${serial}`),
    lot: digits(13 - length).map((item) => `urn:epc:class:lgtin:${'4'.repeat(length)}.${item}.LOT-1`),
    pallet: digits(17 - length).map((serial) => `urn:epc:id:sscc:${'4'.repeat(length)}.${serial}`),
    place: digits(12 - length).map((place) => `urn:epc:id:sgln:${'4'.repeat(length)}.${place}.0`),
    prefix: fc.constant('4'.repeat(length)),
  }),
)
const eventOf = ({ item, lot, pallet, place }: Record<'item' | 'lot' | 'pallet' | 'place', string>): EpcisEvent =>
  ({
    type: 'AggregationEvent',
    eventTime: '2026-01-05T10:00:00.000+08:00',
    eventTimeZoneOffset: '+08:00',
    action: 'ADD',
    bizStep: 'packing',
    disposition: 'in_progress',
    parentID: pallet,
    childEPCs: [item, 'urn:uuid:1'],
    childQuantityList: [{ epcClass: lot, quantity: 1, uom: 'KGM' }],
    readPoint: { id: place },
    bizTransactionList: [{ type: 'po', bizTransaction: 'urn:epcglobal:cbv:bt:4012345000009:1' }],
    'https://example.com/said': item,
  }) as unknown as EpcisEvent

test('keys come as links or as URNs, and are the same event by hash', () => {
  fc.assert(
    fc.property(keys, ({ prefix, ...each }) => {
      const event = eventOf(each)
      const links = translate(documentOf(event), 'Always_GS1_Digital_Link', new Set())
      const linked = eventIn(links) as unknown as Record<string, never>
      expect(linked.parentID).toMatch(/^https:\/\/id\.gs1\.org\/00\/\d{18}$/)
      expect(linked.childEPCs).toEqual([expect.stringMatching(/^https:\/\/id\.gs1\.org\/01\//), 'urn:uuid:1'])
      expect(JSON.stringify(linked).match(/urn:epc:/g)).toHaveLength(1)
      expect(eventHashId(eventIn(links))).toBe(eventHashId(event))
      // And back, where the prefix is known.
      expect(eventIn(translate(links, 'Always_EPC_URN', new Set([prefix])))).toEqual(event)
    }),
    { numRuns: 50 },
  )
})

test('a link whose company prefix nobody knows is no URN; one that the answer shows elsewhere is known', () => {
  const link = 'https://id.gs1.org/01/04012345111118/21/1'
  const of = (parentID: string) =>
    documentOf({ ...eventOf({ item: link, lot: link.replace('/21/', '/10/'), pallet: parentID, place: 'urn:uuid:2' }) })
  const refused = expect.objectContaining({ details: expect.objectContaining({ status: 406 }) })
  expect(() => translate(of('urn:uuid:3'), 'Always_EPC_URN', new Set())).toThrow(refused)
  const shown = eventIn(translate(of('urn:epc:id:sscc:4012345.1112223334'), 'Always_EPC_URN', new Set()))
  expect((shown as unknown as { childEPCs: string[] }).childEPCs[0]).toBe('urn:epc:id:sgtin:4012345.011111.1')
  expect(companyPrefixes('4012345, 690123456')).toEqual(new Set(['4012345', '690123456']))
  expect(() => companyPrefixes('12345')).toThrow('VIGIL_GS1_PREFIXES')
})

test('terms in XML are web URIs, or URNs for those who know CBV 1.x only', () => {
  const document = documentOf(
    eventOf({ item: 'urn:uuid:1', lot: 'urn:uuid:2', pallet: 'urn:uuid:3', place: 'urn:uuid:4' }),
  )
  expect(asXml(document, 'No_Preference')).toContain('<bizStep>https://ref.gs1.org/cbv/BizStep-packing</bizStep>')
  const urns = asXml(document, 'Always_URN')
  for (const term of ['bizstep:packing', 'disp:in_progress', 'btt:po'])
    expect(urns).toContain(`urn:epcglobal:cbv:${term}`)
})
