import type { openingRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import { ownOpening, readOpening, readStoreDay } from './opening.read.ts'
import { checkIn, ownStore, recordCall } from './opening.service.ts'
import { listStoreDays } from './opening.stores.ts'
import { listRules, saveRule } from './reminder.service.ts'

export const openingHandlers = (kernel: Kernel, reference: Reference): Handlers<typeof openingRoutes> => ({
  'opening.own': async ({ caller }) => ownOpening(kernel, caller, ownStore(reference, caller)),
  'opening.check-in': ({ caller, body }) => checkIn(kernel, reference, caller, body.entries),
  'opening.read': ({ caller, query }) => readOpening(kernel, reference, caller, query),
  'opening.stores': ({ caller, query }) => listStoreDays(kernel, reference, caller, query),
  'opening.store': ({ caller, params, query }) =>
    readStoreDay(kernel, reference, caller, 'opening.read', params.code, query.day),
  'opening.call': ({ caller, body }) => recordCall(kernel, reference, caller, body),
  'opening.rules': async ({ caller }) => ({ items: await listRules(kernel, reference, caller) }),
  'opening.save-rule': ({ caller, body }) => saveRule(kernel, reference, caller, body),
})
