import type { followupRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import { followupHandlers } from './followup.route.ts'
import { createLoop, type Loop } from './loop.ts'
import type { Parts } from './parts.ts'

export interface Followups {
  readonly handlers: Handlers<typeof followupRoutes>
  readonly loop: Loop
  close(): Promise<void>
}

/** Opens the module for one process: what the console asks, and the loop that finds persons once it is started. */
export function openFollowups(
  kernel: Kernel,
  reference: Reference,
  others: Pick<Parts, 'tell' | 'tellNearest' | 'courier'>,
  logError: (error: unknown) => void,
): Followups {
  const parts = { kernel, reference, ...others }
  const loop = createLoop(parts, logError)
  return { handlers: followupHandlers(parts), loop, close: () => loop.close() }
}
