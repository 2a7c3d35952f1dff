import { readScope, systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { type Guard, nextTry } from '../sharing/index.ts'
import { queryDocument } from './answer.domain.ts'
import { queryOf } from './named.service.ts'
import { nextTime } from './schedule.domain.ts'
import { type Batch, nextBatch } from './subscription.read.ts'
import { type Sent, sendBatch } from './subscription.send.ts'
import { type SubscriptionRow, sealedName } from './subscription.service.ts'

/** Subscriptions served at once in this process. */
const atOnce = 4
const leaseMs = 120_000
/** Pause between two looks of a stream, in ms. */
const streamMs = 1000
const timeoutMs = 30_000
const retrySeconds = 2

export interface SubscriptionLoop {
  /** Looks at once: something has been captured, or somebody has subscribed. */
  wake(): void
  /** Serves what is due now, to its end. */
  tick(): Promise<void>
  close(): Promise<void>
}

interface Parts {
  readonly kernel: Pick<Kernel, 'db' | 'vault' | 'clock'>
  readonly guard: Guard
  readonly logError: (error: unknown) => void
  readonly timeoutMs?: number
}

/** The next events of a subscription; a batch that was begun stays what it is. */
async function nextOf({ db }: Pick<Kernel, 'db'>, subscription: SubscriptionRow): Promise<Batch> {
  const { path, queryName, afterTxid, afterSeq, untilTxid, untilSeq, batch, initialRecordTime } = subscription
  const { definition } = await readScope(db, [path], (tx) =>
    tx.selectFrom('epcis.query').select('definition').where('name', '=', queryName).executeTakeFirstOrThrow(),
  )
  return nextBatch(db, [path], {
    ...{ query: queryOf(definition), since: initialRecordTime, batch },
    after: { txid: afterTxid, seq: afterSeq },
    until: untilTxid === null ? null : { txid: untilTxid, seq: untilSeq! },
  })
}

type Change = Partial<Omit<SubscriptionRow, 'schedule'>>
const change = (tx: Tx, id: string, values: Change) =>
  tx.updateTable('epcis.subscription').set(values).where('id', '=', id).execute()

/** Serves one subscription until nothing is left for it or it fails. */
async function serve(parts: Parts, given: SubscriptionRow, signal: AbortSignal): Promise<void> {
  const { kernel } = parts
  const save = async (values: Change) => {
    await withScope(kernel.db, [given.path], (tx) => change(tx, given.id, values))
  }
  let subscription = given
  for (let sentAny = false; !signal.aborted; ) {
    const batch = await nextOf(kernel, subscription)
    const empty = batch.events.length === 0
    if (!empty || (batch.last && !sentAny && subscription.reportIfEmpty)) {
      const until = { untilTxid: batch.until?.txid ?? null, untilSeq: batch.until?.seq ?? null }
      // Before the first byte leaves: from now on this batch stays what it is.
      if (subscription.untilTxid === null && batch.until) await save(until)
      const sent = await notify(parts, subscription, batch, signal)
      if (!sent.ok) return save(afterFailure(kernel, subscription, sent))
      sentAny = true
    }
    const done = batch.until && { afterTxid: batch.until.txid, afterSeq: batch.until.seq }
    const now = kernel.clock.now()
    const news = { ...done, untilTxid: null, untilSeq: null, failures: 0, error: null }
    const told = sentAny ? { notifiedAt: now } : {}
    const leaseUntil = batch.last ? null : new Date(now.getTime() + leaseMs)
    await save({ ...news, ...told, leaseUntil, ...(batch.last && { nextAt: nextLook(subscription, now) }) })
    if (batch.last) return
    subscription = { ...subscription, ...news }
  }
}

const nextLook = ({ schedule }: SubscriptionRow, now: Date): Date =>
  (schedule && nextTime(schedule, now)) ?? new Date(now.getTime() + streamMs)

async function notify(
  { kernel, guard, timeoutMs: patience = timeoutMs }: Parts,
  subscription: SubscriptionRow,
  { events, until }: Batch,
  signal: AbortSignal,
): Promise<Sent> {
  const { id, queryName, dest, sealedToken } = subscription
  const now = kernel.clock.now()
  const body = Buffer.from(queryDocument(events, { queryName, subscriptionID: id, now }))
  const token = sealedToken && kernel.vault.unsealLongTerm(sealedToken, sealedName(id))
  const key = until ? `${id}.${until.txid}.${until.seq}` : `${id}.${subscription.nextAt.getTime()}`
  return sendBatch({ dest, body, token, key }, { guard, signal, timeoutMs: patience, now })
}

function afterFailure(
  { clock }: Pick<Kernel, 'clock'>,
  { failures, batch }: SubscriptionRow,
  sent: Sent & { ok: false },
): Change {
  const now = clock.now()
  const policy = { retrySeconds, maxAttempts: Number.POSITIVE_INFINITY }
  const giveUpAt = new Date(now.getTime() + 10 * 86_400_000)
  const retry = nextTry(
    policy,
    failures + 1,
    { hopeless: false, asked: sent.asked },
    { now, giveUpAt, random: Math.random() },
  )
  return {
    failures: failures + 1,
    error: sent.message.slice(0, 300),
    leaseUntil: null,
    nextAt: retry.again ? retry.at : giveUpAt,
    // Too large for the recipient: another batch, and so another key.
    ...(sent.tooLarge && batch > 1 && { batch: Math.ceil(batch / 2), untilTxid: null, untilSeq: null, nextAt: now }),
  }
}

/** @param everyMs pause between two looks; 0: only `tick` looks */
export function startSubscriptions(parts: Parts, everyMs: number): SubscriptionLoop {
  const { kernel, logError } = parts
  const stop = new AbortController()
  let looking: Promise<void> | undefined
  let wanted = false

  const claim = () =>
    withScope(kernel.db, systemScope, async (tx) => {
      const now = kernel.clock.now()
      const due = tx
        .selectFrom('epcis.subscription')
        .select('id')
        .where('nextAt', '<=', now)
        .where((eb) => eb.or([eb('leaseUntil', 'is', null), eb('leaseUntil', '<', now)]))
        .orderBy('nextAt')
        .limit(atOnce)
        .forUpdate()
        .skipLocked()
      return tx
        .updateTable('epcis.subscription')
        .set({ leaseUntil: new Date(now.getTime() + leaseMs) })
        .where('id', 'in', due)
        .returningAll()
        .execute()
    })
  const look = async () => {
    do {
      wanted = false
      for (let claimed = await claim(); claimed.length > 0 && !stop.signal.aborted; claimed = await claim())
        await Promise.all(claimed.map((each) => serve(parts, each, stop.signal).catch(logError)))
    } while (wanted && !stop.signal.aborted)
  }
  const tick = (): Promise<void> => {
    wanted = true
    looking ??= look().finally(() => {
      looking = undefined
    })
    return looking
  }
  const wake = () => void tick().catch(logError)
  const timer = everyMs > 0 ? setInterval(wake, everyMs).unref() : undefined
  return {
    wake: () => {
      if (everyMs > 0) wake()
    },
    tick,
    close: async () => {
      clearInterval(timer)
      stop.abort()
      await looking?.catch(() => undefined)
    },
  }
}
