import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import type { RecallDispatch, RecallFlow, RecallInput, RecallMovement } from './recall.domain.ts'

/** Lots and everything that was made of them, by the flows, each by key; circles end where they began. */
export async function downstreamOf(tx: Tx, lots: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    WITH RECURSIVE reached(id) AS (
      SELECT unnest(${lots}::uuid[]) UNION SELECT f.to_lot FROM reached r JOIN coldchain.flow f ON f.from_lot = r.id
      WHERE f.to_lot IS NOT NULL)
    SELECT id FROM reached`.execute(tx)
  return rows.map(({ id }) => id)
}

/** Province and city of each path, as subtrees: what lies elsewhere has left. */
export const citiesOf = (lots: readonly { readonly path: string }[]): string[] => [
  ...new Set(lots.map(({ path }) => path.split('/').slice(0, 3).join('/').concat('/'))),
]

/** With where the holders of a recall are, and how many lots were made of the recalled ones. */
export interface LoadedRecall extends RecallInput {
  readonly made: number
  readonly paths: ReadonlyMap<string, string>
}

/**
 * What the ledger says of the lots and of all that was made of them, oldest first; the transaction must see the whole country.
 * @param cities subtrees of areas: what a holder elsewhere has, has left
 */
export async function loadRecall(tx: Tx, roots: readonly string[], cities: readonly string[]): Promise<LoadedRecall> {
  const ids = await downstreamOf(tx, roots)
  // Times as numbers: reading ten thousand of them as text took longer than finding the rows.
  const { rows: moved } = await sql<RecallMovement>`
    SELECT lot_id AS lot, holder_id AS holder, kind, grams, event_hash AS event, dispatch_id AS dispatch,
      extract(epoch FROM at)::float8 * 1000 AS at FROM coldchain.movement
    WHERE lot_id = ANY(${ids}::uuid[]) AND kind NOT IN ('handle', 'observe', 'count') ORDER BY id`.execute(tx)
  const { rows: flows } = await sql<RecallFlow>`
    SELECT from_lot AS "from", to_lot AS "to", grams, holder_id AS holder, event_hash AS event FROM coldchain.flow
    WHERE from_lot = ANY(${ids}::uuid[]) ORDER BY id`.execute(tx)
  const { rows: dispatches } = await sql<RecallDispatch>`
    SELECT id, from_id AS "from", to_id AS "to", lost_grams, received_at IS NOT NULL AS received FROM coldchain.dispatch
    WHERE lot_id = ANY(${ids}::uuid[])`.execute(tx)
  const holders = new Set([...moved.map(({ holder }) => holder), ...dispatches.map(({ to }) => to)])
  const { rows: places } = await sql<{ id: string; path: string }>`
    SELECT id, path FROM coldchain.holder WHERE id = ANY(${[...holders]}::uuid[])`.execute(tx)
  return {
    ...{ roots, flows, dispatches, made: ids.length - new Set(roots).size },
    movements: moved.map((movement) => ({ ...movement, at: Math.round(movement.at) })),
    outside: new Set(places.filter(({ path }) => !cities.some((city) => path.startsWith(city))).map(({ id }) => id)),
    paths: new Map(places.map(({ id, path }) => [id, path])),
  }
}
