import { type Element, readElements } from './elements.ts'

/** What was scanned: its kind and its one identity, however it was spelled. */
export type Scanned =
  | { readonly kind: 'box' | 'lot' | 'goods'; readonly uri: string; readonly gtin: string; readonly part: string }
  | { readonly kind: 'pallet'; readonly uri: string }
  /** Exit certificate of this city. */
  | { readonly kind: 'certificate'; readonly token: string }
  /** Nothing that the cold chain knows, such as another province's certificate. */
  | { readonly kind: 'other'; readonly text: string }

const stem = 'https://id.gs1.org'
const escaped = (text: string) =>
  text.replace(/[^A-Za-z0-9\-._~';=]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

/** Modulo-10 check digit over the digits before it (GS1 General Specifications 7.9). */
export function checkDigit(digits: string): string {
  let sum = 0
  for (let i = 0; i < digits.length; i++) sum += Number(digits.charAt(digits.length - 1 - i)) * (i % 2 === 0 ? 3 : 1)
  return String((10 - (sum % 10)) % 10)
}
const holds = (number: string, length: number) =>
  number.length === length && /^\d+$/.test(number) && checkDigit(number.slice(0, -1)) === number.slice(-1)

function ofElements(elements: readonly Element[]): Scanned | null {
  const all = (ai: string) => elements.filter(([each]) => each === ai).map(([, value]) => value)
  const [gtin, sscc, serial, lot] = ['01', '00', '21', '10'].map((ai) => all(ai)[0])
  if (new Set(elements.map(([ai]) => ai)).size !== elements.length) return null
  if (sscc !== undefined)
    return gtin === undefined && holds(sscc, 18) ? { kind: 'pallet', uri: `${stem}/00/${sscc}` } : null
  if (gtin === undefined || !holds(gtin, 14)) return null
  const bad = (value: string | undefined) =>
    value !== undefined && !/^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$/.test(value)
  if (bad(serial) || bad(lot)) return null
  const base = `${stem}/01/${gtin}`
  if (serial !== undefined) return { kind: 'box', uri: `${base}/21/${escaped(serial)}`, gtin, part: serial }
  if (lot !== undefined) return { kind: 'lot', uri: `${base}/10/${escaped(lot)}`, gtin, part: lot }
  return { kind: 'goods', uri: base, gtin, part: '' }
}

const names: Readonly<Record<string, string>> = { gtin: '01', sscc: '00', lot: '10', ser: '21', cpv: '22' }

function unescaped(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** A GS1 Digital Link on any domain, ours or another's. */
function ofLink(text: string): Scanned | null {
  const path = text.replace(/^https?:\/\/[^/?#]+/i, '').replace(/[?#].*$/, '')
  const segments = path.split('/').filter((segment, i, all) => i > 0 && (segment !== '' || i < all.length - 1))
  const token = segments.length === 2 && segments[0] === 'z' ? segments[1] : undefined
  if (token !== undefined && token.length >= 40) return { kind: 'certificate', token }
  const start = segments.findIndex(
    (name, i) => /^(01|00|gtin|sscc)$/.test(name) && /^\d{4}/.test(segments[i + 1] ?? ''),
  )
  if (start < 0 || (segments.length - start) % 2 !== 0) return null
  const elements: Element[] = []
  for (let i = start; i < segments.length; i += 2) {
    const ai = names[segments[i] ?? ''] ?? segments[i] ?? ''
    const value = unescaped(segments[i + 1] ?? '')
    if (value === null || value === '') return null
    elements.push([ai, ai === '01' && /^(\d{8}|\d{12,13})$/.test(value) ? `000000${value}`.slice(-14) : value])
  }
  return ofElements(elements)
}

/** An EPC URN of a box, a lot or a pallet (EPC Tag Data Standard 6.3). */
function ofUrn(text: string): Scanned | null {
  const match = /^urn:epc:(id:sgtin|class:lgtin|id:sscc):(\d{4,12})\.(\d+)(?:\.(.+))?$/.exec(text)
  if (!match) return null
  const [, scheme, prefix = '', item = '', rest] = match
  const digits = item.charAt(0) + prefix + item.slice(1)
  if (scheme === 'id:sscc') return ofElements([['00', digits + checkDigit(digits)]])
  const value = unescaped(rest ?? '')
  if (!value) return null
  return ofElements([
    ['01', digits + checkDigit(digits)],
    [scheme === 'id:sgtin' ? '21' : '10', value],
  ])
}

/**
 * Reads a code as a camera, a scanner or a finger gives it: GS1 Digital Link on any domain, EPC URN, element string with or without
 * brackets, digits of a GTIN or SSCC, or our exit certificate's address. What is none of these is kept as it is.
 */
export function readCode(input: string): Scanned {
  const text = input.trim().replace(/^\][A-Za-z]\d(?=https?:)/, '')
  const read = () => {
    if (/^https?:/i.test(text)) return ofLink(text)
    if (/^urn:epc:/.test(text)) return ofUrn(text)
    if (/^(\d{8}|\d{12,14})$/.test(text)) return ofElements([['01', `000000${text}`.slice(-14)]])
    if (/^\d{18}$/.test(text)) return ofElements([['00', text]])
    const elements = readElements(text)
    return elements && ofElements(elements)
  }
  return read() ?? { kind: 'other', text }
}
