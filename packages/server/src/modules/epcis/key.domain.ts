import { sha256 } from '@vigil/epcis/hash'
import { canonicalUri } from '@vigil/epcis/identifier'

/** Beginning of year 1, before which PostgreSQL counts otherwise; milliseconds since 1970. */
export const firstYear = Date.parse('0001-01-01T00:00:00Z')
/** Longest text that an index holds as it is. */
const longest = 400
const prefix = 'ni:///sha-256;'
const suffix = '?ver=CBV2.0'

/** A text as an index holds it: itself, or its beginning and digest when it is too long for one. */
export const textKey = (text: string): string =>
  text.length <= longest ? text : `${text.slice(0, longest)}…${sha256(text)}`

/** Key of a URI that seldom comes again, as that of a single thing: remembering it costs more than reading it. */
export const thingKey = (uri: string): string => textKey(canonicalUri(uri) ?? uri)

/** Places, parties and classes come again and again. */
const keys = new Map<string, string>()
const mostKeys = 20_000

/** A URI as an index holds it: GS1 keys in their canonical spelling, others as they are. */
export function uriKey(uri: string): string {
  const known = keys.get(uri)
  if (known !== undefined) return known
  const key = thingKey(uri)
  if (keys.size >= mostKeys) keys.clear()
  keys.set(uri, key)
  return key
}

/** Bytes of an event hash ID; null when the text is none. */
export function hashBytes(id: string): Buffer | null {
  const hex = /^ni:\/\/\/sha-256;([0-9a-f]{64})\?ver=CBV2\.0$/.exec(id)?.[1]
  return hex === undefined ? null : Buffer.from(hex, 'hex')
}

/** Event hash ID of its bytes. */
export const hashId = (bytes: Buffer): string => `${prefix}${bytes.toString('hex')}${suffix}`
