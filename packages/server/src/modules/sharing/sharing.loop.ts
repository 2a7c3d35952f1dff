import { systemScope, withScope } from '../../kernel/db/index.ts'
import { tellHandover } from './sharing.handover.ts'
import { deliver, type SendingParts } from './sharing.job.ts'
import { schedule } from './sharing.schedule.ts'
import { claim, dropMonth } from './sharing.store.ts'

/** Deliveries under way at once in this process. */
const atOnce = 4

/** The background work of one process: orders what is due and sends it. */
export interface SharingLoop {
  /** Looks for work now; what it finds runs on by itself. */
  tick(): Promise<void>
  /** Waits until nothing is under way in this process. */
  idle(): Promise<void>
  /** Breaks off what is under way, so that another process takes it up, and ends. */
  close(): Promise<void>
}

/**
 * Starts the loop, and lets files go with a shredded month.
 * @param everyMs pause between two looks; 0: only `tick` looks
 */
export function startSharing(parts: SendingParts, logError: (error: unknown) => void, everyMs: number): SharingLoop {
  const { kernel } = parts
  const running = new Set<Promise<void>>()
  const stop = new AbortController()
  let looking: Promise<void> | undefined

  kernel.vault.onShred(async (tx, month) => {
    const { files, sheets } = await dropMonth(tx, month)
    await kernel.files.forget(tx, files)
    const error = `${month} 的数据密钥已销毁，不再送达`
    for (const sheetId of sheets) await tellHandover(kernel, tx, { sheetId }, { state: 'refused', error })
    return 0
  })

  const look = async () => {
    await schedule(kernel)
    const free = atOnce - running.size
    if (free <= 0 || stop.signal.aborted) return
    const claimed = await withScope(kernel.db, systemScope, (tx) => claim(tx, kernel.clock.now(), free))
    for (const each of claimed) {
      const run = deliver(parts, each, stop.signal)
        .catch(logError)
        .finally(() => {
          running.delete(run)
          // The next delivery of the same destination need not wait for the clock.
          if (everyMs > 0) void tick().catch(logError)
        })
      running.add(run)
    }
  }
  const tick = async (): Promise<void> => {
    if (stop.signal.aborted) return
    // A call during a look may be about what that look has passed already.
    const before = looking
    const next = (async () => {
      await before?.catch(() => undefined)
      await look()
    })()
    looking = next
    await next
  }
  let busy = false
  const timer =
    everyMs > 0
      ? setInterval(() => {
          if (busy) return
          busy = true
          void tick()
            .catch(logError)
            .finally(() => {
              busy = false
            })
        }, everyMs).unref()
      : undefined
  return {
    tick,
    idle: async () => {
      while (running.size > 0) await Promise.all(running)
    },
    close: async () => {
      clearInterval(timer)
      stop.abort()
      await looking?.catch(() => undefined)
      while (running.size > 0) await Promise.all(running)
    },
  }
}
