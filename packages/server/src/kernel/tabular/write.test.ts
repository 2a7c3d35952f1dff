import { createHash } from 'node:crypto'
import { Readable, Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import fc from 'fast-check'
import { readXlsx, streamXlsxRows } from 'hucre/xlsx'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import type { CellValue, Column } from './column.ts'
import { csvWriter } from './csv-write.ts'
import { collect } from './fixture.ts'
import { protect, unprotect } from './formula.ts'
import { hashingStream } from './hash.ts'
import { clean } from './text.ts'
import { sheetNameOf, xlsxWriter } from './xlsx-write.ts'

const write = (rows: CellValue[][], columns: Column[], format: 'csv' | 'xlsx', title?: string): Promise<Buffer> => {
  const writer =
    format === 'csv' ? csvWriter(columns) : xlsxWriter(columns, { sheetName: '数据', ...(title ? { title } : {}) })
  return buffer(Readable.from(rows).pipe(writer))
}
const texts: Column[] = ['甲', '乙'].map((head) => ({ head, type: 'text' }))
const specs = texts.map(({ head }) => ({ key: head, heads: [head] }))

describe('CSV', () => {
  it('writes a mark, CRLF, quotes, and protects text but not numbers', async () => {
    const columns: Column[] = [
      { head: '名称', type: 'text' },
      { head: '数', type: 'integer' },
      { head: '量', type: 'decimal' },
      { head: '时间', type: 'datetime' },
      { head: '日', type: 'day' },
    ]
    const time = new Date('2022-03-01T16:30:05Z')
    const bytes = await write(
      [
        ['=1+1,"x"', -5, '-12.50', time, '2022-03-01'],
        ['-', '-2+3', 1e-7, null, time],
      ],
      columns,
      'csv',
    )
    expect(bytes.toString()).toBe(
      '\ufeff名称,数,量,时间,日\r\n"\'=1+1,""x""",-5,-12.50,2022-03-02 00:30:05,2022-03-01\r\n\'-,\'-2+3,0.0000001,,2022-03-02\r\n',
    )
  })

  it.each(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])(
    'protects text that begins with %j',
    (sign) => {
      expect(protect(`${sign}cmd`)).toBe(`'${sign}cmd`)
      expect(protect(`a${sign}`)).toBe(`a${sign}`)
    },
  )

  it('restores every protected text, and leaves no dangerous beginning', () => {
    const text = fc.string({ unit: fc.constantFrom(...`'=+-@\t\r\nab 甲＝`) })
    fc.assert(
      fc.property(text, (value) => {
        expect(unprotect(protect(value))).toBe(value)
        expect(protect(value)).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/)
      }),
    )
  })

  it('writes GB 18030 for old systems', async () => {
    const bytes = await buffer(Readable.from([['鲤城', '㐂']]).pipe(csvWriter(texts, { encoding: 'gb18030' })))
    expect(iconv.decode(bytes, 'gb18030')).toBe('甲,乙\r\n鲤城,㐂\r\n')
  })
})

describe('round trip', () => {
  const edge = fc.constantFrom(
    '=1',
    '+86 138',
    '-1',
    '@a',
    "'x",
    "''=y",
    '"',
    ',',
    'a\r\nb',
    '_x0041_',
    '_x0041\r',
    '&lt;',
    ']]>',
    '007',
    '350502199001010123',
    '\u0001b',
  )
  const unit = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    edge,
    fc.string({ unit: fc.constantFrom(...`_x0041\r\n"',;\t=甲`) }),
  )
  it.each(['csv', 'xlsx'] as const)('%s gives back the same strings', async (format) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(unit, unit), { minLength: 1, maxLength: 8 }), async (rows) => {
        const bytes = await write(rows, texts, format)
        const read = await collect(bytes, { filename: `a.${format}`, columns: specs })
        const expected = rows.map((row) => row.map(clean)).filter((row) => row.some((cell) => cell !== ''))
        expect(read.map(({ values }) => [values.甲, values.乙])).toEqual(expected)
      }),
      { numRuns: 150 },
    )
  })
})

describe('XLSX', () => {
  const columns: Column[] = [
    { head: '证件号', type: 'text', width: 24 },
    { head: '数量', type: 'integer' },
    { head: '体温', type: 'decimal' },
    { head: '时间', type: 'datetime' },
    { head: '日期', type: 'day' },
  ]
  const rows: CellValue[][] = [['350502199001010123', 3, '36.8', new Date('2022-03-01T16:30:05Z'), '2022-03-01']]

  it('is read by another reader: text, numbers, dates in Shanghai time, frozen head, formats, widths', async () => {
    const bytes = await write(rows, columns, 'xlsx', '登记表')
    const [sheet] = (await readXlsx(bytes, { readStyles: true })).sheets
    expect(sheet?.rows).toEqual([
      ['登记表', null, null, null, null],
      columns.map(({ head }) => head),
      ['350502199001010123', 3, 36.8, new Date('2022-03-02T00:30:05Z'), new Date('2022-03-01T00:00:00Z')],
    ])
    expect(sheet?.freezePane?.rows).toBe(2)
    expect(sheet?.columns?.[0]?.width).toBe(24)
    expect(sheet?.cells?.get('2,0')?.style?.numFmt).toBe('@')
    expect(sheet?.cells?.get('2,3')?.style?.numFmt).toBe('yyyy-mm-dd hh:mm:ss')
  })

  it('writes what does not suit its column, or is too long for a number, as text', async () => {
    const bytes = await write(
      [[null, '3 盒', '350502199001010123', new Date(Number.NaN), '2022-02-30']],
      columns,
      'xlsx',
    )
    const [sheet] = (await readXlsx(bytes)).sheets
    expect(sheet?.rows[1]).toEqual([null, '3 盒', '350502199001010123', null, '2022-02-30'])
  })

  it.each([undefined, '标题'])('repeats the head on further sheets (title: %s)', async (title) => {
    const many = Array.from({ length: 12 }, (_, at) => [`甲${at}`, '乙'])
    const options = { sheetName: '表', maxSheetRows: 7, ...(title ? { title } : {}) }
    const bytes = await buffer(Readable.from(many).pipe(xlsxWriter(texts, options)))
    const { sheets } = await readXlsx(bytes)
    const first = sheets.map(({ rows: [one, two] }) => (title ? two?.[0] : one?.[0]))
    expect(first).toEqual(title ? ['甲', '甲', '甲'] : ['甲', '甲'])
    const data = sheets
      .flatMap((sheet) => sheet.rows.map(([cell]) => cell))
      .filter((cell) => /^甲\d/.test(String(cell)))
    expect(data).toEqual(many.map(([cell]) => cell))
  })

  it('makes names that a sheet may bear', () => {
    expect(sheetNameOf("'购药[1/2]:*?'")).toBe('购药 1 2')
    expect(sheetNameOf('甲'.repeat(40))).toHaveLength(31)
    expect([sheetNameOf('//'), sheetNameOf('History')]).toEqual(['数据', '数据'])
  })
})

describe('streams', () => {
  it.each(['csv', 'xlsx'] as const)('%s makes no more than the slow consumer takes', async (format) => {
    let made = 0
    async function* source(): AsyncGenerator<CellValue[]> {
      for (; made < 200_000; made++) yield [createHash('md5').update(String(made)).digest('hex'), '乙']
    }
    const writer = format === 'csv' ? csvWriter(texts) : xlsxWriter(texts, { sheetName: 'a' })
    const stuck = new Writable({ write() {} })
    const done = pipeline(source, writer, stuck).catch((error: Error) => error.name)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(made).toBeGreaterThan(0)
    expect(made).toBeLessThan(100_000)
    stuck.destroy()
    await done
  })

  it('passes the error of the source', async () => {
    async function* source(): AsyncGenerator<CellValue[]> {
      yield ['a', 'b']
      throw new Error('query failed')
    }
    for (const writer of [csvWriter(texts), xlsxWriter(texts, { sheetName: 'a' })]) {
      await expect(pipeline(source, writer, new Writable({ write: (_, __, done) => done() }))).rejects.toThrow(
        'query failed',
      )
    }
  })

  it('counts and hashes bytes (SHA-256 of "abc", FIPS 180-4)', async () => {
    const hash = hashingStream()
    expect(() => hash.result()).toThrow('before the end')
    await pipeline(
      Readable.from([Buffer.from('a'), Buffer.from('bc')]),
      hash,
      new Writable({ write: (_, __, done) => done() }),
    )
    expect(hash.result()).toEqual({
      bytes: 3,
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    })
  })

  it('reads back with the other library row by row', async () => {
    let count = 0
    for await (const row of streamXlsxRows(await write([['a', 'b']], texts, 'xlsx'))) count += row.values.length
    expect(count).toBe(4)
  })
})
