/** What an exit certificate says, as its QR code holds it. */
export interface CertificateFacts {
  readonly number: string
  readonly lot: string
  readonly gtin: string
  readonly grams: number
  readonly boxes: number
  /** Code of the supervised warehouse. */
  readonly warehouse: string
  readonly issuedOn: string
}

/** A token taken apart, its signature not yet checked. */
export interface ReadToken {
  readonly facts: CertificateFacts
  /** First 16 hexadecimal digits of the SHA-256 of the public key. */
  readonly keyId: string
  /** The text that the signature must be of. */
  readonly signed: string
  readonly signature: Uint8Array<ArrayBuffer>
}

const signatureBytes = 64
const version = 1

/** Bytes of base64url without padding; null for anything else, and for a second spelling of the same bytes. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]+$/.test(text)) return null
  try {
    const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
    const bytes = new Uint8Array(binary.length)
    for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at)
    return base64url(bytes) === text ? bytes : null
  } catch {
    return null
  }
}

function base64url(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at++) binary += String.fromCharCode(bytes[at]!)
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

export const hexOf = (bytes: Uint8Array): string =>
  Array.prototype.map.call(bytes, (byte: number) => `0${byte.toString(16)}`.slice(-2)).join('')

/** The same layout as certificate.domain.ts of the server writes; its test holds the two together. */
function factsOf(payload: Uint8Array): { readonly facts: CertificateFacts; readonly keyId: string } | null {
  let at = 0
  const take = (count: number): Uint8Array => {
    if (at + count > payload.length) throw new RangeError('cut off')
    at += count
    return payload.subarray(at - count, at)
  }
  const varint = (): number => {
    let value = 0
    for (let scale = 1; scale < 9007199254740992; scale *= 128) {
      const byte = take(1)[0]!
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
    throw new RangeError('too large')
  }
  const text = () => new TextDecoder('utf-8', { fatal: true }).decode(take(take(1)[0]!))
  if (take(1)[0] !== version) return null
  const keyId = hexOf(take(8))
  take(16 + 32) // release and digest of the evidence: for the register alone
  const issuedOn = new Date(Date.UTC(2020, 0, 1 + varint())).toISOString().slice(0, 10)
  const [grams, boxes] = [varint(), varint()]
  const gtin = `0000000000000${varint()}`.slice(-14)
  const [lot, warehouse, number] = [text(), text(), text()]
  return at === payload.length ? { facts: { number, lot, gtin, grams, boxes, warehouse, issuedOn }, keyId } : null
}

/** Reads a token, alone or at the end of a web address; null when the text is none. */
export function readToken(text: string): ReadToken | null {
  const token =
    text
      .trim()
      .replace(/[?#].*$/, '')
      .replace(/\/$/, '')
      .split('/')
      .pop() ?? ''
  const bytes = bytesOf(token)
  if (!bytes || bytes.length <= signatureBytes) return null
  const payload = bytes.subarray(0, bytes.length - signatureBytes)
  try {
    const read = factsOf(payload)
    const signed = `vigil-exit-certificate-${version}\n${base64url(payload)}`
    return read && { ...read, signed, signature: bytes.slice(bytes.length - signatureBytes) }
  } catch {
    // Cut off, not UTF-8, or a day beyond the calendar.
    return null
  }
}
