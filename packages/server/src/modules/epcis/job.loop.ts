import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { EpcisEvent } from '@vigil/epcis/document'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import type { EpcisRepository } from './capture.ts'
import { isXml, takeEvents } from './document.domain.ts'
import { leaseMs, runJob } from './job.run.ts'
import { claimJob, type JobRow, releaseJob } from './job.store.ts'

const unzip = promisify(gunzip)

/** The background work of one process: works captured documents off, one after the other. */
export interface JobLoop {
  /** Hands over the events of a new job, so that its document need not be read again. */
  take(id: string, events: readonly EpcisEvent[]): void
  /** Looks for work until there is none. */
  tick(): Promise<void>
  close(): Promise<void>
}

/** @param everyMs pause between two looks; 0: only `take` and `tick` look */
export function startJobs(repository: EpcisRepository, logError: (error: unknown) => void, everyMs: number): JobLoop {
  const { db, clock } = repository.kernel
  const fresh = new Map<string, readonly EpcisEvent[]>()
  let working: Promise<void> | undefined
  let wanted = false
  let closed = false

  const work = async (job: JobRow) => {
    try {
      const events = fresh.get(job.id) ?? takeEvents(await unzip(job.document!), isXml(job.mediaType))
      await runJob(repository, job, events)
    } catch (error) {
      logError(error)
      await withScope(db, systemScope, (tx) => releaseJob(tx, job, clock.now()))
    } finally {
      fresh.delete(job.id)
    }
  }
  const all = async () => {
    do {
      wanted = false
      while (!closed) {
        const job = await withScope(db, systemScope, (tx) => claimJob(tx, clock.now(), leaseMs))
        if (!job) break
        await work(job)
      }
    } while (wanted && !closed)
  }
  const tick = (): Promise<void> => {
    wanted = true
    working ??= all().finally(() => {
      working = undefined
    })
    return working
  }
  const look = () => void tick().catch(logError)
  const timer = everyMs > 0 ? setInterval(look, everyMs).unref() : undefined
  return {
    take: (id, events) => {
      fresh.set(id, events)
      look()
    },
    tick,
    close: async () => {
      closed = true
      clearInterval(timer)
      await working?.catch(() => undefined)
    },
  }
}
