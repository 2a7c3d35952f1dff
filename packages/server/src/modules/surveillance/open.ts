import type { surveillanceRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { onImported, onSales, type Purchases } from '../pharmacy/index.ts'
import { EnginePool } from './engine.pool.ts'
import { startLoop, type WatchLoop } from './loop.ts'
import { seedRules } from './rule.seed.ts'
import type { SurveillanceHooks } from './signal.ts'
import { shareWatch } from './state.share.ts'
import { type StudyLoop, startStudies } from './study.loop.ts'
import { surveillanceHandlers } from './surveillance.route.ts'

/** Pause between two looks for new sales, in ms. */
const lookMs = 1_500
const studyMs = 2_000

export interface Surveillance {
  readonly handlers: Handlers<typeof surveillanceRoutes>
  readonly loop: WatchLoop
  readonly studies: StudyLoop
  close(): Promise<void>
}

/**
 * Opens the module for one process: the rules, what the console asks, the loop that evaluates and the one that studies.
 * @param everyMs pause between two looks; 0: only `loop.tick` looks
 */
export function openSurveillance(
  kernel: Kernel,
  { reference }: Purchases,
  hooks: SurveillanceHooks & {
    /** Areas into which files of sales are being imported now. */
    importing?(): Promise<readonly string[]>
  },
  logError: (error: unknown) => void,
  everyMs: number = lookMs,
): Surveillance {
  const pool = new EnginePool()
  const names = {
    unit: (code: string, kind: 'county' | 'office' | 'store') =>
      kind === 'store' ? (reference.store(code)?.name ?? code) : reference.areaName(code),
  }
  const seeded = new Set<string>()
  const shared = shareWatch(kernel, reference)
  const loop = startLoop(
    {
      ...{ kernel, reference, pool, hooks, names },
      saved: shared.forget,
      prepare: () => seedRules(kernel, reference, seeded),
      importing: async () => (await hooks.importing?.()) ?? [],
    },
    logError,
    everyMs,
  )
  const unsubscribe = onSales(kernel, (stores) => {
    for (const [store, count] of stores) loop.mark(store, count)
  })
  const deaf = onImported(kernel, loop.imported)
  const studies = startStudies({ kernel, reference, pool }, logError, () => loop.ready(), everyMs > 0 ? studyMs : 0)
  return {
    loop,
    studies,
    handlers: surveillanceHandlers(
      kernel,
      reference,
      shared,
      () => loop.ready(),
      () => void studies.tick().catch(logError),
    ),
    close: async () => {
      unsubscribe()
      deaf()
      shared.close()
      await loop.close()
      await studies.close()
      await pool.close()
    },
  }
}
