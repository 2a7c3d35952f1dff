import type { ColdLot, coldchainRoutes, QueryOf } from '@vigil/contract'
import { type RawBuilder, sql } from 'kysely'
import type { Caller } from '../../kernel/access/caller.ts'
import { readScope, type Scope, systemScope, type Tx } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import { chosenScope, type Parts } from './coldchain.parts.ts'
import type { LotRow } from './coldchain.table.ts'
import { gateOf } from './release.domain.ts'

/** A lot with what its gate is judged by. */
export type SeenLot = LotRow & {
  readonly holderName: string
  readonly entered: boolean
  readonly rootReleases: readonly number[]
  readonly positive: boolean
}

/**
 * Lots with their gates, by key; the transaction must see the whole country. `from` is a table or query with a column `id`. Values
 * instead of EXISTS, which the planner answers for many lots by reading the entries and samples of all lots there ever were.
 */
export const seenLots = (from: RawBuilder<unknown>) => sql<SeenLot>`
  SELECT l.*, h.name AS holder_name,
    l.kind = 'made' OR (SELECT count(*) FROM coldchain.movement m WHERE m.lot_id = l.id AND m.kind = 'enter') > 0 AS entered,
    ARRAY(SELECT root.releases FROM coldchain.lot_root r JOIN coldchain.lot root ON root.id = r.root_id WHERE r.lot_id = l.id) AS root_releases,
    (SELECT count(*) FROM coldchain.sample s WHERE s.lot_id = l.id AND s.result = 'positive' AND NOT EXISTS (
      SELECT FROM coldchain.sample again WHERE again.retest_of = s.id HAVING count(*) > 0 AND bool_and(again.result = 'negative'))) > 0 AS positive
  FROM ${from} AS wanted JOIN coldchain.lot l ON l.id = wanted.id JOIN coldchain.holder h ON h.id = l.holder_id
  ORDER BY l.id DESC`

type ShownFacts = Pick<SeenLot, Exclude<keyof ColdLot, 'gate'> | 'holderId' | 'entered' | 'rootReleases' | 'positive'>

/** The same for many lots, as one value: only what lists show, for the driver makes objects of rows column by column. */
export async function manyLots(tx: Tx, from: RawBuilder<unknown>): Promise<ShownFacts[]> {
  const { rows } = await sql<{ lots: ShownFacts[] }>`
    SELECT coalesce(json_agg(json_build_object('id', id, 'uri', uri, 'gtin', gtin, 'lotNo', lot_no, 'goodsName', goods_name, 'kind', kind,
      'origin', origin, 'supplierLot', supplier_lot, 'containerNo', container_no, 'producedOn', produced_on, 'expiresOn', expires_on,
      'holderId', holder_id, 'holderName', holder_name, 'entered', entered, 'rootReleases', root_releases, 'positive', positive)), '[]') AS lots
    FROM (${seenLots(from)}) AS seen`.execute(tx)
  return rows[0]!.lots
}

/** A lot as lists show it. */
export const shownLot = (row: ShownFacts): ColdLot => ({
  ...{ id: row.id, uri: row.uri, gtin: row.gtin, lotNo: row.lotNo, goodsName: row.goodsName, kind: row.kind },
  gate: gateOf(row.entered, row.rootReleases, row.positive),
  ...{ origin: row.origin, supplierLot: row.supplierLot, containerNo: row.containerNo },
  ...{ producedOn: row.producedOn, expiresOn: row.expiresOn, holderName: row.holderName },
})

/** Whether a lot concerns a scope: it came to or is owned from there, or some of it is or was there. */
export const concerns = (scope: Scope) => sql<boolean>`(l.path ^@ ANY(${[...scope]}::text[])
  OR EXISTS (SELECT FROM coldchain.holder o WHERE o.id = l.owner_id AND o.path ^@ ANY(${[...scope]}::text[]))
  OR EXISTS (SELECT FROM coldchain.balance b WHERE b.lot_id = l.id AND b.path ^@ ANY(${[...scope]}::text[]))
  OR EXISTS (SELECT FROM coldchain.dispatch d WHERE d.lot_id = l.id AND d.to_path ^@ ANY(${[...scope]}::text[])))`

/** A lot that concerns the caller's area. @throws Problem 404 */
export async function getSeenLot(tx: Tx, scope: Scope, id: string): Promise<SeenLot> {
  const from = sql`(SELECT l.id FROM coldchain.lot l WHERE l.id = ${id} AND ${concerns(scope)})`
  const { rows } = await seenLots(from).execute(tx)
  if (!rows[0]) throw notFound('批次')
  return rows[0]
}

/** Of some lots those that concern a scope; the transaction must see the whole country. */
export async function concerning(tx: Tx, scope: Scope, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    SELECT l.id FROM coldchain.lot l WHERE l.id = ANY(${ids}::uuid[]) AND ${concerns(scope)}`.execute(tx)
  return new Set(rows.map(({ id }) => id))
}

type Query = QueryOf<(typeof coldchainRoutes)['cold-lot.list']>

const bearing = (gate: Query['gate']) => {
  if (gate === undefined) return sql`true`
  if (gate === 'released') return sql`l.releases % 2 = 1`
  if (gate === 'withdrawn') return sql`l.releases > 0 AND l.releases % 2 = 0`
  return sql`l.kind = 'imported' AND l.releases = 0`
}

/** Lots by a number that stands on papers, those of the caller's area; each by an index of its own. */
export const byNumber = (q: string, scope: Scope) => sql`(SELECT l.id FROM coldchain.lot l WHERE l.id IN (
    SELECT id FROM coldchain.lot WHERE lot_no = ${q} UNION SELECT id FROM coldchain.lot WHERE supplier_lot = ${q}
    UNION SELECT id FROM coldchain.lot WHERE container_no = ${q} UNION SELECT lot_id FROM coldchain.declaration WHERE number = ${q}
  ) AND ${concerns(scope)} LIMIT 200)`

/**
 * Lots that came to the caller's area or lie there, newest first; or those with a lot, supplier lot, container or declaration
 * number.
 */
export async function listLots(
  parts: Parts,
  caller: Caller,
  { area, q, gate, cursor, limit = 50 }: Query,
): Promise<{ items: ColdLot[]; next: string | null }> {
  const scope = chosenScope(parts, caller, area)
  return readScope(parts.kernel.db, systemScope, async (tx) => {
    const number = q?.trim()
    if (number) {
      const { rows } = await seenLots(byNumber(number, scope)).execute(tx)
      return { items: rows.map(shownLot).filter((lot) => gate === undefined || lot.gate === gate), next: null }
    }
    const before = cursor === undefined ? sql`true` : sql`l.id < ${cursor}::uuid`
    const from = sql`(SELECT id FROM (
      (SELECT l.id FROM coldchain.lot l WHERE l.path ^@ ANY(${[...scope]}::text[]) AND ${bearing(gate)} AND ${before}
        ORDER BY l.id DESC LIMIT ${limit + 1})
      UNION
      (SELECT l.id FROM coldchain.holder h JOIN coldchain.balance b ON b.holder_id = h.id AND b.grams > 0
        JOIN coldchain.lot l ON l.id = b.lot_id WHERE h.path ^@ ANY(${[...scope]}::text[]) AND ${bearing(gate)} AND ${before}
        ORDER BY l.id DESC LIMIT ${limit + 1})
      UNION
      (SELECT l.id FROM coldchain.holder h JOIN coldchain.declaration d ON d.owner_id = h.id
        JOIN coldchain.lot l ON l.id = d.lot_id WHERE h.path ^@ ANY(${[...scope]}::text[]) AND ${bearing(gate)} AND ${before}
        ORDER BY l.id DESC LIMIT ${limit + 1})) AS found ORDER BY id DESC LIMIT ${limit + 1})`
    const { rows } = await seenLots(from).execute(tx)
    const page = rows.slice(0, limit)
    return {
      items: page.map(shownLot).filter((lot) => gate === undefined || lot.gate === gate),
      next: rows.length > limit ? page.at(-1)!.id : null,
    }
  })
}
