import { createHash } from 'node:crypto'
import { canonicalUri } from '@vigil/epcis/identifier'

/** Longest text that an index holds as it is. */
const longest = 400
const prefix = 'ni:///sha-256;'
const suffix = '?ver=CBV2.0'

/** SHA-256 in hexadecimal, by the platform. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A text as an index holds it: itself, or its beginning and digest when it is too long for one. */
export const textKey = (text: string): string =>
  text.length <= longest ? text : `${text.slice(0, longest)}…${digest(text)}`

/** A URI as an index holds it: GS1 keys in their canonical spelling, others as they are. */
export const uriKey = (uri: string): string => textKey(canonicalUri(uri) ?? uri)

/** Bytes of an event hash ID; null when the text is none. */
export function hashBytes(id: string): Buffer | null {
  const hex = /^ni:\/\/\/sha-256;([0-9a-f]{64})\?ver=CBV2\.0$/.exec(id)?.[1]
  return hex === undefined ? null : Buffer.from(hex, 'hex')
}

/** Event hash ID of its bytes. */
export const hashId = (bytes: Buffer): string => `${prefix}${bytes.toString('hex')}${suffix}`
