import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import type { EntryTable } from './opening.table.ts'

/**
 * Keeps a statement, and lets it stand for its day unless a later one is there already. The same id again changes nothing.
 * @returns false when the id is there for another store or day
 */
export async function putEntry(tx: Tx, entry: EntryTable): Promise<boolean> {
  const added = await tx
    .insertInto('opening.entry')
    .values(entry)
    .onConflict((same) => same.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!added) {
    const known = await tx
      .selectFrom('opening.entry')
      .select(['storeCode', 'day'])
      .where('id', '=', entry.id)
      .executeTakeFirst()
    return known?.storeCode === entry.storeCode && known.day === entry.day
  }
  const { id, day, storeCode, county, areaCode, path, actor: _actor, accountId: _account, ...said } = entry
  await tx
    .insertInto('opening.day')
    .values({ day, storeCode, county, areaCode, path, entryId: id, ...said, firstAt: entry.saidAt, entries: 0 })
    .onConflict((same) => same.columns(['day', 'storeCode']).doNothing())
    .execute()
  await tx
    .updateTable('opening.day')
    .set({ entries: sql`entries + 1`, firstAt: sql`least(first_at, ${entry.saidAt})` })
    .where('day', '=', day)
    .where('storeCode', '=', storeCode)
    .execute()
  await tx
    .updateTable('opening.day')
    .set({ entryId: id, ...said })
    .where('day', '=', day)
    .where('storeCode', '=', storeCode)
    .where(sql<boolean>`(said_at, entry_id) < (${entry.saidAt}, ${id}::uuid)`)
    .execute()
  return true
}

/** Keeps statements of stores' days of which nothing was said yet. @returns how many */
export async function addDays(
  tx: Tx,
  rows: readonly Omit<EntryTable, 'actor' | 'accountId'>[],
  actor: string,
): Promise<number> {
  const added = await tx
    .insertInto('opening.day')
    .values(rows.map(({ id, ...row }) => ({ ...row, entryId: id, firstAt: row.saidAt, entries: 1 })))
    .onConflict((same) => same.columns(['day', 'storeCode']).doNothing())
    .returning('entryId')
    .execute()
  const kept = new Set(added.map(({ entryId }) => entryId))
  const entries = rows.filter(({ id }) => kept.has(id)).map((row) => ({ ...row, actor, accountId: null }))
  if (entries.length > 0) await tx.insertInto('opening.entry').values(entries).execute()
  return entries.length
}
