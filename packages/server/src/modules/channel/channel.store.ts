import { uuidv7 } from '@vigil/codes'
import { type Selectable, sql } from 'kysely'
import { systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { DeliveryTable, MessageTable, TargetTable } from './channel.table.ts'

export type TargetRow = Selectable<TargetTable>
export type MessageRow = Selectable<MessageTable>
export type DeliveryRow = Selectable<DeliveryTable>

/** A process that has not been heard of for so long is taken for dead: longer than any attempt may take. */
export const leaseSeconds = 60

/** A transaction of the background work, which sees the whole country. */
export const inSystem = <T>(kernel: Pick<Kernel, 'db'>, work: (tx: Tx) => Promise<T>): Promise<T> =>
  withScope(kernel.db, systemScope, work)

export interface Claimed {
  readonly target: TargetRow
  readonly message: MessageRow
  readonly delivery: DeliveryRow
  /** Proof that this process is at it. */
  readonly lease: string
}

/**
 * Takes up deliveries that are due, at most one for each recipient, so that one that hangs keeps nobody else waiting. Each is
 * leased: a killed process lets go of it when the lease ends.
 */
export async function claim(tx: Tx, now: Date, limit: number): Promise<Claimed[]> {
  const lease = uuidv7()
  const leaseUntil = new Date(now.getTime() + leaseSeconds * 1000)
  const { rows } = await sql<{ targetId: string }>`
    select t.id as target_id from channel.target t where exists (select from channel.delivery d
      where d.target_id = t.id and d.status = 'waiting' and d.next_at <= ${now})
      and not exists (select from channel.delivery d where d.target_id = t.id and d.status = 'waiting' and d.lease_until > ${now})
    limit ${limit} for update of t skip locked`.execute(tx)
  const claimed: Claimed[] = []
  for (const { targetId } of rows) {
    // Asked again under the lock: what another process took up meanwhile is seen only now.
    const taken = await sql<{ id: string }>`
      update channel.delivery set lease_by = ${lease}, lease_until = ${leaseUntil}, attempts = attempts + 1, tries = tries + 1
      where id = (select d.id from channel.delivery d where d.target_id = ${targetId} and d.status = 'waiting'
          and d.next_at <= ${now} and not exists (select from channel.delivery o where o.target_id = ${targetId}
            and o.status = 'waiting' and o.lease_until > ${now})
        order by d.next_at, d.id limit 1)
      returning id`.execute(tx)
    const [first] = taken.rows
    if (!first) continue
    const delivery = await getDelivery(tx, first.id)
    claimed.push({
      lease,
      delivery,
      target: await tx.selectFrom('channel.target').selectAll().where('id', '=', targetId).executeTakeFirstOrThrow(),
      message: await tx
        .selectFrom('channel.message')
        .selectAll()
        .where('id', '=', delivery.messageId)
        .executeTakeFirstOrThrow(),
    })
  }
  return claimed
}

export const getDelivery = (tx: Tx, id: string): Promise<DeliveryRow> =>
  tx.selectFrom('channel.delivery').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** Keeps what became of an attempt. @returns false when another process has taken over */
export async function settle(
  tx: Tx,
  id: string,
  lease: string,
  change: Partial<Omit<DeliveryRow, 'id'>>,
): Promise<boolean> {
  const result = await tx
    .updateTable('channel.delivery')
    .set({ ...change, leaseBy: null, leaseUntil: null })
    .where('id', '=', id)
    .where('leaseBy', '=', lease)
    .executeTakeFirst()
  return result.numUpdatedRows > 0
}
