import { type EpcisEvent, epcisContext, parseInstant, validateEvent } from '@vigil/epcis/document'
import { eventHashId } from '@vigil/epcis/hash'
import { strictEventProblems, strictProblems, type strictRules } from '@vigil/epcis/strict'
import { digest } from './digest.ts'
import { type Fact, factsOf, namespacesIn, ownContext, type Thing, termKey, thingsOf } from './event.domain.ts'
import { firstYear, hashBytes, textKey, uriKey } from './key.domain.ts'
import type { Refusal } from './refusal.ts'

/** An event that may be stored: its row and what it is found by. */
export interface Prepared {
  readonly position: number
  readonly hash: string
  readonly event: EpcisEvent
  readonly bytes: Buffer
  readonly declaredAt: Date | null
  readonly eventId: string | null
  readonly type: string
  readonly action: string | null
  readonly eventTime: Date
  readonly bizStep: string | null
  readonly disposition: string | null
  readonly readPoint: string | null
  readonly bizLocation: string | null
  readonly transformationId: string | null
  readonly errorReason: string | null
  readonly context: string | null
  readonly doc: string
  readonly things: readonly Thing[]
  readonly facts: readonly Fact[]
}

export interface PrepareOptions {
  readonly now: Date
  /** Of the first event. */
  readonly first?: number
}

/** How far a client's clock may run ahead, in ms. */
const clockTolerance = 5 * 60_000

/**
 * Strict rules that do not refuse an event: published examples of GS1 itself break the first two, and a repeated capture of
 * what a repository answered brings the third. The record time is the server's in any case.
 */
export const advisoryRules: ReadonlySet<keyof typeof strictRules> = new Set([
  'sensor-time-after-event',
  'device-twice',
  'record-time-set',
])

/** U+0000 or half of a surrogate pair, as JSON.stringify writes them. */
const unstorable = /(?<!\\)(\\\\)*\\u(0000|d[89a-f])/i
const refused = (rule: string) => !advisoryRules.has(rule as keyof typeof strictRules)
const optional = <T, R>(value: T | undefined, of: (value: T) => R): R | null => (value === undefined ? null : of(value))

/** What is wrong with the transformations of one batch that share an ID: their masses are weighed together. */
export function weighTogether(events: readonly EpcisEvent[], now: number, first: number): Refusal[] {
  const places = events.flatMap((event, index) =>
    event.type === 'TransformationEvent' && event.transformationID !== undefined ? [{ event, index }] : [],
  )
  const count = Map.groupBy(places, ({ event }) => event.transformationID)
  const shared = places.filter(({ event }) => count.get(event.transformationID)!.length > 1)
  if (shared.length === 0) return []
  const document = {
    '@context': epcisContext,
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: new Date(now).toISOString(),
    epcisBody: { eventList: shared.map(({ event }) => event) },
  } as const
  return strictProblems(document, { now, tolerance: clockTolerance, recorded: true })
    .filter(({ rule }) => rule === 'mass-created')
    .map(({ path, rule, message }) => {
      const [, at, rest = ''] = /^\/epcisBody\/eventList\/(\d+)(.*)$/.exec(path)!
      return { position: first + shared[Number(at)]!.index, hash: null, path: rest, rule, message }
    })
}

/**
 * Checks events by schema and strict rules, hashes them and works out what they are found by. Each event brings its own
 * context where it needs one beyond that of EPCIS.
 */
export function prepareEvents(
  events: readonly EpcisEvent[],
  { now, first = 0 }: PrepareOptions,
): { readonly ready: readonly Prepared[]; readonly refusals: readonly Refusal[] } {
  const ready: Prepared[] = []
  const refusals: Refusal[] = []
  const strict = { now: now.getTime(), tolerance: clockTolerance }
  const recordTime = now.toISOString()
  events.forEach((event, index) => {
    const position = first + index
    const invalid = validateEvent(event)
    if (invalid.length > 0) {
      refusals.push(...invalid.map((problem) => ({ position, hash: null, ...problem })))
      return
    }
    const namespaces = namespacesIn(event)
    const hash = eventHashId(event, { namespaces, digest })
    const broken = strictEventProblems(event, strict, '', namespaces).filter(({ rule }) => refused(rule))
    const one = prepareOne(event, position, hash, recordTime)
    if (Math.min(one.eventTime.getTime(), one.declaredAt?.getTime() ?? 0) < firstYear)
      broken.push({ path: '/eventTime', rule: 'date-time', message: 'is before the year 1' })
    if (one.doc.includes('\\u') && unstorable.test(one.doc))
      broken.push({ path: '', rule: 'text', message: 'holds text that cannot be stored' })
    if (broken.length > 0) refusals.push(...broken.map((problem) => ({ position, hash, ...problem })))
    else ready.push(one)
  })
  // Only whole batches are weighed: what an event left out may be in another.
  if (refusals.length === 0) refusals.push(...weighTogether(events, now.getTime(), first))
  return { ready, refusals }
}

function prepareOne(event: EpcisEvent, position: number, hash: string, recordTime: string): Prepared {
  const { '@context': given, ...rest } = event
  const stored = { ...rest, eventID: event.eventID ?? hash, recordTime } as EpcisEvent
  const context = ownContext(given)
  const declared = event.errorDeclaration
  return {
    position,
    hash,
    event: given === undefined ? stored : { ...stored, '@context': given },
    bytes: hashBytes(hash)!,
    declaredAt: optional(declared, ({ declarationTime }) => new Date(parseInstant(declarationTime)!.time)),
    eventId: event.eventID === undefined || event.eventID === hash ? null : textKey(event.eventID),
    type: event.type,
    action: 'action' in event ? event.action : null,
    eventTime: new Date(parseInstant(event.eventTime)!.time),
    bizStep: optional(event.bizStep, (value) => termKey('bizStep', value)),
    disposition: optional(event.disposition, (value) => termKey('disposition', value)),
    readPoint: optional(event.readPoint, ({ id }) => uriKey(id)),
    bizLocation: optional(event.bizLocation, ({ id }) => uriKey(id)),
    transformationId: optional((event as { transformationID?: string }).transformationID, (value) => uriKey(value)),
    errorReason: optional(declared?.reason, (value) => termKey('errorReason', value)),
    context: context && JSON.stringify(context),
    doc: JSON.stringify(stored),
    things: thingsOf(event),
    facts: factsOf(event, namespacesIn(event)),
  }
}
