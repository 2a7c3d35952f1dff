import { uuidv7Floor } from '@vigil/codes'
import type { BodyOf, coldchainRoutes } from '@vigil/contract'
import { sql } from 'kysely'
import { assertCan, type Caller, scopeFor, within } from '../../kernel/access/caller.ts'
import { beyondScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, invalidField, notFound } from '../../kernel/error/problem.ts'
import type { LotRow } from './coldchain.table.ts'
import { getLot } from './declaration.store.ts'
import { getHolder } from './holder.service.ts'
import { readCode } from './label.domain.ts'
import { byNumber } from './lot.read.ts'

export type RecallSet = Omit<BodyOf<(typeof coldchainRoutes)['cold-recall.preview']>, never>
/** Lots that one recall may be of. */
const mostLots = 200
/** An event may be told of so long before it happens by a clock that is ahead. */
const aheadMs = 3_600_000

export interface ChosenLots {
  /** Of the caller's area, oldest first. */
  readonly lots: readonly LotRow[]
  /** Codes that name nothing known. */
  readonly unknown: readonly string[]
  /** Lots of other areas. */
  readonly elsewhere: number
}

/** Ids of the lots that a code as it is scanned names, or a number of the papers. */
async function lotsOfCode(tx: Tx, caller: Caller, code: string): Promise<string[]> {
  const read = readCode(code)
  if (!read.ok) {
    const from = byNumber(code.trim(), scopeFor(caller, 'coldchain.inspect'))
    const { rows } = await sql<{ id: string }>`SELECT id FROM ${from} AS found`.execute(tx)
    return rows.map(({ id }) => id)
  }
  const { rows } = await sql<{ id: string }>`SELECT id FROM coldchain.lot WHERE uri = ${read.code.uri}
    UNION SELECT lot_id FROM coldchain.box WHERE uri = ${read.code.uri} OR parent_uri = ${read.code.uri}`.execute(tx)
  return rows.map(({ id }) => id)
}

/** Ids of the lots of which a holder had some between two instants; reads the ledger since then, not before. */
async function lotsOfStay(tx: Tx, { holderId, from, to }: NonNullable<RecallSet['stay']>): Promise<string[]> {
  const since = new Date(from)
  if (since >= new Date(to)) throw invalidField('/stay/to', '结束时间应晚于开始时间')
  await getHolder(tx, holderId)
  const { rows } = await sql<{ id: string }>`
    WITH moved AS (
      SELECT lot_id, sum(grams) AS grams, bool_or(at <= ${to}::timestamptz AND grams > 0) AS came FROM coldchain.movement
      WHERE holder_id = ${holderId} AND id >= ${uuidv7Floor(since.getTime() - aheadMs)} AND at >= ${from}::timestamptz GROUP BY lot_id)
    SELECT m.lot_id AS id FROM moved m JOIN coldchain.balance b ON b.lot_id = m.lot_id AND b.holder_id = ${holderId}
      WHERE m.came OR b.grams - m.grams > 0
    UNION SELECT lot_id FROM coldchain.balance b WHERE holder_id = ${holderId} AND grams > 0
      AND NOT EXISTS (SELECT FROM moved m WHERE m.lot_id = b.lot_id)`.execute(tx)
  return rows.map(({ id }) => id)
}

/**
 * The lots that a set names: by id, number of the papers, codes or a stay with a holder, all together.
 * @throws Problem 400 for an empty set, 404 for lots that are not the caller's or when none is, 409 for too many
 */
export async function chooseLots(tx: Tx, caller: Caller, set: RecallSet): Promise<ChosenLots> {
  const { lotIds = [], number, codes = [], stay } = set
  if (lotIds.length + codes.length === 0 && number === undefined && !stay)
    throw invalidField('/lotIds', '请指定批次、单据编号、编码或存放时段')
  const ids = new Set<string>(lotIds)
  for (const id of ids) assertCan(caller, 'coldchain.inspect', (await getLot(tx, id)).path, '批次')
  return beyondScope(tx, async () => {
    const unknown: string[] = []
    for (const code of new Set([...codes, ...(number === undefined ? [] : [number])])) {
      const found = await lotsOfCode(tx, caller, code)
      if (found.length === 0) unknown.push(code)
      for (const id of found) ids.add(id)
    }
    if (stay) for (const id of await lotsOfStay(tx, stay)) ids.add(id)
    const rows = await tx
      .selectFrom('coldchain.lot')
      .selectAll()
      .where('id', '=', sql<string>`ANY(${[...ids]}::uuid[])`)
      .orderBy('id')
      .execute()
    const scope = scopeFor(caller, 'coldchain.inspect')
    const lots = rows.filter(({ path }) => scope.some((root) => within(path, root)))
    if (lots.length === 0 && unknown.length === 0) throw notFound('批次')
    if (lots.length > mostLots)
      throw conflict(`一次最多召回 ${mostLots} 个批次，现有 ${lots.length} 个，请缩小范围`, 'too-many')
    return { lots, unknown, elsewhere: rows.length - lots.length }
  })
}
