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

// How far back a pass looks for entries that committed late, by the time since the last pass that looked as far. Looking
// an hour back at every pass would read a busy hour again and again.
const depths = [
  { lookbackMs: 86_400_000, everyMs: Number.POSITIVE_INFINITY },
  { lookbackMs: 3_600_000, everyMs: 900_000 },
  { lookbackMs: 300_000, everyMs: 60_000 },
  { lookbackMs: 30_000, everyMs: 10_000 },
  { lookbackMs: 4_000, everyMs: 0 },
]

/**
 * Seals the log until stopped. Several processes may run it: one pass at a time does the work.
 * @returns stops after the pass that is running
 */
export function startSealing(options: SealingOptions): () => Promise<void> {
  const { db, signer, headsFile, intervalMs = 2_000, onError } = options
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  const doneAt = depths.map(() => Number.NEGATIVE_INFINITY)

  const pass = async () => {
    const now = performance.now()
    const level = depths.findIndex(({ everyMs }, index) => now - doneAt[index]! >= everyMs)
    try {
      await sealAudit(db, signer, { headsFile, lookbackMs: depths[level]!.lookbackMs, wait: false })
      // A deep pass has done the work of the shallower ones.
      doneAt.fill(now, level)
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
