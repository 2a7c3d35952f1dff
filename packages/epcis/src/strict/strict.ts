import {
  type EpcisEvent,
  eventsOf,
  type Namespaces,
  namespacesOf,
  parseInstant,
  parseOffset,
  type ReadDocument,
  splitName,
} from '../document/index.ts'
import type { QuantityElement, SensorElement } from '../document/types.ts'
import type { Problem } from '../result.ts'
import { identifierProblems, quantityLists } from './identifiers.ts'
import { createdMass, type PlacedTransformation } from './transformation.ts'

/** `now` in milliseconds since 1970; `tolerance` (ms, default 0) is how far a client's clock may run ahead. */
export interface StrictOptions {
  readonly now: number
  readonly tolerance?: number
  /** Whether events come from the repository itself, which has set recordTime. Default: from a client. */
  readonly recorded?: boolean
}

/** Names of the strict rules with what each forbids; the JSON schema lets all of it through. */
export const strictRules = {
  'mass-created': 'a transformation gives out more mass than went in',
  'negative-quantity': 'a quantity is below zero',
  'fractional-pieces': 'a quantity without a unit is not whole',
  'malformed-epc': 'an EPC URN breaks the rules of its scheme',
  'malformed-digital-link': 'a GS1 Digital Link breaks the rules of its key',
  'class-as-thing': 'a class stands where a single thing belongs',
  'thing-as-class': 'a single thing stands where a class belongs',
  'event-time-future': 'the event has not happened yet',
  'record-time-set': 'recordTime is the repository’s to set',
  'zone-contradicts-offset': 'eventTime has another offset than eventTimeZoneOffset',
  'sensor-time-after-event': 'a sensor has measured after the event',
  'sensor-period': 'a measurement ends before it starts',
  'device-twice': 'the device is in the metadata and in a report of it',
  'parent-missing': 'what was packed or unpacked has no parent',
  'undeclared-prefix': 'an extension’s prefix is not in the context',
} as const

/**
 * What is wrong with a valid document beyond the schema; empty when nothing is. Transformations that share an ID are weighed together.
 * Paths are JSON pointers; rules are those of `strictRules`.
 */
export function strictProblems(document: ReadDocument['document'], options: StrictOptions): Problem[] {
  const events = eventsOf(document)
  const transformations = events.filter(
    (each): each is (typeof events)[number] & PlacedTransformation => each.event.type === 'TransformationEvent',
  )
  return [
    ...events.flatMap(({ event, path, namespaces }) => eventProblems(event, options, path, namespaces)),
    ...createdMass(transformations),
  ]
}

/** The same for one valid event by itself; a transformation is weighed alone when it has no transformationID. */
export function strictEventProblems(
  event: EpcisEvent,
  options: StrictOptions,
  path = '',
  namespaces = namespacesOf(event['@context']),
): Problem[] {
  const alone = event.type === 'TransformationEvent' && event.transformationID === undefined ? [{ event, path }] : []
  return [...eventProblems(event, options, path, namespaces), ...createdMass(alone)]
}

function eventProblems(event: EpcisEvent, options: StrictOptions, path: string, namespaces: Namespaces): Problem[] {
  const found: Problem[] = []
  const add = (rule: keyof typeof strictRules, at: string): void =>
    void found.push({ path: path + at, rule, message: strictRules[rule] })
  times(event, options, add)
  for (const name of quantityLists)
    ((event as unknown as Record<string, readonly QuantityElement[] | undefined>)[name] ?? []).forEach(
      ({ quantity, uom }, i) => {
        if (quantity === undefined) return
        if (quantity < 0) add('negative-quantity', `/${name}/${i}/quantity`)
        if (uom === undefined && !Number.isInteger(quantity)) add('fractional-pieces', `/${name}/${i}/quantity`)
      },
    )
  const eventTime = parseInstant(event.eventTime)?.time
  for (const [i, element] of event.sensorElementList?.entries() ?? [])
    sensor(element, eventTime, `/sensorElementList/${i}`, add)
  if (event.type === 'AggregationEvent' && event.action !== 'OBSERVE' && event.parentID === undefined)
    add('parent-missing', '/parentID')
  prefixes(event, '', namespaces, add)
  return [...found, ...identifierProblems(event, path)]
}

type Add = (rule: keyof typeof strictRules, at: string) => void

function times(event: EpcisEvent, { now, tolerance = 0, recorded }: StrictOptions, add: Add): void {
  const instant = parseInstant(event.eventTime)
  if (instant && instant.time > now + tolerance) add('event-time-future', '/eventTime')
  // Z says only that the instant is given in UTC; a written offset says where the clock hung.
  if (instant && !instant.utc && instant.offset !== parseOffset(event.eventTimeZoneOffset))
    add('zone-contradicts-offset', '/eventTimeZoneOffset')
  if (event.recordTime !== undefined && !recorded) add('record-time-set', '/recordTime')
}

function sensor(
  { sensorMetadata = {}, sensorReport }: SensorElement,
  eventTime: number | undefined,
  at: string,
  add: Add,
): void {
  const late = (text: string | undefined) =>
    text !== undefined && eventTime !== undefined && (parseInstant(text)?.time ?? 0) > eventTime
  for (const name of ['time', 'startTime', 'endTime'] as const)
    if (late(sensorMetadata[name])) add('sensor-time-after-event', `${at}/sensorMetadata/${name}`)
  const [start, end] = [sensorMetadata.startTime, sensorMetadata.endTime].map(
    (text) => text && parseInstant(text)?.time,
  )
  if (typeof start === 'number' && typeof end === 'number' && end < start)
    add('sensor-period', `${at}/sensorMetadata/endTime`)
  sensorReport.forEach((report, i) => {
    if (late(report.time)) add('sensor-time-after-event', `${at}/sensorReport/${i}/time`)
    for (const name of ['deviceID', 'deviceMetadata'] as const)
      if (report[name] !== undefined && sensorMetadata[name] !== undefined)
        add('device-twice', `${at}/sensorReport/${i}/${name}`)
  })
}

/** Every property with a prefix, at every depth; whole URIs as names have no prefix. */
function prefixes(value: object, at: string, namespaces: Namespaces, add: Add): void {
  const place = (name: string) => `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
  const named = !Array.isArray(value)
  for (const [name, each] of Object.entries(value)) {
    if (name === '@context') continue
    if (named && name.includes(':') && hasPrefix(name) && !splitName(name, namespaces))
      add('undeclared-prefix', place(name))
    if (typeof each === 'object' && each !== null) prefixes(each, place(name), namespaces, add)
  }
}

const hasPrefix = (name: string): boolean => /^[\w.-]+:(?!\/\/)/.test(name) && !name.startsWith('urn:')
