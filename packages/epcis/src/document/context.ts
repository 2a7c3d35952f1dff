import type { Context, Json } from './types.ts'

/** Address of the JSON-LD context of EPCIS 2.0. */
export const epcisContext = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'

/** Prefixes that the EPCIS context itself defines. */
export const standardPrefixes: Readonly<Record<string, string>> = {
  epcis: 'https://ref.gs1.org/epcis/',
  cbv: 'https://ref.gs1.org/cbv/',
  cbvmda: 'urn:epcglobal:cbv:mda:',
  gs1: 'https://gs1.org/voc/',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  owl: 'http://www.w3.org/2002/07/owl#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  dcterms: 'http://purl.org/dc/terms/',
}

/** Namespaces by prefix. */
export type Namespaces = ReadonlyMap<string, string>

const standard: Namespaces = new Map(Object.entries(standardPrefixes))

/**
 * Prefixes that hold where these contexts are in force, outermost first. Contexts given by address are not fetched: they bring the
 * prefixes of the EPCIS context, which hold anyway.
 */
export function namespacesOf(...contexts: readonly (Context | undefined)[]): Namespaces {
  const entries = contexts.flatMap((context) => [context ?? []].flat() as readonly Json[]).flatMap(prefixes)
  return entries.length === 0 ? standard : new Map([...standard, ...entries])
}

function prefixes(context: Json): [string, string][] {
  if (context === null || typeof context !== 'object' || Array.isArray(context)) return []
  return Object.entries(context).flatMap(([prefix, value]): [string, string][] => {
    const id =
      value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as { '@id'?: Json })['@id'] : value
    return typeof id === 'string' && !prefix.startsWith('@') ? [[prefix, id]] : []
  })
}

/** A compact name in its two parts: the namespace that its prefix stands for, and what follows. Null without a known prefix. */
export function splitName(name: string, namespaces: Namespaces): { namespace: string; local: string } | null {
  const colon = name.indexOf(':')
  const namespace = colon < 0 ? undefined : namespaces.get(name.slice(0, colon))
  return namespace === undefined ? null : { namespace, local: name.slice(colon + 1) }
}

/** Compact URI as the whole URI; anything else as it is. */
export function expandCurie(value: string, namespaces: Namespaces): string {
  const split = splitName(value, namespaces)
  return split && !split.local.startsWith('//') ? split.namespace + split.local : value
}
