import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import PDFDocument from 'pdfkit'
import { encode } from 'uqr'

export interface PosterStore {
  readonly code: string
  readonly name: string
  /** County and office, for sorting a printed pile. */
  readonly area: string
}

export interface PosterOptions {
  readonly size: 'A4' | 'A6'
  /** Address of the installation without a slash at the end, such as `https://vigil.example.cn`. */
  readonly publicUrl: string
}

type Pdf = InstanceType<typeof PDFDocument>

// The package exports no font by name; they lie beside its code.
const fonts = join(dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')), '../fonts')
const font = (weight: string) => join(fonts, `NotoSansHans-${weight}.otf`)
const teal = '#0b5f59'
const pale = '#e6f2f0'
const ink = '#14302d'
const grey = '#54706c'
// Everything is laid out on A4 in points; A6 is the same at half the size.
const width = 595.28
const height = 841.89
const cardSide = 384
const cardTop = 150
// Bytes that may wait for the reader before the next page is drawn.
const waiting = 512 * 1024

const steps = [
  { title: '扫码登记', lines: ['店员扫描本店', '专用二维码'] },
  { title: '出示证件', lines: ['核对身份证件', '药品和症状'] },
  { title: '发热就诊', lines: ['37.3℃ 及以上', '请到发热门诊'] },
] as const

/** What the QR code of a store holds. It names the store and nothing else: it opens no door without a sign-in. */
export const posterUrl = (publicUrl: string, code: string): string => `${publicUrl}/c/${encodeURIComponent(code)}`

/** The dark modules as rectangles with the quiet zone of four modules (ISO/IEC 18004) inside the square. */
function drawQr(pdf: Pdf, text: string, left: number, top: number, side: number): void {
  const { data, size } = encode(text, { ecc: 'M', border: 0 })
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

function centred(pdf: Pdf, text: string, top: number, size: number, weight: 'bold' | 'regular', colour: string): void {
  pdf.font(weight).fontSize(size).fillColor(colour)
  pdf.text(text, (width - pdf.widthOfString(text)) / 2, top, { lineBreak: false })
}

/** Breaks a name near its middle, where it does not part digits or Latin words. */
function halves(name: string): [string, string] {
  const chars = [...name]
  const middle = Math.ceil(chars.length / 2)
  const joins = (at: number) => /[\w.-]/.test(chars[at - 1] ?? '') && /[\w.-]/.test(chars[at] ?? '')
  for (let off = 0; off < middle; off++)
    for (const at of [middle + off, middle - off])
      if (at > 0 && at < chars.length && !joins(at)) return [chars.slice(0, at).join(''), chars.slice(at).join('')]
  return [chars.slice(0, middle).join(''), chars.slice(middle).join('')]
}

/** The name as large as it fits: one line, else two. */
function drawName(pdf: Pdf, name: string, top: number): void {
  const room = width - 80
  const fit = (text: string, largest: number) =>
    Math.min(largest, (room / pdf.font('bold').fontSize(100).widthOfString(text)) * 100)
  const one = fit(name, 34)
  if (one >= 22) {
    centred(pdf, name, top + (40 - one) / 2, one, 'bold', ink)
    return
  }
  const [first, second] = halves(name)
  const size = Math.min(fit(first, 22), fit(second, 22))
  centred(pdf, first, top - 8, size, 'bold', ink)
  centred(pdf, second, top - 8 + size * 1.3, size, 'bold', ink)
}

function drawSteps(pdf: Pdf, top: number): void {
  const column = (width - 72) / steps.length
  for (const [index, step] of steps.entries()) {
    const left = 36 + index * column
    pdf.roundedRect(left + 5, top, column - 10, 92, 10).fill(pale)
    pdf.circle(left + 34, top + 46, 19).fill(teal)
    pdf.font('bold').fontSize(22).fillColor('#ffffff')
    pdf.text(String(index + 1), left + 34 - pdf.widthOfString(String(index + 1)) / 2, top + 31, { lineBreak: false })
    pdf
      .font('bold')
      .fontSize(20)
      .fillColor(ink)
      .text(step.title, left + 64, top + 8, { lineBreak: false })
    pdf.font('regular').fontSize(14).fillColor(grey)
    for (const [at, line] of step.lines.entries()) pdf.text(line, left + 64, top + 40 + at * 21, { lineBreak: false })
  }
}

function drawPoster(pdf: Pdf, store: PosterStore, publicUrl: string): void {
  pdf.rect(0, 0, width, 236).fill(teal)
  centred(pdf, '购药实名登记', 22, 62, 'bold', '#ffffff')
  centred(pdf, '购买需登记的药品，请先登记再付款', 104, 22, 'regular', '#d7ebe8')
  const cardLeft = (width - cardSide) / 2
  pdf.roundedRect(cardLeft, cardTop, cardSide, cardSide, 18).fillAndStroke('#ffffff', '#c4dcd8')
  drawQr(pdf, posterUrl(publicUrl, store.code), cardLeft, cardTop, cardSide)
  drawName(pdf, store.name, 550)
  centred(pdf, `店码 ${store.code}`, 600, 24, 'bold', teal)
  centred(pdf, `${store.area}　一店一码 · 仅限本店使用`, 636, 13, 'regular', grey)
  drawSteps(pdf, 668)
  pdf.rect(0, height - 62, width, 62).fill(teal)
  pdf
    .font('bold')
    .fontSize(24)
    .fillColor('#ffffff')
    .text('监管热线 12315', 41, height - 50, { lineBreak: false })
  pdf.font('regular').fontSize(14).fillColor('#d7ebe8')
  const note = '个人信息加密保存，不张贴、不公开'
  pdf.text(note, width - 41 - pdf.widthOfString(note), height - 42, { lineBreak: false })
}

/**
 * QR posters as PDF, one page per store in its own page size, with embedded subsets of the Chinese fonts. Pages are drawn as
 * fast as they are read: a thousand take some seconds and a few megabytes of memory.
 */
export async function* posterPdf(
  stores: Iterable<PosterStore>,
  { size, publicUrl }: PosterOptions,
): AsyncGenerator<Uint8Array> {
  const pdf = new PDFDocument({
    autoFirstPage: false,
    size,
    margin: 0,
    info: { Title: '购药实名登记 一店一码', Producer: 'Vigil', Creator: 'Vigil' },
    lang: 'zh-CN',
  })
  pdf.registerFont('bold', font('Bold')).registerFont('regular', font('Regular'))
  const draw = async () => {
    for (const store of stores) {
      pdf.addPage()
      if (size === 'A6') pdf.scale(0.5)
      drawPoster(pdf, store, publicUrl)
      do await breathe()
      while (pdf.readableLength > waiting && !pdf.destroyed)
      if (pdf.destroyed) return
    }
    pdf.end()
  }
  const drawing = draw().catch((error: Error) => pdf.destroy(error))
  try {
    for await (const chunk of pdf) yield chunk as Uint8Array
  } finally {
    pdf.destroy()
    await drawing
  }
}
