import type { Tx } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Message, tellNearest } from '../channel/index.ts'
import type { Reference } from '../pharmacy/index.ts'
import type { Courier } from './handover.ts'

/** What the files of the module share in one process. */
export interface Parts {
  readonly kernel: Kernel
  readonly reference: Reference
  /** Tells whoever wants to know, in the transaction of the cause. */
  readonly tell: (tx: Tx, message: Message) => Promise<unknown>
  /** Tells whoever is in charge, at the nearest level that wants to know. */
  readonly tellNearest: typeof tellNearest
  /** Sends hand-over sheets by themselves. */
  readonly courier: Courier
}
