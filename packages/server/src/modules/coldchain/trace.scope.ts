import { type ColdTrace, closeTrace, openTrace, type TraceRows } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, systemScope } from '../../kernel/db/index.ts'
import type { Parts } from './coldchain.parts.ts'
import { holdersIn, ofBusiness } from './holder.scope.ts'
import { concerning } from './lot.read.ts'

/** What belongs to single businesses: themselves, lots that came to them, and from which lot into which they worked. */
export interface Own {
  readonly holders: ReadonlySet<string>
  readonly lots: ReadonlySet<string>
  /** `from to` of the flows that are their own work. */
  readonly flows: ReadonlySet<string>
}

/** What a trace shows to single businesses: their own lots, ways to and from them, what they hold and made themselves. */
export function narrowTrace(whole: TraceRows, { holders, lots, flows }: Own): TraceRows {
  const dispatches = whole.dispatches.filter(
    ({ lotId, fromId, toId }) => lots.has(lotId) && (holders.has(fromId) || holders.has(toId)),
  )
  const involved = new Set([...holders, ...dispatches.flatMap(({ fromId, toId }) => [fromId, toId])])
  return {
    ...whole,
    lots: whole.lots
      .filter(({ id }) => lots.has(id))
      .map((lot) => ({ ...lot, balances: lot.balances.filter(({ holderId }) => holders.has(holderId)) })),
    flows: whole.flows.filter(({ from, to }) => lots.has(from) && lots.has(to) && flows.has(`${from} ${to}`)),
    places: whole.places
      .filter(({ id }) => involved.has(id))
      .map((place) => (holders.has(place.id) ? place : { ...place, grams: 0 })),
    dispatches,
  }
}

/** A trace as the caller may see it: whole for an area, its own part for a business. */
export async function traceFor(parts: Parts, caller: Caller, whole: ColdTrace): Promise<ColdTrace> {
  const scope = scopeFor(caller, 'coldchain.read')
  if (!ofBusiness(parts, scope)) return whole
  return readScope(parts.kernel.db, systemScope, async (tx) => {
    const ids = whole.lots.map(({ id }) => id)
    const holders = (await holdersIn(tx, scope)).map(({ id }) => id)
    const { rows } = await sql<{ own: string }>`
      SELECT DISTINCT from_lot || ' ' || to_lot AS own FROM coldchain.flow
      WHERE from_lot = ANY(${ids}::uuid[]) AND to_lot IS NOT NULL AND holder_id = ANY(${holders}::uuid[])`.execute(tx)
    const flows = new Set(rows.map(({ own }) => own))
    const own = { holders: new Set(holders), lots: await concerning(tx, scope, ids), flows }
    return closeTrace(narrowTrace(openTrace(whole), own))
  })
}
