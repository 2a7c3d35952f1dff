import { addDays, type Day, daysBetween, isUuidv7 } from '@vigil/codes'
import type { Signer } from '../../kernel/audit/index.ts'

/** Purpose under which the vault derives the seed of the key that signs exit certificates: `vault.deriveSecret(certificatePurpose)`. */
export const certificatePurpose = 'exit-certificate-key'

/** What an exit certificate binds. */
export interface ExitCertificate {
  /** As printed, at most 60 bytes. */
  readonly number: string
  /** Release under which the goods leave, a UUID. */
  readonly release: string
  readonly gtin: string
  readonly lot: string
  readonly grams: number
  readonly boxes: number
  /** Code of the supervised warehouse. */
  readonly warehouse: string
  readonly issuedOn: Day
  /** SHA-256 of `evidenceText`, 64 hexadecimal digits: documents and results that the release rests on. */
  readonly digest: string
}

/**
 * Documents and results in the one order and spelling over which the digest is taken: who has the papers can check that they are the
 * ones that were looked at.
 */
export function evidenceText(
  documents: readonly { readonly kind: string; readonly number: string; readonly sha256: string }[],
  results: readonly { readonly subject: string; readonly code: string; readonly result: string }[],
): string {
  const lines = [
    ...documents.map(({ kind, number, sha256 }) => JSON.stringify(['document', kind, number, sha256.toLowerCase()])),
    ...results.map(({ subject, code, result }) => JSON.stringify(['result', subject, code, result])),
  ]
  return `vigil-exit-evidence-1\n${lines.sort().join('\n')}\n`
}

const version = 1
const firstDay = '2020-01-01'
const signatureBytes = 64

/** Whole numbers in groups of seven bits, the lowest first (LEB128). */
function varint(value: number): number[] {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a whole number: ${value}`)
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
  return [...bytes, rest]
}

function payloadOf(certificate: ExitCertificate, keyId: string): Buffer {
  const text = (value: string) => {
    const bytes = Buffer.from(value, 'utf8')
    if (bytes.length > 60) throw new RangeError(`too long for a certificate: ${value}`)
    return [bytes.length, ...bytes]
  }
  if (!isUuidv7(certificate.release)) throw new RangeError('the release is not a UUID')
  if (!/^\d{14}$/.test(certificate.gtin)) throw new RangeError('the GTIN has not 14 digits')
  if (!/^[0-9a-f]{64}$/.test(certificate.digest)) throw new RangeError('the digest is not a SHA-256')
  if (!/^[0-9a-f]{16}$/.test(keyId)) throw new RangeError('the key id has not 16 hexadecimal digits')
  return Buffer.from([
    version,
    ...Buffer.from(keyId, 'hex'),
    ...Buffer.from(certificate.release.replaceAll('-', ''), 'hex'),
    ...Buffer.from(certificate.digest, 'hex'),
    ...varint(daysBetween(firstDay, certificate.issuedOn)),
    ...varint(certificate.grams),
    ...varint(certificate.boxes),
    ...varint(Number(certificate.gtin)),
    ...text(certificate.lot),
    ...text(certificate.warehouse),
    ...text(certificate.number),
  ])
}

/** What is signed: the payload's text under a name of its own, so that no signature of another purpose passes here. */
const signedText = (payload: Uint8Array): string =>
  `vigil-exit-certificate-${version}\n${Buffer.from(payload).toString('base64url')}`

/**
 * Token of a certificate: payload and Ed25519 signature in some 250 signs of base64url. It needs no look-up: who has the public key can
 * read and check it without a network.
 * @throws RangeError for what does not fit a certificate
 */
export function certificateToken(certificate: ExitCertificate, signer: Pick<Signer, 'keyId' | 'sign'>): string {
  const payload = payloadOf(certificate, signer.keyId)
  return Buffer.concat([payload, signer.sign(signedText(payload))]).toString('base64url')
}

/** What the QR code on the paper holds: the page that checks the token, on our own address. */
export const certificateUrl = (publicUrl: string, token: string): string => `${publicUrl}/z/${token}`

/** A token taken apart, its signature not yet checked. */
export interface ReadToken {
  readonly certificate: ExitCertificate
  readonly keyId: string
  /** What the signature must be of. */
  readonly signed: string
  readonly signature: Uint8Array
}

class Bytes {
  #at = 0
  readonly #bytes: Buffer
  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }
  take(count: number): Buffer {
    if (this.#at + count > this.#bytes.length) throw new RangeError('the token is cut off')
    this.#at += count
    return this.#bytes.subarray(this.#at - count, this.#at)
  }
  varint(): number {
    let value = 0
    for (let scale = 1; scale < 2 ** 53; scale *= 128) {
      const byte = this.take(1)[0]!
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
    throw new RangeError('a number is too large')
  }
  text(): string {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.take(this.take(1)[0]!))
  }
  get done(): boolean {
    return this.#at === this.#bytes.length
  }
}

/** Reads a token, alone or at the end of a web address; null when the text is none. */
export function readToken(text: string): ReadToken | null {
  const token = text
    .trim()
    .replace(/[?#].*$/, '')
    .split('/')
    .at(-1)!
  const bytes = Buffer.from(token, 'base64url')
  // The decoder passes over stray signs and bits: a token has one spelling only.
  if (bytes.length <= signatureBytes || bytes.toString('base64url') !== token) return null
  const payload = bytes.subarray(0, -signatureBytes)
  try {
    const read = new Bytes(payload)
    if (read.take(1)[0] !== version) return null
    const keyId = read.take(8).toString('hex')
    const release = read
      .take(16)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    const digest = read.take(32).toString('hex')
    const issuedOn = addDays(firstDay, read.varint())
    const [grams, boxes] = [read.varint(), read.varint()]
    const gtin = String(read.varint()).padStart(14, '0')
    const [lot, warehouse, number] = [read.text(), read.text(), read.text()]
    if (!read.done) return null
    return {
      certificate: { number, release, gtin, lot, grams, boxes, warehouse, issuedOn, digest },
      keyId,
      signed: signedText(payload),
      signature: bytes.subarray(-signatureBytes),
    }
  } catch {
    // Cut off, not UTF-8, or a day beyond the calendar: not a token.
    return null
  }
}

/** A public key that has signed certificates. */
export interface CertificateKey {
  readonly keyId: string
  isSigned(text: string, signature: Uint8Array): boolean
}

export type PaperState = 'valid' | 'withdrawn' | 'replaced'
export type CertificateState = PaperState | 'unknown' | 'forged'

/**
 * Where a certificate stands that was issued under a release: withdrawn when that is how the lot stands now, replaced when the lot was
 * withdrawn and then released anew, which gives papers of its own.
 * @param releases releases and withdrawals of the lot, the oldest first
 */
export function paperState(
  release: string,
  releases: readonly { readonly id: string; readonly kind: 'release' | 'withdraw' }[],
): PaperState {
  const last = releases.at(-1)
  if (last?.kind !== 'release') return 'withdrawn'
  return last.id === release ? 'valid' : 'replaced'
}

/** What the register says of a release; null when it has none of that id. */
export type CertificateRecord = { readonly certificate: ExitCertificate; readonly state: PaperState } | null

/** A verdict with what the token says; without a network a withdrawal cannot be known (`offline`). */
export interface CertificateVerdict {
  readonly state: CertificateState
  readonly certificate: ExitCertificate | null
  readonly offline: boolean
}

/**
 * Judges a certificate. Unknown: no token of ours, a key that is not among these, or a release that the register does not have. Forged: the
 * signature is not of what it says, or the register says otherwise. Withdrawn or replaced: the release was taken back later.
 * @param record what the register says of the token's release; undefined when it cannot be asked
 */
export function judgeCertificate(
  text: string,
  keys: readonly CertificateKey[],
  record?: (release: string) => CertificateRecord,
): CertificateVerdict {
  const offline = record === undefined
  const token = readToken(text)
  if (!token) return { state: 'unknown', certificate: null, offline }
  const { certificate } = token
  const key = keys.find(({ keyId }) => keyId === token.keyId)
  if (!key) return { state: 'unknown', certificate: null, offline }
  if (!key.isSigned(token.signed, token.signature)) return { state: 'forged', certificate: null, offline }
  if (!record) return { state: 'valid', certificate, offline }
  const known = record(certificate.release)
  if (!known) return { state: 'unknown', certificate, offline }
  const same = (Object.keys(certificate) as (keyof ExitCertificate)[]).every(
    (name) => certificate[name] === known.certificate[name],
  )
  if (!same) return { state: 'forged', certificate, offline }
  return { state: known.state, certificate, offline }
}
