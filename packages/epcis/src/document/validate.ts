import type { Problem } from '../result.ts'
import { anything, type Check, list, object, string, text, time, uri } from './check.ts'
import { context, event } from './event-check.ts'

const version = text('version', 'must be a version such as 2.0', (each) => /^\d+(\.\d+)*$/.test(each))
const named = (type: string): Check => text('type', `must be ${type}`, (each) => each === type)
const vocabularyList = list(
  object(
    {
      type: uri,
      vocabularyElementList: list(
        object(
          { id: uri, attributes: list(object({ id: uri, attribute: anything }, ['id'], 'any')), children: list(uri) },
          ['id'],
          'any',
        ),
      ),
    },
    ['type'],
    'any',
  ),
)
const header = object({ epcisMasterData: object({ vocabularyList }, [], 'any') })
const eventList = list(event)

const epcisDocument = object(
  {
    '@context': context,
    id: uri,
    type: named('EPCISDocument'),
    schemaVersion: version,
    creationDate: time,
    instanceIdentifier: string,
    sender: string,
    receiver: string,
    epcisHeader: header,
    epcisBody: object({ eventList }, ['eventList'], 'any'),
  },
  ['@context', 'type', 'schemaVersion', 'creationDate', 'epcisBody'],
)
const queryDocument = object(
  {
    '@context': context,
    id: uri,
    type: named('EPCISQueryDocument'),
    schemaVersion: version,
    creationDate: time,
    epcisBody: object(
      {
        queryResults: object(
          {
            queryName: string,
            subscriptionID: string,
            resultsBody: object({ eventList, vocabularyList }, ['eventList']),
          },
          ['queryName', 'resultsBody'],
        ),
      },
      ['queryResults'],
    ),
  },
  ['@context', 'type', 'epcisBody'],
)

/**
 * What is wrong with a parsed JSON-LD text as an EPCIS document, query document, or single event with its own context, by the
 * JSON schema of EPCIS 2.0; empty when nothing is. Paths are JSON pointers from the root. Rules: `type`, `required`,
 * `unknown-property`, `uri`, `date-time`, `offset`, `action`, `vocabulary`, `uom`, `hex`, `empty`, `unique`, `content`, `ilmd`, `context`,
 * `version`, `event-type`.
 */
export function validate(json: unknown): Problem[] {
  const problems: Problem[] = []
  const type = typeof json === 'object' && json !== null ? (json as { type?: unknown }).type : undefined
  if (type === 'EPCISDocument') epcisDocument(json, '', problems)
  else if (type === 'EPCISQueryDocument') queryDocument(json, '', problems)
  else {
    event(json, '', problems)
    if (typeof json === 'object' && json !== null && !('@context' in json))
      problems.push({ path: '/@context', rule: 'required', message: '@context is missing' })
  }
  return problems
}

/** What is wrong with one event of a document whose context is elsewhere; paths begin with `path`. */
export function validateEvent(json: unknown, path = ''): Problem[] {
  const problems: Problem[] = []
  event(json, path, problems)
  return problems
}
