import type { EpcisEvent } from '@vigil/epcis/document'
import { CompiledQuery } from 'kysely'
import type { Caller } from '../../kernel/access/caller.ts'
import { type AuditInput, auditInsertSql, auditParams } from '../../kernel/audit/index.ts'
import { auditOf } from '../../kernel/command/command.ts'
import { withScope } from '../../kernel/db/index.ts'
import { unavailable } from '../../kernel/error/problem.ts'
import { type Prepared, prepareEvents } from './capture.prepare.ts'
import { type CapturedEvent, type EpcisRepository, storePrepared } from './capture.ts'
import { EventsRefused } from './refusal.ts'

interface Waiting {
  readonly prepared: Prepared
  readonly path: string
  readonly by: string
  readonly audit: AuditInput
  readonly resolve: (captured: CapturedEvent) => void
  readonly reject: (error: unknown) => void
}

/** One statement for any number of rows, which connections keep. */
const auditSql = `/* prepared */${auditInsertSql(1)}`
const maxBatch = 300
const maxWaiting = 5000
const retryable = new Set(['40P01', '40001'])

/**
 * Group commit for events that come one per request (ADR 0004): those that arrive while a transaction runs share the next one.
 * A batch in which one is refused is taken apart, so that each answers for itself.
 */
export class EventWriter {
  readonly #repository: EpcisRepository
  #queue: Waiting[] = []
  #draining: Promise<void> | undefined

  constructor(repository: EpcisRepository) {
    this.#repository = repository
  }

  /** Stores one event. @throws EventsRefused; Problem 503 when too much is waiting */
  async write(caller: Caller, path: string, event: EpcisEvent): Promise<CapturedEvent> {
    if (this.#queue.length >= maxWaiting) throw unavailable(1)
    const { ready, refusals } = prepareEvents([event], { now: this.#repository.kernel.clock.now() })
    if (refusals.length > 0) throw new EventsRefused(refusals)
    const [prepared] = ready
    const entry = { action: 'epcis.capture', object: `epcis-event/${prepared!.hash}`, path, detail: { events: 1 } }
    return new Promise((resolve, reject) => {
      this.#queue.push({ prepared: prepared!, path, by: caller.name, audit: auditOf(caller, entry), resolve, reject })
      this.#draining ??= this.#drain()
    })
  }

  /** Waits until nothing is under way. */
  async idle(): Promise<void> {
    await this.#draining
  }

  async #drain(): Promise<void> {
    // One turn of the event loop, so that requests which arrived together travel together.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, maxBatch)
      for (const each of Map.groupBy(batch, ({ path, by }) => `${path} ${by}`).values()) await this.#flush(each)
    }
    this.#draining = undefined
  }

  async #flush(batch: readonly Waiting[]): Promise<void> {
    for (let attempt = 1; ; attempt++)
      try {
        const captured = await this.#store(batch)
        batch.forEach((each, index) => {
          each.resolve({ ...captured[index]!, position: 0 })
        })
        return
      } catch (error) {
        const code = (error as { code?: string }).code ?? ''
        if (attempt < 5 && retryable.has(code)) continue
        if (batch.length > 1 && (error instanceof EventsRefused || /^2[23]/.test(code)))
          for (const each of batch) await this.#flush([each])
        else for (const each of batch) each.reject(error)
        return
      }
  }

  async #store(batch: readonly Waiting[]): Promise<readonly CapturedEvent[]> {
    const [{ path, by }] = batch as readonly [Waiting, ...Waiting[]]
    const prepared = batch.map((each, position) => ({ ...each.prepared, position }))
    return withScope(this.#repository.kernel.db, [path], async (tx) => {
      const now = this.#repository.kernel.clock.now()
      const captured = await storePrepared(this.#repository, tx, prepared, now, { path, by, source: 'capture' })
      await tx.executeQuery(CompiledQuery.raw(auditSql, auditParams(batch.map(({ audit }) => audit))))
      return captured
    })
  }
}
