import { type EpcisQueryDocument, epcisContext, type Json } from '@vigil/epcis/document'
import { writeXml, XmlWriteError } from '@vigil/epcis/xml'
import { exception } from './exception.ts'

/** An event as it is kept: its JSON text without a context, and what its context holds beyond the one of EPCIS. */
export interface KeptEvent {
  readonly doc: string
  readonly context: readonly Json[] | null
}

type Prefixes = Record<string, Json>
const isPrefixes = (entry: Json): entry is Prefixes =>
  entry !== null && typeof entry === 'object' && !Array.isArray(entry)

/**
 * One context for all events where they agree. An event whose prefixes mean something else than another's keeps its own.
 */
export function joinContexts(events: readonly KeptEvent[]): {
  readonly context: Json
  readonly events: readonly string[]
} {
  const prefixes: Prefixes = {}
  const addresses = new Set<string>()
  const written = events.map(({ doc, context }) => {
    if (context === null) return doc
    const clash = context
      .filter(isPrefixes)
      .some((entry) =>
        Object.entries(entry).some(
          ([name, value]) => Object.hasOwn(prefixes, name) && JSON.stringify(prefixes[name]) !== JSON.stringify(value),
        ),
      )
    if (clash) return `{"@context":${JSON.stringify(context)},${doc.slice(1)}`
    for (const entry of context)
      if (isPrefixes(entry)) Object.assign(prefixes, entry)
      else if (typeof entry === 'string') addresses.add(entry)
    return doc
  })
  const more = [...addresses, ...(Object.keys(prefixes).length > 0 ? [prefixes] : [])]
  return { context: more.length > 0 ? [epcisContext, ...more] : [epcisContext], events: written }
}

/** A query document in JSON. @param now when it is made */
export function queryDocument(
  events: readonly KeptEvent[],
  { queryName, subscriptionID, now }: { queryName: string; subscriptionID?: string; now: Date },
): string {
  const joined = joinContexts(events)
  const head = JSON.stringify({
    '@context': joined.context,
    type: 'EPCISQueryDocument',
    schemaVersion: '2.0',
    creationDate: now.toISOString(),
  })
  const about = JSON.stringify({ queryName, ...(subscriptionID && { subscriptionID }) })
  return `${head.slice(0, -1)},"epcisBody":{"queryResults":${about.slice(0, -1)},"resultsBody":{"eventList":[${joined.events.join(',')}]}}}}`
}

/** The same in XML. @throws Problem 406 when an extension has no way to be written as XML */
export function asXml(document: string): string {
  try {
    return writeXml(JSON.parse(document) as EpcisQueryDocument)
  } catch (error) {
    if (error instanceof XmlWriteError) throw exception('NotAcceptableException', `无法写成 XML：${error.message}`)
    throw error
  }
}
