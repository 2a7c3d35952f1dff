import type { Kernel } from '../../kernel/kernel.ts'
import type { Purchases, Reference } from '../pharmacy/index.ts'
import type { Book } from './stopsale.book.ts'

/** What the files of this module share in one process. */
export interface Parts {
  readonly kernel: Kernel
  readonly purchases: Purchases
  readonly reference: Reference
  readonly book: Book
}

/** Name of the module as the source of its notices. */
export const moduleName = 'stopsale'
