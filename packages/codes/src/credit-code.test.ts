import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkCreditCode, creditCodeCheckDigit, organizationCodeCheckDigit } from './index.ts'

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const code = (input: string) => {
  const result = checkCreditCode(input)
  return result.ok ? 'ok' : result.code
}
const characters = (min: number) => fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: min, maxLength: min })
const validCode = fc
  .tuple(fc.constantFrom('91', '92', '12', '51'), fc.constantFrom('350582', '430281'), characters(8))
  .map(([head, area, main]) => {
    const first17 = `${head}${area}${main}${organizationCodeCheckDigit(main)}`
    return first17 + creditCodeCheckDigit(first17)
  })

describe('golden values', () => {
  test('GB 32100-2015: the example of the standard', () => {
    expect(creditCodeCheckDigit('91350100M000100Y4')).toBe('3')
    expect(checkCreditCode('91350100m000100y43')).toEqual({
      ok: true,
      value: { code: '91350100M000100Y43', areaCode: '350100', organizationCode: 'M000100Y4' },
    })
  })

  test('GB 11714-1997: the example of the standard', () => {
    expect(organizationCodeCheckDigit('D2143569')).toBe('X')
  })

  // Published on the companies' own websites.
  test.each(['914403001922038216', '9144030071526726XG', '91330100799655058B', '91110000802100433B'])('%s', (text) => {
    expect(code(text)).toBe('ok')
  })
})

test.each([
  ['', 'empty'],
  ['91350100M000100Y4', 'length'],
  ['91350100M000100Y4I', 'characters'],
  ['9135010OM000100Y43', 'characters'],
  ['9135A100M000100Y43', 'area'],
  ['91350100M000100Y44', 'check-digit'],
])('%s is refused as %s', (text, expected) => {
  expect(code(text)).toBe(expected)
})

test('a wrong organization code inside a right frame is told apart', () => {
  expect(code(`91350100M000100Y5${creditCodeCheckDigit('91350100M000100Y5')}`)).toBe('organization-check-digit')
})

test('generated codes pass; every single change and every transposition of neighbours is caught', () => {
  fc.assert(
    fc.property(validCode, (text) => {
      expect(code(text)).toBe('ok')
      for (let i = 0; i < 18; i += 1) {
        for (const character of ALPHABET)
          if (character !== text[i]) expect(code(text.slice(0, i) + character + text.slice(i + 1))).not.toBe('ok')
        if (i < 17 && text[i] !== text[i + 1])
          expect(code(text.slice(0, i) + text[i + 1] + text[i] + text.slice(i + 2))).not.toBe('ok')
      }
    }),
    { numRuns: 20 },
  )
})
