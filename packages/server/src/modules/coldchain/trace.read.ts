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
const mostPlaces = 5000

/** Lot that a code names, or that is in the box or on the pallet. @throws Problem 400 for what is no code, 404 */
export async function lotBehind(tx: Tx, code: string): Promise<string> {
  const read = readCode(code)
  if (!read.ok) throw invalidField('/code', read.message)
  const { uri } = read.code
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM coldchain.lot WHERE uri = ${uri} UNION ALL SELECT lot_id FROM coldchain.box WHERE uri = ${uri}
    UNION ALL (SELECT lot_id FROM coldchain.box WHERE parent_uri = ${uri} LIMIT 1) LIMIT 1`.execute(tx)
  if (!rows[0]) throw notFound('追溯码')
  return rows[0].id
}

/** A lot with what became of it, or with what it came from, by key; circles end where they began. @param most lots at most */
export async function reach(tx: Tx, start: string, direction: 'forward' | 'backward', most: number): Promise<string[]> {
  const [near, far] = direction === 'forward' ? (['from_lot', 'to_lot'] as const) : (['to_lot', 'from_lot'] as const)
  const { rows } = await sql<{ id: string }>`
    WITH RECURSIVE reached(id) AS (
      SELECT ${start}::uuid UNION SELECT f.${sql.ref(far)} FROM reached r JOIN coldchain.flow f ON f.${sql.ref(near)} = r.id
      WHERE f.${sql.ref(far)} IS NOT NULL)
    SELECT id FROM reached LIMIT ${most}`.execute(tx)
  return rows.map(({ id }) => id)
}

type Place = ColdTrace['places'][number]
type Way = Omit<ColdTrace['dispatches'][number], 'fromName' | 'toName' | 'sentAt'> & { readonly sent: number }
type Held = { readonly lotId: string; readonly holderId: string; readonly grams: number }

/** Holders by id, where they are, and what they have of the lots. */
async function placesOf(
  { reference }: Parts,
  tx: Tx,
  ids: readonly string[],
  held: readonly Held[],
): Promise<Map<string, Place>> {
  const grams = new Map<string, number>()
  for (const each of held) grams.set(each.holderId, (grams.get(each.holderId) ?? 0) + each.grams)
  const rows = await tx
    .selectFrom('coldchain.holder')
    .select(['id', 'name', 'kind', 'areaCode', 'path'])
    .where('id', '=', sql<string>`ANY(${[...new Set(ids)]}::uuid[])`)
    .orderBy('id')
    .execute()
  const place = ({ id, name, kind, areaCode, path }: (typeof rows)[number]): Place => ({
    ...{ id, name, kind, areaCode, areaName: reference.areaName(areaCode) },
    countyCode: path.split('/')[3] || areaCode,
    grams: grams.get(id) ?? 0,
  })
  return new Map(rows.map((row) => [row.id, place(row)]))
}

/**
 * What a code came from, or what became of it: lots, the grams between them, where they are and how they went. Walks the flows
 * by key, so that the cost is that of the answer; circles end where they began.
 * @throws Problem 400 for what is no code, 404 when it does not concern the caller's area
 */
export async function trace(parts: Parts, caller: Caller, { code, direction }: Query): Promise<ColdTrace> {
  const scope = scopeFor(caller, 'coldchain.read')
  return readScope(parts.kernel.db, systemScope, async (tx) => {
    const start = await lotBehind(tx, code)
    await getSeenLot(tx, scope, start)
    const reached = await reach(tx, start, direction, mostLots + 1)
    const ids = reached.slice(0, mostLots)
    const { rows: lots } = await seenLots(sql`(SELECT unnest(${ids}::uuid[]) AS id)`).execute(tx)
    const { rows: flows } = await sql<ColdTrace['flows'][number]>`
      SELECT from_lot AS "from", to_lot AS "to", sum(grams)::bigint AS grams FROM coldchain.flow
      WHERE from_lot = ANY(${ids}::uuid[]) AND to_lot = ANY(${ids}::uuid[]) GROUP BY from_lot, to_lot LIMIT ${mostRows}`.execute(
      tx,
    )
    const { rows: balances } = await sql<Held>`
      SELECT lot_id, holder_id, grams FROM coldchain.balance
      WHERE lot_id = ANY(${ids}::uuid[]) AND grams > 0 ORDER BY grams DESC LIMIT ${mostRows}`.execute(tx)
    // Names once for each holder and times as numbers: with thousands of ways, reading rows took longer than finding them.
    const { rows: ways } = await sql<Way>`
      SELECT lot_id, from_id, to_id, grams, extract(epoch FROM sent_at)::float8 * 1000 AS sent, received_at IS NOT NULL AS received
      FROM coldchain.dispatch WHERE lot_id = ANY(${ids}::uuid[]) ORDER BY id LIMIT ${mostRows}`.execute(tx)
    const involved = [...lots.map(({ holderId }) => holderId), ...balances.map(({ holderId }) => holderId)]
    for (const { fromId, toId } of ways) involved.push(fromId, toId)
    const places = await placesOf(parts, tx, involved, balances)
    const name = (id: string) => places.get(id)?.name ?? ''
    const held = Map.groupBy(balances, ({ lotId }) => lotId)
    return {
      start,
      lots: lots.map((lot) => ({
        ...shownLot(lot),
        balances: (held.get(lot.id) ?? [])
          .slice(0, 200)
          .map(({ holderId, grams }) => ({ holderId, holderName: name(holderId), grams })),
      })),
      flows,
      places: [...places.values()].slice(0, mostPlaces),
      dispatches: ways.map(({ sent, ...way }) => ({
        ...way,
        ...{ fromName: name(way.fromId), toName: name(way.toId), sentAt: new Date(Math.round(sent)).toISOString() },
      })),
      cut: reached.length > mostLots || ways.length === mostRows || flows.length === mostRows,
    }
  })
}
