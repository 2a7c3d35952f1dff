import type { Selectable } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import type { NoticeTable } from './notice.table.ts'

export type NoticeRow = Selectable<NoticeTable>

/** A notice of a store, locked until the transaction ends. @throws Problem 404 when it is not this store's, or was withdrawn */
export async function lockOwn(tx: Tx, storeCode: string | null, id: string): Promise<NoticeRow> {
  const row = await tx
    .selectFrom('notice.notice')
    .selectAll()
    .where('id', '=', id)
    .where('storeCode', '=', storeCode ?? '')
    .where('state', '<>', 'withdrawn')
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw notFound('通知')
  return row
}

type Change = Partial<Pick<NoticeRow, 'state' | 'readAt' | 'doneAt' | 'sealedReply'>>

/** Changes a notice and gives it back. */
export const updateNotice = (tx: Tx, id: string, change: Change): Promise<NoticeRow> =>
  tx.updateTable('notice.notice').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
