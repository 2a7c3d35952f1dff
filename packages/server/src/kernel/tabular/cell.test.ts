import { describe, expect, it } from 'vitest'
import { kindOfFormat, numberText, serialText } from './cell.ts'
import { collect, textRow, workbook } from './fixture.ts'
import { plainNumber } from './text.ts'
import { columnOf } from './xlsx-read.ts'

describe('number formats', () => {
  it.each([
    ['General', 'number'],
    ['0.00', 'number'],
    ['0.00E+00', 'number'],
    ['#,##0.00_);[Red](#,##0.00)', 'number'],
    ['0"d"', 'number'],
    ['[$¥-804]#,##0', 'number'],
    ['@', 'number'],
    ['yyyy"年"m"月"d"日"', 'date'],
    ['[$-804]yyyy/m/d;@', 'date'],
    ['m"月"d"日"', 'date'],
    ['mmm-yy', 'date'],
    ['yyyy-mm-dd hh:mm:ss', 'datetime'],
    ['yyyy/m/d h:mm AM/PM', 'datetime'],
    ['h:mm', 'time'],
    ['[h]:mm:ss', 'time'],
    ['000000', 'padded'],
  ])('%s is %s', (format, kind) => {
    expect(kindOfFormat(format).kind).toBe(kind)
  })
})

// ECMA-376 part 1, 18.17.4.1: in the 1900 system 1 is 1900-01-01 and 60 the day that never was; 39448 and, in the 1904
// system, 37986 are both 2008-01-01 (the systems lie 1462 days apart).
describe('serial dates', () => {
  it.each([
    [1, false, '1900-01-01'],
    [59, false, '1900-02-28'],
    [60, false, '1900-02-29'],
    [61, false, '1900-03-01'],
    [39448, false, '2008-01-01'],
    [37986, true, '2008-01-01'],
    [0, true, '1904-01-01'],
    [2958465, false, '9999-12-31'],
  ])('%d (1904: %s) is %s', (serial, date1904, day) => {
    expect(serialText(serial, 'date', date1904)).toBe(day)
  })

  it('shows times to the second and carries over midnight', () => {
    expect(serialText(44562.5, 'datetime', false)).toBe('2022-01-01 12:00:00')
    expect(serialText(44562.9999999, 'datetime', false)).toBe('2022-01-02 00:00:00')
    expect(serialText(44562.7, 'date', false)).toBe('2022-01-01')
    expect(serialText(0.75, 'time', false)).toBe('18:00:00')
    expect(serialText(-1, 'date', false)).toBeUndefined()
  })

  it.each([
    [false, '2022-03-01', '2022-03-01 08:30:00'],
    [true, '2026-03-02', '2026-03-02 08:30:00'],
  ])('reads both bases from a file (1904: %s)', async (date1904, day, time) => {
    const data =
      '<row r="2"><c r="A2" s="1"><v>44621</v></c><c r="B2" s="2"><v>44621.354166666664</v></c></row><row r="3"><c r="A3" t="d"><v>2022-03-01T00:00:00</v></c></row>'
    const file = workbook({
      sheets: textRow(1, ['甲', '乙']) + data,
      formats: ['yyyy/m/d', 'yyyy-mm-dd h:mm'],
      date1904,
    })
    const columns = ['甲', '乙'].map((head) => ({ key: head, heads: [head] }))
    const rows = await collect(file, { filename: 'a.xlsx', columns })
    expect(rows[0]?.values).toEqual({ 甲: day, 乙: time })
    expect(rows[1]?.values.甲).toBe('2022-03-01 00:00:00')
  })
})

describe('numbers', () => {
  it.each([
    ['1.38E+10', '13800000000'],
    ['0.1', '0.1'],
    ['0.30000000000000004', '0.3'],
    ['36.799999999999997', '36.8'],
    ['1.0000000000000001E-7', '0.0000001'],
    ['-12.5', '-12.5'],
    ['999999999999999', '999999999999999'],
  ])('%s is %s', (raw, text) => {
    expect(numberText(raw, { kind: 'number' }, false)).toEqual({ text })
  })

  it('keeps leading zeros that the format shows and reports lost digits', () => {
    expect(numberText('42', { kind: 'padded', pad: 6 }, false)).toEqual({ text: '000042' })
    expect(numberText('1000000000000000', { kind: 'number' }, false).problem).toContain('15 位')
    expect(plainNumber(1e21)).toBe('1000000000000000000000')
    expect(plainNumber(-1.5e-9)).toBe('-0.0000000015')
  })
})

it('reads column addresses', () => {
  expect(['A1', 'Z9', 'AA10', 'XFD1'].map((address) => columnOf(address, 0))).toEqual([0, 25, 26, 16383])
  expect(columnOf(undefined, 4)).toBe(4)
})
