import type { Announcer } from './live.ts'
import type { SharedOverviews } from './overview.share.ts'
import type { SaleGuards } from './purchase.guard.ts'
import type { PurchaseWriter } from './purchase.writer.ts'
import type { Reference } from './reference.ts'

/** What the purchase files share in one process. */
export interface Purchases {
  readonly reference: Reference
  readonly guards: SaleGuards
  readonly writer: PurchaseWriter
  readonly announcer: Announcer
  readonly overviews: SharedOverviews
}
