import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import PDFDocument from 'pdfkit'
import { pledgeText } from './measure.domain.ts'

export interface Letter {
  readonly kind: 'letter' | 'pledge'
  readonly number: string
  readonly storeName: string
  readonly storeCode: string
  /** Who issues it, such as 晋江市市场监督管理局. */
  readonly issuer: string
  readonly reasons: readonly string[]
  readonly note: string
  /** Days as people write them: 2026年11月23日. */
  readonly date: string
  readonly due: string
  /** Who signed at the counter, and when; null while nobody has. */
  readonly signed: { readonly by: string; readonly at: string } | null
}

type Pdf = InstanceType<typeof PDFDocument>

// The package exports no font by name; they lie beside its code.
const fonts = join(dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')), '../fonts')
const font = (weight: string) => join(fonts, `NotoSansHans-${weight}.otf`)
const margin = 72
const ink = '#1b1b1b'

function paragraphs(pdf: Pdf, texts: readonly string[]): void {
  pdf.font('regular').fontSize(14)
  // 28 is two characters of 14: the indent of a Chinese paragraph.
  for (const text of texts) pdf.text(text, { indent: 28, lineGap: 9, paragraphGap: 4 })
}

function bodyOf(letter: Letter): string[] {
  if (letter.kind === 'pledge') return [...pledgeText.split('\n'), ...(letter.note === '' ? [] : [letter.note])]
  const found =
    letter.reasons.length === 0
      ? ['经核查，你店近期购药实名登记情况需要核实。']
      : ['经核查，你店近期购药实名登记存在以下情况：', ...letter.reasons.map((reason, at) => `${at + 1}. ${reason}。`)]
  return [
    ...found,
    ...(letter.note === '' ? [] : [letter.note]),
    `现对你店予以提醒告诫。请立即自查改正，落实购药实名登记、发热引导和暂停销售要求，并于 ${letter.due} 前签收、说明整改情况。逾期不改正的，将依法处理。`,
  ]
}

function draw(pdf: Pdf, letter: Letter): void {
  pdf.fillColor(ink)
  pdf.font('bold').fontSize(26)
  pdf.text(letter.kind === 'pledge' ? '经营承诺书' : '提醒告诫书', { align: 'center' })
  pdf.moveDown(0.4).font('regular').fontSize(12).text(letter.number, { align: 'center' })
  pdf.moveDown(1.4).font('bold').fontSize(14).text(`${letter.storeName}（店码 ${letter.storeCode}）：`, { lineGap: 9 })
  paragraphs(pdf, bodyOf(letter))
  pdf.moveDown(2).font('regular').fontSize(14)
  if (letter.kind === 'letter') pdf.text(letter.issuer, { align: 'right', lineGap: 9 })
  pdf.text(letter.date, { align: 'right' })
  pdf.moveDown(3)
  pdf
    .moveTo(margin, pdf.y)
    .lineTo(pdf.page.width - margin, pdf.y)
    .lineWidth(0.7)
    .stroke(ink)
  pdf.moveDown(0.8).font('bold').fontSize(13).text('药店签收', { lineGap: 8 })
  pdf.font('regular').fontSize(12)
  pdf.text(
    letter.signed
      ? `${letter.signed.by}　${letter.signed.at}　在登记设备上签收`
      : '（尚未签收）　签收人：　　　　　　　　日期：',
    {
      lineGap: 8,
    },
  )
}

/** A letter or pledge on A4 as PDF, with embedded subsets of the Chinese fonts. */
export async function* letterPdf(letter: Letter): AsyncGenerator<Uint8Array> {
  const pdf = new PDFDocument({
    size: 'A4',
    margin,
    info: { Title: letter.number, Producer: 'Vigil', Creator: 'Vigil' },
    lang: 'zh-CN',
  })
  pdf.registerFont('bold', font('Bold')).registerFont('regular', font('Regular'))
  draw(pdf, letter)
  pdf.end()
  try {
    for await (const chunk of pdf) yield chunk as Uint8Array
  } finally {
    pdf.destroy()
  }
}
