import { uuidv7 } from '@vigil/codes'
import type { ComplianceRun } from '@vigil/contract'
import type { Selectable } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import type { RunTable } from './compliance.table.ts'

export type RunRow = Selectable<RunTable>

/** Orders a run; one that waits already for the same place is given back instead. */
export async function orderRun(
  tx: Tx,
  order: Pick<RunRow, 'kind' | 'path' | 'day' | 'askedBy' | 'createdAt'> & { stores?: readonly string[] },
): Promise<RunRow | undefined> {
  if (order.kind !== 'today') {
    const waiting = await tx
      .selectFrom('compliance.run')
      .selectAll()
      .where('path', '=', order.path)
      .where('kind', '=', order.kind)
      .where('finishedAt', 'is', null)
      .executeTakeFirst()
    if (waiting) return waiting
  }
  return tx
    .insertInto('compliance.run')
    .values({
      ...order,
      id: uuidv7(order.createdAt.getTime()),
      stores: order.stores ? [...order.stores] : null,
      finishedAt: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
}

/** The oldest run that is not finished and that no other process is busy with; locked until the transaction ends. */
export const lockRun = (tx: Tx): Promise<RunRow | undefined> =>
  tx
    .selectFrom('compliance.run')
    .selectAll()
    .where('finishedAt', 'is', null)
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()

/** A run as it is shown. */
export const runOf = (run: RunRow): ComplianceRun => ({
  id: run.id,
  kind: run.kind,
  judged: run.judged,
  derived: run.derived,
  createdAt: run.createdAt.toISOString(),
  finishedAt: run.finishedAt?.toISOString() ?? null,
})
