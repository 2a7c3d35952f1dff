import {
  canonicalUri,
  elementOf,
  epcToElements,
  formatDigitalLink,
  parseDigitalLink,
  parseElementString,
  parseEpc,
  toElements,
} from '@vigil/epcis/identifier'

/** What was scanned: its kind and its one identity, however it was spelled. */
export type Scanned =
  | { readonly kind: 'box' | 'lot' | 'goods'; readonly uri: string; readonly gtin: string; readonly part: string }
  | { readonly kind: 'pallet'; readonly uri: string }
  /** Exit certificate of this city. */
  | { readonly kind: 'certificate'; readonly token: string }
  /** Nothing that the cold chain knows, such as another province's certificate. */
  | { readonly kind: 'other'; readonly text: string }

function elementsOf(text: string): ReturnType<typeof toElements> {
  if (/^https?:/i.test(text)) {
    const link = parseDigitalLink(text)
    return link.ok ? { ok: true, value: link.value.elements } : link
  }
  if (/^urn:epc:/.test(text)) {
    const epc = parseEpc(text)
    return epc.ok ? { ok: true, value: epcToElements(epc.value) } : epc
  }
  if (/^(\d{8}|\d{12,14})$/.test(text)) return toElements([['01', `000000${text}`.slice(-14)]])
  if (/^\d{18}$/.test(text)) return toElements([['00', text]])
  return parseElementString(text)
}

/**
 * Reads a code as a camera, a scanner or a finger gives it: GS1 Digital Link on any domain, EPC URN, element string with or without
 * brackets, digits of a GTIN or SSCC, or our exit certificate's address. What is none of these is kept as it is.
 */
export function readCode(input: string): Scanned {
  const text = input.trim().replace(/^\][A-Za-z]\d(?=https?:)/, '')
  const token = /^https?:\/\/[^/?#]+\/z\/([^/?#]{40,})\/?(?:[?#]|$)/i.exec(text)?.[1]
  if (token !== undefined) return { kind: 'certificate', token }
  const elements = elementsOf(text)
  const uri = elements.ok ? canonicalUri(formatDigitalLink(elements.value)) : null
  if (!elements.ok || uri === null) return { kind: 'other', text }
  const [ai, gtin] = elements.value.key
  if (ai === '00') return { kind: 'pallet', uri }
  if (ai !== '01') return { kind: 'other', text }
  const [serial, lot] = [elementOf(elements.value, '21'), elementOf(elements.value, '10')]
  const kind = serial !== undefined ? 'box' : lot !== undefined ? 'lot' : 'goods'
  return { kind, uri, gtin, part: serial ?? lot ?? '' }
}
