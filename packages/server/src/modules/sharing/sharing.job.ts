import type { Tx } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { VaultError } from '../../kernel/vault/index.ts'
import { type Exporter, openExport } from '../export/index.ts'
import type { Purchases } from '../pharmacy/index.ts'
import type { Guard } from './guard.ts'
import { nextTry } from './retry.domain.ts'
import { type Failure, failureOf, type Outcome, send } from './send.ts'
import { tellHandover } from './sharing.handover.ts'
import { awaitExport, makeHandover, makePayload, orderPayload, type Payload } from './sharing.payload.ts'
import { clearRefusal, heldBack } from './sharing.right.ts'
import { sealReceipt, unsealKey, unsealSecret } from './sharing.seal.ts'
import {
  beginAttempt,
  type Claimed,
  type DeliveryRow,
  endAttempt,
  getDelivery,
  keepDays,
  leaseSeconds,
  renewLease,
  updateDelivery,
} from './sharing.store.ts'
import { aboutDelivery, audit, inSystem } from './sharing.system.ts'

export interface SendingParts {
  readonly kernel: Kernel
  readonly purchases: Purchases
  readonly exporter: Exporter
  readonly guard: Guard
  readonly logError: (error: unknown) => void
}

/** What broke off an attempt; what nobody foresaw is told to those who run the server, too. */
function brokenOff({ logError }: SendingParts, error: unknown): Failure {
  const failure = failureOf(error)
  if (failure.code === 'internal') logError(error)
  return failure
}

const failed = (code: string, message: string): Failure => ({
  ok: false,
  status: null,
  code,
  message,
  hopeless: true,
  answer: null,
})

const takenAway = () => new Error('the delivery was taken away while its file was made')

/** Has the file made as an export, which goes on by itself when this process dies. */
async function exported({ kernel, exporter }: SendingParts, claimed: Claimed, row: DeliveryRow, signal: AbortSignal) {
  const { lease, destination } = claimed
  const { id } = row
  const exportId =
    row.exportId ??
    (await inSystem(kernel, async (tx) => {
      const ordered = await orderPayload(exporter, tx, row, destination)
      if (!(await updateDelivery(tx, id, { exportId: ordered }, lease))) throw takenAway()
      return ordered
    }))
  try {
    const payload = await awaitExport(exporter, exportId, signal)
    if (!(await inSystem(kernel, (tx) => updateDelivery(tx, id, { ...payload, status: 'waiting' }, lease))))
      throw takenAway()
  } catch (error) {
    // One that failed is ordered anew by the next try.
    if (!signal.aborted) await inSystem(kernel, (tx) => updateDelivery(tx, id, { exportId: null }, lease))
    throw error
  }
}

async function made({ kernel, purchases }: SendingParts, { lease, destination }: Claimed, row: DeliveryRow) {
  const { id } = row
  const link = async (tx: Tx, payload: Payload) => {
    if (!(await updateDelivery(tx, id, { ...payload, status: 'waiting', fileId: id }, lease))) throw takenAway()
  }
  const order = { ...row, from: row.fromDay, to: row.toDay, keepDays }
  if (destination.list === 'followups') await makeHandover(kernel, purchases.reference, order, link)
  else await makePayload(kernel, purchases, order, link)
}

/** Makes the file of a delivery unless it is there. @returns the delivery with its file, or why there is none */
async function prepare(
  parts: SendingParts,
  claimed: Claimed,
  row: DeliveryRow,
  signal: AbortSignal,
): Promise<DeliveryRow | Failure> {
  if (row.status !== 'preparing') return row
  try {
    const own = row.kind === 'test' || row.format === 'jsonl' || claimed.destination.list === 'followups'
    if (own) await made(parts, claimed, row)
    else await exported(parts, claimed, row, signal)
    return await inSystem(parts.kernel, (tx) => getDelivery(tx, row.id))
  } catch (error) {
    if (error instanceof VaultError && error.code === 'shredded') return failed('shredded', error.message)
    const { code, message } = brokenOff(parts, error)
    return { ...failed(code, `生成文件时出错：${message}`), hopeless: false }
  }
}

async function attempt(
  parts: SendingParts,
  claimed: Claimed,
  begun: DeliveryRow,
  signal: AbortSignal,
): Promise<Outcome> {
  const { destination } = claimed
  const { kernel, guard } = parts
  if (begun.clear && !destination.clear)
    return failed('no-longer-clear', '接收方已改为脱敏，此前生成的明文文件不再推送，请按同一期间重新推送')
  const held = await clearRefusal(kernel, begun)
  if (held) return held
  const delivery = await prepare(parts, claimed, begun, signal)
  if ('ok' in delivery) return delivery
  // A file may take minutes to be made.
  const since = await clearRefusal(kernel, delivery)
  if (since) return since
  const key = await inSystem(kernel, (tx) =>
    tx
      .selectFrom('sharing.key')
      .selectAll()
      .where('destinationId', '=', destination.id)
      .where('state', '=', 'active')
      .executeTakeFirst(),
  )
  const { exportId, fileId } = delivery
  if (!key?.sealedPrivate || !(exportId ?? fileId)) return failed('no-key', '接收方没有签名密钥或文件，请重新推送')
  return send({
    destination,
    delivery,
    guard,
    signal,
    key: { id: key.id, algorithm: key.algorithm, privateKey: unsealKey(kernel.vault, key.id, key.sealedPrivate) },
    secret: destination.sealedSecret ? unsealSecret(kernel.vault, destination.id, destination.sealedSecret) : undefined,
    file: exportId ? await openExport(parts.exporter, exportId) : await kernel.files.open(fileId!),
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
      const receipt = outcome.number ?? number
      await tellHandover(kernel, tx, begun, { state: 'received', receipt, by: destination.name })
      const detail = { attempts, status: outcome.status, receipt: outcome.number }
      return audit(tx, { action: 'sharing.acknowledge', ...aboutDelivery(begun), detail })
    }
    const why = { errorCode: outcome.code, error: outcome.message.slice(0, 200) }
    await endAttempt(tx, attemptKey, { ...ended, ...why, outcome: 'failed' })
    if (outcome.code === heldBack) {
      if (!(await updateDelivery(tx, id, { ...why, ...released, status: 'held' }, lease))) return
      await tellHandover(kernel, tx, begun, { state: 'refused', error: why.error })
      const detail = { number, destination: destination.id, responsible: destination.clearBy }
      return audit(tx, { action: 'sharing.hold', ...aboutDelivery(begun), outcome: 'refused', detail })
    }
    const { tries, giveUpAt } = await getDelivery(tx, id)
    const retry = nextTry(destination, tries, outcome, { now, giveUpAt, random: Math.random() })
    if (retry.again) {
      if (await updateDelivery(tx, id, { ...why, ...released, nextAt: retry.at }, lease))
        await tellHandover(kernel, tx, begun, { state: 'waiting', error: why.error })
      return
    }
    const error = `${why.error}（${retry.why}，不再自动重试）`
    if (!(await updateDelivery(tx, id, { ...why, ...released, status: 'dead', error }, lease))) return
    await tellHandover(kernel, tx, begun, { state: 'refused', error })
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
    const outcome = await attempt(parts, claimed, begun, signal).catch((error: unknown) => brokenOff(parts, error))
    const durationMs = Math.round(performance.now() - started)
    if (!outcome.ok && signal.aborted) await letGo(parts, claimed, begun, durationMs)
    else await settle(parts, claimed, begun, outcome, durationMs)
  } finally {
    clearInterval(timer)
  }
}
