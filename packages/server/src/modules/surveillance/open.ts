import type { Kernel } from '../../kernel/kernel.ts'
import type { Purchases } from '../pharmacy/index.ts'
import type { SurveillanceHooks } from './signal.ts'

export interface Surveillance {
  close(): Promise<void>
}

/** Opens the module for one process: the rules, what the console asks, and the loop that evaluates. */
export function openSurveillance(
  _kernel: Kernel,
  _purchases: Purchases,
  _hooks: SurveillanceHooks,
  _logError: (error: unknown) => void,
): Surveillance {
  return { close: async () => undefined }
}
