import type { PurchaseInput, PurchaseResult } from '@vigil/contract'
import type { Cipher } from '../../device/cipher.ts'
import { SendError } from '../../device/failure.ts'
import { SyncLoop, type SyncPorts, type SyncTrouble } from '../../device/sync.ts'
import { t } from '../../text.ts'
import type { Draft } from './draft.ts'
import { type Entry, type EntryBody, refusalOf, waitingBody } from './entry.ts'
import type { QueueRecord, QueueStore, Uplink } from './ports.ts'

export interface QueuePorts extends SyncPorts {
  readonly store: QueueStore
  readonly cipher: Cipher
  readonly uplink: Uplink
}

const batchSize = 50
const dayMs = 24 * 3_600_000

/**
 * Entries of one store on this device, encrypted, sent in the order of sale, never lost and never doubled: a record is
 * durable before it is sent and leaves the waiting state only on the server's answer about its own id; sending it again
 * is safe because the id is the server's idempotency key.
 */
export class Queue {
  readonly storeCode: string
  private readonly loop: SyncLoop
  private readonly ports: QueuePorts
  private readonly known = new Map<string, Entry>()
  private listeners: (() => void)[] = []
  private lastSeq = 0
  private tail: Promise<unknown> = Promise.resolve()

  constructor(storeCode: string, ports: QueuePorts) {
    this.storeCode = storeCode
    this.ports = ports
    this.loop = new SyncLoop(
      ports,
      () => this.drain(),
      () => this.changed(),
    )
  }

  get trouble(): SyncTrouble {
    return this.loop.trouble
  }

  /** Entries in the order of sale. */
  get entries(): readonly Entry[] {
    return [...this.known.values()].sort((a, b) => a.seq - b.seq)
  }

  /** Calls back after every change; returns the way to stop. */
  subscribe(listener: () => void): () => void {
    this.listeners.push(listener)
    return () => {
      this.listeners = this.listeners.filter((one) => one !== listener)
    }
  }

  /** Reads what the device keeps, including what another tab changed. Answered entries of yesterday are dropped. */
  refresh(): Promise<void> {
    return this.serial(() => this.read())
  }

  private async read(): Promise<void> {
    const records = await this.ports.store.list()
    const seen = new Set<string>()
    for (const record of records) {
      if (record.storeCode !== this.storeCode) continue
      seen.add(record.id)
      this.lastSeq = Math.max(this.lastSeq, record.seq)
      const known = this.known.get(record.id)
      const entry = known && known.revision >= record.revision ? known : await this.decrypt(record)
      if (this.isStale(entry)) {
        await this.ports.store.delete(record.id)
        seen.delete(record.id)
      } else this.known.set(record.id, entry)
    }
    for (const id of [...this.known.keys()]) if (!seen.has(id)) this.known.delete(id)
    this.changed()
  }

  /** Keeps a new sale durably; it is sent by the next {@link sync}. Rejects when the device cannot keep it. */
  add(purchase: PurchaseInput, draft: Draft): Promise<void> {
    return this.serial(async () => {
      this.lastSeq = Math.max(this.lastSeq + 1, this.ports.now())
      const { id } = purchase
      const kept = { id, storeCode: this.storeCode, seq: this.lastSeq, revision: 0, attempts: 0, cancelled: false }
      await this.write({ ...kept, state: 'waiting', body: waitingBody(purchase, draft) })
    })
  }

  /** Puts a mended entry back among the waiting ones, in its old place and with its old id. */
  async mend(purchase: PurchaseInput, draft: Draft): Promise<void> {
    const entry = this.known.get(purchase.id)
    if (!entry) return this.add(purchase, draft)
    await this.serial(async () => {
      if (this.known.get(purchase.id)?.state !== 'refused') return
      await this.write({ ...entry, state: 'waiting', body: waitingBody(purchase, draft) })
    })
  }

  /** Gives up a refused or unreadable entry: the sale was not made. */
  discard(id: string): Promise<void> {
    return this.serial(async () => {
      const entry = this.known.get(id)
      if (!entry || (entry.state === 'waiting' && entry.body !== 'unreadable')) return
      await this.drop(id)
    })
  }

  /**
   * Takes an entry back. One that was never sent just goes; one that may be on its way is sent and then undone, so
   * that a lost answer cannot leave it registered.
   */
  cancel(id: string): Promise<void> {
    return this.serial(async () => {
      const entry = this.known.get(id)
      if (!entry || entry.state === 'undone') return
      if (entry.state === 'refused' || (entry.state === 'waiting' && entry.attempts === 0)) await this.drop(id)
      else await this.write({ ...entry, cancelled: true })
    })
  }

  /** Sends what waits. @param force a person asked: do not wait for the own back-off */
  sync(force = false): Promise<void> {
    return this.loop.sync(force)
  }

  private async drain(): Promise<void> {
    for (;;) {
      await this.refresh()
      const batch: PurchaseInput[] = []
      let skew: number | undefined
      for (const entry of this.entries) {
        if (entry.state !== 'waiting' || entry.body === 'unreadable') continue
        // One call states one clock: sales stamped by another one go in the next.
        skew ??= entry.body.stampedSkew
        if (batch.length === batchSize || entry.body.stampedSkew !== skew) break
        batch.push(...(await this.serial(() => this.markSent(entry.id))))
      }
      if (batch.length === 0) break
      // An answer about none of the rows would otherwise be asked for again at once and for ever.
      if ((await this.send(batch, skew ?? 0)) === 0)
        throw new SendError({ kind: 'offline', message: t('服务器的答复不完整'), status: 200, code: 'incomplete' })
    }
    for (const entry of this.entries) if (entry.state === 'registered' && entry.cancelled) await this.undo(entry)
  }

  /** Sends a batch; when the server rejects it as a whole, halves find the row that is to blame. */
  private async send(purchases: readonly PurchaseInput[], skew: number): Promise<number> {
    let results: readonly PurchaseResult[]
    try {
      results = await this.ports.uplink.register(purchases, skew)
    } catch (error) {
      if (!(error instanceof SendError) || error.failure.kind !== 'rejected') throw error
      const [only] = purchases
      if (purchases.length > 1) {
        const half = Math.ceil(purchases.length / 2)
        return (await this.send(purchases.slice(0, half), skew)) + (await this.send(purchases.slice(half), skew))
      }
      if (!only) return 0
      results = [refusalOf(only.id, error.failure)]
    }
    let settled = 0
    for (const result of results) if (await this.serial(() => this.settle(result))) settled += 1
    return settled
  }

  /** Writes down that the server may know the entry from now on. */
  private async markSent(id: string): Promise<readonly PurchaseInput[]> {
    const entry = this.known.get(id)
    if (entry?.state !== 'waiting' || entry.body === 'unreadable' || !entry.body.purchase) return []
    await this.write({ ...entry, attempts: entry.attempts + 1 })
    return [entry.body.purchase]
  }

  private async settle(result: PurchaseResult): Promise<boolean> {
    const record = await this.ports.store.get(result.id)
    if (!record || record.storeCode !== this.storeCode || record.state !== 'waiting') return false
    const entry = await this.decrypt(record)
    if (entry.body === 'unreadable') return false
    const answeredAt = this.ports.now()
    if (result.status === 'registered') {
      const body: EntryBody = { ...entry.body, purchase: null, draft: null, result, answeredAt }
      await this.write({ ...entry, state: 'registered', body })
    } else if (entry.cancelled) {
      await this.drop(entry.id)
    } else await this.write({ ...entry, state: 'refused', body: { ...entry.body, result, answeredAt } })
    return true
  }

  private async undo(entry: Entry): Promise<void> {
    if (entry.body === 'unreadable') return
    try {
      await this.ports.uplink.undo(entry.id)
      await this.write({ ...entry, state: 'undone', cancelled: false, body: { ...entry.body, undoProblem: '' } })
    } catch (error) {
      if (!(error instanceof SendError) || (error.failure.kind !== 'rejected' && error.failure.kind !== 'denied'))
        throw error
      const body = { ...entry.body, undoProblem: error.failure.message }
      await this.write({ ...entry, cancelled: false, body })
    }
  }

  private isStale(entry: Entry): boolean {
    if (entry.state !== 'registered' && entry.state !== 'undone') return false
    if (entry.cancelled) return false
    return entry.body === 'unreadable' || this.ports.now() - entry.body.answeredAt > dayMs
  }

  private async decrypt(record: QueueRecord): Promise<Entry> {
    const { sealed, ...rest } = record
    try {
      return { ...rest, body: (await this.ports.cipher.open(record.id, sealed)) as EntryBody }
    } catch {
      return { ...rest, body: 'unreadable' }
    }
  }

  private async write(entry: Entry): Promise<Entry> {
    const next = { ...entry, revision: entry.revision + 1 }
    const { body, ...rest } = next
    if (body === 'unreadable') return entry
    const sealed = await this.ports.cipher.seal(next.id, body)
    await this.ports.store.put({ ...rest, sealed })
    this.known.set(next.id, next)
    this.changed()
    return next
  }

  private async drop(id: string): Promise<void> {
    await this.ports.store.delete(id)
    this.known.delete(id)
    this.changed()
  }

  /** Changes of records happen one after the other, so that each sees what the one before left. */
  private serial<T>(work: () => Promise<T>): Promise<T> {
    const next = this.tail.then(work, work)
    this.tail = next.catch(() => undefined)
    return next
  }

  private changed(): void {
    for (const listener of this.listeners) listener()
  }
}
