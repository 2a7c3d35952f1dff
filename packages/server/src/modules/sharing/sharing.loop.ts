import { systemScope, withScope } from '../../kernel/db/index.ts'
import { type QueueLoop, startQueue } from '../../kernel/loop/index.ts'
import { tellHandover } from './sharing.handover.ts'
import { deliver, type SendingParts } from './sharing.job.ts'
import { schedule } from './sharing.schedule.ts'
import { claim, dropMonth } from './sharing.store.ts'

/** Deliveries under way at once in this process. */
const atOnce = 4

/** The background work of one process: orders what is due and sends it. */
export type SharingLoop = QueueLoop

/**
 * Starts the loop, and lets files go with a shredded month.
 * @param everyMs pause between two looks; 0: only `tick` looks
 */
export function startSharing(parts: SendingParts, logError: (error: unknown) => void, everyMs: number): SharingLoop {
  const { kernel } = parts
  kernel.vault.onShred(async (tx, month) => {
    const { files, sheets } = await dropMonth(tx, month)
    await kernel.files.forget(tx, files)
    const error = `${month} 的数据密钥已销毁，不再送达`
    for (const sheetId of sheets) await tellHandover(kernel, tx, { sheetId }, { state: 'refused', error })
    return 0
  })

  return startQueue({
    atOnce,
    everyMs,
    take: async (free, stop) => {
      await schedule(kernel)
      if (free === 0 || stop.aborted) return []
      return withScope(kernel.db, systemScope, (tx) => claim(tx, kernel.clock.now(), free))
    },
    run: (claimed, stop) => deliver(parts, claimed, stop),
    logError,
  })
}
