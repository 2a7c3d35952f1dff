import { certificateUrl, type ExitCertificate } from './certificate.domain.ts'
import { kilograms } from './label.domain.ts'
import { chunksOf, drawQr, openPdf, type Pdf } from './label.pdf.ts'

export interface CertificatePaper {
  readonly certificate: ExitCertificate
  readonly token: string
  /** Who certifies, such as 晋江市市场监督管理局. */
  readonly issuer: string
  readonly warehouse: string
  readonly goods: string
  readonly spec: string
  readonly origin: string
  readonly plantNo: string
  readonly owner: string
  /** For whom it was issued; null: for the lot. */
  readonly recipient: string | null
  readonly produced: string
  readonly expires: string
  readonly enteredOn: string
  /** As people write them: 报关单 220220221000001234. */
  readonly documents: readonly { readonly name: string; readonly sha256: string }[]
  readonly results: readonly string[]
  /** Written across one that holds no more, and why below it; null while it holds. */
  readonly withdrawn: { readonly word: string; readonly note: string } | null
}

const margin = 56
const width = 595.28 - 2 * margin
const labelWidth = 92
const ink = '#1b1b1b'
const grey = '#555555'

/** A table of two columns in points, from `top` down over pages; answers where it ends. */
export function drawRows(pdf: Pdf, rows: readonly (readonly [label: string, text: string])[], top: number): number {
  let at = top
  for (const [label, text] of rows) {
    pdf.font('regular').fontSize(10.5)
    const height = pdf.heightOfString(text, { width: width - labelWidth - 16, lineGap: 3 }) + 12
    if (at + height > pdf.page.height - margin) {
      pdf.addPage()
      at = margin
    }
    pdf
      .lineWidth(0.6)
      .rect(margin, at, labelWidth, height)
      .rect(margin + labelWidth, at, width - labelWidth, height)
      .stroke('#9a9a9a')
    pdf.fillColor(grey).text(label, margin + 8, at + 6, { width: labelWidth - 16 })
    pdf.fillColor(ink).text(text, margin + labelWidth + 8, at + 6, { width: width - labelWidth - 16, lineGap: 3 })
    at += height
  }
  return at
}

/** Title, and below it the number, in the middle; answers where they end. */
export function drawHead(pdf: Pdf, title: string, number: string): number {
  pdf.fillColor(ink).font('bold').fontSize(24).text(title, margin, margin, { width, align: 'center' })
  pdf
    .font('regular')
    .fontSize(11)
    .fillColor(grey)
    .text(number, margin, pdf.y + 4, { width, align: 'center' })
  return pdf.y + 14
}

/** Who issues it and when, at the right. */
export function drawFoot(pdf: Pdf, issuer: string, day: string, top: number): number {
  pdf.fillColor(ink).font('regular').fontSize(12).text(issuer, margin, top, { width, align: 'right', lineGap: 6 })
  pdf.text(day, { width, align: 'right' })
  return pdf.y
}

function draw(pdf: Pdf, paper: CertificatePaper, publicUrl: string): void {
  const { certificate } = paper
  const top = drawHead(pdf, '进口冷链食品出仓证明', `编号 ${certificate.number}`)
  const end = drawRows(
    pdf,
    [
      ['品名规格', `${paper.goods}　${paper.spec}`],
      ['批次', `${certificate.lot}（商品编码 ${certificate.gtin}）`],
      ['数量', `${certificate.boxes} 箱　净重 ${kilograms(certificate.grams)} 千克`],
      ['产地', `${paper.origin}　境外生产企业注册编号 ${paper.plantNo}`],
      ['日期', `生产 ${paper.produced}　到期 ${paper.expires}　入仓 ${paper.enteredOn}`],
      ['货主', paper.owner],
      ['收货单位', paper.recipient ?? '不限定，随货使用'],
      ['监管仓', `${paper.warehouse}（${certificate.warehouse}）`],
      ['证明材料', paper.documents.map(({ name, sha256 }) => `${name}　摘要 ${sha256.slice(0, 16)}`).join('\n')],
      ['检测消毒', paper.results.join('\n')],
      ['放行编号', certificate.release],
      ['材料摘要', certificate.digest],
    ],
    top,
  )
  const side = 168
  const fits = end + 14 + side <= pdf.page.height - margin
  if (!fits) pdf.addPage()
  const below = fits ? end + 14 : margin
  drawQr(pdf, certificateUrl(publicUrl, paper.token), margin, below, side, 'L')
  const left = margin + side + 16
  pdf.fillColor(ink).font('regular').fontSize(11)
  pdf.text('上述货物已在集中监管仓完成查验、检测和消毒，准予出仓。', left, below + 8, {
    width: width - side - 16,
    lineGap: 5,
  })
  pdf.fontSize(9.5).fillColor(grey)
  pdf.text(
    `扫码核验：网址须以 ${publicUrl}/ 开头，其他网址均不可信。二维码带数字签名，断网时也可以用公布的公钥核验；是否已撤销以联网查询为准。`,
    left,
    pdf.y + 6,
    {
      width: width - side - 16,
      lineGap: 4,
    },
  )
  const [year, month, day] = certificate.issuedOn.split('-').map(Number)
  drawFoot(pdf, paper.issuer, `${year}年${month}月${day}日`, below + side - 44)
}

/** Across the page that is drawn on: that the certificate holds no more, and why. */
function stamp(pdf: Pdf, { word, note }: NonNullable<CertificatePaper['withdrawn']>): void {
  const { x, y } = pdf
  pdf
    .save()
    .rotate(-30, { origin: [297, 421] })
    .fillOpacity(0.35)
    .fillColor('#b00020')
    .font('bold')
    .fontSize(72)
  pdf.text(word, 0, 360, { width: 595, align: 'center', lineBreak: false }).fontSize(16)
  pdf.text(note, 60, 450, { width: 475, align: 'center' }).restore()
  Object.assign(pdf, { x, y })
}

/** An exit certificate on A4 as PDF, with embedded subsets of the Chinese fonts. */
export function certificatePdf(paper: CertificatePaper, publicUrl: string): AsyncGenerator<Uint8Array> {
  const pdf = openPdf(`出仓证明 ${paper.certificate.number}`, { margin })
  const { withdrawn } = paper
  return chunksOf(pdf, () => {
    if (withdrawn) {
      stamp(pdf, withdrawn)
      pdf.on('pageAdded', () => stamp(pdf, withdrawn))
    }
    draw(pdf, paper, publicUrl)
    pdf.end()
  })
}
