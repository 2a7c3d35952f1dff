import { defineRoutes, file, object, text, Uuid } from './kernel.ts'

/** Largest document that a capture takes, in bytes and events; told by OPTIONS and with 413. */
export const captureLimit = { bytes: 33_554_432, events: 20_000 } as const

const json = file('application/ld+json', 'application/json')
const document = file('application/ld+json', 'application/json', 'application/xml')
/** No body. */
const nothing = object({})
const EventId = object({ eventID: text(1000) })
const Name = object({ name: text(200) })
const Subscription = object({ name: text(200), id: Uuid })

/** What the routes of the standard have in common: its query string and bodies are judged by its own rules. */
const standard = { raw: true } as const
const read = { ...standard, method: 'GET', permission: 'epcis.read' } as const

/** EPCIS 2.0 REST bindings; their shapes are the standard's (https://ref.gs1.org/standards/epcis/openapi.json). */
export const epcisRoutes = defineRoutes({
  'epcis.root': { ...read, path: '/epcis', summary: 'Top-level resources of the repository', response: json },
  'epcis.capture': {
    ...standard,
    method: 'POST',
    path: '/epcis/capture',
    summary: 'Capture a document of events; answers with a job',
    permission: 'epcis.capture',
    status: 202,
    bodyLimit: captureLimit.bytes,
    response: nothing,
  },
  'epcis.jobs': {
    ...standard,
    method: 'GET',
    path: '/epcis/capture',
    summary: 'Capture jobs, newest first',
    permission: 'epcis.capture',
    response: json,
  },
  'epcis.job': {
    ...standard,
    method: 'GET',
    path: '/epcis/capture/:id',
    summary: 'How far a capture job is and what it refused',
    permission: 'epcis.capture',
    params: object({ id: text(60) }),
    response: json,
  },
  'epcis.create-event': {
    ...standard,
    method: 'POST',
    path: '/epcis/events',
    summary: 'Capture one event at once',
    permission: 'epcis.capture',
    status: 201,
    bodyLimit: 1_048_576,
    response: json,
  },
  'epcis.events': {
    ...read,
    path: '/epcis/events',
    summary: 'Events that match a simple event query',
    response: document,
  },
  'epcis.event': {
    ...read,
    path: '/epcis/events/:eventID',
    summary: 'One event with its error declarations',
    params: EventId,
    response: document,
  },
  'epcis.event-types': { ...read, path: '/epcis/eventTypes', summary: 'Types of events', response: json },
  'epcis.event-type': {
    ...read,
    path: '/epcis/eventTypes/:value',
    summary: 'What a type of events holds',
    params: object({ value: text(1000) }),
    response: json,
  },
  'epcis.event-type-events': {
    ...read,
    path: '/epcis/eventTypes/:value/events',
    summary: 'Events of a type',
    params: object({ value: text(1000) }),
    response: document,
  },
  'epcis.epcs': { ...read, path: '/epcis/epcs', summary: 'Things that events name', response: json },
  'epcis.epc': {
    ...read,
    path: '/epcis/epcs/:value',
    summary: 'What a thing holds',
    params: object({ value: text(1000) }),
    response: json,
  },
  'epcis.epc-events': {
    ...read,
    path: '/epcis/epcs/:value/events',
    summary: 'Events of a thing',
    params: object({ value: text(1000) }),
    response: document,
  },
  'epcis.biz-steps': { ...read, path: '/epcis/bizSteps', summary: 'Business steps of events', response: json },
  'epcis.biz-step': {
    ...read,
    path: '/epcis/bizSteps/:value',
    summary: 'What a business step holds',
    params: object({ value: text(1000) }),
    response: json,
  },
  'epcis.biz-step-events': {
    ...read,
    path: '/epcis/bizSteps/:value/events',
    summary: 'Events of a business step',
    params: object({ value: text(1000) }),
    response: document,
  },
  'epcis.biz-locations': {
    ...read,
    path: '/epcis/bizLocations',
    summary: 'Business locations of events',
    response: json,
  },
  'epcis.biz-location': {
    ...read,
    path: '/epcis/bizLocations/:value',
    summary: 'What a business location holds',
    params: object({ value: text(1000) }),
    response: json,
  },
  'epcis.biz-location-events': {
    ...read,
    path: '/epcis/bizLocations/:value/events',
    summary: 'Events of a business location',
    params: object({ value: text(1000) }),
    response: document,
  },
  'epcis.read-points': { ...read, path: '/epcis/readPoints', summary: 'Read points of events', response: json },
  'epcis.read-point': {
    ...read,
    path: '/epcis/readPoints/:value',
    summary: 'What a read point holds',
    params: object({ value: text(1000) }),
    response: json,
  },
  'epcis.read-point-events': {
    ...read,
    path: '/epcis/readPoints/:value/events',
    summary: 'Events of a read point',
    params: object({ value: text(1000) }),
    response: document,
  },
  'epcis.dispositions': { ...read, path: '/epcis/dispositions', summary: 'Dispositions of events', response: json },
  'epcis.disposition': {
    ...read,
    path: '/epcis/dispositions/:value',
    summary: 'What a disposition holds',
    params: object({ value: text(1000) }),
    response: json,
  },
  'epcis.disposition-events': {
    ...read,
    path: '/epcis/dispositions/:value/events',
    summary: 'Events of a disposition',
    params: object({ value: text(1000) }),
    response: document,
  },
  'epcis.queries': { ...read, path: '/epcis/queries', summary: 'Named queries', response: json },
  'epcis.create-query': {
    ...standard,
    method: 'POST',
    path: '/epcis/queries',
    summary: 'Keep a query under a name',
    permission: 'epcis.subscribe',
    status: 201,
    bodyLimit: 200_000,
    response: nothing,
  },
  'epcis.query': { ...read, path: '/epcis/queries/:name', summary: 'A named query', params: Name, response: json },
  'epcis.delete-query': {
    ...standard,
    method: 'DELETE',
    path: '/epcis/queries/:name',
    summary: 'Remove a named query and its subscriptions',
    permission: 'epcis.subscribe',
    params: Name,
    status: 204,
    response: nothing,
  },
  'epcis.query-events': {
    ...read,
    path: '/epcis/queries/:name/events',
    summary: 'Events of a named query',
    params: Name,
    response: document,
  },
  'epcis.subscriptions': {
    ...read,
    path: '/epcis/queries/:name/subscriptions',
    summary: 'Subscriptions of a named query',
    params: Name,
    response: json,
  },
  'epcis.subscribe': {
    ...standard,
    method: 'POST',
    path: '/epcis/queries/:name/subscriptions',
    summary: 'Have new events of a named query sent to an address',
    permission: 'epcis.subscribe',
    params: Name,
    status: 201,
    bodyLimit: 20_000,
    response: json,
  },
  'epcis.subscription': {
    ...read,
    path: '/epcis/queries/:name/subscriptions/:id',
    summary: 'One subscription',
    params: Subscription,
    response: json,
  },
  'epcis.unsubscribe': {
    ...standard,
    method: 'DELETE',
    path: '/epcis/queries/:name/subscriptions/:id',
    summary: 'End a subscription',
    permission: 'epcis.subscribe',
    params: Subscription,
    status: 204,
    response: nothing,
  },
})
