import {
  type EpcisQueryDocument,
  epcisContext,
  type Json,
  standardPrefixes,
  toTermUrn,
  toWebUri,
} from '@vigil/epcis/document'
import { writeXml, XmlWriteError } from '@vigil/epcis/xml'
import { exception } from './exception.ts'
import type { TermFormat } from './translate.domain.ts'

/** An event as it is kept: its JSON text without a context, and what its context holds beyond the one of EPCIS. */
export interface KeptEvent {
  readonly doc: string
  readonly context: readonly Json[] | null
}

type Prefixes = Record<string, Json>
const isPrefixes = (entry: Json): entry is Prefixes =>
  entry !== null && typeof entry === 'object' && !Array.isArray(entry)

/**
 * Prefixes that all events may share: none says otherwise, nor the context of EPCIS, and no event without it holds a text that
 * would become a name by it.
 */
function sharedPrefixes(events: readonly KeptEvent[]): Prefixes {
  const declared = events.map(({ context }) => Object.assign({}, ...(context ?? []).filter(isPrefixes)) as Prefixes)
  const shared: Prefixes = {}
  for (const [name, value] of new Map(declared.flatMap((each) => Object.entries(each)))) {
    const text = JSON.stringify(value)
    const standard = Object.hasOwn(standardPrefixes, name) && standardPrefixes[name] !== value
    const everywhere = declared.every((each, index) =>
      Object.hasOwn(each, name) ? JSON.stringify(each[name]) === text : !events[index]!.doc.includes(`"${name}:`),
    )
    if (!standard && everywhere) shared[name] = value
  }
  return shared
}

/** One context for all events where they agree. An event whose context says more than that keeps its own. */
export function joinContexts(events: readonly KeptEvent[]): {
  readonly context: Json
  readonly events: readonly string[]
} {
  const shared = sharedPrefixes(events)
  const said = (entry: Json) => isPrefixes(entry) && Object.keys(entry).every((name) => Object.hasOwn(shared, name))
  return {
    context: Object.keys(shared).length > 0 ? [epcisContext, shared] : [epcisContext],
    events: events.map(({ doc, context }) =>
      context === null || context.every(said) ? doc : `{"@context":${JSON.stringify(context)},${doc.slice(1)}`,
    ),
  }
}

/** Name of an extension of query results: where a client that was cut off goes on. */
export const positionName = 'urn:vigil:epcis:nextPageToken'

/** A query document in JSON. @param now when it is made @param next where a client that was cut off goes on */
export function queryDocument(
  events: readonly KeptEvent[],
  { queryName, subscriptionID, next, now }: { queryName: string; subscriptionID?: string; next?: string; now: Date },
): string {
  const joined = joinContexts(events)
  const head = JSON.stringify({
    '@context': joined.context,
    type: 'EPCISQueryDocument',
    schemaVersion: '2.0',
    creationDate: now.toISOString(),
  })
  const about = JSON.stringify({
    queryName,
    ...(subscriptionID && { subscriptionID }),
    ...(next && { [positionName]: next }),
  })
  return `${head.slice(0, -1)},"epcisBody":{"queryResults":${about.slice(0, -1)},"resultsBody":{"eventList":[${joined.events.join(',')}]}}}}`
}

/** The same in XML, with its terms as web URIs, or as URNs for those who know CBV 1.x only. @throws Problem 406 when an extension has no way to be written as XML */
export function asXml(document: string, terms: TermFormat): string {
  try {
    return writeXml(JSON.parse(document) as EpcisQueryDocument, terms === 'Always_URN' ? toTermUrn : toWebUri)
  } catch (error) {
    if (error instanceof XmlWriteError) throw exception('NotAcceptableException', `无法写成 XML：${error.message}`)
    throw error
  }
}
