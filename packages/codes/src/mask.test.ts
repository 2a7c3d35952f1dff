import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  citizenIdCheckDigit,
  documentTypes,
  maskAddress,
  maskDocument,
  maskMobile,
  maskName,
} from './index.ts'

test.each([
  ['王芳', '王*'],
  ['王小明', '王**'],
  ['欧阳娜娜', '欧***'],
  ['阿卜杜拉·买买提', '阿***'],
  ['John Smith', 'J***'],
  ['𠮷田', '𠮷*'],
  ['王', '*'],
  ['', ''],
])('name %s → %s', (name, masked) => {
  expect(maskName(name)).toBe(masked)
})

test.each([
  ['13812341234', '138****1234'],
  ['+8613812341234', '+86********234'],
  ['12345', '1***5'],
  ['123', '***'],
  ['', ''],
])('telephone %s → %s', (number, masked) => {
  expect(maskMobile(number)).toBe(masked)
})

describe('document', () => {
  test.each([
    ['citizen-id', '11010519491231002X', '110***********002X'],
    ['hmt-residence', '810000199408230021', '810***********0021'],
    ['passport', 'E12345678', 'E1*****78'],
    ['hk-macau-permit', 'H12345678', 'H1*****78'],
    ['taiwan-permit', '12345678', '12****78'],
    ['foreign-permanent-residence', 'USA110074102513', 'USA************'],
    ['citizen-id', '110105491231002', '110************'],
    ['passport', '110105491231002', '110************'],
  ] as const)('%s %s → %s', (type, number, masked) => {
    expect(maskDocument(type, number)).toBe(masked)
  })

  test('of 18 characters positions 4–14, birth date included, are hidden for every type but a passport', () => {
    const id = fc.tuple(fc.nat(36_000), fc.nat(999)).map(([days, serial]) => {
      const text = `350582${addDays('2022-03-14', -days).replaceAll('-', '')}${String(serial).padStart(3, '0')}`
      return text + citizenIdCheckDigit(text)
    })
    const type = fc.constantFrom(...documentTypes.map((known) => known.type))
    fc.assert(
      fc.property(type, id, (kind, number) => {
        expect(maskDocument(kind, number).slice(3, 14)).toBe('***********')
      }),
    )
  })

  test('length stays, at least half is hidden, at most 3 + 4 remain', () => {
    const type = fc.constantFrom(...documentTypes.map((known) => known.type))
    fc.assert(
      fc.property(type, fc.stringMatching(/^[A-Z0-9]{1,24}$/), (kind, number) => {
        const masked = maskDocument(kind, number)
        const shown = masked.replaceAll('*', '').length
        expect(masked).toHaveLength(number.length)
        expect(shown).toBeLessThanOrEqual(Math.min(7, number.length / 2))
      }),
    )
  })
})

test.each([
  ['福建省泉州市晋江市青阳街道曾井小区1号', '福建省泉州市晋江市****'],
  ['北京市朝阳区建国路城市花园2号楼', '北京市朝阳区****'],
  ['内蒙古自治区呼伦贝尔市莫力达瓦达斡尔族自治旗尼尔基镇', '内蒙古自治区呼伦贝尔市莫力达瓦达斡尔族自治旗****'],
  ['山西省晋城市城区凤台街1号', '山西省晋城市城区****'],
  ['山西省临汾市乡宁县昌宁镇', '山西省临汾市乡宁县****'],
  ['泉州台商投资区洛阳镇', '泉州台商投资区****'],
  ['东莞市长安镇', '东莞市****'],
  ['晋江青阳街道崇德路1号', '晋江青阳街****'],
  ['幸福小区3栋401', '幸福小区****'],
  ['中山路', '中****'],
  ['鲤城区', '鲤城区'],
  ['', ''],
])('address %s → %s', (address, masked) => {
  expect(maskAddress(address)).toBe(masked)
})

test('no digit of an address and no street or what follows it survives', () => {
  const part = fc.constantFrom('福建省', '泉州市', '鲤城区', '青阳街道', '中山路', '12号', '3栋', '401室', '小区', '市')
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
      expect(maskAddress(parts.join(''))).not.toMatch(/\d/)
      expect(maskAddress(`福建省泉州市${parts.join('')}`)).not.toMatch(/[街路]/)
    }),
    { numRuns: 1000 },
  )
})
