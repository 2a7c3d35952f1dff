import type { eventRoutes, pharmacyPurchaseRoutes, pharmacyStoreRoutes } from '@vigil/contract'
import { registerStoreFacts } from '../../kernel/access/index.ts'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { createAnnouncer, liveStream } from './live.ts'
import { shareOverviews } from './overview.share.ts'
import { SaleGuards } from './purchase.guard.ts'
import type { Purchases } from './purchase.module.ts'
import { pharmacyPurchaseHandlers } from './purchase.route.ts'
import { forgetMonth } from './purchase.service.ts'
import { PurchaseWriter } from './purchase.writer.ts'
import { openReference } from './reference.ts'
import { pharmacyStoreHandlers } from './store.route.ts'

export interface Pharmacy {
  readonly purchases: Purchases
  readonly handlers: Handlers<typeof pharmacyStoreRoutes & typeof pharmacyPurchaseRoutes & typeof eventRoutes>
  close(): Promise<void>
}

/** Opens the module for one process: reference data in memory, the group-commit writer, live events. */
export async function openPharmacy(kernel: Kernel, logError: (error: unknown) => void): Promise<Pharmacy> {
  const reference = await openReference(kernel)
  registerStoreFacts(async (tx, code) => {
    const store = await tx
      .selectFrom('pharmacy.store')
      .select(['code', 'name', 'areaCode', 'path', 'status'])
      .where('code', '=', code)
      .executeTakeFirst()
    return store && { ...store, areaName: reference.areaFullName(store.areaCode) }
  })
  kernel.vault.onShred(forgetMonth)
  const overviews = shareOverviews(kernel, reference)
  const announcer = createAnnouncer(kernel, logError, overviews.sold)
  const writer = new PurchaseWriter(kernel.connections.commit, { onCommit: announcer.tell })
  const purchases: Purchases = { reference, guards: new SaleGuards(), writer, announcer, overviews }
  return {
    purchases,
    handlers: {
      ...pharmacyStoreHandlers(kernel, reference),
      ...pharmacyPurchaseHandlers(kernel, purchases),
      'event.stream': async ({ caller, request }) => liveStream(kernel, reference, caller, request),
    },
    close: async () => {
      await writer.idle()
      await announcer.close()
      overviews.close()
      await reference.close()
    },
  }
}
