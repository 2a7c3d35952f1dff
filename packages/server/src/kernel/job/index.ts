import { fromKysely, PgBoss } from 'pg-boss'
import type { Tx } from '../db/database.ts'
import { schema } from './install.ts'

export type JobData = Record<string, unknown>
export type JobHandler = (data: JobData) => Promise<void>

/** Background work, sent in the transaction that causes it and retried until it is done. */
export interface Jobs {
  /** Sends a job that exists if and only if the transaction commits. */
  send(tx: Tx, queue: string, data: JobData): Promise<void>
  /** Starts a worker in this process. A handler must be safe to run again: a killed process runs it twice. */
  work(queue: string, handler: JobHandler): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the queue for one process as the application role.
 * @param logError told of faults of the queue itself and of failed jobs
 */
export async function openJobs(url: string, logError: (error: unknown) => void): Promise<Jobs> {
  const boss = new PgBoss({ connectionString: url, schema, migrate: false, createSchema: false, max: 4 })
  boss.on('error', logError)
  await boss.start()
  const known = new Set<string>()
  const ensure = async (queue: string) => {
    if (known.has(queue)) return
    await boss.createQueue(queue, {
      retryLimit: 10,
      retryDelay: 2,
      retryBackoff: true,
      retryDelayMax: 300,
      expireInSeconds: 1800,
    })
    known.add(queue)
  }
  return {
    send: async (tx, queue, data) => {
      await ensure(queue)
      await boss.send(queue, data, { db: fromKysely(tx as never) })
    },
    work: async (queue, handler) => {
      await ensure(queue)
      await boss.work<JobData>(queue, { pollingIntervalSeconds: 0.5 }, async ([job]) => {
        if (!job) return
        try {
          await handler(job.data)
        } catch (error) {
          logError(error)
          // The queue keeps what it is told in its tables; what hangs on an error object may hold rows.
          const { name, code } = error as { name?: string; code?: string }
          throw new Error([name, code].filter(Boolean).join(' ') || 'failed')
        }
      })
    },
    close: async () => {
      await boss.stop({ graceful: true, timeout: 5000 })
    },
  }
}
