import { Readable } from 'node:stream'
import { XlsxStreamWriter } from 'hucre/xlsx'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { collect, textRow, workbook } from './fixture.ts'
import { openTable } from './read.ts'
import { type ColumnSpec, TableError, type TableErrorCode, type TableSource } from './types.ts'

const columns: ColumnSpec[] = [
  { key: 'name', heads: ['药店名称', 'Store name'], required: true },
  { key: 'mobile', heads: ['手机号', 'Mobile'], required: true },
  { key: 'note', heads: ['备注'] },
]
const csv = (text: string | Buffer): Promise<{ name: string; mobile: string; note: string; row: number }[]> =>
  read(Buffer.from(text), 'a.csv')

async function read(
  source: TableSource,
  filename: string,
): Promise<{ name: string; mobile: string; note: string; row: number }[]> {
  const rows = await collect(source, { filename, columns })
  return rows.map(({ values, rowNumber }) => {
    return { name: values.name!, mobile: values.mobile!, note: values.note!, row: rowNumber }
  })
}

async function refusal(source: TableSource, filename: string): Promise<{ code: TableErrorCode; message: string }> {
  try {
    await collect(source, { filename, columns })
  } catch (error) {
    if (error instanceof TableError) return { code: error.code, message: error.message }
    throw error
  }
  throw new Error('not refused')
}

const one = [{ name: '鲤城药店', mobile: '013800000000', note: '', row: 2 }]
const text = '药店名称,手机号\r\n鲤城药店,013800000000\r\n'

describe('CSV', () => {
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with byte order mark', Buffer.from(`\ufeff${text}`)],
    ['GBK', iconv.encode(text, 'gbk')],
    ['GB 18030 with four-byte characters', iconv.encode(text, 'gb18030')],
    ['UTF-16 LE with mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 BE with mark', iconv.encode(text, 'utf-16be', { addBOM: true })],
    ['tab', Buffer.from(text.replaceAll(',', '\t'))],
    ['semicolon', Buffer.from(text.replaceAll(',', ';'))],
    ['line feeds only', Buffer.from(text.replaceAll('\r', ''))],
  ])('reads %s', async (_, bytes) => {
    expect(await csv(bytes)).toEqual(one)
  })

  it('decides the encoding where the first Chinese character stands, however late', async () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => `store ${at},${13_000_000_000 + at}\n`).join('')
    for (const encoding of ['gbk', 'utf8']) {
      const bytes = iconv.encode(`Store name,Mobile\n${lines}泉州,1\n`, encoding)
      const rows = await read(Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]), 'a.csv')
      expect(rows).toHaveLength(20_001)
      expect(rows.at(-1)).toEqual({ name: '泉州', mobile: '1', note: '', row: 20_002 })
    }
  })

  it('reads UTF-8 and GBK cut anywhere, also inside a character', async () => {
    for (const encoding of ['utf8', 'gbk', 'utf-16le']) {
      const bytes = iconv.encode(text, encoding, { addBOM: encoding === 'utf-16le' })
      const pieces = [...bytes].map((byte) => Buffer.from([byte]))
      expect(await read(Readable.from(pieces), 'a.csv')).toEqual(one)
    }
  })

  it('matches heads in full width, English, any case, with remarks, stars and spaces', async () => {
    const rows = await csv('ＳＴＯＲＥ　ｎａｍｅ＊,手机号（必填，11位）, 备 注 \n甲,1,乙\n')
    expect(rows).toEqual([{ name: '甲', mobile: '1', note: '乙', row: 2 }])
  })

  it('prefers the exact head to one with a remark', async () => {
    expect(await csv('药店名称,手机号(家属),手机号\n甲,1,2\n')).toEqual([{ name: '甲', mobile: '2', note: '', row: 2 }])
  })

  it('keeps row numbers over titles, blank lines and line breaks in cells', async () => {
    const rows = await csv('登记表,,\n\n药店名称,手机号,备注\n,,\n甲,1,"上\n下"\n乙,2,\n')
    expect(rows.map(({ row, note }) => [row, note])).toEqual([
      [5, '上\n下'],
      [6, ''],
    ])
  })

  it('takes off the protection against formulas', async () => {
    const rows = await csv("药店名称,手机号\n'=1+1,'+8613800000000\n''=x,'abc\n")
    expect(rows.map(({ name, mobile }) => [name, mobile])).toEqual([
      ['=1+1', '+8613800000000'],
      ["'=x", "'abc"],
    ])
  })
})

const head = textRow(1, ['药店名称', '手机号', '备注'])

describe('XLSX', () => {
  it('skips merged title rows', async () => {
    const rows = `${textRow(1, ['泉州市药店登记表'])}${textRow(2, ['填报单位：市局', '', '2022年'])}${textRow(4, ['药店名称', '手机号'])}`
    const data = `${textRow(5, ['甲', '0595'])}<row r="6"/>${textRow(9, ['乙', '1'])}`
    expect(await read(workbook({ sheets: rows + data }), 'a.xlsx')).toEqual([
      { name: '甲', mobile: '0595', note: '', row: 5 },
      { name: '乙', mobile: '1', note: '', row: 9 },
    ])
  })

  it('joins rich text, leaves out phonetic guides, decodes escapes and entities', async () => {
    const strings =
      '<si><r><t>鲤</t></r><r><rPr><b/></rPr><t xml:space="preserve">城 </t></r><r><t>A&amp;B</t></r><rPh sb="0" eb="1"><t>li</t></rPh></si><si><t>上_x000D_下_x005F_x0041_&#x1F600;</t></si>'
    const cells = '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c></row>'
    const rows = await read(workbook({ sheets: head + cells, strings }), 'a.xlsx')
    expect(rows).toEqual([{ name: '鲤城 A&B', mobile: '', note: '上\r下_x0041_😀', row: 2 }])
  })

  it('takes formulas by their cached result and booleans as 是/否', async () => {
    const cells =
      '<row r="2"><c r="A2" t="str"><f>B2&amp;"x"</f><v>甲x</v></c><c r="B2"><f>1+1</f><v>2</v></c><c r="C2" t="b"><v>1</v></c></row><row r="3"><c r="C3" t="b"><v>0</v></c></row>'
    const rows = await read(workbook({ sheets: head + cells }), 'a.xlsx')
    expect(rows.map(({ name, mobile, note }) => [name, mobile, note])).toEqual([
      ['甲x', '2', '是'],
      ['', '', '否'],
    ])
  })

  it('reports formulas without a result, formula errors and long numbers on their row and column', async () => {
    const cells =
      '<row r="2"><c r="A2"><f>X()</f></c><c r="B2" t="e"><v>#N/A</v></c><c r="C2"><v>3.50502199001011E+17</v></c></row><row r="3"><c r="B3"><v>13800000000</v></c><c r="C3"><v>123456789012345</v></c></row>'
    const [bad, good] = await collect(workbook({ sheets: head + cells }), { filename: 'a.xlsx', columns })
    expect(bad?.problems.map(({ column }) => column)).toEqual(['药店名称', '手机号', '备注'])
    expect(bad?.problems[1]?.message).toContain('#N/A')
    expect(bad?.problems[2]?.message).toContain('文本')
    expect(bad?.values.note).toBe('350502199001011000')
    expect(good).toMatchObject({ problems: [], values: { mobile: '13800000000', note: '123456789012345' } })
  })

  it('reads the first visible sheet whose heads match, or the one asked for', async () => {
    const sheets = [
      { name: '隐藏', state: 'hidden', rows: head + textRow(2, ['藏', '0']) },
      { name: '填写说明', rows: textRow(1, ['手机号']) + textRow(2, ['填 11 位']) },
      { name: '数据', rows: head + textRow(2, ['甲', '1']) },
    ]
    expect((await read(workbook({ sheets }), 'a.xlsx')).map(({ name }) => name)).toEqual(['甲'])
    const rows = await collect(workbook({ sheets }), { filename: 'a.xlsx', columns, sheet: '隐藏' })
    expect(rows.map(({ values }) => values.name)).toEqual(['藏'])
  })

  it('reads what another program wrote, with shared strings', async () => {
    const writer = new XlsxStreamWriter({ name: '表' })
    writer.addRow(['药店名称', '手机号', '备注'])
    for (let at = 0; at < 3000; at++) writer.addRow([`店${at % 7}`, `0${at}`, at / 4])
    const rows = await read(Buffer.from(await writer.finish()), 'a.xlsx')
    expect(rows).toHaveLength(3000)
    expect(rows[2999]).toEqual({ name: '店3', mobile: '02999', note: '749.75', row: 3001 })
  })

  it('reads elements with a namespace prefix and cells without addresses', async () => {
    const prefixed = (head + textRow(2, ['甲', '1'])).replace(/<(\/?)(\w)/g, '<$1x:$2')
    expect(await read(workbook({ sheets: prefixed }), 'a.xlsx')).toHaveLength(1)
  })

  it('closes the source when the loop is left early', async () => {
    const source = Readable.from([workbook({ sheets: head + textRow(2, ['甲']) + textRow(3, ['乙']) })])
    const table = await openTable(source, { filename: 'a.xlsx', columns })
    for await (const row of table.rows) {
      expect(row.values.name).toBe('甲')
      break
    }
    expect(source.destroyed).toBe(true)
  })
})

describe('refusals', () => {
  const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)])
  const html = '<html><table><tr><td>药店名称</td></tr></table></html>'
  it.each<[string, Buffer, string, TableErrorCode]>([
    ['empty file', Buffer.alloc(0), 'a.csv', 'empty-file'],
    ['blank lines only', Buffer.from('\n , \n'), 'a.csv', 'empty-file'],
    ['sheet without cells', workbook({ sheets: '' }), 'a.xlsx', 'empty-file'],
    ['legacy XLS', ole, 'a.xls', 'legacy-xls'],
    ['XLSX with a password', ole, 'a.xlsx', 'encrypted'],
    ['text called XLSX', Buffer.from(text), 'a.xlsx', 'wrong-extension'],
    ['workbook called CSV', workbook({ sheets: head }), 'a.csv', 'wrong-extension'],
    ['PDF called CSV', Buffer.from('%PDF-1.7\n'), 'a.csv', 'wrong-extension'],
    ['web page called XLS', Buffer.from(html), 'a.xls', 'wrong-extension'],
    ['web page called CSV', Buffer.from(html), 'a.csv', 'unsupported-format'],
    ['picture', Buffer.from('\x89PNG\r\n'), 'a.png', 'unsupported-format'],
    ['binary called CSV', Buffer.from([1, 0, 2, 0, 0, 3, 0, 0]), 'a.csv', 'unsupported-format'],
    [
      'bytes of no encoding',
      Buffer.concat([Buffer.from(text), Buffer.from([0x81, 0xff, 0xff])]),
      'a.csv',
      'bad-encoding',
    ],
    ['no head', Buffer.from('甲,乙\n1,2\n'), 'a.csv', 'no-head'],
    ['missing column', Buffer.from('药店名称,备注\n1,2\n'), 'a.csv', 'missing-column'],
    ['duplicate column', Buffer.from('药店名称,手机号,Mobile\n1,2,3\n'), 'a.csv', 'duplicate-column'],
    ['duplicate column by remark', Buffer.from('药店名称,手机号(1),手机号(2)\n1,2,3\n'), 'a.csv', 'duplicate-column'],
    ['open quote', Buffer.from('药店名称,手机号\n甲,"1\n乙,2\n'), 'a.csv', 'damaged'],
    ['cut workbook', workbook({ sheets: head }).subarray(0, 900), 'a.xlsx', 'damaged'],
  ])('%s', async (_, bytes, filename, code) => {
    const found = await refusal(bytes, filename)
    expect(found.code).toBe(code)
    expect(found.message).toMatch(/[\u4e00-\u9fff]/)
  })

  it('names all missing columns and the row of the head', async () => {
    const found = await refusal(Buffer.from('表\n备注\n1\n'), 'a.csv')
    expect(found.message).toBe('缺少必需的列：药店名称、手机号（表头在第 2 行）')
  })

  it('does not find a head after the tenth row', async () => {
    const title = Array.from({ length: 10 }, (_, at) => `说明${at}\n`).join('')
    expect((await refusal(Buffer.from(title + text), 'a.csv')).code).toBe('no-head')
    expect(await csv(title.slice(0, -4) + text)).toHaveLength(1)
  })

  it('holds the limits of rows, columns and cell length', async () => {
    const many = `药店名称,手机号\n${'甲,1\n'.repeat(11)}`
    const limited = (source: Buffer, filename: string, limits: object) => collect(source, { filename, columns, limits })
    await expect(limited(Buffer.from(many), 'a.csv', { maxRows: 10 })).rejects.toMatchObject({ code: 'too-many-rows' })
    expect(await limited(Buffer.from(many), 'a.csv', { maxRows: 11 })).toHaveLength(11)
    const far = `${head}<row r="2"><c r="XFD2"><v>1</v></c></row>`
    await expect(limited(workbook({ sheets: far }), 'a.xlsx', {})).rejects.toMatchObject({ code: 'too-many-columns' })
    const long = workbook({ sheets: head + textRow(2, ['甲'.repeat(60), '1']) })
    const [row] = await limited(long, 'a.xlsx', { maxCellLength: 50 })
    expect(row?.values.name).toHaveLength(50)
    expect(row?.problems).toEqual([{ column: '药店名称', message: '内容超过 50 个字符' }])
    const stream = Readable.from([workbook({ sheets: head })])
    await expect(collect(stream, { filename: 'a.xlsx', columns, limits: { maxFileBytes: 500 } })).rejects.toMatchObject(
      {
        code: 'too-large',
      },
    )
  })

  it('passes the error of a stream that breaks', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from(text.repeat(400))
      throw new Error('connection lost')
    }
    await expect(collect(Readable.from(broken()), { filename: 'a.csv', columns })).rejects.toThrow('connection lost')
  })
})
