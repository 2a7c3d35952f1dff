import {
  canonicalUri,
  checkDigit,
  type Elements,
  elementsToEpc,
  formatDigitalLink,
  formatElementString,
  formatEpc,
} from '@vigil/epcis/identifier'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCode } from './code.ts'

const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((list) => list.join(''))
const numbered = (length: number) => digits(length - 1).map((text) => text + checkDigit(text))
// No bracket: in an element string for people `(10)` inside a value cannot be told from the next identifier.
const part = fc
  .array(fc.constantFrom(...`!"%&'*+,-./0123456789:;<=>?ABCXYZ_abcxyz`), { minLength: 1, maxLength: 20 })
  .map((list) => list.join(''))
const elements: fc.Arbitrary<Elements> = fc.oneof(
  numbered(18).map((sscc): Elements => ({ key: ['00', sscc], qualifiers: [], attributes: [] })),
  fc.record({ gtin: numbered(14), lot: fc.option(part), serial: fc.option(part), dated: fc.boolean() }).map(
    ({ gtin, lot, serial, dated }): Elements => ({
      key: ['01', gtin],
      qualifiers: [...(lot ? [['10', lot] as const] : []), ...(serial ? [['21', serial] as const] : [])],
      attributes: dated
        ? [
            ['17', '261231'],
            ['3103', '012500'],
          ]
        : [],
    }),
  ),
)
const expected = (one: Elements) => canonicalUri(formatDigitalLink(one))
const uriOf = (text: string) => {
  const code = readCode(text)
  return 'uri' in code ? code.uri : code
}

test('every spelling of a key is the one thing that @vigil/epcis says it is', () => {
  fc.assert(
    fc.property(
      elements,
      fc.constantFrom('', ']C1', ']d2', '\u001d'),
      fc.integer({ min: 4, max: 12 }),
      (one, head, n) => {
        const uri = expected(one)
        expect(uriOf(formatDigitalLink(one))).toBe(uri)
        expect(uriOf(formatDigitalLink(one, 'https://food.example/trace'))).toBe(uri)
        expect(uriOf(formatElementString(one))).toBe(uri)
        expect(uriOf(` ${head}${formatElementString(one, 'plain')}`)).toBe(uri)
        const epc = elementsToEpc({ ...one, attributes: [] }, n)
        if (epc.ok && /sgtin|lgtin|sscc/.test(epc.value.scheme) && one.qualifiers.length === 1)
          expect(uriOf(formatEpc(epc.value))).toBe(uri)
      },
    ),
  )
})

test('reads what people and other systems give', () => {
  expect(uriOf('https://shop.example/gtin/4012345111118/lot/L1/ser/9876?17=261231')).toBe(
    'https://id.gs1.org/01/04012345111118/21/9876',
  )
  expect(uriOf('urn:epc:id:sscc:4012345.1112223334')).toBe('https://id.gs1.org/00/140123451122233341')
  expect(uriOf('140123451122233341')).toBe('https://id.gs1.org/00/140123451122233341')
  expect(readCode('4012345111118')).toMatchObject({ kind: 'goods', gtin: '04012345111118' })
  expect(readCode('(01)04012345111118(10)A(1)')).toMatchObject({ kind: 'lot', part: 'A(1)' })
  const token = 'A'.repeat(60)
  expect(readCode(`https://trace.example/z/${token}`)).toEqual({ kind: 'certificate', token })
  for (const text of ['闽冷链 2022-1', '4012345111119', 'https://a.example/01/04012345111118/10', '(99', '', '0101'])
    expect(readCode(text)).toEqual({ kind: 'other', text: text.trim() })
})

test('no text stops it, and a code is read again as itself', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `https://a.example/01/${text}`),
        fc.string().map((text) => `(01)${text}`),
      ),
      (text) => {
        const code = readCode(text)
        if ('uri' in code) expect(readCode(code.uri)).toEqual(code)
      },
    ),
  )
})
