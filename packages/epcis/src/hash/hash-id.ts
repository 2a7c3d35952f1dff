import { eventsOf, type ReadDocument } from '../document/index.ts'
import type { EpcisEvent } from '../document/types.ts'
import { type PrehashOptions, prehash } from './prehash.ts'
import { type Sha256, sha256 } from './sha256.ts'

/** `digest` is the built-in SHA-256 unless given. */
export interface HashOptions extends PrehashOptions {
  readonly digest?: Sha256
}

/** Hash ID of an event (CBV 2.0, 8.9): `ni:///sha-256;…?ver=CBV2.0` (RFC 6920). */
export function eventHashId(event: EpcisEvent, options: HashOptions = {}): string {
  return hashIdOf(prehash(event, options), options.digest)
}

/** Hash ID of a pre-hash string. */
export const hashIdOf = (text: string, digest: Sha256 = sha256): string => `ni:///sha-256;${digest(text)}?ver=CBV2.0`

/** Extensions that a document asks to leave out of the hashes: entries of any property of it whose local name is `ignoreFields`. */
export function ignoredFields(document: object): ReadonlySet<string> {
  const lists = Object.entries(document).filter(([name]) => name.endsWith(':ignoreFields'))
  return new Set(
    lists.flatMap(([, value]) => (Array.isArray(value) ? value : [value])).filter((name) => typeof name === 'string'),
  )
}

/** Hash IDs of a valid document's events, in their order. */
export function documentHashIds(document: ReadDocument['document'], digest?: Sha256): string[] {
  const ignore = ignoredFields(document)
  return eventsOf(document).map(({ event, namespaces }) =>
    eventHashId(event, { namespaces, ignore, ...(digest ? { digest } : {}) }),
  )
}
