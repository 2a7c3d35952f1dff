import type { openingRoutes } from '@vigil/contract'
import type { Tx } from '../../kernel/db/index.ts'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Message } from '../channel/index.ts'
import type { Reference } from '../pharmacy/index.ts'
import { openingHandlers } from './opening.route.ts'
import { remindMissing } from './reminder.service.ts'

/** Pause between two looks at the clock, in ms. */
const lookMs = 30_000

export interface Opening {
  readonly handlers: Handlers<typeof openingRoutes>
  /** Tells of the missing now where it is due. @returns messages ordered */
  remind(): Promise<number>
  close(): Promise<void>
}

/** Opens the module for one process: what is asked, and the daily message about stores that have not checked in. */
export function openOpening(
  kernel: Kernel,
  reference: Reference,
  tell: (tx: Tx, message: Message) => Promise<number>,
  logError: (error: unknown) => void,
): Opening {
  const remind = () => remindMissing(kernel, reference, tell)
  let running: Promise<unknown> | undefined
  const timer = setInterval(() => {
    running ??= remind()
      .catch(logError)
      .finally(() => {
        running = undefined
      })
  }, lookMs).unref()
  return {
    handlers: openingHandlers(kernel, reference),
    remind,
    close: async () => {
      clearInterval(timer)
      await running
    },
  }
}
