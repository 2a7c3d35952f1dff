import type { EpcisEvent } from '@vigil/epcis/document'
import type { Tx } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { type Prepared, prepareEvents } from './capture.prepare.ts'
import { insertEvents } from './capture.store.ts'
import { EventsRefused } from './refusal.ts'

/** Where events come from. */
export interface CaptureContext {
  /** Area path for row security; must lie in the transaction's scope. */
  readonly path: string
  /** Name of the person or program. */
  readonly by: string
  readonly source: 'capture' | 'loop'
}

/** An event as it is stored. */
export interface CapturedEvent {
  /** Hash ID, `ni:///sha-256;…?ver=CBV2.0`. */
  readonly hash: string
  /** With eventID and recordTime; its own context where it has one. */
  readonly event: EpcisEvent
  /** It was there before: nothing was stored, and no guard has seen it. */
  readonly known: boolean
  /** Its place in what was given, from 0. */
  readonly position: number
}

/**
 * Looks at new events in the transaction that stores them, in the order in which they were given.
 * @throws EventsRefused that names those which must not stand: then nothing of the transaction does
 */
export type CaptureGuard = (tx: Tx, captured: readonly CapturedEvent[], context: CaptureContext) => Promise<void>

/** The store of events of one process. */
export interface EpcisRepository {
  readonly kernel: Pick<Kernel, 'db' | 'clock'>
  readonly guards: readonly CaptureGuard[]
  /** Company prefixes that are known, for answers in EPC URNs. */
  readonly prefixes?: ReadonlySet<string>
}

/**
 * Stores prepared events in the transaction and lets the guards look at what is new.
 * @throws EventsRefused by a guard
 */
export async function storePrepared(
  { guards }: EpcisRepository,
  tx: Tx,
  prepared: readonly Prepared[],
  recordTime: Date,
  context: CaptureContext,
): Promise<readonly CapturedEvent[]> {
  const keyOf = ({ hash, declaredAt }: Prepared) => `${hash} ${declaredAt?.getTime() ?? ''}`
  const once = new Map(prepared.toReversed().map((each) => [keyOf(each), each]))
  const distinct = prepared.filter((each) => once.get(keyOf(each)) === each)
  const added = await insertEvents(tx, context.path, recordTime, distinct)
  const captured = prepared.map(({ hash, event, position }) => ({
    hash,
    event,
    known: !added.has(position),
    position,
  }))
  const fresh = captured.filter(({ known }) => !known)
  if (fresh.length > 0) for (const guard of guards) await guard(tx, fresh, context)
  return captured
}

/**
 * The only way in: checks events by schema and strict rules, hashes them, sets the record time, stores each once and lets the
 * guards look at what is new, all in the caller's transaction. A known event changes nothing.
 * @throws EventsRefused that names each refused event by position and hash; then the transaction must not commit
 */
export async function captureEvents(
  repository: EpcisRepository,
  tx: Tx,
  events: readonly EpcisEvent[],
  context: CaptureContext,
): Promise<readonly CapturedEvent[]> {
  const now = repository.kernel.clock.now()
  const { ready, refusals } = prepareEvents(events, { now })
  if (refusals.length > 0) throw new EventsRefused(refusals)
  return storePrepared(repository, tx, ready, now, context)
}
