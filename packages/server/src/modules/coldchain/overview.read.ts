import type { ColdDispatch, ColdOverview, coldchainRoutes, QueryOf } from '@vigil/contract'
import { type RawBuilder, sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { chosenScope, type Parts } from './coldchain.parts.ts'

type Routes = typeof coldchainRoutes

/**
 * Warehouses with what they hold, the queue, lots under test and violations that are not closed now; figures of a period from the daily
 * tallies. Waiting is what is declared and has not entered, those with a difference among it: it is the sum over the warehouses. @throws Problem 404 for an area outside
 */
export async function readOverview(
  parts: Parts,
  caller: Caller,
  { from, to, area: code }: QueryOf<Routes['cold-chain.overview']>,
): Promise<ColdOverview> {
  const { kernel } = parts
  const scope = chosenScope(parts, caller, code)
  return readScope(kernel.db, scope, async (tx) => {
    const warehouses = await sql<ColdOverview['warehouses'][number]>`
      SELECT w.id, w.name, w.capacity_grams, coalesce(b.grams, 0)::bigint AS grams, coalesce(b.lots, 0)::int AS lots,
        (SELECT count(*)::int FROM coldchain.declaration d WHERE d.warehouse_id = w.id AND d.state IN ('declared', 'disputed')) AS waiting,
        (SELECT count(*)::int FROM coldchain.declaration d WHERE d.warehouse_id = w.id AND d.state = 'disputed') AS disputed
      FROM coldchain.holder w LEFT JOIN LATERAL (
        SELECT sum(grams) AS grams, count(*) AS lots FROM coldchain.balance WHERE holder_id = w.id AND grams > 0
      ) AS b ON true
      WHERE w.kind = 'warehouse' AND w.path ^@ ANY(${[...scope]}::text[]) ORDER BY w.name LIMIT 200`.execute(tx)
    const now = await sql<Pick<ColdOverview, 'waiting' | 'disputed' | 'testing' | 'openViolations'>>`
      SELECT (SELECT count(*)::int FROM coldchain.declaration WHERE state IN ('declared', 'disputed') AND path ^@ ANY((SELECT vigil.paths())::text[])) AS waiting,
        (SELECT count(*)::int FROM coldchain.declaration WHERE state = 'disputed' AND path ^@ ANY((SELECT vigil.paths())::text[])) AS disputed,
        (SELECT count(*)::int FROM coldchain.lot l JOIN coldchain.declaration d ON d.lot_id = l.id AND d.state = 'entered'
          WHERE l.kind = 'imported' AND l.releases = 0 AND l.path ^@ ANY((SELECT vigil.paths())::text[])) AS testing,
        (SELECT count(*)::int FROM coldchain.violation WHERE state <> 'closed') AS open_violations`.execute(tx)
    const period = await sql<
      Pick<ColdOverview, 'lots' | 'boxes' | 'grams' | 'released' | 'violations' | 'withdrawnGrams'>
    >`
      SELECT coalesce(sum(lots), 0)::int AS lots, coalesce(sum(boxes), 0)::int AS boxes, coalesce(sum(grams), 0)::bigint AS grams, coalesce(sum(released), 0)::int AS released,
        coalesce(sum(violations), 0)::int AS violations, coalesce(sum(withdrawn_grams), 0)::bigint AS withdrawn_grams
      FROM coldchain.tally WHERE day BETWEEN ${from} AND ${to}`.execute(tx)
    return { warehouses: warehouses.rows, ...now.rows[0]!, ...period.rows[0]! }
  })
}

/** Goods on the way to or from holders of the caller's area, oldest first. */
export async function listInTransit(
  { kernel }: Parts,
  caller: Caller,
  holder: string | undefined,
): Promise<ColdDispatch[]> {
  const where = holder === undefined ? sql<boolean>`true` : sql<boolean>`${holder}::uuid IN (d.to_id, d.from_id)`
  return readScope(kernel.db, scopeFor(caller, 'coldchain.read'), (tx) => inTransit(tx, where))
}

/** Goods on the way that the transaction sees, oldest first, at most 500. @param where about `d`, a dispatch */
export async function inTransit(tx: Tx, where: RawBuilder<boolean>): Promise<ColdDispatch[]> {
  const rows = await tx
    .selectFrom('coldchain.dispatch as d')
    .innerJoin('coldchain.lot as l', 'l.id', 'd.lotId')
    .innerJoin('coldchain.holder as f', 'f.id', 'd.fromId')
    .innerJoin('coldchain.holder as t', 't.id', 'd.toId')
    .select(['d.uri', 'd.lotId', 'l.lotNo', 'l.goodsName', 'f.name as fromName', 't.name as toName'])
    .select(['d.returned', 'd.grams', 'd.lostGrams', 'd.sentAt'])
    .where('d.receivedAt', 'is', null)
    .where(where)
    .orderBy('d.sentAt')
    .limit(500)
    .execute()
  return rows.map((row) => ({ ...row, sentAt: row.sentAt.toISOString() }))
}
