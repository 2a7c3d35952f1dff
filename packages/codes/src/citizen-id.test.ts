import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, checkCitizenId, citizenIdCheckDigit } from './index.ts'

const TODAY = '2022-03-14'
const code = (input: string, today = TODAY) => {
  const result = checkCitizenId(input, today)
  return result.ok ? 'ok' : result.code
}

const first17 = fc
  .tuple(fc.constantFrom('350582', '430281', '140581', '650101'), fc.nat(36_000), fc.nat(999))
  .map(([area, days, serial]) => {
    const birth = addDays(TODAY, -days).replaceAll('-', '')
    return `${area}${birth}${String(serial).padStart(3, '0')}`
  })
const validId = first17.map((text) => text + citizenIdCheckDigit(text))

describe('golden values of GB 11643-1999', () => {
  test('both examples of the standard, check character', () => {
    expect(citizenIdCheckDigit('11010519491231002')).toBe('X')
    expect(citizenIdCheckDigit('44052418800101001')).toBe('4')
  })

  test('the first example, read', () => {
    expect(checkCitizenId('11010519491231002X', TODAY)).toEqual({
      ok: true,
      value: { number: '11010519491231002X', birthDate: '1949-12-31', sex: 'female', areaCode: '110105' },
    })
  })

  test('the second example was born in 1880 and is refused for its age', () => {
    expect(code('440524188001010014')).toBe('birth-date-too-old')
    expect(code('440524188001010014', '2000-01-01')).toBe('ok')
  })
})

describe('what a person may type', () => {
  test.each([
    '11010519491231002x',
    ' 110105 19491231 002X ',
    '１１０１０５１９４９１２３１００２Ｘ',
    '110105\u200b19491231-002ｘ',
  ])('%s is accepted', (text) => {
    const result = checkCitizenId(text, TODAY)
    expect(result.ok && result.value.number).toBe('11010519491231002X')
  })

  test.each([
    ['', 'empty'],
    ['110105491231002', 'first-generation'],
    ['1101051949123100', 'length'],
    ['11010519491231002XX', 'length'],
    ['1101051949123100X2', 'x-position'],
    ['11010519491231002A', 'characters'],
    ['990105194912310026', 'wrong-type'],
    ['810000199408230021', 'wrong-type'],
    ['000105194912310023', 'province'],
    ['160105194912310023', 'province'],
    ['110105194902300024', 'birth-date-impossible'],
    ['110105202203150023', 'birth-date-future'],
    ['110105194912310021', 'check-digit'],
  ])('%s is refused as %s', (text, expected) => {
    const result = checkCitizenId(text, TODAY)
    expect(result.ok ? 'ok' : result.code).toBe(expected)
    expect(result.ok ? '' : result.message).toMatch(/\p{Script=Han}{4}/u)
  })

  test('29 February exists in leap years only', () => {
    const of = (birth: string) => {
      const text = `350582${birth}001`
      return code(text + citizenIdCheckDigit(text))
    }
    expect(of('20000229')).toBe('ok')
    expect(of('19000229')).toBe('birth-date-impossible')
    expect(of('20210229')).toBe('birth-date-impossible')
  })

  test('born today is accepted, born tomorrow is not', () => {
    const of = (birth: string) => `350582${birth}001${citizenIdCheckDigit(`350582${birth}001`)}`
    expect(code(of('20220314'))).toBe('ok')
    expect(code(of('20220315'))).toBe('birth-date-future')
  })

  test('not a string counts as empty instead of throwing', () => {
    expect(code(undefined as unknown as string)).toBe('empty')
  })
})

describe('properties', () => {
  test('generated numbers pass and give back birth date and sex', () => {
    fc.assert(
      fc.property(validId, (id) => {
        const result = checkCitizenId(id, TODAY)
        expect(result).toEqual({
          ok: true,
          value: {
            number: id,
            areaCode: id.slice(0, 6),
            birthDate: `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`,
            sex: '13579'.includes(id[16]!) ? 'male' : 'female',
          },
        })
      }),
    )
  })

  test('every change of a single character is caught', () => {
    fc.assert(
      fc.property(validId, (id) => {
        for (let i = 0; i < 18; i += 1)
          for (const digit of i === 17 ? '0123456789X' : '0123456789')
            if (digit !== id[i]) expect(checkCitizenId(id.slice(0, i) + digit + id.slice(i + 1), TODAY).ok).toBe(false)
      }),
      { numRuns: 30 },
    )
  })

  test('every transposition of neighbours is caught', () => {
    fc.assert(
      fc.property(validId, (id) => {
        for (let i = 0; i < 17; i += 1) {
          if (id[i] === id[i + 1]) continue
          expect(checkCitizenId(id.slice(0, i) + id[i + 1] + id[i] + id.slice(i + 2), TODAY).ok).toBe(false)
        }
      }),
    )
  })

  test('any text is answered, never thrown at', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof checkCitizenId(text, TODAY).ok === 'boolean'))
  })
})
