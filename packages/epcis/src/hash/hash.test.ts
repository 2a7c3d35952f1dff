import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { documentOf, eventArbitrary, fixtureContext } from '../document/event.fixture.ts'
import { type EpcisEvent, namespacesOf, vocabularies } from '../document/index.ts'
import { canonicalUri } from '../identifier/index.ts'
import { documentHashIds, eventHashId, hashIdOf, prehash, sha256 } from './index.ts'
import { canonicalNumber, canonicalTime, canonicalValue } from './value.ts'

const namespaces = namespacesOf(fixtureContext)
const prehashed = (event: unknown) => prehash(event as EpcisEvent, { namespaces })
/** Every value of a JSON tree through `change`, objects' keys and lists turned about. */
const turned = (value: unknown, change: (text: string, key: string) => string, key = ''): unknown => {
  if (typeof value === 'string') return change(value, key)
  if (Array.isArray(value)) return value.map((each) => turned(each, change, key)).reverse()
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, each]) => [name, turned(each, change, name)]),
  )
}

describe('pre-hash', () => {
  test('of an event, written out by hand', () => {
    const event = {
      type: 'ObjectEvent',
      eventTime: '2026-11-22T20:00:00.5+08:00',
      eventTimeZoneOffset: '+08:00',
      eventID: 'urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8',
      quantityList: [{ epcClass: 'urn:epc:class:lgtin:4012345.012345.L1', quantity: 12.5, uom: 'KGM' }],
      action: 'ADD',
      bizStep: 'commissioning',
      readPoint: { id: 'https://example.com/gln/4012345000115', 'ext:gate': ' 7.0 ' },
      sourceList: [{ source: 'urn:epc:id:pgln:4012345.00225', type: 'owning_party' }],
      ilmd: { 'cbvmda:lotNumber': 'L1' },
      'ext:b': { 'ext:d': true, 'ext:c': null },
      'ext:a': ['y', 'x'],
    }
    const ext = '{https://ns.example.com/epcis/}'
    expect(prehashed(event)).toBe(
      [
        'eventType=ObjectEvent',
        'eventTime=2026-11-22T12:00:00.500Z',
        'eventTimeZoneOffset=+08:00',
        'quantityListquantityElementepcClass=https://id.gs1.org/01/04012345123456/10/L1quantity=12.5uom=KGM',
        'action=ADD',
        'bizStep=https://ref.gs1.org/cbv/BizStep-commissioning',
        `readPointid=https://id.gs1.org/414/4012345000115${ext}gate=7`,
        'ilmd{urn:epcglobal:cbv:mda:}lotNumber=L1',
        'sourceListtype=https://ref.gs1.org/cbv/SDT-owning_partysource=https://id.gs1.org/417/4012345002256',
        `${ext}a=x${ext}a=y${ext}b${ext}d=true`,
      ].join(''),
    )
  })

  test('does not change with the order of fields and lists, nor the spelling of keys and terms', () => {
    const { bizStep, disposition } = vocabularies
    fc.assert(
      fc.property(eventArbitrary, (event) => {
        const other = turned(event, (text, key) => {
          if (key === 'bizStep') return `urn:epcglobal:cbv:bizstep:${text}`
          if (key === 'disposition') return disposition.web + text
          return text.startsWith('urn:epc:')
            ? (canonicalUri(text) ?? text).replace('https://id.gs1.org', 'http://example.org/x')
            : text
        })
        expect(bizStep.names.size).toBe(41)
        expect(prehashed(other)).toBe(prehashed(event))
      }),
      { numRuns: 50 },
    )
  })

  test('does not change with the prefix of a namespace, eventID, recordTime or a comment', () => {
    fc.assert(
      fc.property(eventArbitrary, (event) => {
        const renamed = JSON.parse(JSON.stringify(event).replaceAll('"ext:', '"other:'))
        const other = { ...renamed, eventID: 'urn:uuid:1', recordTime: '2026-01-01T00:00:00Z', 'rdfs:comment': 'c' }
        other['@context'] = [{ other: 'https://ns.example.com/epcis/' }]
        expect(eventHashId(other)).toBe(eventHashId(event, { namespaces }))
      }),
      { numRuns: 50 },
    )
  })

  test('changes with every value, field and entry', () => {
    fc.assert(
      fc.property(eventArbitrary, fc.nat(), (event, at) => {
        const unhashed = ['type', 'eventID', 'errorDeclaration']
        const names = Object.keys(event).filter((name) => !unhashed.includes(name))
        const { [names[at % names.length] as 'action']: _, ...rest } = event as EpcisEvent & { action: unknown }
        expect(prehashed(rest)).not.toBe(prehashed(event))
        expect(prehashed({ ...event, 'ext:new': 'n' })).not.toBe(prehashed(event))
        expect(prehashed({ ...event, eventTime: '1970-01-01T00:00:00Z' })).not.toBe(prehashed(event))
      }),
      { numRuns: 50 },
    )
  })
})

describe('values', () => {
  test.each([
    ['1.0', '1'],
    ['+007', '7'],
    ['0.3434000', '0.3434'],
    ['-0.0', '0'],
    ['1e3', '1000'],
    ['0.00001', '1e-05'],
    ['12345678901234567890', '12345678901234567168'],
    ['1.2.3', '1.2.3'],
    ['+01:00', '+01:00'],
    ['urn:epcglobal:cbv:sdt:location', 'https://ref.gs1.org/cbv/SDT-location'],
    ['urn:epcglobal:cbv:bt:4012345000009:7', 'urn:epcglobal:cbv:bt:4012345000009:7'],
  ])('%s is %s', (value, expected) => expect(canonicalValue(value)).toBe(expected))
  test('a number and its text are one', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (n) => canonicalNumber(n) === canonicalValue(String(n)),
      ),
    )
  })
  test.each([
    ['2023-02-02T11:04:03.1415Z', '2023-02-02T11:04:03.142Z'],
    ['2023-02-02T11:04:03.1405Z', '2023-02-02T11:04:03.140Z'],
    ['2023-02-02T11:04:03.1405001Z', '2023-02-02T11:04:03.140Z'],
    ['2023-12-31T23:59:59.9996-01:00', '2024-01-01T01:00:00.000Z'],
    ['yesterday', 'yesterday'],
  ])('%s is %s', (value, expected) => expect(canonicalTime(value)).toBe(expected))
})

describe('digest', () => {
  test('is SHA-256', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 })
    fc.assert(fc.property(text, (each) => sha256(each) === createHash('sha256').update(each).digest('hex')))
  })
  test('can be another provider’s', () => expect(hashIdOf('x', () => 'ab')).toBe('ni:///sha-256;ab?ver=CBV2.0'))
  test('sorts by code point', () => {
    const event = { type: 'ObjectEvent', 'a:a': ['\u{1f4a1}', '\uff5e'] }
    expect(prehashed(event)).toBe('eventType=ObjectEventa:a=\uff5ea:a=\u{1f4a1}')
  })
})

test('a document may leave extensions out', () => {
  const event = {
    type: 'ObjectEvent',
    eventTime: '2026-01-01T00:00:00Z',
    eventTimeZoneOffset: '+00:00',
    action: 'ADD',
    epcList: [],
  } as const
  const document = { ...documentOf([event, { ...event, 'ext:mark': '1' }]), 'repo:ignoreFields': ['ext:mark'] }
  const [first, second] = documentHashIds(document)
  expect(second).toBe(first)
})
