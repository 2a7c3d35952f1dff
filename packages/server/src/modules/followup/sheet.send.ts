import type { FollowupSheet, followupRoutes, ResponseOf } from '@vigil/contract'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, notFound } from '../../kernel/error/problem.ts'
import type { EntryRow } from './detect.known.ts'
import { addEvent } from './entry.service.ts'
import { earliestDay, entriesOf } from './handover.ts'
import type { Parts } from './parts.ts'
import { type SheetRow, shown } from './sheet.read.ts'

/**
 * Orders a sheet to be sent by itself. Clear text that leaves so is told in the timeline of each person.
 * @returns undefined when nobody is set up to get it
 */
export async function dispatch(
  parts: Parts,
  tx: Tx,
  by: string,
  sheet: SheetRow,
  rows: readonly EntryRow[],
): Promise<{ readonly sent: true; readonly clear: boolean } | undefined> {
  const { id: sheetId, number, path, recipient, recipientName } = sheet
  const from = earliestDay(rows)
  const ordered = await parts.courier.order(tx, { sheetId, number, path, recipient, recipientName, from, by })
  if (!ordered) return undefined
  await tx
    .updateTable('followup.sheet')
    .set({ delivery: 'waiting', deliveryError: null })
    .where('id', '=', sheetId)
    .execute()
  if (ordered.clear) for (const row of rows) await addEvent(parts, tx, row, by, 'revealed', { about: number })
  return { sent: true, clear: ordered.clear }
}

/**
 * Sends a sheet again that was refused or not answered, or for the first time one that was given by hand.
 * @throws Problem 404 outside the area, 409 with a receipt or without a recipient that gets it by itself
 */
export async function sendSheet(parts: Parts, caller: Caller, id: string): Promise<FollowupSheet> {
  return command(parts.kernel.db, caller, 'followup.handle', async (tx, audit) => {
    const sheet = await tx.selectFrom('followup.sheet').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    if (!sheet) throw notFound('转交单')
    if (sheet.receiptAt !== null) throw conflict('该转交单已有回执', 'receipt')
    const sent = await dispatch(parts, tx, caller.name, sheet, await entriesOf(tx, id))
    if (!sent) throw conflict('该接收单位没有启用自动送达，请下载转交单送交', 'no-destination')
    await audit({
      action: 'followup.send',
      object: `followup-sheet:${sheet.number}`,
      path: sheet.path,
      areaCode: sheet.areaCode,
      detail: { ...sent, before: sheet.delivery },
    })
    return shown(parts, { ...sheet, delivery: 'waiting', deliveryError: null })
  })
}

/** Who gets hand-overs of the caller's area by itself. */
export async function listRecipients(
  { kernel, reference, courier }: Parts,
  caller: Caller,
): Promise<ResponseOf<(typeof followupRoutes)['followup.recipients']>> {
  const scope = scopeFor(caller, 'followup.handle')
  const found = await readScope(kernel.db, scope, (tx) => courier.recipients(tx, scope))
  const items = found.map(({ areaCode, recipient, name }) => ({
    recipient: recipient as FollowupSheet['recipient'],
    name,
    areaName: reference.areaName(areaCode),
  }))
  return { items }
}
