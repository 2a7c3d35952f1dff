import type { ColdTrace, coldchainRoutes, QueryOf } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, systemScope, type Tx } from '../../kernel/db/index.ts'
import { invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Parts } from './coldchain.parts.ts'
import { readCode } from './label.domain.ts'
import { getSeenLot, manyLots, shownLot } from './lot.read.ts'

type Query = QueryOf<(typeof coldchainRoutes)['cold-chain.trace']>
const mostLots = 2000
const mostRows = 10_000

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

type Steps = Pick<ColdTrace, 'flows' | 'stock' | 'ways'> & { readonly holders: readonly string[] }

const columns = (names: readonly string[]) =>
  sql.join(names.flatMap((name) => [sql.lit(name), sql`coalesce(json_agg(${sql.ref(name)}), '[]')`]))

/**
 * What went between lots and holders, as the answer has it: columns, and positions for lots and holders. PostgreSQL makes them, for reading
 * ten thousand rows with three ids each took longer than finding them.
 * @param lots ids in the order of the answer
 * @param stations holders that have to be among the places, whether anything went there or not
 */
async function stepsOf(
  tx: Tx,
  lots: readonly string[],
  stations: readonly string[],
  direction: 'forward' | 'backward',
): Promise<Steps> {
  const ids = sql`${lots}::uuid[]`
  // What goes on from a lot that was reached leads to one that was reached: a single end is asked for, by its index.
  const near = sql.ref(direction === 'forward' ? 'from_lot' : 'to_lot')
  // How many rows these tables have is not known to the planner, and loops over them would be long.
  await sql`SELECT set_config('enable_nestloop', 'off', true)`.execute(tx)
  const { rows } = await sql<Steps>`
    WITH lot AS MATERIALIZED (SELECT id, n - 1 AS n FROM unnest(${ids}) WITH ORDINALITY AS l(id, n)),
      way AS MATERIALIZED (SELECT row_number() OVER () AS n, d.* FROM (SELECT lot_id, from_id, to_id, grams,
          round(date_part('epoch', sent_at) * 1000)::bigint AS sent_at, received_at IS NOT NULL AS received
        FROM coldchain.dispatch WHERE lot_id = ANY(${ids}) ORDER BY id LIMIT ${mostRows}) AS d),
      held AS MATERIALIZED (SELECT row_number() OVER () AS n, b.* FROM (SELECT lot_id, holder_id, grams FROM coldchain.balance
        WHERE lot_id = ANY(${ids}) AND grams > 0 ORDER BY grams DESC LIMIT ${mostRows}) AS b),
      place AS MATERIALIZED (SELECT id, row_number() OVER () - 1 AS n FROM (SELECT from_id AS id FROM way UNION SELECT to_id FROM way
        UNION SELECT holder_id FROM held UNION SELECT unnest(${stations}::uuid[])) AS each)
    SELECT (SELECT coalesce(json_agg(id ORDER BY n), '[]') FROM place) AS holders,
      (SELECT json_build_object(${columns(['from', 'to', 'grams'])}) FROM (
        SELECT a.n AS "from", b.n AS "to", sum(f.grams)::bigint AS grams FROM coldchain.flow f
          JOIN lot a ON a.id = f.from_lot JOIN lot b ON b.id = f.to_lot
        WHERE ${near} = ANY(${ids}) GROUP BY a.n, b.n LIMIT ${mostRows}) AS f) AS flows,
      (SELECT json_build_object(${columns(['lot', 'place', 'grams'])}) FROM (
        SELECT l.n AS lot, p.n AS place, h.grams FROM held h JOIN lot l ON l.id = h.lot_id JOIN place p ON p.id = h.holder_id
        ORDER BY h.n) AS s) AS stock,
      (SELECT json_build_object(${columns(['lot', 'from', 'to', 'grams'])}, 'sentAt', coalesce(json_agg(sent_at), '[]'),
          'received', coalesce(json_agg(received), '[]')) FROM (
        SELECT l.n AS lot, f.n AS "from", t.n AS "to", w.grams, w.sent_at, w.received FROM way w JOIN lot l ON l.id = w.lot_id
          JOIN place f ON f.id = w.from_id JOIN place t ON t.id = w.to_id ORDER BY w.n) AS w) AS ways`.execute(tx)
  return rows[0]!
}

/** Holders and where they are, in the order given, with what they have of what is on hand. */
async function placesOf(
  { reference }: Parts,
  tx: Tx,
  ids: readonly string[],
  stock: ColdTrace['stock'],
): Promise<ColdTrace['places']> {
  type Row = Omit<ColdTrace['places'][number], 'areaName' | 'countyCode' | 'grams'> & { readonly path: string }
  const { rows } = await sql<{ holders: Row[] }>`
    SELECT coalesce(json_agg(json_build_object('id', id, 'name', name, 'kind', kind, 'areaCode', area_code, 'path', path)), '[]') AS holders
    FROM coldchain.holder WHERE id = ANY(${ids}::uuid[])`.execute(tx)
  const byId = new Map(rows[0]!.holders.map((row) => [row.id, row]))
  const grams = new Array<number>(ids.length).fill(0)
  for (const [at, place] of stock.place.entries()) grams[place]! += stock.grams[at]!
  return ids.map((id, at) => {
    const { path, ...place } = byId.get(id)!
    const countyCode = path.split('/')[3] || place.areaCode
    return { ...place, areaName: reference.areaName(place.areaCode), countyCode, grams: grams[at]! }
  })
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
    const lots = await manyLots(tx, sql`(SELECT unnest(${reached.slice(0, mostLots)}::uuid[]) AS id)`)
    const stations = new Set(lots.map(({ holderId }) => holderId))
    const { holders, ...steps } = await stepsOf(
      tx,
      lots.map(({ id }) => id),
      [...stations],
      direction,
    )
    return {
      ...{ start, lots: lots.map(shownLot), ...steps },
      places: await placesOf(parts, tx, holders, steps.stock),
      cut: reached.length > mostLots || Object.values(steps).some(({ grams }) => grams.length === mostRows),
    }
  })
}
