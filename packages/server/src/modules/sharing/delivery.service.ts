import { addDays, type Day, dayOf } from '@vigil/codes'
import type { Delivery, Download } from '@vigil/contract'
import type { Caller } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import { conflict, invalidField, notFound } from '../../kernel/error/problem.ts'
import { lockDestination } from './destination.service.ts'
import { longestPeriod } from './schedule.domain.ts'
import { tellHandover } from './sharing.handover.ts'
import type { SendingParts } from './sharing.job.ts'
import { toDelivery } from './sharing.read.ts'
import { unsealReceipt } from './sharing.seal.ts'
import { type DeliveryRow, getDelivery, giveUpAt, insertDelivery, updateDelivery } from './sharing.store.ts'
import { aboutDelivery } from './sharing.system.ts'

/** Deliveries that may be on their way to one destination at once, before more are ordered by hand. */
const maxOpen = 20

async function assertRoom(tx: Tx, destinationId: string): Promise<void> {
  const open = await tx
    .selectFrom('sharing.delivery')
    .select('id')
    .where('destinationId', '=', destinationId)
    .where('status', 'in', ['preparing', 'waiting'])
    .limit(maxOpen)
    .execute()
  if (open.length >= maxOpen) throw conflict(`已有 ${maxOpen} 次推送未完成，请等其完成后再推`, 'too-many')
}

/** Sends a small file marked as a test, to a paused destination too. @throws Problem 404, 409 */
export async function testDestination({ kernel }: SendingParts, caller: Caller, id: string): Promise<Delivery> {
  const now = kernel.clock.now()
  const today = dayOf(now)
  return command(kernel.db, caller, 'sharing.send', async (tx, audit) => {
    const destination = await lockDestination(tx, id)
    await assertRoom(tx, id)
    const order = { kind: 'test', fromDay: today, toDay: today, slotAt: null, createdBy: caller.name } as const
    const row = await insertDelivery(tx, destination, order, now)
    await audit({ action: 'sharing.test', ...aboutDelivery(row), detail: { destination: id } })
    return toDelivery(row, now)
  })
}

/**
 * Makes the file of a period anew, as its next version, and sends it.
 * @throws Problem 400 for an impossible period, 404, 409 while the destination is paused or too much is on its way
 */
export async function pushPeriod(
  { kernel }: SendingParts,
  caller: Caller,
  id: string,
  { from, to }: { from: Day; to: Day },
): Promise<Delivery> {
  const now = kernel.clock.now()
  if (to > dayOf(now)) throw invalidField('/to', '结束日期不能晚于今天')
  if (to < from) throw invalidField('/to', '结束日期早于开始日期')
  if (addDays(from, longestPeriod) <= to) throw invalidField('/to', `一次最多推送 ${longestPeriod} 天`)
  return command(kernel.db, caller, 'sharing.send', async (tx, audit) => {
    const destination = await lockDestination(tx, id)
    if (destination.state === 'paused') throw conflict('接收方已暂停，请先启用；试推送不受影响', 'paused')
    if (destination.list === 'followups') throw conflict('随访转交按单送达，不按期间推送', 'handover')
    await assertRoom(tx, id)
    const order = { kind: 'manual', fromDay: from, toDay: to, slotAt: null, createdBy: caller.name } as const
    const row = await insertDelivery(tx, destination, order, now)
    await audit({
      action: 'sharing.push',
      ...aboutDelivery(row),
      detail: { destination: id, from, to, version: row.version },
    })
    return toDelivery(row, now)
  })
}

/** A delivery of the transaction's scope, with its destination locked, so that no attempt begins meanwhile. @throws Problem 404 */
async function lockDelivery(tx: Tx, id: string) {
  const found = await tx.selectFrom('sharing.delivery').select('destinationId').where('id', '=', id).executeTakeFirst()
  if (!found) throw notFound('推送')
  const destination = await lockDestination(tx, found.destinationId)
  return { destination, delivery: await getDelivery(tx, id) }
}

function assertIdle(delivery: DeliveryRow, now: Date): void {
  if (delivery.leaseUntil && delivery.leaseUntil > now && ['preparing', 'waiting'].includes(delivery.status))
    throw conflict('正在推送，请稍候', 'busy')
}

/**
 * Tries a delivery again at once: the same number, the same file, the count of tries begun anew.
 * @throws Problem 404, 409 when it was acknowledged, is on its way, its file is gone or the destination is paused
 */
export async function resend({ kernel }: SendingParts, caller: Caller, id: string): Promise<Delivery> {
  const now = kernel.clock.now()
  return command(kernel.db, caller, 'sharing.send', async (tx, audit) => {
    const { destination, delivery } = await lockDelivery(tx, id)
    assertIdle(delivery, now)
    if (delivery.status === 'acknowledged') throw conflict('接收方已签收，如需再推请按同一期间重新推送', 'acknowledged')
    if (destination.state === 'paused' && delivery.kind !== 'test') throw conflict('接收方已暂停，请先启用', 'paused')
    // Without a digest no file was ever made, and nothing has left under this number.
    const made = delivery.sha256 !== null
    if (made && !toDelivery(delivery, now).kept)
      throw conflict('文件已过保存期或已销毁，请按同一期间重新推送', 'no-file')
    await updateDelivery(tx, id, {
      status: made ? 'waiting' : 'preparing',
      tries: 0,
      nextAt: now,
      giveUpAt: giveUpAt(destination, now),
      leaseBy: null,
      leaseUntil: null,
    })
    await tellHandover(kernel, tx, delivery, { state: 'waiting', error: null })
    await audit({ action: 'sharing.resend', ...aboutDelivery(delivery), detail: { attempts: delivery.attempts } })
    return toDelivery(await getDelivery(tx, id), now)
  })
}

/** Lays a delivery down for good; the reason is recorded. @throws Problem 404, 409 when it is on its way or acknowledged */
export async function closeDelivery(
  { kernel }: SendingParts,
  caller: Caller,
  id: string,
  given: string,
): Promise<Delivery> {
  const now = kernel.clock.now()
  const reason = given.trim()
  if (!reason) throw invalidField('/reason', '请填写原因', 'required')
  return command(kernel.db, caller, 'sharing.send', async (tx, audit) => {
    const { delivery } = await lockDelivery(tx, id)
    assertIdle(delivery, now)
    if (delivery.status === 'acknowledged') throw conflict('接收方已签收', 'acknowledged')
    await updateDelivery(tx, id, { status: 'closed', leaseBy: null, leaseUntil: null })
    await tellHandover(kernel, tx, delivery, { state: 'refused', error: `已停止送达：${reason}`.slice(0, 300) })
    await audit({ action: 'sharing.close', ...aboutDelivery(delivery), detail: { reason } })
    return toDelivery(await getDelivery(tx, id), now)
  })
}

/** The receipt with what it acknowledges, as JSON. @throws Problem 404 where there is none */
export async function downloadReceipt({ kernel }: SendingParts, caller: Caller, id: string): Promise<Download> {
  return command(kernel.db, caller, 'sharing.read', async (tx, audit) => {
    const row = await tx.selectFrom('sharing.delivery').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row?.sealedReceipt) throw notFound('回执')
    await audit({ action: 'sharing.receipt', ...aboutDelivery(row) })
    const { number, fromDay, toDay, version, rows, bytes, sha256, acknowledgedAt, receiptNumber } = row
    const period = { from: fromDay, to: toDay }
    const answer = unsealReceipt(kernel.vault, id, row.sealedReceipt)
    const receipt = { number, period, version, rows, bytes, sha256, acknowledgedAt, receiptNumber, answer }
    return {
      mediaType: 'application/json',
      filename: `回执_${number}.json`,
      body: Buffer.from(`${JSON.stringify(receipt, null, 2)}\n`),
    }
  })
}
