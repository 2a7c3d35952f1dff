import { type ZipPart, zipChunks } from '../../kernel/tabular/index.ts'

/** A column of the table that every installation starts with: its group, if it has one, its head and width. */
export interface FormColumn {
  readonly group: string | null
  readonly head: string
  readonly width: number
  /** Style of its data cells. */
  readonly style: 'text' | 'number' | 'centre'
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packaging = 'http://schemas.openxmlformats.org/package/2006'
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const styleOf = { title: 1, note: 2, head: 3, text: 4, number: 5, centre: 6 }

const edges = ['left', 'right', 'top', 'bottom']
  .map((side) => `<${side} style="thin"><color auto="1"/></${side}>`)
  .join('')
const xf = (font: number, fill: number, border: number, format: number, alignment: string) =>
  `<xf numFmtId="${format}" fontId="${font}" fillId="${fill}" borderId="${border}" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment ${alignment}/></xf>`
const centred = 'horizontal="center" vertical="center" wrapText="1"'

const styleSheet = `<styleSheet xmlns="${main}"><fonts count="3"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="18"/><name val="黑体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFDDEBF7"/></patternFill></fill></fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border>${edges}<diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="7"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>${[
  xf(1, 0, 0, 0, centred),
  xf(0, 0, 0, 0, 'vertical="center"'),
  xf(2, 2, 1, 0, centred),
  xf(0, 0, 1, 49, 'vertical="center"'),
  xf(0, 0, 1, 1, 'horizontal="right" vertical="center"'),
  xf(0, 0, 1, 49, 'horizontal="center" vertical="center"'),
].join('')}</cellXfs></styleSheet>`

const letter = (at: number): string => String.fromCharCode(65 + at)
const cell = (ref: string, style: number, text = '') =>
  text === ''
    ? `<c r="${ref}" s="${style}"/>`
    : `<c r="${ref}" s="${style}" t="inlineStr"><is><t>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</t></is></c>`

function groupRuns(columns: readonly FormColumn[]): { from: number; to: number; name: string }[] {
  const runs: { from: number; to: number; name: string }[] = []
  columns.forEach(({ group }, at) => {
    const last = runs.at(-1)
    if (group === null) return
    if (last?.name === group && last.to === at - 1) last.to = at
    else runs.push({ from: at, to: at, name: group })
  })
  return runs
}

/** Title in row 1, place and date in row 2, head in rows 3 and 4, the sample of the data in row 5, signatures in row 7. */
function formSheet(title: string, columns: readonly FormColumn[]): string {
  const end = letter(columns.length - 1)
  const half = letter(Math.floor(columns.length / 2))
  const after = letter(Math.floor(columns.length / 2) + 1)
  const groups = groupRuns(columns)
  const merges = [
    `A1:${end}1`,
    `A2:${half}2`,
    `${after}2:${end}2`,
    ...columns.flatMap(({ group }, at) => (group === null ? [`${letter(at)}3:${letter(at)}4`] : [])),
    ...groups.filter(({ from, to }) => to > from).map(({ from, to }) => `${letter(from)}3:${letter(to)}3`),
    `A7:${half}7`,
    `${after}7:${end}7`,
  ]
  const upper = columns.map(({ group, head }, at) =>
    cell(`${letter(at)}3`, styleOf.head, group === null ? head : (groups.find(({ from }) => from === at)?.name ?? '')),
  )
  const lower = columns.map(({ group, head }, at) => cell(`${letter(at)}4`, styleOf.head, group === null ? '' : head))
  const sample = columns.map(({ style }, at) => cell(`${letter(at)}5`, styleOf[style]))
  const widths = columns.map(
    ({ width }, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`,
  )
  return `<worksheet xmlns="${main}"><sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="4" topLeftCell="A5" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths.join('')}</cols><sheetData><row r="1" ht="36" customHeight="1">${cell('A1', styleOf.title, title)}</row><row r="2" ht="22" customHeight="1">${cell('A2', styleOf.note, '填报单位（盖章）：')}${cell(`${after}2`, styleOf.note, '填报日期：　　　年　　月　　日')}</row><row r="3" ht="22" customHeight="1">${upper.join('')}</row><row r="4" ht="32" customHeight="1">${lower.join('')}</row><row r="5" ht="20" customHeight="1">${sample.join('')}</row><row r="7" ht="22" customHeight="1">${cell('A7', styleOf.note, '填报人：')}${cell(`${after}7`, styleOf.note, '审核人：　　　　　　联系电话：')}</row></sheetData><mergeCells count="${merges.length}">${merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>`
}

const textSheet = (lines: readonly string[]): string =>
  `<worksheet xmlns="${main}"><cols><col min="1" max="1" width="90" customWidth="1"/></cols><sheetData>${lines
    .map((line, at) => `<row r="${at + 1}">${cell(`A${at + 1}`, styleOf.note, line)}</row>`)
    .join('')}</sheetData></worksheet>`

/**
 * A workbook such as a province asks for: a form with a title, merged heads in two rows and signatures below the data, and
 * a sheet that explains it.
 */
export function formWorkbook(
  title: string,
  columns: readonly FormColumn[],
  explanation: readonly string[],
): AsyncGenerator<Buffer> {
  const part = (name: string, xml: string): ZipPart => ({ name, source: Buffer.from(declaration + xml) })
  const relation = (id: number, type: string, target: string) =>
    `<Relationship Id="rId${id}" Type="${office}/${type}" Target="${target}"/>`
  const type = (name: string, kind: string) =>
    `<Override PartName="/xl/${name}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`
  return zipChunks([
    part(
      '[Content_Types].xml',
      `<Types xmlns="${packaging}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${type('workbook.xml', 'sheet.main')}${type('styles.xml', 'styles')}${type('worksheets/sheet1.xml', 'worksheet')}${type('worksheets/sheet2.xml', 'worksheet')}</Types>`,
    ),
    part(
      '_rels/.rels',
      `<Relationships xmlns="${packaging}/relationships">${relation(1, 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    ),
    part(
      'xl/workbook.xml',
      `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="直报表" sheetId="1" r:id="rId1"/><sheet name="填表说明" sheetId="2" r:id="rId2"/></sheets></workbook>`,
    ),
    part(
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${packaging}/relationships">${relation(1, 'worksheet', 'worksheets/sheet1.xml')}${relation(2, 'worksheet', 'worksheets/sheet2.xml')}${relation(3, 'styles', 'styles.xml')}</Relationships>`,
    ),
    part('xl/styles.xml', styleSheet),
    part('xl/worksheets/sheet1.xml', formSheet(title, columns)),
    part('xl/worksheets/sheet2.xml', textSheet(explanation)),
  ])
}
