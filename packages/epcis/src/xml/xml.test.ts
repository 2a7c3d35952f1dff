import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { documentOf, eventArbitrary } from '../document/event.fixture.ts'
import type { EpcisDocument, EpcisEvent, EpcisQueryDocument } from '../document/index.ts'
import { documentHashIds, prehash } from '../hash/index.ts'
import { parseXml, readXml, writeXml, XmlError, XmlWriteError } from './index.ts'

const event = {
  type: 'ObjectEvent',
  eventTime: '2026-11-20T08:00:00+08:00',
  eventTimeZoneOffset: '+08:00',
  action: 'ADD',
  epcList: ['urn:x:1'],
} as const
const through = (document: EpcisDocument | EpcisQueryDocument) => {
  const read = readXml(writeXml(document))
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.value.document
}

describe('there and back', () => {
  test('every event, and its hash', () => {
    fc.assert(
      fc.property(fc.array(eventArbitrary, { minLength: 1, maxLength: 2 }), (events) => {
        const document = documentOf(events)
        const back = through(document)
        expect(back).toEqual(document)
        expect(documentHashIds(back)).toEqual(documentHashIds(document))
      }),
      { numRuns: 30 },
    )
  })
  test('any JSON in an extension', () => {
    const key = fc.constantFrom(
      'ext:a',
      'ext:b',
      'cbvmda:c',
      'plain',
      'epcis:x',
      'lost:y',
      'https://example.com/a',
      'a b',
      '批次',
    )
    const text = fc.string({ unit: fc.constantFrom(...'a <&>"\'\n\t\r冷]'), maxLength: 5 })
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(key, tie('json'), { maxKeys: 2 }),
      ),
    }))
    fc.assert(
      fc.property(json, (value) => {
        const document = documentOf([{ ...event, 'ext:v': value } as EpcisEvent])
        expect(through(document)).toEqual(document)
      }),
    )
  })
  test('what stands around the events', () => {
    const document = {
      ...documentOf([event]),
      id: 'https://id.example.org/1',
      sender: 'urn:epc:id:sgln:0353579.00001.0',
      receiver: 'urn:epc:id:sgln:5012345.00001.0',
      instanceIdentifier: '7',
      'ext:note': ['x'],
      epcisHeader: {
        epcisMasterData: {
          vocabularyList: [
            {
              type: 'urn:epcglobal:epcis:vtype:BusinessLocation',
              vocabularyElementList: [
                {
                  id: 'urn:epc:id:sgln:0037000.00729.0',
                  attributes: [
                    { id: 'urn:x:lat', attribute: 25.5 },
                    { id: 'urn:x:name', attribute: '泉州' },
                  ],
                  children: ['urn:x:c'],
                },
              ],
            },
          ],
        },
      },
    } as unknown as EpcisDocument
    expect(through(document)).toEqual(document)
  })
  test('a query document', () => {
    const { schemaVersion, creationDate, '@context': context } = documentOf([])
    const document = {
      '@context': context,
      type: 'EPCISQueryDocument',
      schemaVersion,
      creationDate,
      epcisBody: {
        queryResults: { queryName: 'SimpleEventQuery', subscriptionID: 's', resultsBody: { eventList: [event] } },
      },
    } as unknown as EpcisQueryDocument
    expect(through(document)).toEqual(document)
  })
  test('an event’s own prefixes', () => {
    const document = documentOf([{ ...event, '@context': [{ own: 'urn:own:' }], 'own:a': '1' } as EpcisEvent])
    expect(through(document)).toEqual(document)
  })
})

describe('reading', () => {
  const xml = (inside: string, root = 'urn:epcglobal:epcis:xsd:2') =>
    `<?xml version="1.0"?><!-- c --><e:EPCISDocument xmlns:e="${root}" xmlns:x="urn:x:" schemaVersion="2.0" creationDate="2026-01-01T00:00:00Z"><EPCISBody><EventList>${inside}</EventList></EPCISBody></e:EPCISDocument>`
  const first = (inside: string) => {
    const read = readXml(xml(inside))
    return read.ok ? read.value.events[0]?.event : read.problems
  }
  const time = '<eventTime> 2026-01-01T00:00:00Z </eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset>'
  test('takes web URIs, URNs and compact terms, and looks through the wrappers of 1.2', () => {
    expect(
      first(`<ObjectEvent>${time}<baseExtension><eventID>urn:x:1</eventID></baseExtension><epcList><epc>urn:x:2</epc></epcList><action>OBSERVE</action>
        <bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep><disposition>https://ref.gs1.org/cbv/Disp-in_transit</disposition>
        <extension><sourceList><source type="urn:epcglobal:cbv:sdt:location">urn:x:3</source></sourceList>
        <sensorElementList><sensorElement><sensorReport type="gs1:Temperature" value="2.50" booleanValue="1"/></sensorElement></sensorElementList></extension>
        <x:a><![CDATA[<&]]>&#x51B7;&amp;</x:a></ObjectEvent>`),
    ).toEqual({
      type: 'ObjectEvent',
      eventTime: '2026-01-01T00:00:00Z',
      eventTimeZoneOffset: '+00:00',
      eventID: 'urn:x:1',
      epcList: ['urn:x:2'],
      action: 'OBSERVE',
      bizStep: 'shipping',
      disposition: 'in_transit',
      sourceList: [{ type: 'location', source: 'urn:x:3' }],
      sensorElementList: [{ sensorReport: [{ type: 'Temperature', value: 2.5, booleanValue: true }] }],
      'x:a': '<&冷&',
    })
  })
  test('checks what it read like JSON', () => {
    expect(first('<ObjectEvent><action>EAT</action></ObjectEvent>')).toMatchObject([
      { path: '/epcisBody/eventList/0/action', rule: 'action' },
      { path: '/epcisBody/eventList/0/eventTime', rule: 'required' },
      { path: '/epcisBody/eventList/0/eventTimeZoneOffset', rule: 'required' },
      { path: '/epcisBody/eventList/0', rule: 'content' },
    ])
    expect(readXml('<a/>')).toMatchObject({ problems: [{ rule: 'document' }] })
    expect(readXml('<a>')).toMatchObject({ problems: [{ rule: 'xml' }] })
  })
  /** Each form stands in a document of GS1's (gs1/EPCIS, XML), OpenEPCIS's (test-resources) or the hash reference's (tests/examples). */
  describe('as others write', () => {
    const own = (inside: string) => {
      const read = readXml(xml(`<ObjectEvent>${time}<epcList/><action>ADD</action>${inside}</ObjectEvent>`))
      if (!read.ok) return { problems: read.problems }
      const { event: found, namespaces } = read.value.events[0]!
      return { event: found as unknown as Record<string, unknown>, hashed: prehash(found, { namespaces }) }
    }
    test('attributes of extensions, text beside them, and types that are only named', () => {
      const { event: found, hashed } = own(`<x:a x:b="1" x:c="2"/><x:w unit="KGM">3.50</x:w>
        <x:n xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xsd:integer">10</x:n>`)
      expect(found).toMatchObject({
        'x:a': { 'x:b': '1', 'x:c': '2' },
        'x:w': { '#text': '3.50', unit: 'KGM' },
        'x:n': '10',
      })
      expect(hashed).toMatch(/\{urn:x:\}a\{urn:x:\}b=1\{urn:x:\}c=2\{urn:x:\}n=10\{urn:x:\}w=3\.5unit=KGM$/)
    })
    test('prefixes that are declared far inside, one prefix for two namespaces, a namespace without a prefix', () => {
      const { hashed } =
        own(`<ilmd><y:lot xmlns:y="urn:y:" y:k="v">L</y:lot></ilmd><x:a><y:b xmlns:y="urn:z:">1</y:b></x:a>
        <bare xmlns="urn:bare:"><inner>2</inner></bare>`)
      expect(hashed).toMatch(
        /ilmd\{urn:y:\}lot=L\{urn:y:\}k=v\{urn:bare:\}bare\{urn:bare:\}inner=2\{urn:x:\}a\{urn:z:\}b=1$/,
      )
    })
    test('standard elements with a prefix, and a single event as the root', () => {
      const qualified = `<e:ObjectEvent xmlns:e="urn:epcglobal:epcis:xsd:2" xmlns:x="urn:x:"><e:eventTime>2026-01-01T00:00:00Z</e:eventTime>
        <e:eventTimeZoneOffset>+00:00</e:eventTimeZoneOffset><e:epcList><e:epc>urn:x:1</e:epc></e:epcList><e:action>ADD</e:action>
        <e:sensorElementList><e:sensorElement><e:sensorReport type="gs1:Speed" value="1"/></e:sensorElement></e:sensorElementList><x:a>1</x:a></e:ObjectEvent>`
      const read = readXml(qualified)
      expect(read).toMatchObject({
        ok: true,
        value: { document: { type: 'ObjectEvent', epcList: ['urn:x:1'], 'x:a': '1' } },
      })
      expect(read.ok && prehash(read.value.events[0]!.event)).toMatch(/\{urn:x:\}a=1$/)
      expect(readXml('<ObjectEvent><action>ADD</action></ObjectEvent>')).toMatchObject({
        problems: [{ path: '/eventTime' }, { path: '/eventTimeZoneOffset' }, { path: '' }],
      })
    })
    test('a bare document type, without reading what it names', () => {
      for (const doctype of ['<!DOCTYPE project>', '<!DOCTYPE p SYSTEM "file:///etc/passwd">'])
        expect(parseXml(`<?xml version="1.0"?>${doctype}<p/>`).local).toBe('p')
      expect(() => parseXml('<p><!DOCTYPE p></p>')).toThrow(XmlError)
    })
    test.each(['<ilmd><lot>1</lot></ilmd>', '<madeUp>1</madeUp>', '<ilmd><x:a>1</x:a></ilmd><epcs/>'])(
      'a name of nobody is refused, not passed over: %s',
      (inside) => expect(own(inside).problems).toMatchObject([{ rule: 'unknown-property' }]),
    )
  })
  test.each([
    '',
    '<a',
    '<a></b>',
    '<a/><b/>',
    '<a b="1" b="2"/>',
    '<x:a/>',
    '<a>&nbsp;</a>',
    '<a>&#0;</a>',
    '<a b=<c>/>',
    'x<a/>',
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<a>'.repeat(200),
  ])('refuses %s', (text) => expect(() => parseXml(text)).toThrow(XmlError))
})

test('an association has its quantities before its action, as the XML schema wants', () => {
  const association = {
    ...{ type: 'AssociationEvent', eventTime: event.eventTime, eventTimeZoneOffset: '+08:00', action: 'ADD' },
    ...{ parentID: 'urn:x:p', childQuantityList: [{ epcClass: 'urn:x:c', quantity: 1 }] },
  } as unknown as EpcisEvent
  expect(writeXml(documentOf([association]))).toMatch(/<parentID>.*<childQuantityList>.*<action>/)
})

test('what XML cannot say is refused, not lost', () => {
  expect(() => writeXml(documentOf([{ ...event, 'ext:a': '\u0000' } as EpcisEvent]))).toThrow(XmlWriteError)
  expect(() => writeXml(documentOf([{ ...event, type: 'ext:Own' } as unknown as EpcisEvent]))).toThrow(XmlWriteError)
})
