import { dayOf } from '@vigil/codes'
import { sql } from 'kysely'
import { beyondScope, type Scope, type Tx } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { type Handover, type HandoverResult, settleHandover } from '../followup/index.ts'
import { toDelivery } from './sharing.read.ts'
import { type DeliveryRow, type DestinationRow, giveUpAt, insertDelivery, updateDelivery } from './sharing.store.ts'

/** Who gets the sheet by itself: the active destination of that name and kind, of the nearest area above; locked. */
const destinationFor = (tx: Tx, { path, recipient, recipientName }: Handover): Promise<DestinationRow | undefined> =>
  tx
    .selectFrom('sharing.destination')
    .selectAll()
    .where('list', '=', 'followups')
    .where('state', '=', 'active')
    .where('kind', '=', recipient as DestinationRow['kind'])
    .where('name', '=', recipientName)
    .where(sql<boolean>`${path} ^@ path`)
    .orderBy(sql`length(path)`, 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()

/** The last delivery of a sheet, if it can be tried again as it is. */
async function usable(tx: Tx, sheetId: string, to: DestinationRow, now: Date): Promise<DeliveryRow | undefined> {
  const row = await tx
    .selectFrom('sharing.delivery')
    .selectAll()
    .where('sheetId', '=', sheetId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row || row.destinationId !== to.id || row.clear !== to.clear || row.format !== to.format) return undefined
  if (row.status === 'closed' || row.status === 'acknowledged') return undefined
  return row.sha256 === null || toDelivery(row, now).kept ? row : undefined
}

/**
 * Orders a hand-over sheet to be sent, in the transaction that hands over: as a delivery of its own, or as another try of
 * the one that failed, under the same number, so that a recipient who had it already does not take it twice.
 * @returns undefined when no destination gets it
 */
export async function orderHandover(
  { clock }: Pick<Kernel, 'clock'>,
  tx: Tx,
  handover: Handover,
): Promise<{ readonly clear: boolean } | undefined> {
  const now = clock.now()
  const { sheetId, from: fromDay, by: createdBy } = handover
  return beyondScope(tx, async () => {
    const to = await destinationFor(tx, handover)
    if (!to) return undefined
    const before = await usable(tx, sheetId, to, now)
    if (!before) {
      const order = { kind: 'handover', sheetId, fromDay, toDay: dayOf(now), slotAt: null, createdBy } as const
      await insertDelivery(tx, to, order, now)
    } else if (!before.leaseUntil || before.leaseUntil <= now)
      await updateDelivery(tx, before.id, {
        status: before.sha256 === null ? 'preparing' : 'waiting',
        tries: 0,
        nextAt: now,
        giveUpAt: giveUpAt(to, now),
        leaseBy: null,
        leaseUntil: null,
      })
    return { clear: to.clear }
  })
}

/** Destinations that get sheets from an area: those of areas above it and within it. */
export async function handoverRecipients(tx: Tx, scope: Scope) {
  return beyondScope(tx, () =>
    tx
      .selectFrom('sharing.destination')
      .select(['kind as recipient', 'name', 'areaCode'])
      .distinct()
      .where('list', '=', 'followups')
      .where('state', '=', 'active')
      .where(sql<boolean>`exists (select from unnest(${[...scope]}::text[]) s where s ^@ path or path ^@ s)`)
      .orderBy('name')
      .limit(200)
      .execute(),
  )
}

/** Tells the sheet of a delivery what became of it; nothing for a delivery of another kind. */
export async function tellHandover(
  kernel: Kernel,
  tx: Tx,
  { sheetId }: Pick<DeliveryRow, 'sheetId'>,
  result: HandoverResult,
): Promise<void> {
  if (sheetId) await beyondScope(tx, () => settleHandover(kernel, tx, sheetId, result))
}
