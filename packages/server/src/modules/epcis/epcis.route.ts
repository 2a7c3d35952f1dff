import type { epcisRoutes, RouteName } from '@vigil/contract'
import type { Caller } from '../../kernel/access/caller.ts'
import { scopeFor } from '../../kernel/access/caller.ts'
import type { Call, Handlers } from '../../kernel/http/handler.ts'
import type { EpcisRepository } from './capture.ts'
import type { EventWriter } from './capture.writer.ts'
import { isXml, parseJson, takeEvent, takeEvents, utf8 } from './document.domain.ts'
import { answerEvent, answerEvents, answerValues, conditionOf, readable, textToken } from './event.route.ts'
import { exception } from './exception.ts'
import type { JobLoop } from './job.loop.ts'
import { capturePath, createJob, listJobs, readJob } from './job.service.ts'
import { keepMasterData } from './master.store.ts'
import { createQuery, deleteQuery, getQuery, listQueries, queryOf, takeDefinition } from './named.service.ts'
import { negotiate } from './negotiate.ts'
import { pageSize, tokenMs, writeToken } from './page.domain.ts'
import { addressOf, collection, extensionsOf, headerOf, json, linkNext, parametersOf, taken } from './request.ts'
import { eventTypes, type ResourceName } from './resource.read.ts'
import { type SubscriptionParts, subscriptionHandlers } from './subscription.route.ts'

type Routes = typeof epcisRoutes
type AnyCall = Pick<Call<Routes['epcis.epc']>, 'request' | 'reply' | 'caller' | 'params'>
type Part = Partial<Record<RouteName, (call: AnyCall) => Promise<unknown>>>

export interface RouteParts extends SubscriptionParts {
  readonly repository: EpcisRepository
  readonly loop: JobLoop
  readonly writer: EventWriter
}

const bodyOf = (call: { request: { body: unknown } }) => call.request.body as Buffer | undefined
const members = [
  'capture',
  'events',
  'eventTypes',
  'epcs',
  'bizSteps',
  'bizLocations',
  'readPoints',
  'dispositions',
  'queries',
]

function behaviourOf(call: Pick<AnyCall, 'request'>): 'rollback' | 'proceed' {
  const header = headerOf(call.request, 'gs1-capture-error-behaviour')?.trim().toLowerCase()
  if (header === undefined || header === '' || header === 'rollback') return 'rollback'
  if (header === 'proceed') return 'proceed'
  throw exception('ValidationException', 'GS1-Capture-Error-Behaviour 只能是 rollback 或 proceed')
}

/** List, member and events of one top-level resource. */
function resource(repository: EpcisRepository, plural: string, single: string, name: ResourceName): Part {
  return {
    [`epcis.${plural}`]: (call: AnyCall) => answerValues(repository, call, name),
    [`epcis.${single}`]: async (call: AnyCall) => {
      negotiate(call.request, call.reply)
      await conditionOf(repository, call.caller, name, call.params.value)
      return json(call.request, collection(['events']))
    },
    [`epcis.${single}-events`]: async (call: AnyCall) => {
      const condition = await conditionOf(repository, call.caller, name, call.params.value)
      return answerEvents(repository, call, { also: [condition], queryName: 'SimpleEventQuery' })
    },
  }
}

/** Handlers of the routes of the standard. */
export function epcisHandlers(parts: RouteParts): Handlers<Routes> {
  const { repository, loop, writer } = parts
  const { kernel } = repository
  const page = (call: AnyCall) => {
    negotiate(call.request, call.reply)
    const parameters = parametersOf(call.request)
    const size = pageSize(taken(parameters, 'perPage'))
    const after = textToken(taken(parameters, 'nextPageToken'))
    const link = (next: string | null) => {
      const expires = new Date(kernel.clock.now().getTime() + tokenMs)
      if (next !== null) linkNext(call.request, call.reply, writeToken({ after: next }), expires)
    }
    return { size, after, link }
  }
  const handlers: Part = {
    'epcis.root': async (call) => {
      negotiate(call.request, call.reply)
      return json(call.request, collection(members))
    },
    'epcis.capture': async (call) => {
      const { request, reply, caller } = call
      negotiate(request, reply)
      const behaviour = behaviourOf(call)
      const mediaType = request.headers['content-type'] ?? 'application/ld+json'
      const body = bodyOf(call) ?? Buffer.alloc(0)
      const events = takeEvents(body, isXml(mediaType))
      const path = await capturePath(repository, caller, headerOf(request, 'vigil-area'))
      await keepMasterData(repository, path, body, isXml(mediaType))
      const id = await createJob(repository, loop, caller, { behaviour, mediaType, body, events, path })
      reply.header('location', addressOf(request, `/epcis/capture/${id}`))
      reply.header('gs1-capture-error-behaviour', behaviour)
      return {}
    },
    'epcis.jobs': async (call) => {
      const { size, after, link } = page(call)
      const { items, next } = await listJobs(repository, call.caller, size, after || null)
      link(next)
      return json(call.request, items)
    },
    'epcis.job': async (call) => {
      negotiate(call.request, call.reply)
      return json(call.request, await readJob(repository, call.caller, (call.params as unknown as { id: string }).id))
    },
    'epcis.create-event': async (call) => {
      const { request, reply, caller } = call
      negotiate(request, reply)
      const event = takeEvent(bodyOf(call), isXml(request.headers['content-type']))
      const path = await capturePath(repository, caller, headerOf(request, 'vigil-area'))
      const captured = await writer.write(caller, path, event)
      const at = addressOf(
        request,
        `/epcis/events/${encodeURIComponent(captured.known ? captured.hash : captured.event.eventID!)}`,
      )
      reply.header('location', at)
      if (captured.known) throw exception('ResourceAlreadyExistsException', `这个事件已经采集过：${captured.hash}`)
      return json(request, {
        '@context': 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
        ...captured.event,
      })
    },
    'epcis.events': (call) => answerEvents(repository, call, { queryName: 'SimpleEventQuery' }),
    'epcis.event': (call) => answerEvent(repository, call, (call.params as unknown as { eventID: string }).eventID),
    'epcis.event-types': async (call) => {
      negotiate(call.request, call.reply)
      return json(call.request, collection(eventTypes))
    },
    'epcis.event-type': async (call) => {
      negotiate(call.request, call.reply)
      await conditionOf(repository, call.caller, 'eventTypes', call.params.value)
      return json(call.request, collection(['events']))
    },
    'epcis.event-type-events': async (call) => {
      const condition = await conditionOf(repository, call.caller, 'eventTypes', call.params.value)
      return answerEvents(repository, call, { also: [condition], queryName: 'SimpleEventQuery' })
    },
    ...resource(repository, 'epcs', 'epc', 'epcs'),
    ...resource(repository, 'biz-steps', 'biz-step', 'bizSteps'),
    ...resource(repository, 'biz-locations', 'biz-location', 'bizLocations'),
    ...resource(repository, 'read-points', 'read-point', 'readPoints'),
    ...resource(repository, 'dispositions', 'disposition', 'dispositions'),
    'epcis.queries': async (call) => {
      const { size, after, link } = page(call)
      const { items, next } = await listQueries(repository, readable(call.caller), size, after)
      link(next)
      return json(
        call.request,
        items.map(({ name, definition }) => ({ name, query: definition })),
      )
    },
    'epcis.create-query': async (call) => {
      const { request, reply, caller } = call
      negotiate(request, reply)
      isXml(request.headers['content-type'])
      const taken = takeDefinition(parseJson(utf8(bodyOf(call))), extensionsOf(request))
      await createQuery(repository, caller, ownPath(caller), taken)
      reply.header('location', addressOf(request, `/epcis/queries/${encodeURIComponent(taken.name)}`))
      return {}
    },
    'epcis.query': async (call) => {
      negotiate(call.request, call.reply)
      const { name, definition } = await getQuery(repository, readable(call.caller), nameOf(call))
      return json(call.request, { name, query: definition })
    },
    'epcis.delete-query': async (call) => {
      negotiate(call.request, call.reply)
      await deleteQuery(repository, call.caller, nameOf(call))
      return {}
    },
    // A token is all there is of it; it ends by itself.
    'epcis.release-token': async (call) => {
      negotiate(call.request, call.reply)
      return {}
    },
    'epcis.query-events': async (call) => {
      const { name, definition } = await getQuery(repository, readable(call.caller), nameOf(call))
      return answerEvents(repository, call, { kept: queryOf(definition), queryName: name })
    },
    ...(subscriptionHandlers(parts) as unknown as Part),
  }
  return handlers as unknown as Handlers<Routes>
}

export const nameOf = (call: AnyCall): string => (call.params as unknown as { name: string }).name
/** Where a caller's kept queries and subscriptions belong. */
export const ownPath = (caller: Caller): string => scopeFor(caller, 'epcis.subscribe')[0]!
