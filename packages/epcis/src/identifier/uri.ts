import { parseDigitalLink } from './digital-link.ts'
import { parseEpc } from './epc.ts'

/** EPC schemes that are no GS1 keys (EPC Tag Data Standard 6.3): read as they are, with no Digital Link. */
const others: readonly RegExp[] = [
  /^urn:epc:id:gid:\d+\.\d+\.\d+$/,
  /^urn:epc:id:usdod:[A-HJ-NP-Z0-9]{5,6}\.\d+$/,
  /^urn:epc:id:adi:[A-HJ-NP-Z0-9]{5,6}\.(%2[3dDfF]|[A-Z0-9-])*\.(%2[3dDfF]|[A-Z0-9-])+$/,
  /^urn:epc:id:bic:[A-Z]{3}[JUZ]\d{7}$/,
  /^urn:epc:id:imovn:\d{7}$/,
]

/** What is wrong with a URI that claims to name a thing by a GS1 key. */
export interface UriProblem {
  readonly rule: 'malformed-epc' | 'malformed-digital-link'
  readonly message: string
}

/**
 * What is wrong with a URI as an EPC URN or GS1 Digital Link, or null. URIs that claim neither (UUIDs, other web addresses, private URNs)
 * are not judged: EPCIS allows them.
 */
export function uriProblem(uri: string): UriProblem | null {
  if (/^urn:epc:(id|class|idpat|pat|tag|raw):/i.test(uri)) {
    if (others.some((pattern) => pattern.test(uri))) return null
    const epc = parseEpc(uri)
    return epc.ok ? null : { rule: 'malformed-epc', message: epc.message }
  }
  if (!/^https?:/i.test(uri)) return null
  const link = parseDigitalLink(uri)
  if (link.ok || (link.rule === 'not-a-link' && !claimsKey(uri))) return null
  return { rule: 'malformed-digital-link', message: link.message }
}

/** On GS1's own domain the first step is meant as a key whatever stands there. */
const claimsKey = (uri: string): boolean => /^https?:\/\/id\.gs1\.org\/\d{2,4}(\/|$)/i.test(uri)
