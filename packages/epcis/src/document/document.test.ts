import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { documentOf, eventArbitrary, timeArbitrary } from './event.fixture.ts'
import {
  eventsOf,
  expandCurie,
  namespacesOf,
  parseInstant,
  readJson,
  splitName,
  toShortName,
  toWebUri,
  type VocabularyField,
  validate,
  validateEvent,
  vocabularies,
} from './index.ts'

const required: Readonly<Record<string, readonly string[]>> = {
  ObjectEvent: ['action'],
  AggregationEvent: ['action'],
  AssociationEvent: ['action', 'parentID'],
  TransactionEvent: ['action', 'bizTransactionList'],
  TransformationEvent: [],
}

describe('validation', () => {
  test('takes every valid event, alone and in a document', () => {
    fc.assert(
      fc.property(eventArbitrary, (event) => {
        expect(validateEvent(event)).toEqual([])
        const document = documentOf([event])
        expect(validate(document)).toEqual([])
        const read = readJson(JSON.stringify(document))
        expect(read.ok && read.value.events[0]?.event).toEqual(event)
      }),
      { numRuns: 50 },
    )
  })

  test('names the property that is missing', () => {
    fc.assert(
      fc.property(eventArbitrary, fc.nat(), (event, at) => {
        const names = [...required[event.type]!, 'eventTime', 'eventTimeZoneOffset']
        const name = names[at % names.length]!
        const { [name as 'eventTime']: _, ...rest } = event
        expect(validateEvent(rest, '/e')).toContainEqual({
          path: `/e/${name}`,
          rule: 'required',
          message: `${name} is missing`,
        })
      }),
      { numRuns: 50 },
    )
  })

  test('points at a value of the wrong type, wherever it is', () => {
    fc.assert(
      fc.property(eventArbitrary, fc.nat(), (event, at) => {
        const copy = structuredClone(event) as unknown as Record<string, unknown>
        const names = Object.keys(copy).filter((name) => !name.includes(':') && name !== 'type')
        const name = names[at % names.length]!
        copy[name] = 7
        expect(
          validateEvent(copy)
            .filter(({ rule }) => rule === 'type')
            .map(({ path }) => path),
        ).toContain(`/${name}`)
      }),
      { numRuns: 50 },
    )
  })

  test.each([
    [{}, '/eventTime required'],
    [{ type: 'MyEvent' }, '/type event-type'],
    [{ type: 'ObjectEvent', action: 'ADD', epcList: ['a:b', 'a:b'] }, '/epcList unique'],
    [{ type: 'ObjectEvent', action: 'OBSERVE', epcList: [], ilmd: {} }, '/ilmd ilmd'],
    [
      { type: 'ObjectEvent', action: 'OBSERVE', sensorElementList: [{ sensorReport: [{ type: 'Speed' }] }] },
      ' content',
    ],
    [{ type: 'ObjectEvent', action: 'OBSERVE', epcList: [], 'a/b~': 1 }, '/a~1b~0 unknown-property'],
    [{ type: 'AggregationEvent', action: 'ADD', childEPCs: [] }, ' content'],
    [{ type: 'TransactionEvent', action: 'DELETE', bizTransactionList: [] }, '/bizTransactionList empty'],
    [{ type: 'TransformationEvent', inputEPCList: ['a:b'] }, ' content'],
  ])('%j has %s', (event, problem) => {
    expect(validate(event).map(({ path, rule }) => `${path} ${rule}`)).toContain(problem)
  })
  test('text that is no JSON', () =>
    expect(readJson('{')).toMatchObject({ ok: false, problems: [{ rule: 'json', path: '' }] }))
})

describe('context', () => {
  const event = { type: 'ObjectEvent', eventTime: '', eventTimeZoneOffset: '', action: 'ADD' } as const
  test('an event’s own prefixes go before the document’s', () => {
    const document = documentOf([event, { ...event, '@context': [{ ext: 'urn:x:' }, { y: { '@id': 'https://y/' } }] }])
    const [first, second] = eventsOf(document)
    expect(splitName('ext:a', first!.namespaces)).toEqual({ namespace: 'https://ns.example.com/epcis/', local: 'a' })
    expect(splitName('ext:a', second!.namespaces)).toEqual({ namespace: 'urn:x:', local: 'a' })
    expect(expandCurie('y:b', second!.namespaces)).toBe('https://y/b')
    expect(second!.path).toBe('/epcisBody/eventList/1')
  })
  test('what is no compact URI stays', () => {
    const namespaces = namespacesOf({ http: 'x', gs1: 'https://gs1.org/voc/' })
    for (const value of ['http://example.com', 'urn:a:b', 'plain', 'z:y'])
      expect(expandCurie(value, namespaces)).toBe(value)
  })
})

describe('time', () => {
  test('is the instant that was written', () => {
    fc.assert(fc.property(timeArbitrary, ({ time, at }) => Math.floor(parseInstant(time)!.time / 1000) * 1000 === at))
  })
  test.each([
    '2025-02-29T00:00:00Z',
    '2025-01-01T24:00:00Z',
    '2025-01-01T00:00:00',
    '2025-13-01T00:00:00Z',
    '2025-01-01T12:00:60Z',
    '2025-01-01T00:00:00+25:00',
  ])('%s is none', (text) => expect(parseInstant(text)).toBeNull())
  test('a leap second may end a day in UTC', () => expect(parseInstant('2016-12-31T18:59:60-05:00')).not.toBeNull())
})

test('short names, web URIs and CBV URNs are one vocabulary', () => {
  const fields = Object.keys(vocabularies) as VocabularyField[]
  fc.assert(
    fc.property(fc.constantFrom(...fields), fc.nat(), (field, at) => {
      const { names, urn } = vocabularies[field]
      const name = [...names][at % names.size]!
      expect(toShortName(field, toWebUri(field, name))).toBe(name)
      if (urn)
        expect([toShortName(field, urn + name), toWebUri(field, urn + name)]).toEqual([name, toWebUri(field, name)])
      expect(toShortName(field, `https://example.com/${name}`)).toBe(`https://example.com/${name}`)
    }),
  )
})
