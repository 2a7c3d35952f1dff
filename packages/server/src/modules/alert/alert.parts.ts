import type { Tx } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Message } from '../channel/index.ts'
import type { sendNotice } from '../notice/index.ts'
import type { Reference } from '../pharmacy/index.ts'
import type { backtestOf, seriesOf } from '../surveillance/index.ts'

/** What the module works with in one process. */
export interface AlertParts {
  readonly kernel: Kernel
  readonly reference: Reference
  neighbours(): Promise<(a: string, b: string) => boolean>
  tell(tx: Tx, message: Message): Promise<void>
  readonly sendNotice: typeof sendNotice
  readonly seriesOf: typeof seriesOf
  readonly backtestOf: typeof backtestOf
}
