import { dayOf } from '@vigil/codes'
import { type Insertable, type Selectable, sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import type { ExportTable } from './export.table.ts'

/** Running number of a file: `VGL-20220301-000001`. @param day 'YYYY-MM-DD' */
export const exportNumber = (day: string, last: number): string =>
  `VGL-${day.replaceAll('-', '')}-${String(last).padStart(6, '0')}`

export type ExportEntry = Selectable<ExportTable>

/** The next number of a day; the day's row stays locked until `tx` ends, so that numbers have no gap. */
export async function takeNumber(tx: Tx, at: Date): Promise<string> {
  const day = dayOf(at)
  const { rows } = await sql<{ last: number }>`
    insert into export.counter as c (day, last) values (${day}::date, 1)
    on conflict (day) do update set last = c.last + 1 returning last`.execute(tx)
  return exportNumber(day, rows[0]!.last)
}

export async function insertExport(tx: Tx, row: Insertable<ExportTable>): Promise<ExportEntry> {
  return tx.insertInto('export.export').values(row).returningAll().executeTakeFirstOrThrow()
}

export async function findExport(tx: Tx, id: string): Promise<ExportEntry | undefined> {
  return tx.selectFrom('export.export').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Begins an attempt; undefined when the export is not running any more. */
export async function beginAttempt(tx: Tx, id: string): Promise<ExportEntry | undefined> {
  return tx
    .updateTable('export.export')
    .set((eb) => ({ attempts: eb('attempts', '+', 1), rows: 0, touchedAt: sql<Date>`now()` }))
    .where('id', '=', id)
    .where('status', '=', 'running')
    .returningAll()
    .executeTakeFirst()
}

/** Changes a running export. @returns false when it runs no more */
export async function updateRunning(
  tx: Tx,
  id: string,
  change: Partial<
    Pick<
      ExportEntry,
      'status' | 'rows' | 'expectedRows' | 'bytes' | 'sha256' | 'error' | 'fileId' | 'traced' | 'firstRow'
    >
  >,
): Promise<boolean> {
  const result = await tx
    .updateTable('export.export')
    .set({ ...change, touchedAt: sql<Date>`now()` })
    .where('id', '=', id)
    .where('status', '=', 'running')
    .executeTakeFirst()
  return result.numUpdatedRows > 0
}

/** Running exports that nobody has touched for `seconds`; they are touched, so that one process takes them up. */
export async function takeStale(tx: Tx, seconds: number): Promise<string[]> {
  const rows = await tx
    .updateTable('export.export')
    .set({ touchedAt: sql<Date>`now()` })
    .where('status', '=', 'running')
    .where(sql<boolean>`touched_at <= now() - make_interval(secs => ${seconds})`)
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

/**
 * As a month is shredded: files that hold its personal data go, and exports that are being made of it stop.
 * @returns the exports as they were
 */
export async function dropMonth(tx: Tx, month: string): Promise<ExportEntry[]> {
  const first = `${month}-01`
  const held = sql<boolean>`from_day < (${first}::date + interval '1 month') and to_day >= ${first}::date`
  const rows = await tx.selectFrom('export.export').selectAll().where(held).forUpdate().execute()
  // What was sent cannot be compared any more: the notes on the rows go with the data, those of files long gone too.
  await sql`delete from export.row_chunk where export_id in (select id from export.export where ${held})`.execute(tx)
  await sql`
    update export.export set file_id = null, traced = false,
      status = case status when 'ready' then 'expired' when 'running' then 'failed' else status end,
      error = case status when 'running' then ${`${month} 的数据密钥已销毁，导出已停止`} else error end
    where ${held}`.execute(tx)
  return rows
}
