import { drawFoot, drawHead, drawRows } from './certificate.pdf.ts'
import { kilograms } from './label.domain.ts'
import { chunksOf, openPdf, type Pdf } from './label.pdf.ts'
import { type Fate, fates, type RecallProblem } from './recall.domain.ts'
import { fateNames, type MockResult, type SettledRecall } from './recall.settle.domain.ts'

export interface RecallPaper {
  readonly number: string
  readonly issuer: string
  /** As people write it: 2026年11月22日. */
  readonly date: string
  readonly reason: string
  /** The recalled lots as people name them. */
  readonly lots: readonly string[]
  /** When it was called out and when it was closed, as people write them. */
  readonly started: string
  readonly closed: string
  readonly recall: SettledRecall
  /** Grams by fate when it was closed; null for an exercise, in which goods move on. */
  readonly now: Readonly<Record<Fate, number>> | null
  readonly problems: readonly RecallProblem[]
  /** Names of lots and holders by their keys. */
  readonly nameOf: (key: string) => string
  /** How goods on hand were disposed of, one sentence each. */
  readonly disposals: readonly string[]
  /** Result of an exercise; null when it was in earnest. */
  readonly mock: MockResult | null
}

const margin = 56
const width = 595.28 - 2 * margin
/** Columns of the list: their right ends, in points from the margin. */
const columns = [56, 154, 350, 416, width] as const
const heads = ['去向', '批次', '持有人', '召回 kg', '整批 kg'] as const
const ink = '#1b1b1b'
const grey = '#555555'

/** Hundredths of a per cent as per cent with two places. */
const percent = (share: number): string => `${(share / 100).toFixed(2)}%`
/** Rounded down, so that only all of it is 100%. */
const shareOf = (grams: number, total: number): string =>
  percent(total === 0 ? 10_000 : Math.floor((grams / total) * 10_000))
/** Grams as they are: a certificate that sums to the gram shows every gram. */
const exact = (grams: number): string => `${grams.toLocaleString('en-US')} 克（${kilograms(grams)} 千克）`

function cell(pdf: Pdf, text: string, column: number, top: number): void {
  const left = column === 0 ? 0 : columns[column - 1]!
  const room = columns[column]! - left - 6
  const right = column > 2
  let words = text
  while (words.length > 1 && pdf.widthOfString(words) > room)
    words = `${words.slice(0, words.endsWith('…') ? -2 : -1)}…`
  const at = right ? columns[column]! - 4 - pdf.widthOfString(words) : left + 4
  pdf.text(words, margin + at, top, { lineBreak: false })
}

/** The list of who has what, over as many pages as it takes, its head on each. */
function drawLines(pdf: Pdf, { recall, nameOf }: RecallPaper, top: number): number {
  const height = 17
  let at = top
  const row = (cells: readonly string[], bold: boolean): void => {
    if (at + height > pdf.page.height - margin) {
      pdf.addPage()
      at = margin
      row(heads, true)
    }
    pdf
      .font(bold ? 'bold' : 'regular')
      .fontSize(9)
      .fillColor(bold ? grey : ink)
    for (const [column, text] of cells.entries()) cell(pdf, text, column, at + 3)
    pdf
      .lineWidth(0.4)
      .moveTo(margin, at + height)
      .lineTo(margin + width, at + height)
      .stroke('#c4c4c4')
    at += height
  }
  row(heads, true)
  for (const line of recall.lines) {
    const holder = line.to === undefined ? nameOf(line.holder) : `${nameOf(line.holder)} → ${nameOf(line.to)}`
    const fate = fateNames[line.fate] + (line.fate === 'on-hand' && !line.confirmed ? '*' : '')
    row([fate, nameOf(line.lot), holder, kilograms(line.grams), kilograms(line.mass)], false)
  }
  row(['合计', '', '', kilograms(recall.total), ''], true)
  return at
}

/** The first of a list, and how many there are: a row of the table must fit on a page. */
const some = (list: readonly string[], most: number, between: string): string =>
  list.length <= most ? list.join(between) : `${list.slice(0, most).join(between)}${between}等共 ${list.length} 项`

/** Grams in all of a classification. @throws Error unless they are the total */
function sumOf(byFate: Readonly<Record<Fate, number>>, total: number): number {
  const sum = fates.reduce((all, fate) => all + byFate[fate], 0)
  if (sum !== total) throw new Error(`the fates sum to ${sum} g, not ${total} g`)
  return sum
}

const fateLines = (byFate: Readonly<Record<Fate, number>>, total: number): string =>
  fates
    .filter((fate) => byFate[fate] > 0)
    .map((fate) => `${fateNames[fate]}　${exact(byFate[fate])}　${shareOf(byFate[fate], total)}`)
    .join('\n')

function rowsOf(paper: RecallPaper): (readonly [string, string])[] {
  const { recall, now, mock, problems, nameOf } = paper
  const sum = sumOf(recall.byFate, recall.total)
  if (now) sumOf(now, recall.total)
  return [
    ['召回批次', some(paper.lots, 10, '\n')],
    ['召回原因', paper.reason],
    ['起止时间', `${paper.started} 至 ${paper.closed}`],
    ['召回总量', exact(recall.total)],
    [now ? '启动时去向' : '去向', fateLines(recall.byFate, recall.total)],
    ...(now ? [['完成时去向', fateLines(now, recall.total)] as const] : []),
    ['合计', `${exact(sum)}，与召回总量相等`],
    ['已查明', `${exact(recall.accounted)}　${shareOf(recall.accounted, recall.total)}`],
    ...(recall.waitingFor.length > 0 ? [['尚未确认', some(recall.waitingFor.map(nameOf), 10, '、')] as const] : []),
    ...(paper.disposals.length > 0 ? [['处置', some(paper.disposals, 10, '\n')] as const] : []),
    ...(problems.length > 0 ? [['记录矛盾', `${problems.length} 处，已列入核查`] as const] : []),
    ...(mock
      ? [
          [
            '演练评分',
            `${mock.score} 分，${mock.passed ? '合格' : '不合格'}；用时 ${Math.ceil(mock.took / 60_000)} 分钟`,
          ] as const,
        ]
      : []),
  ]
}

/**
 * Completeness certificate of a recall on A4 as PDF: the fates of the recalled goods in grams that sum to the lot, then who has what. Goods
 * on hand that nobody has confirmed are marked. The stream fails for fates that do not sum.
 */
export function recallPdf(paper: RecallPaper): AsyncGenerator<Uint8Array> {
  const title = paper.mock ? '模拟召回完整性证明' : '召回完整性证明'
  const pdf = openPdf(`${title} ${paper.number}`, { margin })
  return chunksOf(pdf, () => {
    const top = drawHead(pdf, title, `编号 ${paper.number}`)
    const rows = drawRows(pdf, rowsOf(paper), top)
    const lines = drawLines(pdf, paper, rows + 16)
    pdf.font('regular').fontSize(9).fillColor(grey)
    const note =
      '“召回 kg”是其中属于召回批次的净重；混入其他批次的，应按“整批 kg”全部下架。带 * 的为账面在库，持有人尚未清点确认。'
    const tail = lines + 12 + 74 > pdf.page.height - margin
    if (tail) pdf.addPage()
    pdf.text(note, margin, tail ? margin : lines + 12, { width, lineGap: 3 })
    drawFoot(pdf, paper.issuer, paper.date, pdf.y + 14)
    pdf.end()
  })
}
