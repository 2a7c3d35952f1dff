import type { Download } from '@vigil/contract'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import type { Call } from '../../kernel/http/handler.ts'
import { asXml, type KeptEvent, queryDocument } from './answer.domain.ts'
import type { EpcisRepository } from './capture.ts'
import { digest } from './digest.ts'
import { exception } from './exception.ts'
import { negotiate, type Spelling, wantsXml } from './negotiate.ts'
import { pageSize, readToken, tokenMs, writeToken } from './page.domain.ts'
import type { Condition, SimpleQuery } from './query.domain.ts'
import { parseQuery } from './query.parse.ts'
import { findEvent, readEvents } from './query.read.ts'
import { collection, json, linkNext, namespacesFor, parametersOf, taken } from './request.ts'
import { eventTypes, hasEvents, isStandardTerm, listValues, type ResourceName, resources } from './resource.read.ts'
import { translate } from './translate.domain.ts'

type AnyCall = Pick<Call<never>, 'request' | 'reply' | 'caller'>

export const readable = (caller: Caller) => scopeFor(caller, 'epcis.read')

/** A query document in the form and spelling that the client wants. */
function documentAnswer(
  { kernel, prefixes = none }: EpcisRepository,
  { request }: AnyCall,
  events: readonly KeptEvent[],
  { queryName, xml, epc, term }: Spelling & { readonly queryName: string; readonly xml: boolean },
): Download {
  const document = translate(queryDocument(events, { queryName, now: kernel.clock.now() }), epc, prefixes)
  return xml
    ? { mediaType: 'application/xml', filename: '', body: Buffer.from(asXml(document, term)) }
    : json(request, document)
}
const none: ReadonlySet<string> = new Set()

/** Answers a page of events: those of a kept query, narrowed by the parameters of the request and by where they were asked for. */
export async function answerEvents(
  repository: EpcisRepository,
  call: AnyCall,
  { kept, also = [], queryName }: { kept?: SimpleQuery; also?: readonly Condition[]; queryName: string },
): Promise<Download> {
  const { request, reply, caller } = call
  const spelling = negotiate(request, reply)
  const xml = wantsXml(request)
  const parameters = parametersOf(request)
  const size = pageSize(taken(parameters, 'perPage'))
  const given = taken(parameters, 'nextPageToken')
  const asked = parseQuery(parameters, namespacesFor(request))
  const order = kept && !parameters.has('orderBy') ? kept : asked
  const query: SimpleQuery = {
    conditions: [...(kept?.conditions ?? []), ...asked.conditions, ...also],
    orderBy: order.orderBy,
    descending: order.descending,
    limit: asked.limit ?? kept?.limit ?? null,
    max: asked.max ?? kept?.max ?? null,
  }
  const now = repository.kernel.clock.now()
  const id = digest(JSON.stringify(query)).slice(0, 16)
  const token = given === undefined ? null : readToken(given, id, now)
  const page = await readEvents(repository.kernel.db, readable(caller), query, { size, token, query: id, now })
  if (page.next) linkNext(request, reply, writeToken(page.next), new Date(page.next.expires))
  return documentAnswer(repository, call, page.events, { ...spelling, queryName, xml })
}

/** Answers one event with its error declarations. @throws Problem 404 */
export async function answerEvent(repository: EpcisRepository, call: AnyCall, id: string): Promise<Download> {
  const spelling = negotiate(call.request, call.reply)
  const xml = wantsXml(call.request)
  const events = await findEvent(repository.kernel.db, readable(call.caller), id)
  if (events.length === 0) throw exception('NoSuchResourceException', '没有这个事件')
  return documentAnswer(repository, call, events, { ...spelling, queryName: 'SimpleEventQuery', xml })
}

/** Answers the values of a resource, a page at a time. */
export async function answerValues(
  { kernel }: EpcisRepository,
  { request, reply, caller }: AnyCall,
  name: ResourceName,
): Promise<Download> {
  negotiate(request, reply)
  const parameters = parametersOf(request)
  const size = pageSize(taken(parameters, 'perPage'))
  const now = kernel.clock.now()
  const { items, next } = await listValues(kernel.db, readable(caller), resources[name], {
    size,
    after: textToken(taken(parameters, 'nextPageToken')),
  })
  if (next !== null) linkNext(request, reply, writeToken({ after: next }), new Date(now.getTime() + tokenMs))
  return json(request, collection(items))
}

/** The text after which a list goes on. @throws Problem 400 */
export function textToken(token: string | undefined): string {
  if (token === undefined) return ''
  try {
    const { after } = JSON.parse(Buffer.from(token, 'base64url').toString()) as { after: unknown }
    if (typeof after === 'string' && after.isWellFormed() && !after.includes('\0')) return after
  } catch {
    // Told below, as what is no text.
  }
  throw exception('QueryParameterException', 'nextPageToken 无效')
}

/** The condition that a value of a resource stands for. @throws Problem 404 when nothing in the scope has it */
export async function conditionOf(
  { kernel }: EpcisRepository,
  caller: Caller,
  name: ResourceName | 'eventTypes',
  value: string,
): Promise<Condition> {
  if (!value.isWellFormed() || value.includes('\0')) throw exception('NoSuchResourceException', '没有这个值')
  if (name === 'eventTypes') {
    const condition: Condition = { on: 'term', column: 'type', values: [value] }
    if (!eventTypes.includes(value) && !(await hasEvents(kernel.db, readable(caller), condition)))
      throw exception('NoSuchResourceException', `没有 ${value} 类型的事件`)
    return condition
  }
  const condition = resources[name].condition(value)
  if (!isStandardTerm(name, value) && !(await hasEvents(kernel.db, readable(caller), condition)))
    throw exception('NoSuchResourceException', `没有 ${value} 的事件`)
  return condition
}
