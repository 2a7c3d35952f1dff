import type { staffRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import { forgetMonth, resealPresent } from './staff.keep.ts'
import { remind } from './staff.remind.ts'
import { staffHandlers } from './staff.route.ts'

/** Pause between two looks at the clock, in ms. */
const lookMs = 60_000

export interface Staff {
  readonly handlers: Handlers<typeof staffRoutes>
  close(): Promise<void>
}

/** Opens the module for one process: what is asked, the daily reminder, and the data keys of those who stay. */
export function openStaff(kernel: Kernel, reference: Reference, logError: (error: unknown) => void): Staff {
  kernel.vault.onShred((tx, month) => forgetMonth(kernel, tx, month))
  let running = Promise.resolve()
  let busy = false
  const look = async () => {
    await resealPresent(kernel)
    await remind(kernel, reference)
  }
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    running = look()
      .catch(logError)
      .finally(() => {
        busy = false
      })
  }, lookMs).unref()
  return {
    handlers: staffHandlers(kernel, reference),
    close: async () => {
      clearInterval(timer)
      await running
    },
  }
}
