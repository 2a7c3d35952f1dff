import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'

/** What the files of the module share in one process. */
export interface Parts {
  readonly kernel: Kernel
  readonly reference: Reference
}
