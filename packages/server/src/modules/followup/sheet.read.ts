import type { FollowupSheet, followupRoutes, QueryOf } from '@vigil/contract'
import type { Selectable } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope } from '../../kernel/db/index.ts'
import { invalidField } from '../../kernel/error/problem.ts'
import { deliveryOf } from './entry.read.ts'
import type { SheetTable } from './followup.table.ts'
import type { Parts } from './parts.ts'

type Routes = typeof followupRoutes
export type SheetRow = Selectable<SheetTable>

/** A sheet as it is shown. */
export const shown = (
  { reference }: Pick<Parts, 'reference'>,
  { path: _path, delivery, deliveryError, ...row }: SheetRow,
): FollowupSheet => ({
  ...row,
  delivery: deliveryOf({ delivery, deliveryError }),
  recipient: row.recipient as FollowupSheet['recipient'],
  areaName: reference.areaName(row.areaCode),
  createdAt: row.createdAt.toISOString(),
  receiptAt: row.receiptAt?.toISOString() ?? null,
})

/** Sheets of the own area, newest first. @throws Problem 400 for a cursor that is none */
export async function listSheets(parts: Parts, caller: Caller, query: QueryOf<Routes['followup.sheets']>) {
  const limit = query.limit ?? 50
  if (query.cursor !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(query.cursor))
    throw invalidField('/query/cursor', '翻页标记无效')
  return readScope(parts.kernel.db, scopeFor(caller, 'followup.read'), async (tx) => {
    let select = tx
      .selectFrom('followup.sheet')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(limit + 1)
    if (query.open === '1') select = select.where('receiptAt', 'is', null)
    if (query.cursor !== undefined) select = select.where('id', '<', query.cursor)
    const rows = await select.execute()
    return {
      items: rows.slice(0, limit).map((row) => shown(parts, row)),
      next: rows.length > limit ? rows[limit - 1]!.id : null,
    }
  })
}
