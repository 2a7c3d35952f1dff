import { crc32, deflateRawSync } from 'node:zlib'
import { readTable } from './read.ts'
import type { ReadOptions, TableRow, TableSource } from './types.ts'

/** A ZIP of the given parts; `declare` falsifies the uncompressed size that a part claims. For tests. */
export function zipOf(parts: Record<string, string | Buffer>, declare: Record<string, number> = {}): Buffer {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(parts)) {
    const data = Buffer.from(content)
    const body = deflateRawSync(data)
    const label = Buffer.from(name)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(8, 4)
    fields.writeUInt32LE(crc32(data), 10)
    fields.writeUInt32LE(body.length, 14)
    fields.writeUInt32LE(declare[name] ?? data.length, 18)
    fields.writeUInt16LE(label.length, 22)
    local.push(Buffer.from('PK\x03\x04'), fields, label, body)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    central.push(Buffer.from('PK\x01\x02\x14\x00'), fields, tail, label)
    offset += 30 + label.length + body.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(Object.keys(parts).length, 8)
  end.writeUInt16LE(Object.keys(parts).length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...local, directory, end])
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packaging = 'http://schemas.openxmlformats.org/package/2006/relationships'

export type FixtureSheet = { name: string; rows: string; state?: string }

export type Fixture = {
  /** XML of the rows of one sheet, or several sheets. */
  sheets: string | FixtureSheet[]
  /** XML of <si> elements. */
  strings?: string
  /** Number format codes: style i+1 has formats[i]; style 0 is General. */
  formats?: string[]
  date1904?: boolean
}

/** The parts of a workbook as Excel lays them out, shared strings after the sheets. For tests. */
export function workbookParts(fixture: Fixture): Record<string, string> {
  const sheets = typeof fixture.sheets === 'string' ? [{ name: '数据', rows: fixture.sheets }] : fixture.sheets
  const formats = fixture.formats ?? []
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': `<Relationships xmlns="${packaging}">${relation('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<?xml version="1.0"?><workbook xmlns="${main}" xmlns:r="${office}"><workbookPr${
      fixture.date1904 ? ' date1904="1"' : ''
    }/><sheets>${sheets
      .map(
        (sheet, at) =>
          `<sheet name="${sheet.name}" sheetId="${at + 1}"${'state' in sheet ? ` state="${sheet.state}"` : ''} r:id="rId${at + 1}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packaging}">${sheets
      .map((_, at) => relation(`rId${at + 1}`, 'worksheet', `worksheets/sheet${at + 1}.xml`))
      .join(
        '',
      )}${relation('rIdA', 'styles', 'styles.xml')}${relation('rIdB', 'sharedStrings', '/xl/sharedStrings.xml')}</Relationships>`,
  }
  sheets.forEach((sheet, at) => {
    parts[`xl/worksheets/sheet${at + 1}.xml`] =
      `<worksheet xmlns="${main}"><dimension ref="A1"/><sheetData>${sheet.rows}</sheetData><mergeCells/></worksheet>`
  })
  parts['xl/styles.xml'] = `<styleSheet xmlns="${main}"><numFmts>${formats
    .map((code, at) => `<numFmt numFmtId="${164 + at}" formatCode="${code.replaceAll('"', '&quot;')}"/>`)
    .join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${formats
    .map((_, at) => `<xf numFmtId="${164 + at}"/>`)
    .join('')}</cellXfs></styleSheet>`
  parts['xl/sharedStrings.xml'] = `<sst xmlns="${main}">${fixture.strings ?? ''}</sst>`
  return parts
}

export function workbook(fixture: Fixture): Buffer {
  return zipOf(workbookParts(fixture))
}

/** The XML of a row of inline strings. */
export function textRow(number: number, cells: readonly string[]): string {
  const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const inner = cells.map((cell) => `<c t="inlineStr"><is><t xml:space="preserve">${xml(cell)}</t></is></c>`).join('')
  return `<row r="${number}">${inner}</row>`
}

export async function collect(source: TableSource, options: ReadOptions): Promise<TableRow[]> {
  const rows: TableRow[] = []
  for await (const row of readTable(source, options)) rows.push(row)
  return rows
}
