import type pg from 'pg'
import type { AuditInput } from '../../kernel/audit/index.ts'
import { unavailable } from '../../kernel/error/problem.ts'
import type { Line } from './purchase.domain.ts'
import { insertPurchases } from './purchase.insert.sql.ts'

/** One purchase ready to be stored: checked, sealed, indexed. */
export interface PurchaseRow {
  readonly id: string
  readonly county: string
  readonly countyPath: string
  readonly storeCode: string
  readonly areaCode: string
  readonly path: string
  readonly soldAt: Date
  readonly day: string
  readonly receivedAt: Date
  readonly documentType: string
  readonly personIndex: Buffer
  readonly mobileIndex: Buffer
  readonly keyMonth: string
  readonly sealed: Buffer
  readonly classes: readonly string[]
  readonly units: number
  readonly symptoms: readonly string[]
  readonly temperatureTenths: number | null
  readonly fever: boolean
  readonly clinicIds: readonly string[]
  readonly proxy: boolean
  readonly offline: boolean
  readonly accountId: string | null
  readonly digest: Buffer
  readonly lines: readonly Line[]
}

interface Waiting {
  readonly rows: readonly PurchaseRow[]
  readonly audit: AuditInput
  readonly resolve: (inserted: ReadonlySet<string>) => void
  readonly reject: (error: unknown) => void
}

export interface WriterOptions {
  /** Rows that share one statement at most. */
  readonly maxBatch?: number
  /** Statements at the same time: while the database works on one, the process prepares the next. */
  readonly lanes?: number
  /** Rows that must wait before another lane opens beside a busy one: many small statements would cost more than they win. */
  readonly laneRows?: number
  /** Rows that may always wait. */
  readonly minWaiting?: number
  /** How long the last in the queue may have to wait, in ms, at the present pace: beyond it callers are told to come back. */
  readonly maxWaitMs?: number
  /** Called after a commit with the rows that are new. */
  readonly onCommit?: (rows: readonly PurchaseRow[]) => void
}

const retryable = new Set(['40P01', '40001'])
/** Weight of the newest statement in the pace. */
const newest = 0.1

/**
 * Group commit: concurrent requests share one statement, which is one transaction that writes purchases, items, audit
 * rows and rollups. A flush begins when the last one of its lane has ended, so that under load the batch grows by itself and
 * nobody waits for a timer. The pool's sessions carry the system scope; who may register where was decided before.
 */
export class PurchaseWriter {
  readonly #pool: pg.Pool
  readonly #options: Required<Omit<WriterOptions, 'onCommit'>> & Pick<WriterOptions, 'onCommit'>
  #queue: Waiting[] = []
  #waitingRows = 0
  /** Ids under way: the same id in two statements at once would be stored twice when its county differs. */
  readonly #flying = new Set<string>()
  readonly #lanes = new Set<Promise<void>>()
  #busy = 0
  /** Rows a millisecond while the database works. */
  #pace = 0

  constructor(pool: pg.Pool, options: WriterOptions = {}) {
    this.#pool = pool
    this.#options = { maxBatch: 500, lanes: 2, laneRows: 64, minWaiting: 5000, maxWaitMs: 2000, ...options }
  }

  /**
   * Refuses early what would have to wait too long, before anything is spent on it.
   * @throws Problem 503
   */
  assertRoom(rows: number): void {
    const room = Math.max(this.#options.minWaiting, this.#pace * this.#options.maxWaitMs)
    if (this.#waitingRows + rows > room) throw unavailable(1)
  }

  /**
   * Stores rows and their audit row. A row whose id is stored already changes nothing.
   * @returns ids that are new; the others were there before
   * @throws Problem 503 when too much is waiting: nothing of this call was written
   */
  async write(rows: readonly PurchaseRow[], audit: AuditInput): Promise<ReadonlySet<string>> {
    this.assertRoom(rows.length)
    return new Promise((resolve, reject) => {
      this.#queue.push({ rows, audit, resolve, reject })
      this.#waitingRows += rows.length
      this.#open()
    })
  }

  /** Waits until nothing is under way. */
  async idle(): Promise<void> {
    while (this.#lanes.size > 0) await Promise.all(this.#lanes)
  }

  #open(): void {
    const { lanes, laneRows } = this.#options
    if (this.#busy >= lanes || (this.#busy > 0 && this.#waitingRows < laneRows)) return
    this.#busy++
    const lane = this.#drain().finally(() => this.#lanes.delete(lane))
    this.#lanes.add(lane)
  }

  async #drain(): Promise<void> {
    // One turn of the event loop, so that requests which arrived together travel together.
    await new Promise((resolve) => setImmediate(resolve))
    for (let batch = this.#take(); batch.length > 0; batch = this.#take()) {
      const ids = batch.flatMap(({ rows }) => rows.map(({ id }) => id))
      for (const id of ids) this.#flying.add(id)
      const began = performance.now()
      await this.#flush(batch)
      for (const id of ids) this.#flying.delete(id)
      const pace = ids.length / Math.max(performance.now() - began, 0.1)
      this.#pace += (pace - this.#pace) * (this.#pace === 0 ? 1 : newest)
    }
    // In the same turn as the last look into the queue: what comes after it opens a lane again.
    this.#busy--
  }

  #take(): Waiting[] {
    const batch: Waiting[] = []
    const ids = new Set<string>()
    let rows = 0
    for (const next of this.#queue) {
      // The same id twice in one statement would be counted twice in the rollups: the second one waits for its turn.
      if (next.rows.some(({ id }) => ids.has(id) || this.#flying.has(id))) break
      if (batch.length > 0 && rows + next.rows.length > this.#options.maxBatch) break
      for (const row of next.rows) ids.add(row.id)
      rows += next.rows.length
      batch.push(next)
    }
    this.#queue.splice(0, batch.length)
    this.#waitingRows -= rows
    return batch
  }

  async #flush(batch: readonly Waiting[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const inserted = await insertPurchases(this.#pool, batch)
        this.#options.onCommit?.(batch.flatMap((waiting) => waiting.rows).filter((row) => inserted.has(row.id)))
        for (const waiting of batch) waiting.resolve(inserted)
        return
      } catch (error) {
        if (attempt < 5 && retryable.has((error as { code?: string }).code ?? '')) continue
        // One impossible row must not take the others of its batch with it: each request is tried on its own.
        if (batch.length > 1 && /^2[23]/.test((error as { code?: string }).code ?? ''))
          for (const waiting of batch) await this.#flush([waiting])
        else for (const waiting of batch) waiting.reject(error)
        return
      }
    }
  }
}
