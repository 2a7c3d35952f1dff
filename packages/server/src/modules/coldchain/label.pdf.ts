import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import PDFDocument from 'pdfkit'
import { encode } from 'uqr'
import { gs1Widths } from './code128.domain.ts'
import type { Label } from './label.domain.ts'

export type Pdf = InstanceType<typeof PDFDocument>

// The package exports no font by name; they lie beside its code.
const fonts = join(dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')), '../fonts')
const font = (weight: string) => join(fonts, `NotoSansHans-${weight}.otf`)
const [pageWidth, pageHeight] = [595.28, 841.89]
// Bytes that may wait for the reader before the next page is drawn.
const waiting = 512 * 1024

/** Columns and rows of the sheets of labels that are sold, by labels on a page. */
export const sheets = {
  4: [2, 2],
  8: [2, 4],
  14: [2, 7],
  21: [3, 7],
  24: [3, 8],
} as const satisfies Record<number, readonly [columns: number, rows: number]>

export type PerPage = keyof typeof sheets

/** A page of A4 with the two Chinese fonts as `bold` and `regular`, or none yet when `pages` is false. */
export function openPdf(title: string, { margin = 0, pages = true }: { margin?: number; pages?: boolean } = {}): Pdf {
  const pdf = new PDFDocument({
    autoFirstPage: pages,
    size: 'A4',
    margin,
    info: { Title: title, Producer: 'Vigil', Creator: 'Vigil' },
    lang: 'zh-CN',
  })
  return pdf.registerFont('bold', font('Bold')).registerFont('regular', font('Regular'))
}

/** Draws while it is read, and stops when nobody reads on. `draw` must end the document. */
export async function* chunksOf(pdf: Pdf, draw: () => void | Promise<void>): AsyncGenerator<Uint8Array> {
  const drawing = (async () => draw())().catch((error: Error) => void pdf.destroy(error))
  try {
    for await (const chunk of pdf) yield chunk as Uint8Array
  } finally {
    pdf.destroy()
    await drawing
  }
}

/** The dark modules of a QR code with its quiet zone of four modules (ISO/IEC 18004) in a square, in points. */
export function drawQr(pdf: Pdf, text: string, left: number, top: number, side: number, ecc: 'M' | 'L' = 'M'): void {
  const { data, size } = encode(text, { ecc, border: 0 })
  const module = side / (size + 8)
  for (const [row, cells] of data.entries())
    for (let from = 0; from < size; from++) {
      if (!cells[from]) continue
      let to = from
      while (to < size && cells[to]) to++
      // A hair of overlap, so that no white line shows between the rows on a screen.
      pdf.rect(left + (from + 4) * module, top + (row + 4) * module, (to - from) * module, module * 1.01)
      from = to
    }
  pdf.fill('#000000')
}

/** One line: smaller where it is longer than `room` points, and cut with … where it would be too small. */
function line(pdf: Pdf, text: string, left: number, top: number, size: number, room: number): void {
  const width = pdf.fontSize(size).widthOfString(text)
  let words = text
  if (width > room) {
    // A hair less, so that rounding does not cut what just fits.
    const fitting = Math.max((room / width) * 0.999, 0.62) * size
    pdf.fontSize(fitting)
    if (pdf.widthOfString(words) > room) {
      while (words !== '' && pdf.widthOfString(`${words}…`) > room) words = words.slice(0, -1)
      words += '…'
    }
  }
  pdf.text(words, left, top, { lineBreak: false })
}

/** A pallet's SSCC as GS1-128 with its quiet zones of ten modules. */
function drawSscc(pdf: Pdf, sscc: string, left: number, top: number, width: number, height: number): void {
  const widths = gs1Widths(`00${sscc}`)
  const module = width / (widths.reduce((sum, each) => sum + each, 0) + 20)
  let at = left + 10 * module
  for (const [i, each] of widths.entries()) {
    if (i % 2 === 0) pdf.rect(at, top, each * module, height)
    at += each * module
  }
  pdf.fill('#000000')
}

function drawLabel(pdf: Pdf, label: Label, left: number, top: number, width: number, height: number): void {
  const unit = Math.min(height / 104, width / 200)
  const side = 84 * unit
  const above = top + (height - 100 * unit) / 2
  drawQr(pdf, label.link, left + 3 * unit, above, side)
  const from = left + side + 6 * unit
  const room = left + width - from - 7 * unit
  pdf.fillColor('#000000').font('bold')
  line(pdf, label.title, from, above + 6 * unit, 12 * unit, room)
  pdf.font('regular')
  for (const [i, words] of label.lines.entries()) line(pdf, words, from, above + (24 + i * 11.5) * unit, 8 * unit, room)
  if (label.sscc !== undefined)
    drawSscc(pdf, label.sscc, from - 4 * unit, above + 60 * unit, room + 8 * unit, 26 * unit)
  pdf.fillColor('#000000')
  line(pdf, label.code, left + 11 * unit, above + side - 2 * unit, 7.6 * unit, side - 12 * unit)
}

/**
 * Sheets of labels on A4 for scissors or sheets of stickers, drawn as they are read.
 * @param first place on the first sheet, from 0: a begun sheet is used up
 */
export function labelPdf(
  labels: Iterable<Label>,
  { perPage, first = 0, title = '追溯码标签' }: { perPage: PerPage; first?: number; title?: string },
): AsyncGenerator<Uint8Array> {
  const [columns, rows] = sheets[perPage]
  const [width, height] = [pageWidth / columns, pageHeight / rows]
  const pdf = openPdf(title, { pages: false })
  return chunksOf(pdf, async () => {
    let place = first
    for (const label of labels) {
      if (place === first || place % perPage === 0) {
        pdf.addPage()
        do await breathe()
        while (pdf.readableLength > waiting && !pdf.destroyed)
        if (pdf.destroyed) return
      }
      const [column, row] = [place % columns, Math.floor((place % perPage) / columns)]
      drawLabel(pdf, label, column * width, row * height, width, height)
      place++
    }
    pdf.end()
  })
}
