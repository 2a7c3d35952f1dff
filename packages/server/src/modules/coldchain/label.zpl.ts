import type { Label } from './label.domain.ts'

export interface ZplOptions {
  /** Dots per millimetre of the printer: 8 (203 dpi) or 12 (300 dpi). */
  readonly dots: 8 | 12
  /** Chinese font that was loaded into the printer. */
  readonly font?: string
  readonly copies?: number
}

/** A label of 100 × 70 mm, the usual size for cartons. */
const [width, height] = [100, 70]

/** Field data with hexadecimal escapes (^FH): the printer's own signs and control characters are written as bytes. */
const field = (text: string): string =>
  `^FH^FD${text.replace(/[\^~_\\\p{Cc}]/gu, (sign) => `_${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)}^FS`

/**
 * Labels as ZPL II, one after the other, in UTF-8 (^CI28): send the text to the printer as it is. Chinese needs a font in the printer
 * (`E:SIMSUN.TTF` unless named). A pallet has its SSCC as GS1-128 beside the QR code.
 */
export function* labelZpl(labels: Iterable<Label>, options: ZplOptions): Generator<string> {
  for (const label of labels) yield one(label, options)
}

function one(
  { link, title, lines, code, sscc }: Label,
  { dots, font = 'E:SIMSUN.TTF', copies = 1 }: ZplOptions,
): string {
  const at = (x: number, y: number) => `^FO${Math.round(x * dots)},${Math.round(y * dots)}`
  const text = (x: number, y: number, size: number, words: string) =>
    `${at(x, y)}^A@N,${Math.round(size * dots)},${Math.round(size * dots)},${font}${field(words)}`
  // Magnification: dots per module; a link of some 70 characters has 41 modules at level M.
  const qr = `${at(2, 4)}^BQN,2,${dots === 8 ? 6 : 9}^FH^FDMA,${field(link).slice('^FH^FD'.length)}`
  return [
    '^XA',
    '^CI28',
    `^PW${width * dots}`,
    `^LL${height * dots}`,
    '^LH0,0',
    text(39, 4, 5.5, title),
    ...lines.map((line, i) => text(39, 13 + i * 6, 3.6, line)),
    qr,
    text(3, 45, 3.6, code),
    // >; starts in set C, >8 is FNC1: together they make a GS1-128.
    ...(sscc === undefined ? [] : [`${at(8, 50)}^BY3^BCN,${12 * dots},N,N,N^FD>;>800${sscc}^FS`]),
    `^PQ${copies}`,
    '^XZ',
    '',
  ].join('\n')
}
