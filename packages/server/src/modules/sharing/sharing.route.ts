import type { sharingRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import { closeDelivery, downloadReceipt, pushPeriod, resend, testDestination } from './delivery.service.ts'
import { activateKey, changeDestination, createDestination, prepareKey, setState } from './destination.service.ts'
import type { SendingParts } from './sharing.job.ts'
import { listDeliveries, listDestinations, readDelivery, readStuck } from './sharing.read.ts'

/** @param wake called when something is to be sent at once */
export function sharingHandlers(parts: SendingParts, wake: () => void): Handlers<typeof sharingRoutes> {
  const { kernel, purchases } = parts
  const sent = async <T>(command: Promise<T>): Promise<T> => {
    const result = await command
    wake()
    return result
  }
  return {
    'sharing.list': async ({ caller }) => ({ items: await listDestinations(kernel, purchases.reference, caller) }),
    'sharing.create': ({ caller, body }) => createDestination(parts, caller, body),
    'sharing.change': ({ caller, params, body }) => changeDestination(parts, caller, params.id, body),
    'sharing.set-state': ({ caller, params, body }) => sent(setState(parts, caller, params.id, body.state)),
    'sharing.prepare-key': ({ caller, params, body }) => prepareKey(parts, caller, params.id, body.algorithm),
    'sharing.activate-key': ({ caller, params }) => activateKey(parts, caller, params.id, params.keyId),
    'sharing.test': ({ caller, params }) => sent(testDestination(parts, caller, params.id)),
    'sharing.push': ({ caller, params, body }) => sent(pushPeriod(parts, caller, params.id, body)),
    'sharing.deliveries': ({ caller, params, query }) => listDeliveries(kernel, caller, params.id, query),
    'sharing.delivery': ({ caller, params }) => readDelivery(kernel, caller, params.id),
    'sharing.resend': ({ caller, params }) => sent(resend(parts, caller, params.id)),
    'sharing.close': ({ caller, params, body }) => closeDelivery(parts, caller, params.id, body.reason),
    'sharing.receipt': ({ caller, params }) => downloadReceipt(parts, caller, params.id),
    'sharing.stuck': ({ caller }) => readStuck(kernel, purchases.reference, caller),
  }
}
