import { Duplex } from 'node:stream'
import { type Batches, inBatches, type RowBatch } from './batch.ts'
import type { CellValue, Column } from './column.ts'
import { RowXml, SharedTexts, type SheetColumn, sheetText } from './sheet-xml.ts'
import { type ZipPart, zipChunks } from './zip-write.ts'

export type XlsxOptions = {
  sheetName: string
  /** A line above the head. */
  title?: string
  /** Rows of one sheet, head included; further rows go to `名称_2` and so on. Excel's own limit unless lower. */
  maxSheetRows?: number
}

/** Rows that a sheet of Excel may have. */
export const excelRows = 1_048_576
const widths = { text: 20, integer: 12, decimal: 12, datetime: 20, day: 12 }
/** Cell styles of the workbook by type of column. */
const styles = { text: 1, integer: 2, decimal: 3, datetime: 4, day: 5 }
const headStyle = 6
const formatIds = [0, 49, 1, 0, 164, 165]
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packaging = 'http://schemas.openxmlformats.org/package/2006'
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/** A name that Excel accepts for a sheet: 31 characters, none of []:*?/\ and no apostrophe at either end. */
export function sheetNameOf(name: string): string {
  const allowed = name.replace(/[[\]:*?/\\\p{Cc}]/gu, ' ').replace(/^['\s]+/, '')
  const cut = allowed
    .slice(0, 31)
    .replace(/[\ud800-\udbff]$/, '')
    .replace(/['\s]+$/, '')
  return cut === '' || cut.toLowerCase() === 'history' ? '数据' : cut
}

const attributeText = (text: string): string => sheetText(text).replaceAll('"', '&quot;')

const styleSheet = `${declaration}<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd hh:mm:ss"/><numFmt numFmtId="165" formatCode="yyyy-mm-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="7">${formatIds
  .map((id) => `<xf numFmtId="${id}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`)
  .join('')}<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>`

/** The table of texts that cells name by their place. */
async function* textTable(shared: SharedTexts): AsyncGenerator<Buffer> {
  yield Buffer.from(`${declaration}<sst xmlns="${main}">`)
  for (const item of shared.items()) yield Buffer.from(item)
  yield Buffer.from('</sst>')
}

/** The parts of a workbook that name its sheets. */
function* frame(sheets: readonly string[]): Generator<ZipPart> {
  const part = (name: string, xml: string): ZipPart => ({ name, source: Buffer.from(declaration + xml) })
  const numbered = sheets.map((name, at) => ({ name, number: at + 1 }))
  yield { name: 'xl/styles.xml', source: Buffer.from(styleSheet) }
  yield part(
    'xl/workbook.xml',
    `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${numbered
      .map(({ name, number }) => `<sheet name="${attributeText(name)}" sheetId="${number}" r:id="rId${number}"/>`)
      .join('')}</sheets></workbook>`,
  )
  yield part(
    'xl/_rels/workbook.xml.rels',
    `<Relationships xmlns="${packaging}/relationships">${numbered
      .map(
        ({ number }) =>
          `<Relationship Id="rId${number}" Type="${office}/worksheet" Target="worksheets/sheet${number}.xml"/>`,
      )
      .join(
        '',
      )}<Relationship Id="rId${sheets.length + 1}" Type="${office}/styles" Target="styles.xml"/><Relationship Id="rId${sheets.length + 2}" Type="${office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
  )
  yield part(
    '_rels/.rels',
    `<Relationships xmlns="${packaging}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  )
  const type = (name: string, kind: string) =>
    `<Override PartName="/xl/${name}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`
  yield part(
    '[Content_Types].xml',
    `<Types xmlns="${packaging}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${type('workbook.xml', 'sheet.main')}${type('styles.xml', 'styles')}${type('sharedStrings.xml', 'sharedStrings')}${numbered
      .map(({ number }) => type(`worksheets/sheet${number}.xml`, 'worksheet'))
      .join('')}</Types>`,
  )
}

/** Cuts batches where a sheet is full. */
class Feed {
  readonly #batches: AsyncIterator<RowBatch> | Iterator<RowBatch>
  #rest: RowBatch = []

  constructor(batches: Batches) {
    this.#batches = Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]()
  }

  /** At most `count` further rows; undefined at the end. */
  async take(count: number): Promise<RowBatch | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#batches.next()
      if (next.done) return undefined
      this.#rest = next.value
    }
    const taken = this.#rest.slice(0, count)
    this.#rest = this.#rest.slice(count)
    return taken
  }

  /** Looks whether a row is left. */
  async more(): Promise<boolean> {
    const row = await this.take(1)
    if (row) this.#rest = [...row, ...this.#rest]
    return row !== undefined
  }
}

/**
 * An XLSX file in pieces, made as it is asked for, in memory that does not grow with the rows: head frozen, text columns
 * in text format, numbers and dates as such (dates as wall-clock time of Asia/Shanghai).
 */
export async function* xlsxBatches(
  columns: readonly Column[],
  batches: Batches,
  options: XlsxOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const titled = options.title !== undefined
  const headRows = titled ? 2 : 1
  const maxRows = Math.min(excelRows, Math.max(headRows + 1, options.maxSheetRows ?? excelRows))
  const cells: SheetColumn[] = columns.map((column, at) => ({
    at,
    value: at,
    column,
    style: styles[column.type],
    styled: true,
    serial: true,
  }))
  const shared = new SharedTexts()
  const data = new RowXml(cells, '', shared)
  const heads = new RowXml(
    columns.map((_, at) => ({ at, value: at, column: { head: '', type: 'text' }, style: headStyle })),
  )
  const feed = new Feed(batches)
  const opening = `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="${headRows}" topLeftCell="A${headRows + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${columns
    .map(
      (column, at) =>
        `<col min="${at + 1}" max="${at + 1}" width="${column.width ?? widths[column.type]}" style="${styles[column.type]}" customWidth="1"/>`,
    )
    .join('')}</cols><sheetData>${titled ? heads.row([options.title], 1) : ''}${heads.row(
    columns.map(({ head }) => head),
    headRows,
  )}`
  async function* sheet(): AsyncGenerator<Buffer> {
    yield Buffer.from(opening)
    for (let row = headRows; row < maxRows; ) {
      const batch = await feed.take(maxRows - row)
      if (!batch) break
      yield* data.batch(batch, row + 1)
      row += batch.length
    }
    yield* data.rest()
    yield Buffer.from('</sheetData></worksheet>')
  }
  async function* parts(): AsyncGenerator<ZipPart> {
    const names: string[] = []
    do {
      const base = sheetNameOf(options.sheetName)
      names.push(names.length === 0 ? base : `${base.slice(0, 27)}_${names.length + 1}`)
      yield { name: `xl/worksheets/sheet${names.length}.xml`, source: sheet() }
    } while (await feed.more())
    yield { name: 'xl/sharedStrings.xml', source: textTable(shared) }
    yield* frame(names)
  }
  yield* zipChunks(parts())
}

/** The same from single rows. */
export function xlsxChunks(
  columns: readonly Column[],
  rows: AsyncIterable<readonly CellValue[]> | Iterable<readonly CellValue[]>,
  options: XlsxOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  return xlsxBatches(columns, inBatches(rows), options)
}

/** A stream that takes rows (arrays in the order of `columns`) and gives the bytes of an XLSX file; see `xlsxBatches`. */
export function xlsxWriter(columns: readonly Column[], options: XlsxOptions): Duplex {
  return Duplex.from((rows: AsyncIterable<readonly CellValue[]>) => xlsxChunks(columns, rows, options))
}
