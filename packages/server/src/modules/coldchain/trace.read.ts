import type { ColdTrace, coldchainRoutes, QueryOf } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, systemScope, type Tx } from '../../kernel/db/index.ts'
import { invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Parts } from './coldchain.parts.ts'
import { readCode } from './label.domain.ts'
import { getSeenLot, seenLots, shownLot } from './lot.read.ts'

type Query = QueryOf<(typeof coldchainRoutes)['cold-chain.trace']>
const mostLots = 2000
const mostRows = 10_000

/** Lot that a code names, or that is in the box or on the pallet. */
async function lotBehind(tx: Tx, code: string): Promise<string> {
  const read = readCode(code)
  if (!read.ok) throw invalidField('/code', read.message)
  const { uri } = read.code
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM coldchain.lot WHERE uri = ${uri} UNION ALL SELECT lot_id FROM coldchain.box WHERE uri = ${uri}
    UNION ALL (SELECT lot_id FROM coldchain.box WHERE parent_uri = ${uri} LIMIT 1) LIMIT 1`.execute(tx)
  if (!rows[0]) throw notFound('追溯码')
  return rows[0].id
}

/**
 * What a code came from, or what became of it: lots, the grams between them, where they are and how they went. Walks the flows
 * by key, so that the cost is that of the answer; circles end where they began.
 * @throws Problem 400 for what is no code, 404 when it does not concern the caller's area
 */
export async function trace({ kernel }: Parts, caller: Caller, { code, direction }: Query): Promise<ColdTrace> {
  const scope = scopeFor(caller, 'coldchain.read')
  return readScope(kernel.db, systemScope, async (tx) => {
    const start = await lotBehind(tx, code)
    await getSeenLot(tx, scope, start)
    const [near, far] = direction === 'forward' ? (['from_lot', 'to_lot'] as const) : (['to_lot', 'from_lot'] as const)
    const { rows: reached } = await sql<{ id: string }>`
      WITH RECURSIVE reached(id) AS (
        SELECT ${start}::uuid UNION SELECT f.${sql.ref(far)} FROM reached r JOIN coldchain.flow f ON f.${sql.ref(near)} = r.id
        WHERE f.${sql.ref(far)} IS NOT NULL)
      SELECT id FROM reached LIMIT ${mostLots + 1}`.execute(tx)
    const ids = reached.slice(0, mostLots).map(({ id }) => id)
    const { rows: lots } = await seenLots(sql`(SELECT unnest(${ids}::uuid[]) AS id)`).execute(tx)
    const { rows: flows } = await sql<ColdTrace['flows'][number]>`
      SELECT from_lot AS "from", to_lot AS "to", sum(grams)::bigint AS grams FROM coldchain.flow
      WHERE from_lot = ANY(${ids}::uuid[]) AND to_lot = ANY(${ids}::uuid[]) GROUP BY from_lot, to_lot LIMIT ${mostRows}`.execute(
      tx,
    )
    const { rows: balances } = await sql<{ lotId: string; holderName: string; grams: number }>`
      SELECT b.lot_id, h.name AS holder_name, b.grams FROM coldchain.balance b JOIN coldchain.holder h ON h.id = b.holder_id
      WHERE b.lot_id = ANY(${ids}::uuid[]) AND b.grams > 0 ORDER BY b.grams DESC LIMIT ${mostRows}`.execute(tx)
    const { rows: ways } = await sql<Omit<ColdTrace['dispatches'][number], 'sentAt'> & { sentAt: Date }>`
      SELECT d.lot_id, f.name AS from_name, t.name AS to_name, d.grams, d.sent_at, d.received_at IS NOT NULL AS received
      FROM coldchain.dispatch d JOIN coldchain.holder f ON f.id = d.from_id JOIN coldchain.holder t ON t.id = d.to_id
      WHERE d.lot_id = ANY(${ids}::uuid[]) ORDER BY d.id LIMIT ${mostRows}`.execute(tx)
    const held = Map.groupBy(balances, ({ lotId }) => lotId)
    return {
      start,
      lots: lots.map((lot) => ({
        ...shownLot(lot),
        balances: (held.get(lot.id) ?? []).slice(0, 200).map(({ holderName, grams }) => ({ holderName, grams })),
      })),
      flows,
      dispatches: ways.map((way) => ({ ...way, sentAt: way.sentAt.toISOString() })),
      cut: reached.length > mostLots || ways.length === mostRows || flows.length === mostRows,
    }
  })
}
