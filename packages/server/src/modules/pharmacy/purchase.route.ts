import type { pharmacyPurchaseRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { readOverview } from './overview.read.ts'
import type { Purchases } from './purchase.module.ts'
import { read, today } from './purchase.read.ts'
import { register } from './purchase.register.ts'
import { search } from './purchase.search.ts'
import { correct, lookup, reveal, undo } from './purchase.service.ts'

export const pharmacyPurchaseHandlers = (
  kernel: Kernel,
  purchases: Purchases,
): Handlers<typeof pharmacyPurchaseRoutes> => ({
  'purchase.register': async ({ caller, body }) => ({
    results: await register(kernel, purchases, caller, body),
    serverTime: kernel.clock.now().toISOString(),
  }),
  'purchase.search': ({ caller, body }) => search(kernel, purchases, caller, body),
  'purchase.today': ({ caller }) => today(kernel, purchases, caller),
  'purchase.read': ({ caller, params }) => read(kernel, purchases, caller, params.id),
  'purchase.reveal': ({ caller, params, body }) => reveal(kernel, caller, params.id, body),
  'purchase.correct': ({ caller, params, body }) => correct(kernel, purchases, caller, params.id, body),
  'purchase.undo': ({ caller, params }) => undo(kernel, purchases, caller, params.id),
  'buyer.lookup': ({ caller, body }) => lookup(kernel, purchases, caller, body),
  'overview.read': ({ caller, query }) =>
    readOverview(kernel, purchases.reference, purchases.overviews.answers, caller, query),
})
