import { systemCaller } from '../../kernel/access/caller.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf, type CommandAudit } from '../../kernel/command/command.ts'
import { systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { VaultError } from '../../kernel/vault/index.ts'
import type { Purchases } from '../pharmacy/index.ts'
import type { Guard } from './guard.ts'
import { nextTry } from './retry.domain.ts'
import { dueAfter, periodOf } from './schedule.domain.ts'
import { type Failure, failureOf, type Outcome, send } from './send.ts'
import { makePayload } from './sharing.payload.ts'
import { sealReceipt, unsealKey, unsealSecret } from './sharing.seal.ts'
import {
  beginAttempt,
  type Claimed,
  type DeliveryRow,
  type DestinationRow,
  endAttempt,
  getDelivery,
  insertDelivery,
  keepDays,
  leaseSeconds,
  lockDue,
  renewLease,
  updateDelivery,
} from './sharing.store.ts'

export interface SendingParts {
  readonly kernel: Kernel
  readonly purchases: Purchases
  readonly guard: Guard
}

/** Destinations that are scheduled in one transaction. */
const batch = 20
/** Due times that were missed longer ago, in ms, are not made up for. */
const longestMissed = 31 * 86_400_000
const caller = systemCaller('数据共享', [])

const inSystem = <T>(kernel: Kernel, work: (tx: Tx) => Promise<T>): Promise<T> =>
  withScope(kernel.db, systemScope, work)
const audit = (tx: Tx, entry: CommandAudit): Promise<void> => record(tx, auditOf(caller, entry))
const aboutDelivery = ({ number, path, areaCode }: DeliveryRow) => ({ object: `delivery:${number}`, path, areaCode })

/** Days that a due destination covers now; undefined when there is nothing new, or when the last ones are still on their way. */
async function nextPeriod(tx: Tx, destination: DestinationRow, now: Date) {
  const missed = destination.nextAt && now.getTime() - destination.nextAt.getTime() < longestMissed
  // Each day of its own file: days missed while the server was off are made up for, one due time after the other.
  if (destination.cover === 'yesterday')
    return periodOf(parts(destination), undefined, (missed && destination.nextAt) || now)
  const open = await tx
    .selectFrom('sharing.delivery')
    .select('id')
    .where('destinationId', '=', destination.id)
    .where('kind', '=', 'scheduled')
    .where('status', 'in', ['preparing', 'waiting'])
    .limit(1)
    .executeTakeFirst()
  if (open) return undefined
  const last = await tx
    .selectFrom('sharing.delivery')
    .select(['toDay as to', 'createdAt as madeAt'])
    .where('destinationId', '=', destination.id)
    .where('kind', '<>', 'test')
    .where('acknowledgedAt', 'is not', null)
    .orderBy('toDay', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return periodOf(parts(destination), last, now)
}

const parts = ({ schedule, cover, createdAt }: DestinationRow) => ({ schedule, cover, setUpAt: createdAt })

/**
 * Orders the deliveries whose time has come. The due time moves on in the same transaction, under the destination's lock,
 * so that two processes cannot both answer it. @returns how many were ordered
 */
export async function schedule(kernel: Kernel): Promise<number> {
  const now = kernel.clock.now()
  return inSystem(kernel, async (tx) => {
    let ordered = 0
    for (const destination of await lockDue(tx, now, batch)) {
      const { nextAt, cover } = destination
      const period = await nextPeriod(tx, destination, now)
      const recent = nextAt && now.getTime() - nextAt.getTime() < longestMissed
      const from = cover === 'yesterday' && recent ? nextAt : now
      await tx
        .updateTable('sharing.destination')
        .set({ nextAt: dueAfter(destination.schedule, from) })
        .where('id', '=', destination.id)
        .execute()
      if (!period) continue
      const order = {
        kind: 'scheduled',
        fromDay: period.from,
        toDay: period.to,
        slotAt: nextAt,
        createdBy: '定时推送',
      } as const
      const delivery = await insertDelivery(tx, destination, order, now)
      await audit(tx, {
        action: 'sharing.schedule',
        ...aboutDelivery(delivery),
        detail: { ...period, destination: destination.id },
      })
      ordered++
    }
    return ordered
  })
}

const failed = (code: string, message: string): Failure => ({
  ok: false,
  status: null,
  code,
  message,
  hopeless: true,
  answer: null,
})

/** Makes the file of a delivery unless it is there. @returns the delivery with its file, or why there is none */
async function prepare(
  { kernel, purchases }: SendingParts,
  row: DeliveryRow,
  lease: string,
): Promise<DeliveryRow | Failure> {
  if (row.status !== 'preparing') return row
  const { id, areaCode, path, fromDay: from, toDay: to, format, clear, number } = row
  const order = {
    id,
    areaCode,
    path,
    from,
    to,
    format,
    clear,
    keepDays,
    test: row.kind === 'test',
    filename: `${number}.${format}`,
  }
  try {
    await makePayload(kernel, purchases, order, async (tx, payload) => {
      if (!(await updateDelivery(tx, id, { ...payload, status: 'waiting', fileId: id }, lease)))
        throw new Error('the delivery was taken away while its file was made')
    })
    return await inSystem(kernel, (tx) => getDelivery(tx, id))
  } catch (error) {
    if (error instanceof VaultError && error.code === 'shredded') return failed('shredded', error.message)
    const { code, message } = failureOf(error)
    return { ...failed(code, `生成文件时出错：${message}`), hopeless: false }
  }
}

async function attempt(
  parts: SendingParts,
  { destination, lease }: Claimed,
  begun: DeliveryRow,
  signal: AbortSignal,
): Promise<Outcome> {
  const { kernel, guard } = parts
  if (begun.clear && !destination.clear)
    return failed('no-longer-clear', '接收方已改为脱敏，此前生成的明文文件不再推送，请按同一期间重新推送')
  const delivery = await prepare(parts, begun, lease)
  if ('ok' in delivery) return delivery
  const key = await inSystem(kernel, (tx) =>
    tx
      .selectFrom('sharing.key')
      .selectAll()
      .where('destinationId', '=', destination.id)
      .where('state', '=', 'active')
      .executeTakeFirst(),
  )
  if (!key?.sealedPrivate || !delivery.fileId) return failed('no-key', '接收方没有签名密钥或文件，请重新推送')
  return send({
    destination,
    delivery,
    guard,
    signal,
    key: { id: key.id, algorithm: key.algorithm, privateKey: unsealKey(kernel.vault, key.id, key.sealedPrivate) },
    secret: destination.sealedSecret ? unsealSecret(kernel.vault, destination.id, destination.sealedSecret) : undefined,
    file: await kernel.files.open(delivery.fileId),
    now: kernel.clock.now(),
  })
}

const released = { leaseBy: null, leaseUntil: null }

/** Keeps what became of an attempt. An acknowledgement counts even when the lease was lost meanwhile. */
async function settle(
  { kernel }: SendingParts,
  claimed: Claimed,
  begun: DeliveryRow,
  outcome: Outcome,
  durationMs: number,
): Promise<void> {
  const now = kernel.clock.now()
  const { id, attempts, number } = begun
  const { destination, lease } = claimed
  await inSystem(kernel, async (tx) => {
    const ended = { durationMs, httpStatus: outcome.status, answer: outcome.answer }
    const attemptKey = { deliveryId: id, number: attempts }
    if (outcome.ok) {
      await endAttempt(tx, attemptKey, { ...ended, outcome: 'acknowledged', errorCode: null, error: null })
      const sealedReceipt = sealReceipt(kernel.vault, id, outcome.receipt)
      const change = {
        status: 'acknowledged',
        acknowledgedAt: now,
        receiptNumber: outcome.number,
        sealedReceipt,
      } as const
      await updateDelivery(tx, id, { ...change, ...released, errorCode: null, error: null })
      const detail = { attempts, status: outcome.status, receipt: outcome.number }
      return audit(tx, { action: 'sharing.acknowledge', ...aboutDelivery(begun), detail })
    }
    const why = { errorCode: outcome.code, error: outcome.message.slice(0, 200) }
    await endAttempt(tx, attemptKey, { ...ended, ...why, outcome: 'failed' })
    const { tries, giveUpAt } = await getDelivery(tx, id)
    const retry = nextTry(destination, tries, outcome, { now, giveUpAt, random: Math.random() })
    if (retry.again) {
      await updateDelivery(tx, id, { ...why, ...released, nextAt: retry.at }, lease)
      return
    }
    const error = `${why.error}（${retry.why}，不再自动重试）`
    if (!(await updateDelivery(tx, id, { ...why, ...released, status: 'dead', error }, lease))) return
    await audit(tx, {
      action: 'sharing.give-up',
      ...aboutDelivery(begun),
      outcome: 'failed',
      detail: { number, attempts, code: outcome.code },
    })
  })
}

/** The process stops, or another one has taken over: the delivery is let go of, to be taken up again at once. */
async function letGo(
  { kernel }: SendingParts,
  { lease }: Claimed,
  begun: DeliveryRow,
  durationMs: number,
): Promise<void> {
  await inSystem(kernel, async (tx) => {
    const ended = {
      durationMs,
      httpStatus: null,
      answer: null,
      errorCode: 'stopped',
      error: '服务停止，推送中断，不知对方是否收到',
    }
    await endAttempt(tx, { deliveryId: begun.id, number: begun.attempts }, { ...ended, outcome: 'unknown' })
    await updateDelivery(tx, begun.id, { ...released, tries: Math.max(0, begun.tries - 1) }, lease)
  })
}

/** Sends what was taken up, once, and keeps what became of it. @param stop ends the attempt */
export async function deliver(parts: SendingParts, claimed: Claimed, stop: AbortSignal): Promise<void> {
  const { kernel } = parts
  const { id } = claimed.delivery
  const begun = await inSystem(kernel, (tx) => beginAttempt(tx, id, claimed.lease, kernel.clock.now()))
  if (!begun) return
  const lost = new AbortController()
  const renew = async () => {
    if (!(await inSystem(kernel, (tx) => renewLease(tx, id, claimed.lease, kernel.clock.now())))) lost.abort()
  }
  const timer = setInterval(() => void renew().catch(() => undefined), (leaseSeconds * 1000) / 3)
  const signal = AbortSignal.any([stop, lost.signal])
  const started = performance.now()
  try {
    const outcome = await attempt(parts, claimed, begun, signal).catch(failureOf)
    const durationMs = Math.round(performance.now() - started)
    if (!outcome.ok && signal.aborted) await letGo(parts, claimed, begun, durationMs)
    else await settle(parts, claimed, begun, outcome, durationMs)
  } finally {
    clearInterval(timer)
  }
}
