import type { epcisRoutes } from '@vigil/contract'
import { scopeFor } from '../../kernel/access/caller.ts'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Guard } from '../sharing/index.ts'
import { isXml, parseJson, utf8 } from './document.domain.ts'
import { textToken } from './event.route.ts'
import { negotiate } from './negotiate.ts'
import { pageSize, tokenMs, writeToken } from './page.domain.ts'
import { addressOf, json, linkNext, parametersOf, taken } from './request.ts'
import type { SubscriptionLoop } from './subscription.loop.ts'
import {
  getSubscription,
  listSubscriptions,
  shown,
  subscribe,
  takeSubscription,
  unsubscribe,
} from './subscription.service.ts'

type Names = 'epcis.subscriptions' | 'epcis.subscribe' | 'epcis.subscription' | 'epcis.unsubscribe'

export interface SubscriptionParts {
  readonly kernel: Pick<Kernel, 'db' | 'vault' | 'clock'>
  readonly guard: Guard
  readonly subscriptions: Pick<SubscriptionLoop, 'wake'>
}

/** Handlers of the subscriptions of kept queries. */
export const subscriptionHandlers = ({
  kernel,
  guard,
  subscriptions,
}: SubscriptionParts): Pick<Handlers<typeof epcisRoutes>, Names> => ({
  'epcis.subscriptions': async ({ request, reply, caller, params }) => {
    negotiate(request, reply)
    const parameters = parametersOf(request)
    const size = pageSize(taken(parameters, 'perPage'))
    const after = textToken(taken(parameters, 'nextPageToken'))
    const scope = scopeFor(caller, 'epcis.read')
    const { items, next } = await listSubscriptions(kernel, scope, params.name, { size, after })
    const expires = new Date(kernel.clock.now().getTime() + tokenMs)
    if (next !== null) linkNext(request, reply, writeToken({ after: next }), expires)
    return json(request, items.map(shown))
  },
  'epcis.subscription': async ({ request, reply, caller, params }) => {
    negotiate(request, reply)
    return json(request, shown(await getSubscription(kernel, scopeFor(caller, 'epcis.read'), params.name, params.id)))
  },
  'epcis.subscribe': async ({ request, reply, caller, params }) => {
    negotiate(request, reply)
    isXml(request.headers['content-type'])
    const wanted = takeSubscription(parseJson(utf8(request.body as Buffer | undefined)), guard, kernel.clock.now())
    const row = await subscribe(kernel, caller, params.name, scopeFor(caller, 'epcis.subscribe')[0]!, wanted)
    subscriptions.wake()
    const path = `/epcis/queries/${encodeURIComponent(params.name)}/subscriptions/${row.id}`
    reply.header('location', addressOf(request, path))
    return json(request, shown(row))
  },
  'epcis.unsubscribe': async ({ request, reply, caller, params }) => {
    negotiate(request, reply)
    await unsubscribe(kernel, caller, params.name, params.id)
    return {}
  },
})
