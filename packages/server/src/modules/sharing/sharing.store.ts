import { dayOf, uuidv7 } from '@vigil/codes'
import { type Insertable, type Selectable, sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import type { AttemptTable, DeliveryTable, DestinationTable, KeyTable } from './sharing.table.ts'

export type DestinationRow = Selectable<DestinationTable>
export type KeyRow = Selectable<KeyTable>
export type DeliveryRow = Selectable<DeliveryTable>
export type AttemptRow = Selectable<AttemptTable>

/** Days for which the file of a delivery is kept. */
export const keepDays = 30
/** A process that has not been heard of for so long is taken for dead. */
export const leaseSeconds = 60
const hourMs = 3_600_000

/** The next number of a day; the day's row stays locked until `tx` ends. */
async function takeNumber(tx: Tx, at: Date): Promise<string> {
  const day = dayOf(at)
  const { rows } = await sql<{ last: number }>`
    insert into sharing.counter as c (day, last) values (${day}::date, 1)
    on conflict (day) do update set last = c.last + 1 returning last`.execute(tx)
  return `VGS-${day.replaceAll('-', '')}-${String(rows[0]!.last).padStart(6, '0')}`
}

/** Until when a delivery is tried that is begun, or begun again, at `now`. */
export const giveUpAt = (destination: Pick<DestinationRow, 'maxAgeHours'>, now: Date): Date =>
  new Date(now.getTime() + destination.maxAgeHours * hourMs)

/** Orders a delivery with the next version of its period. The destination must be locked by `tx`. */
export async function insertDelivery(
  tx: Tx,
  destination: DestinationRow,
  order: Pick<Insertable<DeliveryTable>, 'kind' | 'sheetId' | 'fromDay' | 'toDay' | 'slotAt' | 'createdBy'>,
  now: Date,
): Promise<DeliveryRow> {
  const before = await tx
    .selectFrom('sharing.delivery')
    .select((eb) => eb.fn.max('version').as('version'))
    .where('destinationId', '=', destination.id)
    .where('fromDay', '=', order.fromDay)
    .where('toDay', '=', order.toDay)
    .where('kind', order.kind === 'test' ? '=' : '<>', 'test')
    .executeTakeFirst()
  const { id: destinationId, path, areaCode, format } = destination
  return tx
    .insertInto('sharing.delivery')
    .values({
      ...order,
      id: uuidv7(now.getTime()),
      number: await takeNumber(tx, now),
      destinationId,
      path,
      areaCode,
      format,
      templateId: order.kind === 'test' ? null : destination.templateId,
      clear: destination.clear && order.kind !== 'test',
      version: (before?.version ?? 0) + 1,
      nextAt: now,
      giveUpAt: giveUpAt(destination, now),
      createdAt: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Destinations whose time has come, locked; those that another process is at are passed over. */
export async function lockDue(tx: Tx, now: Date, limit: number): Promise<DestinationRow[]> {
  return tx
    .selectFrom('sharing.destination')
    .selectAll()
    .where('state', '=', 'active')
    .where('nextAt', '<=', now)
    .orderBy('nextAt')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
}

export interface Claimed {
  readonly destination: DestinationRow
  readonly delivery: DeliveryRow
  /** Proof that this process is at it. */
  readonly lease: string
}

const due = (now: Date) => sql<boolean>`x.status in ('preparing', 'waiting') and x.next_at <= ${now}
  and (x.lease_until is null or x.lease_until <= ${now}) and (d.state = 'active' or x.kind = 'test')
  and not exists (select from sharing.delivery y where y.destination_id = d.id and y.lease_until > ${now}
    and y.status in ('preparing', 'waiting'))`

/**
 * Takes up deliveries that are due, at most one for each destination, so that one that hangs keeps nobody else waiting.
 * Each is leased: a killed process lets go of it when the lease ends.
 */
export async function claim(tx: Tx, now: Date, limit: number): Promise<Claimed[]> {
  const { rows } = await sql<{ id: string }>`
    select d.id from sharing.destination d
    where exists (select from sharing.delivery x where x.destination_id = d.id and ${due(now)})
    limit ${limit} for update of d skip locked`.execute(tx)
  const claimed: Claimed[] = []
  for (const { id } of rows) {
    // Asked again under the lock: what another process took up meanwhile is seen only now.
    const lease = uuidv7()
    const taken = await sql<{ id: string }>`
      update sharing.delivery set lease_by = ${lease}, lease_until = ${leaseEnd(now)}
      where id = (select x.id from sharing.delivery x join sharing.destination d on d.id = x.destination_id
        where d.id = ${id} and ${due(now)} order by x.next_at, x.id limit 1)
      returning id`.execute(tx)
    const delivery = taken.rows[0] && (await getDelivery(tx, taken.rows[0].id))
    if (delivery) claimed.push({ destination: await getDestination(tx, id), delivery, lease })
  }
  return claimed
}

const leaseEnd = (now: Date): Date => new Date(now.getTime() + leaseSeconds * 1000)

/** Keeps a lease alive. @returns false when it is lost */
export async function renewLease(tx: Tx, id: string, lease: string, now: Date): Promise<boolean> {
  const result = await tx
    .updateTable('sharing.delivery')
    .set({ leaseUntil: leaseEnd(now) })
    .where('id', '=', id)
    .where('leaseBy', '=', lease)
    .executeTakeFirst()
  return result.numUpdatedRows > 0
}

export const getDelivery = (tx: Tx, id: string): Promise<DeliveryRow> =>
  tx.selectFrom('sharing.delivery').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

export const getDestination = (tx: Tx, id: string): Promise<DestinationRow> =>
  tx.selectFrom('sharing.destination').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** Begins an attempt; one that a killed process left is marked as of unknown outcome. @returns undefined when the lease is lost */
export async function beginAttempt(tx: Tx, id: string, lease: string, now: Date): Promise<DeliveryRow | undefined> {
  const delivery = await tx
    .updateTable('sharing.delivery')
    .set((eb) => ({ attempts: eb('attempts', '+', 1), tries: eb('tries', '+', 1) }))
    .where('id', '=', id)
    .where('leaseBy', '=', lease)
    .where('status', 'in', ['preparing', 'waiting'])
    .returningAll()
    .executeTakeFirst()
  if (!delivery) return undefined
  await tx
    .updateTable('sharing.attempt')
    .set({ outcome: 'unknown', errorCode: 'interrupted', error: '服务中断，不知对方是否收到，已用同一编号再推' })
    .where('deliveryId', '=', id)
    .where('outcome', '=', 'running')
    .execute()
  await tx
    .insertInto('sharing.attempt')
    .values({ deliveryId: id, number: delivery.attempts, path: delivery.path, leaseBy: lease, startedAt: now })
    .execute()
  return delivery
}

/** Tells how an attempt ended. */
export async function endAttempt(
  tx: Tx,
  { deliveryId, number }: Pick<AttemptRow, 'deliveryId' | 'number'>,
  end: Pick<AttemptRow, 'outcome' | 'durationMs' | 'httpStatus' | 'errorCode' | 'error' | 'answer'>,
): Promise<void> {
  await tx
    .updateTable('sharing.attempt')
    .set(end)
    .where('deliveryId', '=', deliveryId)
    .where('number', '=', number)
    .execute()
}

/** Changes a delivery; only while the lease is held when one is given. @returns false when it was not */
export async function updateDelivery(
  tx: Tx,
  id: string,
  change: Partial<Omit<DeliveryRow, 'id'>>,
  lease?: string,
): Promise<boolean> {
  let update = tx.updateTable('sharing.delivery').set(change).where('id', '=', id)
  if (lease) update = update.where('leaseBy', '=', lease).where('status', 'in', ['preparing', 'waiting'])
  return (await update.executeTakeFirst()).numUpdatedRows > 0
}

/**
 * As a month is shredded: files that hold its personal data go, and what was still to be sent of it is given up.
 * @returns the files, and the hand-over sheets that are not sent any more
 */
export async function dropMonth(tx: Tx, month: string): Promise<{ files: string[]; sheets: string[] }> {
  const { rows } = await sql<{ id: string | null; sheetId: string | null }>`
    with held as (
      select id, file_id from sharing.delivery
      where kind <> 'test' and (file_id is not null or export_id is not null or status in ('preparing', 'waiting', 'held'))
        and from_day < (${`${month}-01`}::date + interval '1 month') and to_day >= ${`${month}-01`}::date for update
    )
    update sharing.delivery x set file_id = null, export_id = null,
      status = case when x.status in ('preparing', 'waiting', 'held') then 'dead' else x.status end,
      error_code = case when x.status in ('preparing', 'waiting', 'held') then 'shredded' else x.error_code end,
      error = case when x.status in ('preparing', 'waiting', 'held') then ${`${month} 的数据密钥已销毁，推送已停止`} else x.error end
    from held where x.id = held.id
    returning held.file_id as id, case when x.status = 'dead' then x.sheet_id end as sheet_id`.execute(tx)
  return { files: rows.flatMap(({ id }) => id ?? []), sheets: rows.flatMap(({ sheetId }) => sheetId ?? []) }
}
