import type { Problem } from '../result.ts'
import { type Namespaces, namespacesOf } from './context.ts'
import type { Context, EpcisDocument, EpcisEvent, EpcisQueryDocument } from './types.ts'
import { validate } from './validate.ts'

/** One event with where it stood and the prefixes that hold in it. */
export interface ReadEvent {
  readonly event: EpcisEvent
  /** JSON pointer from the root of the document. */
  readonly path: string
  readonly namespaces: Namespaces
}

/** A valid document (or single event) and its events in order. */
export interface ReadDocument {
  readonly document: EpcisDocument | EpcisQueryDocument | EpcisEvent
  readonly events: readonly ReadEvent[]
}

/** Reads a JSON-LD text. Problems: `json` when it is no JSON, else those of `validate`. */
export function readJson(text: string): { ok: true; value: ReadDocument } | { ok: false; problems: Problem[] } {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return { ok: false, problems: [{ path: '', rule: 'json', message: (error as Error).message }] }
  }
  const problems = validate(json)
  if (problems.length > 0) return { ok: false, problems }
  const document = json as ReadDocument['document']
  return { ok: true, value: { document, events: eventsOf(document) } }
}

/** Events of a valid document, each with its place and the prefixes of the document's and its own context. */
export function eventsOf(document: ReadDocument['document']): ReadEvent[] {
  const [list, path] =
    document.type === 'EPCISDocument'
      ? [document.epcisBody.eventList, '/epcisBody/eventList']
      : document.type === 'EPCISQueryDocument'
        ? [document.epcisBody.queryResults.resultsBody.eventList, '/epcisBody/queryResults/resultsBody/eventList']
        : [null, '']
  if (list === null) {
    const event = document as EpcisEvent
    return [{ event, path: '', namespaces: namespacesOf(event['@context']) }]
  }
  const outer: Context = document['@context']!
  const namespaces = namespacesOf(outer)
  return list.map((event, i) => ({
    event,
    path: `${path}/${i}`,
    namespaces: event['@context'] === undefined ? namespaces : namespacesOf(outer, event['@context']),
  }))
}
