import { createHash } from 'node:crypto'
import type { coldchainRoutes, Download, QueryOf } from '@vigil/contract'
import type { Json } from '@vigil/epcis/document'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { beyondScope, type Scope, type Tx } from '../../kernel/db/index.ts'
import { conflict } from '../../kernel/error/problem.ts'
import { hashBytes, joinContexts, type KeptEvent } from '../epcis/index.ts'
import { takeNumber } from '../export/index.ts'
import type { Parts } from './coldchain.parts.ts'
import { ofBusiness } from './holder.scope.ts'
import { getSeenLot } from './lot.read.ts'
import { reach } from './trace.read.ts'

export type Reach = QueryOf<(typeof coldchainRoutes)['cold-lot.epcis']>['reach']

/** Lots and events of one document at most: what a program takes in one go. */
const mostLots = 2000
const mostEvents = 10_000

/** Ids of a lot alone, or with its trace in one direction. @throws Problem 409 for more than a document holds */
export async function lotsWithin(tx: Tx, id: string, within: Reach): Promise<string[]> {
  const ids = within === 'lot' ? [id] : await reach(tx, id, within, mostLots + 1)
  if (ids.length > mostLots) throw conflict(`超过 ${mostLots} 个批次，请从更近的批次导出`, 'too-many')
  return ids
}

/**
 * Events of lots as the repository holds them, in the order in which they happened; the transaction must see the whole country. What went
 * from lot to lot is among them: each such event has movements of both.
 * @param own of a business, which sees what it did itself; undefined for an area
 */
async function eventsOfLots(tx: Tx, ids: readonly string[], own: Scope | undefined): Promise<KeptEvent[]> {
  const seen = own ? sql`path ^@ ANY(${[...own]}::text[])` : sql`true`
  const { rows } = await sql<{ eventHash: string }>`
    SELECT DISTINCT event_hash FROM coldchain.movement WHERE lot_id = ANY(${ids}::uuid[]) AND ${seen} LIMIT ${mostEvents + 1}`.execute(
    tx,
  )
  if (rows.length > mostEvents) throw conflict(`超过 ${mostEvents} 个事件，请从更近的批次导出`, 'too-many')
  const hashes = rows.flatMap(({ eventHash }) => hashBytes(eventHash) ?? [])
  const { rows: events } = await sql<KeptEvent>`SELECT doc::text AS doc, context FROM epcis.event
    WHERE hash = ANY(${hashes}::bytea[]) ORDER BY event_time, seq`.execute(tx)
  return events
}

/** As whoever gives a document to a repository must leave it: recordTime is that repository's to set. */
function withoutRecordTime({ doc, context }: KeptEvent): KeptEvent {
  const { recordTime: _, ...event } = JSON.parse(doc) as Record<string, Json>
  return { doc: JSON.stringify(event), context }
}

/** An EPCIS 2.0 document of events as JSON-LD text. @param at when it is made @param number ours, as its instance identifier */
export function epcisDocument(events: readonly KeptEvent[], at: Date, number: string): string {
  const joined = joinContexts(events.map(withoutRecordTime))
  const head = JSON.stringify({
    '@context': joined.context,
    id: `urn:vigil:export:${number}`,
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: at.toISOString(),
  })
  return `${head.slice(0, -1)},"epcisBody":{"eventList":[${joined.events.join(',')}]}}`
}

/**
 * The events of a lot that concerns the caller's area, or of its trace, as a document that any EPCIS 2.0 repository captures. Numbered like
 * every file that leaves, its hash in the log.
 * @throws Problem 404 when the lot does not concern the area, 409 for more than one document holds
 */
export async function epcisOfLot(parts: Parts, caller: Caller, id: string, within: Reach): Promise<Download> {
  const { kernel } = parts
  const scope = scopeFor(caller, 'coldchain.read')
  const own = ofBusiness(parts, scope) ? scope : undefined
  return command(kernel.db, caller, 'coldchain.read', async (tx, audit) => {
    const at = kernel.clock.now()
    const { lot, events } = await beyondScope(tx, async () => {
      const seen = await getSeenLot(tx, scope, id)
      return { lot: seen, events: await eventsOfLots(tx, await lotsWithin(tx, id, within), own) }
    })
    const number = await takeNumber(tx, at)
    const body = Buffer.from(epcisDocument(events, at, number))
    const sha256 = createHash('sha256').update(body).digest('hex')
    const detail = { number, reach: within, events: events.length, bytes: body.length, sha256 }
    await audit({ action: 'coldchain.export-epcis', object: `cold-lot:${id}`, path: scope[0] ?? lot.path, detail })
    return { mediaType: 'application/ld+json', filename: `${number}.jsonld`, body }
  })
}
