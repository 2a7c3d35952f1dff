import { type Day, dayOf } from '@vigil/codes'
import { sql } from 'kysely'
import { systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import type { Parts } from './coldchain.parts.ts'
import type { Gap } from './gap.domain.ts'
import { gapsNow } from './gap.read.ts'

/** How many rows one statement writes. */
const batch = 2000

async function insertGaps(tx: Tx, day: Day, gaps: readonly Gap[]): Promise<void> {
  for (let at = 0; at < gaps.length; at += batch) {
    const some = gaps.slice(at, at + batch)
    await sql`INSERT INTO coldchain.gap (day, key, kind, lot_id, holder_id, other_id, grams, due, path, other_path)
      SELECT ${day}::date, g.key, g.kind, g.lot, g.holder, g.other, g.grams, g.due, h.path, o.path
      FROM unnest(${some.map(({ key }) => key)}::text[], ${some.map(({ kind }) => kind)}::text[], ${some.map(({ lot }) => lot)}::uuid[],
        ${some.map(({ holder }) => holder)}::uuid[], ${some.map(({ other }) => other)}::uuid[], ${some.map(({ grams }) => grams)}::bigint[],
        ${some.map(({ due }) => new Date(due))}::timestamptz[]) AS g(key, kind, lot, holder, other, grams, due)
      JOIN coldchain.holder h ON h.id = g.holder LEFT JOIN coldchain.holder o ON o.id = g.other
      ON CONFLICT DO NOTHING`.execute(tx)
  }
}

/**
 * Keeps the list of gaps of the day that has begun, once, whichever process comes first: a past day can then be shown as it was known. Costs
 * as much as there is stock and gaps, whatever the history.
 * @returns how many there are; null when the day is kept already
 */
export async function keepGaps({ kernel }: Parts): Promise<number | null> {
  const now = kernel.clock.now()
  const day = dayOf(now)
  return withScope(kernel.db, systemScope, async (tx) => {
    const known = await tx.selectFrom('coldchain.gapDay').select('day').where('day', '=', day).executeTakeFirst()
    if (known) return null
    const gaps = await gapsNow(tx, systemScope, now.getTime())
    const added = await tx
      .insertInto('coldchain.gapDay')
      .values({ day, keptAt: now, total: gaps.length })
      .onConflict((on) => on.doNothing())
      .executeTakeFirst()
    if (added.numInsertedOrUpdatedRows !== 1n) return null
    await insertGaps(tx, day, gaps)
    return gaps.length
  })
}
