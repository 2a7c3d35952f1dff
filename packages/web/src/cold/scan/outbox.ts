import type { BodyOf, coldchainRoutes } from '@vigil/contract'
import type { Cipher, Sealed } from '../../device/cipher.ts'
import { SendError, type SendFailure } from '../../device/failure.ts'
import type { RecordStore } from '../../device/storage.ts'
import { SyncLoop, type SyncPorts, type SyncTrouble } from '../../device/sync.ts'
import type { TradeBody } from './movement.ts'

type Routes = typeof coldchainRoutes
type Figure = BodyOf<Routes['cold-declaration.figure']>
type Look = BodyOf<Routes['cold-trade.scan']>

/** Photo of a violation, kept as base 64 so that it is sealed with the rest. */
export interface KeptPhoto {
  readonly name: string
  readonly type: string
  readonly data: string
}

/** What is sent to the server: a movement, a side's figures on arrival, or a code that is reported with photos. */
export type Work =
  | { readonly kind: 'trade'; readonly body: TradeBody }
  | { readonly kind: 'figure'; readonly declarationId: string; readonly body: Omit<Figure, 'key'> }
  | { readonly kind: 'report'; readonly body: Omit<Look, 'key'>; readonly photos: readonly KeptPhoto[] }

/** Sealed content of an entry. */
interface Body {
  /** What a person reads of it. */
  readonly title: string
  readonly at: string
  readonly work: Work
  readonly problem: { readonly code: string; readonly message: string } | null
}

export interface OutboxRecord {
  /** Key under which the server does it once. */
  readonly id: string
  readonly holderId: string
  readonly seq: number
  readonly state: 'waiting' | 'refused'
  readonly sealed: Sealed
}
/** An entry of this device. `unreadable`: the device's key no longer opens it. */
export interface OutboxEntry extends Omit<OutboxRecord, 'sealed'> {
  readonly body: Body | 'unreadable'
}

export interface OutboxPorts extends SyncPorts {
  readonly store: RecordStore<OutboxRecord>
  readonly cipher: Cipher
  /** Sends one under its key. Failures are {@link SendError}. */
  readonly send: (key: string, work: Work) => Promise<void>
  /** Whether the account of the moment acts for a holder: work of others waits for theirs. */
  readonly isMine: (holderId: string) => boolean
  readonly newKey: () => string
  /** Some of it is through, at the server. */
  readonly onSent: () => void
}

/**
 * Work of all holders of this device, sent in the order in which it was done; it is durable before it is sent, and leaves only on the
 * server's answer. What is refused stays, with the reason, until it is tried again or given up; what comes after it goes on.
 */
export class Outbox {
  private readonly ports: OutboxPorts
  private readonly loop: SyncLoop
  private readonly known = new Map<string, OutboxEntry>()
  private listeners: (() => void)[] = []
  private tail: Promise<unknown> = Promise.resolve()
  private lastSeq = 0

  constructor(ports: OutboxPorts) {
    this.ports = ports
    this.loop = new SyncLoop(
      ports,
      () => this.drain(),
      () => this.changed(),
    )
  }

  /** Entries in the order of work. */
  get entries(): readonly OutboxEntry[] {
    return Array.from(this.known.values()).sort((a, b) => a.seq - b.seq)
  }
  /** How the last try to send ended. */
  get trouble(): SyncTrouble {
    return this.loop.trouble
  }

  /** Calls back after every change; returns the way to stop. */
  subscribe(listener: () => void): () => void {
    this.listeners.push(listener)
    return () => {
      this.listeners = this.listeners.filter((one) => one !== listener)
    }
  }

  /** Reads what the device keeps, including what another tab changed. */
  refresh(): Promise<void> {
    return this.serial(() => this.read())
  }

  /** Keeps work durably, in order; it is sent by the next {@link sync}. Rejects when the device cannot keep it. */
  add(holderId: string, list: readonly { readonly title: string; readonly work: Work }[]): Promise<void> {
    return this.serial(async () => {
      for (const { title, work } of list) {
        this.lastSeq = Math.max(this.lastSeq + 1, this.ports.now())
        const at = new Date(this.ports.now()).toISOString()
        const body = { title, at, work, problem: null }
        await this.write({ id: this.ports.newKey(), holderId, seq: this.lastSeq, state: 'waiting', body })
      }
    })
  }

  /** Puts what was refused back among the waiting, in its old places and under its old keys. */
  retry(id?: string): Promise<void> {
    return this.serial(async () => {
      for (const entry of this.entries) {
        if (entry.state !== 'refused' || entry.body === 'unreadable' || (id !== undefined && entry.id !== id)) continue
        await this.write({ ...entry, state: 'waiting', body: { ...entry.body, problem: null } })
      }
    })
  }

  /** Gives up what was refused or cannot be read. */
  discard(id: string): Promise<void> {
    return this.serial(async () => {
      const entry = this.known.get(id)
      if (entry && (entry.state === 'refused' || entry.body === 'unreadable')) await this.drop(id)
    })
  }

  /** Sends what waits. @param force a person asked: do not wait for the own back-off */
  sync(force = false): Promise<void> {
    return this.loop.sync(force)
  }

  private async read(): Promise<void> {
    const records = await this.ports.store.list()
    const seen = new Set(records.map(({ id }) => id))
    for (const record of records) {
      this.lastSeq = Math.max(this.lastSeq, record.seq)
      const known = this.known.get(record.id)
      if (known?.state !== record.state) this.known.set(record.id, await this.decrypt(record))
    }
    for (const id of Array.from(this.known.keys())) if (!seen.has(id)) this.known.delete(id)
    this.changed()
  }

  private async drain(): Promise<void> {
    await this.refresh()
    let sent = false
    try {
      for (let next = this.next(); next; next = this.next()) {
        await this.sendOne(next.id, next.body)
        sent = true
      }
    } finally {
      if (sent) this.ports.onSent()
    }
  }

  private next(): { readonly id: string; readonly body: Body } | undefined {
    for (const { id, state, body, holderId } of this.entries)
      if (state === 'waiting' && body !== 'unreadable' && this.ports.isMine(holderId)) return { id, body }
    return undefined
  }

  private async sendOne(id: string, body: Body): Promise<void> {
    try {
      await this.ports.send(id, body.work)
    } catch (error) {
      if (!(error instanceof SendError)) throw error
      const { kind } = error.failure
      if (kind !== 'rejected' && kind !== 'denied') throw error
      await this.serial(() => this.refuse(id, error.failure))
      return
    }
    await this.serial(() => this.drop(id))
  }

  private async refuse(id: string, { code, message, errors }: SendFailure): Promise<void> {
    const entry = this.known.get(id)
    if (!entry || entry.body === 'unreadable') return
    const [first] = errors ?? []
    const problem = { code: first?.code ?? code, message: first?.detail ?? message }
    await this.write({ ...entry, state: 'refused', body: { ...entry.body, problem } })
  }

  private async decrypt(record: OutboxRecord): Promise<OutboxEntry> {
    const { sealed, ...rest } = record
    try {
      return { ...rest, body: (await this.ports.cipher.open(record.id, sealed)) as Body }
    } catch {
      return { ...rest, body: 'unreadable' }
    }
  }

  private async write(entry: OutboxEntry & { readonly body: Body }): Promise<void> {
    const { body, ...rest } = entry
    const sealed = await this.ports.cipher.seal(entry.id, body)
    await this.ports.store.put({ ...rest, sealed })
    this.known.set(entry.id, entry)
    this.changed()
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
