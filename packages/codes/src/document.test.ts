import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkDocument, citizenIdCheckDigit, type DocumentType, documentTypes, isDocumentType } from './index.ts'

const TODAY = '2024-03-14'
const outcome = (type: DocumentType, input: string) => {
  const result = checkDocument(type, input, TODAY)
  return result.ok ? result.value : result.code
}

describe('each document has its own rule', () => {
  test('citizen ID', () => {
    expect(outcome('citizen-id', '11010519491231002x')).toEqual({
      type: 'citizen-id',
      number: '11010519491231002X',
      birthDate: '1949-12-31',
      sex: 'female',
      areaCode: '110105',
    })
  })

  // Specimen cards published when the residence permit was introduced in 2018.
  test.each([
    ['810000199408230021', '1994-08-23', '810000'],
    ['830000199201300022', '1992-01-30', '830000'],
  ])('residence permit %s', (number, birthDate, areaCode) => {
    expect(outcome('hmt-residence', number)).toEqual({
      type: 'hmt-residence',
      number,
      birthDate,
      sex: 'female',
      areaCode,
    })
  })

  test.each([
    ['810000199408230022', 'check-digit'],
    ['840000199408230021', 'prefix'],
    ['11010519491231002X', 'prefix'],
    ['81000019940823002', 'length'],
  ])('residence permit %s is refused as %s', (number, code) => {
    expect(outcome('hmt-residence', number)).toBe(code)
  })

  test('permanent residence card of 2023: 9, province, nationality, birth date, serial, MOD 11-2', () => {
    const number = `91115619990101001${citizenIdCheckDigit('91115619990101001')}`
    expect(outcome('foreign-permanent-residence', number)).toEqual({
      type: 'foreign-permanent-residence',
      number,
      birthDate: '1999-01-01',
      sex: 'male',
      areaCode: '110000',
    })
    const wrong = number.slice(0, 17) + (number.endsWith('1') ? '2' : '1')
    expect(outcome('foreign-permanent-residence', wrong)).toBe('check-digit')
    expect(outcome('foreign-permanent-residence', '11010519491231002X')).toBe('prefix')
    expect(outcome('foreign-permanent-residence', `990${number.slice(3)}`)).toBe('province')
  })

  test('permanent residence card before 2023: three letters and twelve digits with a birth date', () => {
    expect(outcome('foreign-permanent-residence', 'usa110074102513')).toEqual({
      type: 'foreign-permanent-residence',
      number: 'USA110074102513',
      birthDate: '1974-10-25',
      areaCode: '110000',
    })
    expect(outcome('foreign-permanent-residence', 'USA110074132513')).toBe('birth-date-impossible')
    expect(outcome('foreign-permanent-residence', 'USA000074102513')).toBe('province')
    expect(outcome('foreign-permanent-residence', 'USA11007410251')).toBe('format')
  })

  test('a two-digit year is read as the latest century that is not in the future', () => {
    const birth = (digits: string) => {
      const value = outcome('foreign-permanent-residence', `USA1100${digits}13`)
      return typeof value === 'string' ? value : value.birthDate
    }
    expect(birth('240314')).toBe('2024-03-14')
    expect(birth('240315')).toBe('birth-date-future')
    expect(birth('250101')).toBe('1925-01-01')
  })

  test.each([
    ['hk-macau-permit', 'H12345678'],
    ['hk-macau-permit', 'm1234567801'],
    ['hk-macau-permit', 'Ｈ１２３４５６７８'],
    ['taiwan-permit', '12345678'],
    ['passport', 'E12345678'],
    ['passport', 'ea1234567'],
    ['passport', '12345'],
    ['passport', 'AB123456789012345'],
  ] as const)('%s %s is accepted', (type, number) => {
    expect(checkDocument(type, number, TODAY).ok).toBe(true)
  })

  test.each([
    ['hk-macau-permit', 'A12345678', 'prefix'],
    ['hk-macau-permit', 'H1234567', 'format'],
    ['hk-macau-permit', 'H123456789', 'format'],
    ['hk-macau-permit', 'H12345678012', 'format'],
    ['taiwan-permit', '1234567', 'format'],
    ['taiwan-permit', '123456789', 'format'],
    ['taiwan-permit', 'T2345678', 'format'],
    ['passport', '1234', 'length'],
    ['passport', 'AB1234567890123456', 'length'],
    ['passport', 'ZHANGSAN', 'characters'],
    ['passport', 'E1234567张', 'characters'],
    ['passport', '', 'empty'],
  ] as const)('%s %s is refused as %s', (type, number, code) => {
    expect(outcome(type, number)).toBe(code)
  })

  test('an unknown type is refused, not thrown at', () => {
    expect(outcome('driving-licence' as DocumentType, '1')).toBe('type')
    expect(isDocumentType('driving-licence')).toBe(false)
    expect(documentTypes.every(({ type }) => isDocumentType(type))).toBe(true)
  })

  test('any text is answered, and an accepted number is stable when checked again', () => {
    const type = fc.constantFrom(...documentTypes.map((known) => known.type))
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[HM9A-Z]{0,3}\d{5,18}$/))
    fc.assert(
      fc.property(type, text, (kind, input) => {
        const result = checkDocument(kind, input, TODAY)
        if (result.ok) expect(checkDocument(kind, result.value.number, TODAY)).toEqual(result)
        else expect(result.message).not.toBe('')
      }),
      { numRuns: 500 },
    )
  })
})
