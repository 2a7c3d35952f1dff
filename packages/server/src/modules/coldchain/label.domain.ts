import {
  canonicalUri,
  checkDigit,
  type Elements,
  elementOf,
  epcToElements,
  formatDigitalLink,
  parseDigitalLink,
  parseElementString,
  parseEpc,
  toElements,
} from '@vigil/epcis/identifier'

/** Without I, L, O and U, which are misread or spell words (Crockford's base 32). */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Random bytes behind a box's serial: 80 bits, so that nobody finds a code by trying. */
export const serialBytes = 10

/** Serial of a box, 16 characters of base 32. @param bytes `serialBytes` random ones @throws RangeError for fewer */
export function boxSerial(bytes: Uint8Array): string {
  if (bytes.length !== serialBytes) throw new RangeError(`a serial needs ${serialBytes} random bytes`)
  let rest = bytes.reduce((all, byte) => (all << 8n) | BigInt(byte), 0n)
  let text = ''
  for (let i = 0; i < serialBytes * 1.6; i++, rest >>= 5n) text = alphabet[Number(rest & 31n)] + text
  return text
}

/**
 * GTIN for goods that have none: of the range 02, which GS1 leaves to each place for its own use (General Specifications 2.1.11), as
 * 14 digits. @param item 0 to 9,999,999,999 @throws RangeError
 */
export function localGtin(item: number): string {
  if (!Number.isInteger(item) || item < 0 || item > 9_999_999_999) throw new RangeError('an item has at most 10 digits')
  const digits = `002${String(item).padStart(10, '0')}`
  return digits + checkDigit(digits)
}

/**
 * SSCC of a pallet, 18 digits: extension digit and reference share what the company prefix leaves (GS1 General Specifications 3.3.1).
 * It counts up, so it can be guessed: nothing is told to who only knows an SSCC.
 * @throws RangeError for a prefix not of 4 to 12 digits, or a reference that does not fit
 */
export function palletSscc(companyPrefix: string, reference: number): string {
  if (!/^\d{4,12}$/.test(companyPrefix)) throw new RangeError('a company prefix has 4 to 12 digits')
  const digits = String(reference).padStart(17 - companyPrefix.length, '0')
  if (!Number.isSafeInteger(reference) || reference < 0 || digits.length > 17 - companyPrefix.length)
    throw new RangeError('the pallet number does not fit beside the company prefix')
  const all = digits[0] + companyPrefix + digits.slice(1)
  return all + checkDigit(all)
}

/** Identity of a box, `https://id.gs1.org/01/…/21/…`. */
export const boxUri = (gtin: string, serial: string): string =>
  formatDigitalLink({ key: ['01', gtin], qualifiers: [['21', serial]], attributes: [] })

/** Identity of a lot, `https://id.gs1.org/01/…/10/…`. */
export const lotUri = (gtin: string, lot: string): string =>
  formatDigitalLink({ key: ['01', gtin], qualifiers: [['10', lot]], attributes: [] })

/** Identity of a pallet, `https://id.gs1.org/00/…`. */
export const palletUri = (sscc: string): string =>
  formatDigitalLink({ key: ['00', sscc], qualifiers: [], attributes: [] })

/** What a box's QR code holds: the Digital Link on our own address, so that a phone opens the public page. */
export const boxLink = (
  publicUrl: string,
  { gtin, lot, serial }: { gtin: string; lot: string; serial: string },
): string =>
  formatDigitalLink(
    {
      key: ['01', gtin],
      qualifiers: [
        ['10', lot],
        ['21', serial],
      ],
      attributes: [],
    },
    publicUrl,
  )

/** What a pallet's QR code holds. */
export const palletLink = (publicUrl: string, sscc: string): string =>
  formatDigitalLink({ key: ['00', sscc], qualifiers: [], attributes: [] }, publicUrl)

/** What was scanned or typed: its kind, its one identity, and its parts where it has them. */
export interface ScannedCode {
  readonly kind: 'box' | 'lot' | 'goods' | 'pallet' | 'other'
  /** Canonical URI: one thing is one however it was spelled. */
  readonly uri: string
  readonly gtin?: string
  readonly lot?: string
  readonly serial?: string
  readonly sscc?: string
}

const kindOf = (elements: Elements): ScannedCode['kind'] => {
  if (elements.key[0] === '00') return 'pallet'
  if (elements.key[0] !== '01') return 'other'
  if (elementOf(elements, '21') !== undefined) return 'box'
  return elementOf(elements, '10') === undefined ? 'goods' : 'lot'
}

function elementsOf(text: string): ReturnType<typeof toElements> {
  if (/^https?:/i.test(text)) {
    const link = parseDigitalLink(text)
    return link.ok ? { ok: true, value: link.value.elements } : link
  }
  if (text.startsWith('urn:epc:')) {
    const epc = parseEpc(text)
    return epc.ok ? { ok: true, value: epcToElements(epc.value) } : epc
  }
  if (/^(\d{8}|\d{12,14})$/.test(text)) return toElements([['01', text.padStart(14, '0')]])
  if (/^\d{18}$/.test(text)) return toElements([['00', text]])
  return parseElementString(text)
}

const reasons: Readonly<Record<string, string>> = {
  'check-digit': '编码的校验位不对，请重新扫描或逐位核对',
  'not-a-link': '这个网址里没有商品编码，请扫描箱上的追溯码',
  length: '编码的位数不对，请重新扫描或核对',
}

/**
 * Reads a code as a camera, a scanner or a finger gives it: Digital Link on any domain, EPC URN, element string with or without
 * brackets, or the digits of a GTIN (8, 12, 13, 14) or SSCC (18). Codes that goods bring along are kept as they are.
 * @returns the code, or a Chinese sentence about what is wrong
 */
export function readCode(input: string): { ok: true; code: ScannedCode } | { ok: false; message: string } {
  const elements = elementsOf(input.trim())
  if (!elements.ok)
    return { ok: false, message: reasons[elements.rule] ?? '不是可以识别的追溯码，请扫描箱、托盘或批次上的编码' }
  const uri = canonicalUri(formatDigitalLink(elements.value))
  if (uri === null) return { ok: false, message: '不是可以识别的追溯码，请扫描箱、托盘或批次上的编码' }
  const part = (name: string, ai: string) => {
    const value = elementOf(elements.value, ai)
    return value === undefined ? {} : { [name]: value }
  }
  const parts = { ...part('gtin', '01'), ...part('lot', '10'), ...part('serial', '21'), ...part('sscc', '00') }
  return { ok: true, code: { kind: kindOf(elements.value), uri, ...parts } }
}

/** A label to be printed: what its QR code holds, and what people read. */
export interface Label {
  readonly link: string
  readonly title: string
  readonly lines: readonly string[]
  /** The code in figures, for when the picture cannot be read. */
  readonly code: string
  /** A pallet's 18 digits, for the bar code that logistics scanners expect. */
  readonly sscc?: string
}

/** What the boxes of one lot have in common. `grams` is a box's net mass; days are YYYY-MM-DD. */
export interface LabelledLot {
  readonly gtin: string
  readonly lot: string
  readonly goods: string
  readonly origin: string
  readonly importer: string
  readonly produced: string
  readonly expires: string
  readonly grams: number
}

/** Grams as kilograms with no zeros behind: 12500 is 12.5. */
export const kilograms = (grams: number): string => {
  const [whole, rest] = [Math.trunc(grams / 1000), Math.abs(grams % 1000)]
  const fraction = String(rest).padStart(3, '0').replace(/0+$/, '')
  return fraction === '' ? String(whole) : `${grams < 0 && whole === 0 ? '-' : ''}${whole}.${fraction}`
}

/** Label of a box of ours. */
export const boxLabel = (
  publicUrl: string,
  lot: LabelledLot,
  box: { readonly serial: string; readonly number: number; readonly of: number },
): Label => ({
  link: boxLink(publicUrl, { ...lot, serial: box.serial }),
  title: lot.goods,
  lines: [
    `批次 ${lot.lot}`,
    `产地 ${lot.origin}`,
    `生产 ${lot.produced}`,
    `到期 ${lot.expires}`,
    `净重 ${kilograms(lot.grams)} kg　第 ${box.number}/${box.of} 箱`,
    lot.importer,
  ],
  code: box.serial.replace(/(.{4})(?=.)/g, '$1 '),
})

/** Label of a pallet, with how many boxes of which lots stand on it. */
export const palletLabel = (
  publicUrl: string,
  pallet: {
    readonly sscc: string
    readonly goods: string
    readonly lots: readonly string[]
    readonly boxes: number
    readonly grams: number
    readonly holder: string
  },
): Label => ({
  link: palletLink(publicUrl, pallet.sscc),
  title: pallet.goods,
  lines: [
    `批次 ${pallet.lots[0] ?? ''}${pallet.lots.length > 1 ? ` 等 ${pallet.lots.length} 批` : ''}`,
    `共 ${pallet.boxes} 箱　${kilograms(pallet.grams)} kg`,
    pallet.holder,
  ],
  code: `(00)${pallet.sscc}`,
  sscc: pallet.sscc,
})
