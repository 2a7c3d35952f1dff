import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CsvScanner, OpenQuoteError } from './csv-scan.ts'
import { collect, textRow, workbook } from './fixture.ts'
import { lookTable, type TableError, type TableSource } from './index.ts'

const columns = [
  { key: 'store', heads: ['药店编码', 'store'], required: true },
  { key: 'name', heads: ['姓名'], required: true },
  { key: 'document', heads: ['证件号码'] },
]
const options = (filename = 'a.csv') => ({ filename, columns })
const csv = (text: string): TableSource => Buffer.from(text)

describe('splitting CSV', () => {
  const records = (pieces: readonly string[]) => {
    const scanner = new CsvScanner(',', 1000)
    return [...pieces.flatMap((piece) => scanner.write(piece)), ...scanner.write('', true)]
  }
  const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
  const cell = fc.string({ unit: fc.constantFrom('a', '药', '"', ',', '\n', '\r', ' ', "'"), maxLength: 6 })

  test('gives back what was written, however the text is cut and the lines end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat(40), { maxLength: 4 }),
        (rows, end, cuts) => {
          const text = rows.map((row) => row.map(quoted).join(',') + end).join('')
          const places = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length]
          const pieces = places.slice(1).map((to, at) => text.slice(places[at], to))
          expect(records(pieces)).toEqual(rows)
        },
      ),
      { numRuns: 500 },
    )
  })
  test('takes quotes as people leave them', () => {
    expect(records(['a,5" 管,"b"c,"d""e"\n'])).toEqual([['a', '5" 管', '"b"c', 'd"e']])
  })
  test('tells the record whose quote never closes, at the end or as soon as it is too long', () => {
    expect(() => records(['a\nb,"c\nd'])).toThrow(expect.objectContaining({ record: 2 }))
    expect(() => new CsvScanner(',', 10).write('"aaaaaaaaaaaaaaaa')).toThrow(OpenQuoteError)
  })
})

describe('merged heads', () => {
  const rows = [
    textRow(1, ['泉州市购药登记表']),
    textRow(2, ['药店编码', '购药人']),
    textRow(3, ['', '姓名', '证件号码']),
    textRow(4, ['JJ-1', '王明', '1']),
  ]
  test('of two rows are one head', async () => {
    const read = await collect(workbook({ sheets: rows.join('') }), options('a.xlsx'))
    expect(read.map(({ values }) => values)).toEqual([{ store: 'JJ-1', name: '王明', document: '1' }])
  })
  test('are looked at as such', async () => {
    const look = await lookTable(workbook({ sheets: rows.join('') }), options('a.xlsx'))
    expect(look).toMatchObject({
      headRowNumber: 3,
      heads: ['药店编码', '姓名', '证件号码'],
      missing: [],
      duplicate: [],
    })
    expect(look.samples).toEqual([['JJ-1', '王明', '1']])
  })
})

describe('looking at a foreign file', () => {
  const foreign = '门店销售明细\n门店,顾客,身份证\nJJ-1,王明,1\nJJ-2,李娜,2\n'
  test('takes the fullest row for the head and says what is missing', async () => {
    const look = await lookTable(csv(foreign), options())
    expect(look).toMatchObject({ format: 'csv', headRowNumber: 2, heads: ['门店', '顾客', '身份证'] })
    expect(look.missing).toEqual(['store', 'name'])
    expect([...look.columnOf]).toEqual([])
  })
  test('columns are read where a person puts them', async () => {
    const assigned = { headRow: 2, columnOf: { store: 0, name: 1 } }
    const read = await collect(csv(foreign), { ...options(), assigned })
    expect(read.map(({ rowNumber, values }) => [rowNumber, values.store, values.name, values.document])).toEqual([
      [3, 'JJ-1', '王明', ''],
      [4, 'JJ-2', '李娜', ''],
    ])
  })
  test('a required column that is not assigned, and a row that is not there, are refused', async () => {
    const read = (headRow: number, columnOf: Record<string, number>) =>
      collect(csv(foreign), { ...options(), assigned: { headRow, columnOf } }).catch((error: TableError) => error.code)
    expect(await read(2, { store: 0 })).toBe('missing-column')
    expect(await read(99, { store: 0, name: 1 })).toBe('no-head')
  })
  test('doubled columns are named, and one of them can be chosen', async () => {
    const doubled = csv('药店编码,姓名,姓名\nJJ-1,甲,乙\n')
    expect(await lookTable(doubled, options())).toMatchObject({ duplicate: ['name'], missing: [] })
    const assigned = { headRow: 1, columnOf: { store: 0, name: 2 } }
    expect((await collect(doubled, { ...options(), assigned }))[0]?.values.name).toBe('乙')
  })
  test('the sheet that knows most is shown, not the first', async () => {
    const sheets = [
      { name: '说明', rows: textRow(1, ['请填写', '姓名']) },
      { name: '数据', rows: textRow(1, ['药店编码', '姓名']) + textRow(2, ['JJ-1', '王明']) },
    ]
    expect(await lookTable(workbook({ sheets }), options('a.xlsx'))).toMatchObject({ sheet: '数据' })
  })
  test('an empty file says so', async () => {
    await expect(lookTable(csv('\n\n'), options())).rejects.toMatchObject({ code: 'empty-file' })
  })
})
