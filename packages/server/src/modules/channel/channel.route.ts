import type { channelRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import { listDeliveries, listOwn, listTargets, ownDeliveries } from './channel.read.ts'
import {
  changeTarget,
  createOwn,
  createTarget,
  removeTarget,
  resend,
  type TargetParts,
  testTarget,
} from './target.service.ts'

/** @param mail whether e-mail can be sent @param wake called when something is to be sent at once */
export function channelHandlers(parts: TargetParts, mail: boolean, wake: () => void): Handlers<typeof channelRoutes> {
  const { kernel, reference } = parts
  const sent = async <T>(command: Promise<T>): Promise<T> => {
    const result = await command
    wake()
    return result
  }
  return {
    'channel.list': async ({ caller }) => ({ items: await listTargets(kernel, reference, caller), mail }),
    'channel.create': ({ caller, body }) => createTarget(parts, caller, body),
    'channel.change': ({ caller, params, body }) => changeTarget(parts, caller, 'area', params.id, body),
    'channel.remove': ({ caller, params }) => removeTarget(parts, caller, 'area', params.id),
    'channel.test': ({ caller, params }) => sent(testTarget(parts, caller, 'area', params.id)),
    'channel.deliveries': ({ caller, query }) => listDeliveries(kernel, caller, query),
    'channel.resend': ({ caller, params }) => sent(resend(parts, caller, params.id)),
    'channel.own': async ({ caller }) => ({ items: await listOwn(kernel, reference, caller), mail }),
    'channel.create-own': ({ caller, body }) => createOwn(parts, caller, body),
    'channel.change-own': ({ caller, params, body }) => changeTarget(parts, caller, 'own', params.id, body),
    'channel.remove-own': ({ caller, params }) => removeTarget(parts, caller, 'own', params.id),
    'channel.test-own': ({ caller, params }) => sent(testTarget(parts, caller, 'own', params.id)),
    'channel.own-deliveries': async ({ caller }) => ({ items: await ownDeliveries(kernel, caller) }),
  }
}
