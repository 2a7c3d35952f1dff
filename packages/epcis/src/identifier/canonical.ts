import { brokenAiRule, findAi } from './ai.ts'
import { formatDigitalLink, splitDigitalLink } from './digital-link.ts'
import type { Element } from './elements.ts'
import { epcToElements, parseEpc } from './epc.ts'

const finest: Readonly<Record<string, readonly string[]>> = {
  '01': ['21', '235', '10'],
  '414': ['254'],
  '8006': ['21', '10'],
  '8010': ['8011'],
}

/**
 * Constrained canonical GS1 Digital Link (CBV 2.0, 8.9.2) of an EPC URN or of a Digital Link on any domain: `https://id.gs1.org`, only
 * the finest qualifier, no query. Null for everything else. Check digits are not judged: two spellings of a wrong key are one key.
 */
export function canonicalUri(uri: string): string | null {
  if (uri.startsWith('urn:epc:')) {
    const epc = parseEpc(uri)
    return epc.ok ? formatDigitalLink(epcToElements(epc.value)) : null
  }
  if (!/^https?:/i.test(uri)) return null
  const link = splitDigitalLink(uri)
  if (!link.ok) return null
  const [key, ...others] = link.value.path as [Element, ...Element[]]
  const wrong = ([ai, value]: Element) => /length|digits|characters/.test(brokenAiRule(findAi(ai)!, value) ?? '')
  if (link.value.path.some(wrong)) return null
  const qualifier = finest[key[0]]?.map((ai) => others.find(([each]) => each === ai)).find((each) => each)
  return formatDigitalLink({ key, qualifiers: qualifier ? [qualifier] : [], attributes: [] })
}
