import { type Read, read, refuse } from '../result.ts'
import { applicationIdentifiers, findAi } from './ai.ts'
import { escapeLink, unescapePercent } from './characters.ts'
import { type Element, type Elements, toElements } from './elements.ts'

/** Domain of canonical GS1 Digital Link URIs. */
export const canonicalStem = 'https://id.gs1.org'

/** A GS1 Digital Link: its elements and what stands before the key (`https://example.com/some/path`). */
export interface DigitalLink {
  readonly stem: string
  readonly elements: Elements
}

/** GS1 Digital Link URI of a key; attributes go into the query. */
export function formatDigitalLink({ key, qualifiers, attributes }: Elements, stem = canonicalStem): string {
  const path = [key, ...qualifiers].map(([ai, value]) => `/${ai}/${escapeLink(value)}`).join('')
  const query = attributes.map(([ai, value]) => `${ai}=${escapeLink(value)}`).join('&')
  return `${stem}${path}${query ? `?${query}` : ''}`
}

const httpUri = /^(https?:\/\/[^/?#\s]+)((?:\/[^/?#\s]*)*)(?:\?([^#\s]*))?(?:#\S*)?$/i

/** Path and query of a web address as application identifiers, their values not looked at yet. */
export function splitDigitalLink(uri: string): Read<{ stem: string; path: Element[]; query: Element[] }> {
  const match = httpUri.exec(uri)
  if (!match) return refuse('not-a-link', 'the text is not a web address')
  const segments = match[2]!.split('/').slice(1)
  if (segments[segments.length - 1] === '') segments.pop()
  const start = segments.findIndex((name, i) => findAi(name)?.qualifiers && looksLikeKey(segments[i + 1]))
  if (start < 0) return refuse('not-a-link', 'the address has no GS1 key in its path')
  const path = pairs(segments.slice(start))
  if (!path) return refuse('path', 'the key is not followed by pairs of its qualifiers in order')
  const query = (match[3] ?? '').split(/[&;]/).flatMap((part): Element[] => {
    const [ai, value] = part.split('=', 2)
    const text = unescapePercent(value ?? '')
    return ai && text && applicationIdentifiers.has(ai) ? [[ai, text]] : []
  })
  return read({
    stem:
      match[1]! +
      segments
        .slice(0, start)
        .map((each) => `/${each}`)
        .join(''),
    path,
    query,
  })
}

/**
 * Reads a GS1 Digital Link URI (uncompressed) on any domain, with path before the key and short names allowed; a GTIN may
 * have 8, 12, 13 or 14 digits and is read as 14. Error rules: `not-a-link` (no key in the path: any other web address), `path`
 * (what follows the key is not pairs of its qualifiers in order), and those of `toElements`.
 */
export function parseDigitalLink(uri: string): Read<DigitalLink> {
  const parts = splitDigitalLink(uri)
  if (!parts.ok) return parts
  const elements = toElements([...parts.value.path, ...parts.value.query])
  return elements.ok ? read({ stem: parts.value.stem, elements: elements.value }) : elements
}

const looksLikeKey = (value: string | undefined): boolean => value !== undefined && /^\d{4}/.test(value)

function pairs(segments: readonly string[]): Element[] | null {
  if (segments.length % 2 !== 0) return null
  const elements: Element[] = []
  for (let i = 0; i < segments.length; i += 2) {
    const ai = findAi(segments[i]!)?.ai
    const value = unescapePercent(segments[i + 1]!)
    if (!ai || !value) return null
    elements.push([ai, ai === '01' && /^(\d{8}|\d{12,13})$/.test(value) ? value.padStart(14, '0') : value])
  }
  const order = applicationIdentifiers.get(elements[0]![0])!.qualifiers!
  const names = elements.slice(1).map(([ai]) => ai)
  // These stand alone: `22,10,21|235`, `254|7040` in GS1's syntax dictionary.
  if (names.length > 1 && names.some((ai) => ai === '235' || ai === '7040')) return null
  const ranks = names.map((ai) => order.indexOf(ai))
  return ranks.every((rank, i) => rank > (ranks[i - 1] ?? -1)) ? elements : null
}
