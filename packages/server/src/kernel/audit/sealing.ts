import type { Db } from '../db/index.ts'
import { sealAudit } from './seal.ts'
import type { Signer } from './signer.ts'

export interface SealingOptions {
  db: Db
  signer: Signer
  headsFile: string
  /** Pause between two passes; default 2 s. Each pass that finds entries writes one head. */
  intervalMs?: number
  onError?: (error: unknown) => void
}

// Looking an hour back at every pass would read a busy hour again and again: most passes look back three minutes, which
// is longer than the server lets a transaction rest; one a minute an hour; the first one a day.
const shortMs = 180_000
const hourMs = 3_600_000
const dayMs = 86_400_000

/**
 * Seals the log until stopped. Several processes may run it: one pass at a time does the work.
 * @returns stops after the pass that is running
 */
export function startSealing(options: SealingOptions): () => Promise<void> {
  const { db, signer, headsFile, intervalMs = 2_000, onError } = options
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let long = dayMs
  let longAt = 0

  const pass = async () => {
    const lookbackMs = performance.now() >= longAt ? long : shortMs
    try {
      await sealAudit(db, signer, { headsFile, lookbackMs, wait: false })
      if (lookbackMs !== shortMs) {
        long = hourMs
        longAt = performance.now() + 60_000
      }
    } catch (error) {
      onError?.(error)
    }
    if (!stopped) timer = setTimeout(next, intervalMs).unref()
  }
  let running: Promise<void> = Promise.resolve()
  const next = () => {
    running = pass()
  }
  next()
  return async () => {
    stopped = true
    await running
    clearTimeout(timer)
  }
}
