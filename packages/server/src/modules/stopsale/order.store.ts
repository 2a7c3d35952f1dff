import type { StopSaleDocument } from '@vigil/contract'
import { assertCan, type Caller } from '../../kernel/access/caller.ts'
import type { Scope, Tx } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import type { OrderRow } from './stopsale.table.ts'

const what = '停售目录'

/** Whether an order binds any of these subtrees: it lies in one of them, or around it. */
export const binds = (scope: Scope, path: string): boolean =>
  scope.some((own) => path.startsWith(own) || own.startsWith(path))

/** An order that binds the caller's area. @throws Problem 404 */
export async function getOrder(tx: Tx, scope: Scope, id: string): Promise<OrderRow> {
  const row = await tx.selectFrom('stopsale.stopOrder').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || !binds(scope, row.path)) throw notFound(what)
  return row
}

/** An order that the caller may change, locked. @throws Problem 404 outside his area */
export async function lockOrder(tx: Tx, caller: Caller, id: string): Promise<OrderRow> {
  const row = await tx.selectFrom('stopsale.stopOrder').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw notFound(what)
  assertCan(caller, 'stopsale.manage', row.path, what)
  return row
}

/** A document as it is kept. */
export type DocumentRow = Omit<StopSaleDocument, 'at'> & { at: Date }

/** A document as it is shown. */
export const shownDocument = ({ id, filename, mediaType, bytes, sha256, at, by }: DocumentRow): StopSaleDocument => ({
  id,
  filename,
  mediaType,
  bytes,
  sha256,
  at: at.toISOString(),
  by,
})

/** Documents of an order, oldest first. */
export async function documentsOf(tx: Tx, orderId: string): Promise<StopSaleDocument[]> {
  const rows = await tx
    .selectFrom('stopsale.document')
    .selectAll()
    .where('orderId', '=', orderId)
    .orderBy('id')
    .limit(50)
    .execute()
  return rows.map(shownDocument)
}
