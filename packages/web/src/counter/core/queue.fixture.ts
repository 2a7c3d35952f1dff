import type { PurchaseInput, PurchaseResult } from '@vigil/contract'
import type { Cipher } from '../../device/cipher.ts'
import { SendError, type SendFailure } from '../../device/failure.ts'
import { emptyDraft } from './draft.ts'
import type { QueueRecord, QueueStore, Uplink } from './ports.ts'
import { Queue } from './queue.ts'

/** What the network and the server do with one call. */
export type Turn = 'answer' | 'lost-before' | 'lost-after' | 'busy' | 'auth'

const failures: Record<Exclude<Turn, 'answer'>, SendFailure> = {
  'lost-before': { kind: 'offline', message: '', status: 0, code: 'offline' },
  'lost-after': { kind: 'offline', message: '', status: 0, code: 'offline' },
  busy: { kind: 'busy', message: '', status: 503, code: 'busy', retryAfterMs: 1000 },
  auth: { kind: 'auth', message: '', status: 401, code: 'session' },
}

/** A server with the contract's behaviour: the id is the idempotency key, a repeated row is answered as before. */
export class TestServer {
  readonly stored: string[] = []
  readonly undone: string[] = []
  readonly calls: { ids: string[]; skew: number }[] = []
  turns: Turn[] = []
  /** Ids that are answered as invalid until they are taken off. */
  readonly invalid = new Set<string>()
  /** Ids for which the whole call is rejected. */
  readonly poison = new Set<string>()
  undoProblem: SendFailure | undefined
  onCall: () => void = () => undefined

  readonly uplink: Uplink = {
    register: async (purchases, skew) => {
      this.calls.push({ ids: purchases.map((purchase) => purchase.id), skew })
      this.onCall()
      const turn = this.turns.shift() ?? 'answer'
      if (turn !== 'answer' && turn !== 'lost-after') throw new SendError(failures[turn])
      if (purchases.some((purchase) => this.poison.has(purchase.id)))
        throw new SendError({ kind: 'rejected', message: '内容有误', status: 400, code: 'invalid' })
      const results = purchases.map((purchase) => this.take(purchase))
      if (turn === 'lost-after') throw new SendError(failures[turn])
      return results
    },
    undo: async (id) => {
      const turn = this.turns.shift() ?? 'answer'
      if (turn !== 'answer' && turn !== 'lost-after') throw new SendError(failures[turn])
      if (this.undoProblem) throw new SendError(this.undoProblem)
      if (!this.undone.includes(id)) this.undone.push(id)
      if (turn === 'lost-after') throw new SendError(failures[turn])
      return {} as Awaited<ReturnType<Uplink['undo']>>
    },
  }

  private take(purchase: PurchaseInput): PurchaseResult {
    if (this.invalid.has(purchase.id))
      return {
        id: purchase.id,
        status: 'invalid',
        errors: [{ pointer: '/person/mobile', code: 'format', detail: '手机' }],
      }
    if (!this.stored.includes(purchase.id)) this.stored.push(purchase.id)
    return { id: purchase.id, status: 'registered', receiptNo: `N-${this.stored.indexOf(purchase.id) + 1}` }
  }
}

/** The device's disk, shared by the tabs. */
export function testStore(): QueueStore & { readonly records: Map<string, QueueRecord> } {
  const records = new Map<string, QueueRecord>()
  return {
    records,
    list: async () => [...records.values()],
    get: async (id) => records.get(id),
    put: async (record) => void records.set(record.id, record),
    delete: async (id) => void records.delete(id),
  }
}

/** Stands for AES-GCM: base64 with the id inside, refused under another id. */
export const testCipher: Cipher = {
  seal: async (id, value) => {
    const text = btoa(encodeURIComponent(JSON.stringify({ id, value })))
    return { iv: new Uint8Array(12), data: new TextEncoder().encode(text).buffer }
  },
  open: async (id, { data }) => {
    const text = new TextDecoder().decode(data)
    const content = JSON.parse(decodeURIComponent(atob(text))) as { id: string; value: unknown }
    if (content.id !== id) throw new Error('not authentic')
    return content.value
  },
}

/** One tab of the device. */
export class TestTab {
  now = 1_700_000_000_000
  readonly queue: Queue
  readonly scheduled: number[] = []
  constructor(server: TestServer, store: QueueStore, lock: <T>(work: () => Promise<T>) => Promise<T>) {
    this.queue = new Queue('S-1', {
      store,
      cipher: testCipher,
      uplink: server.uplink,
      lock,
      now: () => this.now,
      random: () => 0,
      schedule: (_work, ms) => void this.scheduled.push(ms),
    })
  }

  async sell(id: string, stampedSkew = 0): Promise<void> {
    this.now += 1000
    const draft = { ...emptyDraft('350582'), id, documentNumber: '11010119900307273X', stampedSkew }
    await this.queue.add(purchase(id), { ...draft, person: { ...draft.person, name: '王芳', mobile: '13812345678' } })
  }
}

/** Web Locks as the browser gives them: first come, first served. */
export function testLock(): <T>(work: () => Promise<T>) => Promise<T> {
  let tail: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = tail.then(work)
    tail = next.catch(() => undefined)
    return next
  }
}

export function purchase(id: string): PurchaseInput {
  return {
    id,
    soldAt: '2026-03-14T06:05:00.000Z',
    documentType: 'citizen-id',
    documentNumber: '110101199003072738',
    items: [{ drugId: 'd-1', quantity: 1 }],
    symptoms: [],
    temperatureTenths: null,
  }
}
