import { canonicalUri } from '@vigil/epcis/identifier'
import { uriKey } from './key.domain.ts'
import type { Match } from './query.domain.ts'

const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
const domain = 'https:\\/\\/id\\.gs1\\.org\\/'

/** One part of a pattern: a literal, or anything that can stand there. */
const part = (text: string, any: string): string => (text === '*' ? any : quoted(decodeURIComponent(text)))

/**
 * Pure identity patterns (EPC Tag Data Standard, 8) over canonical Digital Links. In a Digital Link the indicator or
 * extension digit stands before the company prefix, and a check digit at the end.
 */
const schemes: Readonly<Record<string, (parts: readonly string[]) => string>> = {
  sgtin: ([prefix = '', item = '', serial = '']) =>
    `01\\/${indicated(prefix, item)}\\d\\/21\\/${part(serial, '[^/]+')}`,
  lgtin: ([prefix = '', item = '', lot = '']) => `01\\/${indicated(prefix, item)}\\d\\/10\\/${part(lot, '[^/]+')}`,
  sscc: ([prefix = '', serial = '']) => `00\\/${indicated(prefix, serial)}\\d`,
  sgln: ([prefix = '', location = '', extension = '']) =>
    `414\\/${part(prefix, '\\d*')}${part(location, '\\d*')}\\d${extension === '0' ? '' : extension === '*' ? '(\\/254\\/[^/]+)?' : `\\/254\\/${part(extension, '')}`}`,
  grai: ([prefix = '', asset = '', serial = '']) =>
    `8003\\/0${part(prefix, '\\d*')}${part(asset, '\\d*')}\\d${part(serial, '[^/]*')}`,
  gdti: ([prefix = '', document = '', serial = '']) =>
    `253\\/${part(prefix, '\\d*')}${part(document, '\\d*')}\\d${part(serial, '[^/]*')}`,
  giai: ([prefix = '', asset = '']) => `8004\\/${part(prefix, '\\d*')}${part(asset, '[^/]+')}`,
}

/** A reference whose first digit stands before the company prefix. */
function indicated(prefix: string, reference: string): string {
  const company = part(prefix, '\\d*')
  return reference === '*'
    ? `\\d${company}\\d*`
    : `${quoted(reference.slice(0, 1))}${company}${quoted(reference.slice(1))}`
}

const patternUrn = /^urn:epc:(?:idpat|class):([a-z]+):(.+)$/

/**
 * What a MATCH parameter's values stand for: a thing by any of its spellings; a pattern with `*` for what fits it; a pattern that
 * names a class, as that class, too.
 */
export function matchOf(uris: readonly string[], isClass: boolean): Match {
  const values: string[] = []
  const patterns: string[] = []
  for (const uri of uris) {
    const [, scheme, rest] = patternUrn.exec(uri) ?? []
    const pattern = scheme && rest?.includes('*') ? schemes[scheme]?.(rest.split('.')) : undefined
    // A pattern of all serials of one item is the name of a class, too.
    if (pattern && !(isClass && canonicalUri(uri) !== null)) patterns.push(`^${domain}${pattern}$`)
    else values.push(uriKey(uri))
  }
  return { values, patterns }
}
