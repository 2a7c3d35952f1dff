import { type Selectable, sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import type { MeasureTable } from './compliance.table.ts'

export type MeasureRow = Selectable<MeasureTable>

/** A measure of the transaction's scope, locked until it ends. @throws Problem 404 */
export async function lockMeasure(tx: Tx, id: string): Promise<MeasureRow> {
  const row = await tx.selectFrom('compliance.measure').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw notFound('处置')
  return row
}

type Change = Partial<Pick<MeasureRow, 'state' | 'answeredAt' | 'closedAt' | 'closedBy' | 'outcome' | 'result'>>

/** Changes a measure and gives it back. */
export const updateMeasure = (tx: Tx, id: string, change: Change): Promise<MeasureRow> =>
  tx.updateTable('compliance.measure').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

/** The first of `count` running numbers of a year. */
export async function takeNumbers(tx: Tx, year: number, count: number): Promise<number> {
  const { rows } = await sql<{ last: number }>`
    insert into compliance.counter as c (year, last) values (${year}, ${count})
    on conflict (year) do update set last = c.last + ${count} returning last`.execute(tx)
  return rows[0]!.last - count + 1
}
