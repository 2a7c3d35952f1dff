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
  /** Rows that may wait; beyond it callers are told to come back (503) instead of waiting without end. */
  readonly maxWaiting?: number
  /** Called after a commit with the rows that are new. */
  readonly onCommit?: (rows: readonly PurchaseRow[]) => void
}

const retryable = new Set(['40P01', '40001'])

/**
 * Group commit: concurrent requests share one statement, which is one transaction that writes purchases, items, audit
 * rows and rollups. A flush begins when the last one has ended, so that under load the batch grows by itself and nobody
 * waits for a timer. The pool's sessions carry the system scope; who may register where was decided before.
 */
export class PurchaseWriter {
  readonly #pool: pg.Pool
  readonly #options: Required<Omit<WriterOptions, 'onCommit'>> & Pick<WriterOptions, 'onCommit'>
  #queue: Waiting[] = []
  #waitingRows = 0
  #running: Promise<void> | undefined

  constructor(pool: pg.Pool, options: WriterOptions = {}) {
    this.#pool = pool
    this.#options = { maxBatch: 500, maxWaiting: 20_000, ...options }
  }

  /**
   * Stores rows and their audit row. A row whose id is stored already changes nothing.
   * @returns ids that are new; the others were there before
   * @throws Problem 503 when too much is waiting: nothing of this call was written
   */
  write(rows: readonly PurchaseRow[], audit: AuditInput): Promise<ReadonlySet<string>> {
    if (this.#waitingRows + rows.length > this.#options.maxWaiting) return Promise.reject(unavailable(1))
    return new Promise((resolve, reject) => {
      this.#queue.push({ rows, audit, resolve, reject })
      this.#waitingRows += rows.length
      this.#running ??= this.#drain()
    })
  }

  /** Waits until nothing is under way. */
  async idle(): Promise<void> {
    await this.#running
  }

  async #drain(): Promise<void> {
    // One turn of the event loop, so that requests which arrived together travel together.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#queue.length > 0) await this.#flush(this.#take())
    this.#running = undefined
  }

  #take(): Waiting[] {
    const batch: Waiting[] = []
    const ids = new Set<string>()
    let rows = 0
    while (this.#queue.length > 0) {
      const next = this.#queue[0]!
      // The same id twice in one statement would be counted twice in the rollups: the second one waits for its turn.
      if (
        batch.length > 0 &&
        (rows + next.rows.length > this.#options.maxBatch || next.rows.some((row) => ids.has(row.id)))
      )
        break
      for (const row of next.rows) ids.add(row.id)
      rows += next.rows.length
      batch.push(next)
      this.#queue.shift()
    }
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
