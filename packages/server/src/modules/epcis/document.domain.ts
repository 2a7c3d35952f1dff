import { captureLimit } from '@vigil/contract'
import { type EpcisEvent, epcisContext, eventsOf, type Json, validate } from '@vigil/epcis/document'
import { readXml } from '@vigil/epcis/xml'
import { exception } from './exception.ts'

type Fields = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

interface Fault {
  readonly path: string
  readonly rule: string
  readonly message: string
}

/** Faults as an answer names them. */
export const faultErrors = (faults: readonly Fault[]) =>
  faults.slice(0, 50).map(({ path, rule, message }) => ({
    pointer: path.slice(0, 300),
    detail: message.slice(0, 500),
    code: rule.slice(0, 60),
  }))

const invalid = (faults: readonly Fault[]) =>
  exception('ValidationException', faults[0] ? `${faults[0].path} ${faults[0].message}` : '', faultErrors(faults))

/** Reads a text in UTF-8. @throws Problem 400 when it is none */
export function utf8(body: Uint8Array | undefined): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body ?? new Uint8Array())
  } catch {
    throw exception('ValidationException', '内容不是 UTF-8 文本')
  }
}

/** Parses JSON. @throws Problem 400 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw exception('ValidationException', `内容不是有效的 JSON：${(error as Error).message}`)
  }
}

/** Whether a body is XML by its content type; JSON when none is named. @throws Problem 415 */
export function isXml(contentType: string | undefined): boolean {
  const type = (contentType ?? '').split(';')[0]!.trim().toLowerCase()
  if (/^(application|text)\/xml$/.test(type)) return true
  if (type === '' || /^application\/(ld\+)?json$/.test(type)) return false
  throw exception(
    'UnsupportedMediaTypeException',
    `不支持 ${type}，请用 application/ld+json、application/json 或 application/xml`,
  )
}

/** Events with the contexts that were in force around them, where those say more than the one of EPCIS. */
function withContext(events: readonly unknown[], outer: unknown): EpcisEvent[] {
  const around = [outer ?? []].flat() as unknown as readonly Json[]
  const shared = around.some((each) => each !== epcisContext) ? around : null
  return events.map((event) => {
    if (!isObject(event)) return event as EpcisEvent
    const own = event['@context']
    if (own === undefined) return (shared ? { ...event, '@context': shared } : event) as unknown as EpcisEvent
    return { ...event, '@context': shared ? [...shared, ...[own].flat()] : own } as unknown as EpcisEvent
  })
}

function listIn(document: Fields): { readonly events: readonly unknown[]; readonly empty: Fields } | null {
  const body = document.epcisBody
  if (!isObject(body)) return null
  if (document.type === 'EPCISDocument')
    return Array.isArray(body.eventList)
      ? { events: body.eventList, empty: { ...document, epcisBody: { ...body, eventList: [] } } }
      : null
  const results = body.queryResults
  const inner = isObject(results) ? results.resultsBody : undefined
  if (!isObject(results) || !isObject(inner) || !Array.isArray(inner.eventList)) return null
  const queryResults = { ...results, resultsBody: { ...inner, eventList: [] } }
  return { events: inner.eventList, empty: { ...document, epcisBody: { ...body, queryResults } } }
}

/**
 * Events of a captured document (or query document, or single event) in their order. What stands around them is judged here,
 * the events later.
 * @throws Problem 400 for what is no document, 413 for too many events
 */
export function takeEvents(body: Uint8Array | undefined, xml: boolean): EpcisEvent[] {
  const text = utf8(body)
  const events = xml ? xmlEvents(text) : jsonEvents(parseJson(text))
  if (events.length > captureLimit.events)
    throw exception('CaptureLimitExceededException', `一次最多 ${captureLimit.events} 个事件，请分批提交`)
  return events
}

function xmlEvents(text: string): EpcisEvent[] {
  const read = readXml(text)
  if (!read.ok) throw invalid(read.problems)
  const { document } = read.value
  if (document.type !== 'EPCISDocument' && document.type !== 'EPCISQueryDocument') return withContext([document], null)
  return withContext(
    eventsOf(document).map(({ event }) => event),
    document['@context'],
  )
}

function jsonEvents(json: unknown): EpcisEvent[] {
  if (isObject(json) && (json.type === 'EPCISDocument' || json.type === 'EPCISQueryDocument')) {
    const list = listIn(json)
    const faults = validate(list?.empty ?? json)
    if (faults.length > 0) throw invalid(faults)
    if (list) return withContext(list.events, json['@context'])
  }
  const faults = validate(json)
  if (faults.length > 0) throw invalid(faults)
  return withContext([json], null)
}

/** One event by itself. @throws Problem 400 */
export function takeEvent(body: Uint8Array | undefined, xml: boolean): EpcisEvent {
  const events = takeEvents(body, xml)
  if (events.length !== 1) throw exception('ValidationException', '这里一次只接收一个事件')
  return events[0]!
}
