import type { sharingRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Exporter } from '../export/index.ts'
import type { Courier } from '../followup/index.ts'
import { createGuard } from './guard.ts'
import { handoverRecipients, orderHandover } from './sharing.handover.ts'
import { type SharingLoop, startSharing } from './sharing.loop.ts'
import { sharingHandlers } from './sharing.route.ts'

export { BlockedAddress, createGuard, type Guard } from './guard.ts'
export { PostError, post } from './post.ts'
export { askedPause, nextTry } from './retry.domain.ts'
export { scrub } from './scrub.domain.ts'
export { failureOf } from './send.ts'

/** Pause between two looks for due deliveries, in ms. */
const lookMs = 2_000

export interface Sharing {
  readonly handlers: Handlers<typeof sharingRoutes>
  readonly loop: SharingLoop
  /** Sends hand-over sheets of module followup. */
  readonly courier: Courier
  close(): Promise<void>
}

/**
 * Opens the module for one process: what the console asks, and the loop that sends.
 * @throws Error that names VIGIL_SHARING_ALLOW when it cannot be read
 */
export function openSharing(
  exporter: Exporter,
  logError: (error: unknown) => void,
  env: NodeJS.ProcessEnv = process.env,
): Sharing {
  const { kernel, purchases } = exporter
  const parts = { kernel, purchases, exporter, logError, guard: createGuard(env.VIGIL_SHARING_ALLOW ?? '') }
  const loop = startSharing(parts, logError, lookMs)
  const wake = () => void loop.tick().catch(logError)
  return {
    loop,
    courier: { order: (tx, handover) => orderHandover(kernel, tx, handover), recipients: handoverRecipients, wake },
    handlers: sharingHandlers(parts, wake),
    close: () => loop.close(),
  }
}
