import type { EpcisEvent } from '@vigil/epcis/document'
import { writeXml } from '@vigil/epcis/xml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../kernel/access/access.fixture.ts'
import { createPharmacyCity, type PharmacyCity } from '../pharmacy/pharmacy.fixture.ts'
import { documentOf, objectEvent } from './epcis.fixture.ts'

let city: PharmacyCity
let program: Client
let neighbour: Client
beforeAll(async () => {
  city = await createPharmacyCity()
  program = await city.program('epcis-api', '350582')
  neighbour = await city.program('epcis-api', '350583')
}, 60_000)
afterAll(() => city.close())

const at = (time: string): string => new Date(time).toISOString()
/** What a client of the standard sends, header by header. */
async function send(url: string, body: unknown, headers: Record<string, string> = {}, client = program) {
  return client.app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', ...client.headers, ...headers },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  })
}
const get = (url: string, headers: Record<string, string> = {}, client = program) =>
  client.app.inject({ method: 'GET', url, headers: { ...client.headers, ...headers } })
const eventsIn = (response: {
  json(): { epcisBody: { queryResults: { resultsBody: { eventList: EpcisEvent[] } } } }
}) => response.json().epcisBody.queryResults.resultsBody.eventList
const pathOf = (location: unknown) => new URL(String(location)).pathname

/** Sends a document and waits for its job. */
async function capture(events: readonly unknown[], headers: Record<string, string> = {}) {
  const response = await send('/epcis/capture', documentOf(events), headers)
  expect([response.statusCode, response.body]).toEqual([202, ''])
  await city.app.modules.epcis.jobs.tick()
  return (await get(pathOf(response.headers.location))).json()
}
const serials = (events: readonly EpcisEvent[]) =>
  events.map((event) => (event as unknown as { epcList: string[] }).epcList[0]!.split('/').at(-1)!)

describe('capture of documents', () => {
  test('a job tells how far it is, and a second capture of the same changes nothing', async () => {
    const events = [objectEvent('doc-1'), objectEvent('doc-2')]
    const job = await capture(events)
    expect(job).toMatchObject({
      running: false,
      success: true,
      captureErrorBehaviour: 'rollback',
      errors: [],
      stored: 2,
      known: 0,
    })
    expect(await capture(events)).toMatchObject({ success: true, stored: 0, known: 2 })
    const list = await get('/epcis/capture?perPage=1')
    expect(list.json()).toHaveLength(1)
    expect(list.headers.link).toMatch(/^<http.*nextPageToken=.*>; rel="next"$/)
    expect(Date.parse(String(list.headers['gs1-next-page-token-expires']))).toBeGreaterThan(Date.now())
  })

  test('all or nothing, or as many as can be', async () => {
    const bad = objectEvent('bad', { eventTime: '2099-01-01T00:00:00Z' })
    const events = [objectEvent('mixed-1'), bad, objectEvent('mixed-2')]
    const rolledBack = await capture(events)
    expect(rolledBack).toMatchObject({ running: false, success: false, stored: 0 })
    expect(rolledBack.errors).toEqual([
      expect.objectContaining({
        type: 'epcisException:ValidationException',
        title: 'event-time-future',
        position: 1,
        status: 400,
      }),
    ])
    const url = '/epcis/events?MATCH_epc=https://id.gs1.org/01/04012345111118/21/mixed-1'
    expect(eventsIn(await get(url))).toEqual([])
    const proceeded = await capture(events, { 'gs1-capture-error-behaviour': 'proceed' })
    expect(proceeded).toMatchObject({
      running: false,
      success: false,
      stored: 2,
      refused: 1,
      captureErrorBehaviour: 'proceed',
    })
    expect(eventsIn(await get(url))).toHaveLength(1)
  })

  test('what is no document is told at once, with the exception of the standard', async () => {
    const cases: [unknown, Record<string, string>, number, string][] = [
      ['{', {}, 400, 'ValidationException'],
      ['', {}, 400, 'ValidationException'],
      [{ type: 'EPCISDocument' }, {}, 400, 'ValidationException'],
      [documentOf([objectEvent('x')]), { 'content-type': 'text/csv' }, 415, 'UnsupportedMediaTypeException'],
      [documentOf([objectEvent('x')]), { 'gs1-epcis-version': '1.2' }, 406, 'NotAcceptableException'],
      [documentOf([objectEvent('x')]), { 'gs1-capture-error-behaviour': 'all' }, 400, 'ValidationException'],
      [documentOf(Array.from({ length: 20_001 }, () => 1)), {}, 413, 'CaptureLimitExceededException'],
      [' '.repeat(33_554_433), {}, 413, 'CaptureLimitExceededException'],
    ]
    for (const [body, headers, status, name] of cases) {
      const response = await send('/epcis/capture', body, headers)
      expect([response.statusCode, response.json().type]).toEqual([status, `epcisException:${name}`])
      if (status === 413) expect(response.headers['gs1-epcis-capture-limit']).toBe('20000')
    }
  })

  test('XML is captured and answered', async () => {
    const document = documentOf([objectEvent('xml')])
    const response = await send('/epcis/capture', writeXml(document), { 'content-type': 'application/xml' })
    expect(response.statusCode).toBe(202)
    await city.app.modules.epcis.jobs.tick()
    const url = '/epcis/epcs/urn%3Aepc%3Aid%3Asgtin%3A4012345.011111.xml/events'
    expect(serials(eventsIn(await get(url)))).toEqual(['xml'])
    const xml = await get(url, { accept: 'application/xml' })
    expect([xml.headers['content-type'], xml.body]).toEqual([
      'application/xml',
      expect.stringContaining('<epc>https://id.gs1.org/01/04012345111118/21/xml</epc>'),
    ])

    // A single event, and a document of EPCIS 1.2 with its wrappers: the same event, whatever it stood in.
    const inside = `<eventTime>2026-01-05T10:00:00Z</eventTime><eventTimeZoneOffset>+08:00</eventTimeZoneOffset><epcList><epc>urn:epc:id:sgtin:4012345.011111.old</epc></epcList>
      <action>ADD</action><extension><ilmd><x:lot xmlns:x="urn:x:" x:kind="a">L1</x:lot></ilmd></extension>`
    const old = `<?xml version="1.0"?><!DOCTYPE project><p:EPCISDocument xmlns:p="urn:epcglobal:epcis:xsd:1" schemaVersion="1.2" creationDate="2026-01-05T10:00:00Z">
      <EPCISBody><EventList><ObjectEvent>${inside}</ObjectEvent></EventList></EPCISBody></p:EPCISDocument>`
    const headers = { 'content-type': 'application/xml' }
    expect((await send('/epcis/capture', old, headers)).statusCode).toBe(202)
    await city.app.modules.epcis.jobs.tick()
    const [found] = eventsIn(await get('/epcis/events?EQ_ILMD_x:lot=L1', { 'gs1-extensions': 'x=urn:x:' }))
    expect(found).toMatchObject({ ilmd: { 'x:lot': { '#text': 'L1', 'x:kind': 'a' } } })
    expect((await send('/epcis/events', `<ObjectEvent>${inside}</ObjectEvent>`, headers)).statusCode).toBe(409)
  })
})

describe('events', () => {
  test('one at a time: created once, found by its place, known the second time', async () => {
    const event = {
      '@context': 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
      ...objectEvent('single'),
    }
    const created = await send('/epcis/events', event)
    expect(created.statusCode).toBe(201)
    const location = pathOf(created.headers.location)
    expect(decodeURIComponent(location)).toMatch(/^\/epcis\/events\/ni:\/\/\/sha-256;[0-9a-f]{64}\?ver=CBV2\.0$/)
    expect(serials(eventsIn(await get(location)))).toEqual(['single'])
    const again = await send('/epcis/events', event)
    expect([again.statusCode, again.json().type]).toEqual([409, 'epcisException:ResourceAlreadyExistsException'])
    const refused = await send('/epcis/events', { ...event, action: 'EAT' })
    expect([refused.statusCode, refused.json().type]).toEqual([400, 'epcisException:ValidationException'])
  })

  test('what cannot be stored or compared is refused, not a fault of ours', async () => {
    const context = { '@context': {} }
    for (const event of [
      objectEvent('nul', { 'example:x': 'a\0b' } as object),
      objectEvent('half', { epcList: ['urn:uuid:\ud800'] }),
      objectEvent('year', { eventTime: '0000-01-01T00:00:00Z', eventTimeZoneOffset: '+00:00' }),
    ])
      expect((await send('/epcis/events', { ...context, ...event })).statusCode).toBe(400)
    for (const query of [
      'EQ_bizStep=%00',
      'EQ_bizStep=%ED%A0%80%00',
      'GE_eventTime=0000-01-01T00:00:00Z',
      'GE_eventTime=2026-13-01T00:00:00Z',
      'EQ_quantity=many',
      'perPage=0',
      'nextPageToken=%7B%7D',
      'orderBy=epc',
      'EQ_action=EAT',
      'eventCountLimit=1&maxEventCount=1',
      'EXISTS_errorDeclaration=perhaps',
      'colour=red',
    ]) {
      const response = await get(`/epcis/events?${query}`)
      expect([query, response.statusCode, response.json().type]).toEqual([
        query,
        400,
        'epcisException:QueryParameterException',
      ])
    }
    const definition = { name: 'nul', query: { EQ_bizStep: ['a\0'] } }
    expect((await send('/epcis/queries', definition)).statusCode).toBe(400)
    // A thing that was captured with a very long name is found by it.
    const long = `https://example.com/${'x'.repeat(3000)}`
    await capture([objectEvent('long', { bizStep: long, epcList: [long] })])
    expect(eventsIn(await get(`/epcis/events?MATCH_epc=${long}&EQ_bizStep=${long}`))).toHaveLength(1)
  })

  test('many requests at once share transactions, and each answers for itself', async () => {
    const context = { '@context': 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld' }
    const bodies = Array.from({ length: 40 }, (_, i) => ({
      ...context,
      ...objectEvent(`many-${i % 30}`, i === 7 ? { eventTime: '2099-01-01T00:00:00Z' } : {}),
    }))
    const statuses = (await Promise.all(bodies.map((body) => send('/epcis/events', body)))).map(
      ({ statusCode }) => statusCode,
    )
    expect(statuses.filter((status) => status === 400)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409)).toHaveLength(9)
    expect(statuses.filter((status) => status === 201)).toHaveLength(30)
  })

  test('of a neighbour are not there', async () => {
    const created = await send('/epcis/events', { '@context': {}, ...objectEvent('mine') })
    const location = pathOf(created.headers.location)
    for (const url of [location, '/epcis/epcs/https%3A%2F%2Fid.gs1.org%2F01%2F04012345111118%2F21%2Fmine'])
      expect([url, (await get(url, {}, neighbour)).statusCode, (await get(url)).statusCode]).toEqual([url, 404, 200])
    expect(eventsIn(await get('/epcis/events', {}, neighbour))).toEqual([])
    expect((await get('/epcis/epcs', {}, neighbour)).json().member).toEqual([])
  })

  test('extensions come back under the prefixes that they were sent with', async () => {
    const one = { '@context': [{ ex: 'https://one.example/' }], ...objectEvent('ext-1', { 'ex:grade': 'A' }) }
    const two = { '@context': [{ ex: 'https://two.example/' }], ...objectEvent('ext-2', { 'ex:grade': 'A' }) }
    await capture([one, two])
    const ask = async (namespace: string) =>
      serials(eventsIn(await get('/epcis/events?EQ_q:grade=A|B', { 'gs1-extensions': `q=${namespace}` })))
    expect([await ask('https://one.example/'), await ask('https://two.example/')]).toEqual([['ext-1'], ['ext-2']])
    const unknown = await get('/epcis/events?EQ_q:grade=A')
    expect([unknown.statusCode, unknown.json().type]).toEqual([400, 'epcisException:QueryParameterException'])
  })

  test('master data of a document is asked for by attributes, and places within places', async () => {
    const [site, room] = ['https://far.example/site', 'https://far.example/room']
    const places = {
      type: 'urn:epcglobal:epcis:vtype:BusinessLocation',
      vocabularyElementList: [
        { id: site, attributes: [{ id: 'urn:epcglobal:cbv:mda:name', attribute: '冷库' }], children: [room] },
      ],
    }
    const events = [
      objectEvent('in-room', { bizLocation: { id: room } }),
      objectEvent('at-site', { bizLocation: { id: site } }),
    ]
    const header = { epcisHeader: { epcisMasterData: { vocabularyList: [places] } } }
    expect((await send('/epcis/capture', { ...documentOf(events), ...header })).statusCode).toBe(202)
    await city.app.modules.epcis.jobs.tick()
    const ask = async (query: string) => serials(eventsIn(await get(`/epcis/events?${query}`)))
    expect(await ask(`WD_bizLocation=${site}`)).toEqual(['in-room', 'at-site'])
    expect(await ask(`EQ_bizLocation=${site}`)).toEqual(['at-site'])
    expect(await ask('HASATTR_bizLocation=urn:epcglobal:cbv:mda:name')).toEqual(['at-site'])
    expect(await ask('EQATTR_bizLocation_urn:epcglobal:cbv:mda:name=冷库')).toEqual(['at-site'])
    expect(await ask('EQATTR_bizLocation_urn:epcglobal:cbv:mda:name=别处')).toEqual([])
  })

  test('events are ordered by an extension: numbers and times, then texts, then those without it; over pages, too', async () => {
    const values = [3, 'b', undefined, 1.5, '2026-01-01T00:00:00Z', 'a', -2, 3]
    const context = [{ ex: 'https://example.com/ns/' }]
    await capture(
      values.map((value, i) =>
        objectEvent(`order-${i}`, {
          action: 'ADD',
          bizStep: 'loading',
          '@context': context,
          ...(value !== undefined && { 'ex:rank': value, ilmd: { 'ex:rank': { 'ex:inside': value } } }),
        } as object),
      ),
    )
    const walk = async (direction: string, by = 'ex:rank') => {
      const seen: string[] = []
      let url: string | undefined =
        `/epcis/events?EQ_bizStep=loading&perPage=3&orderBy=${by}&orderDirection=${direction}`
      while (url) {
        const response = await get(url, { 'gs1-extensions': 'ex=https://example.com/ns/' })
        seen.push(...serials(eventsIn(response)).map((serial) => serial.slice(6)))
        url = /<(.+)>; rel="next"/.exec(String(response.headers.link ?? ''))?.[1]?.replace(/^http:\/\/[^/]+/, '')
      }
      return seen.join('')
    }
    expect([await walk('ASC'), await walk('DESC')]).toEqual(['63074512', '47036152'])
    expect(await walk('ASC', 'INNER_ILMD_ex:inside')).toBe('63074512')
  })

  test('pages show what there was at the first one, whatever is captured meanwhile', async () => {
    const time = (i: number) => at(`2026-01-02T00:00:${String(i).padStart(2, '0')}Z`)
    await capture(
      Array.from({ length: 23 }, (_, i) =>
        objectEvent(`page-${i}`, { eventTime: time((i * 7) % 23), bizStep: 'stocking' }),
      ),
    )
    for (const order of ['', '&orderBy=eventTime&orderDirection=ASC', '&orderBy=eventTime', '&orderBy=recordTime']) {
      const seen: string[] = []
      let url: string | undefined =
        `/epcis/events?EQ_bizStep=stocking&perPage=5${order}&LT_eventTime=2026-01-03T00:00:00%2B08:00`
      for (let page = 0; url; page++) {
        const response = await get(url)
        seen.push(...serials(eventsIn(response)))
        url = /<(.+)>; rel="next"/.exec(String(response.headers.link ?? ''))?.[1]?.replace(/^http:\/\/[^/]+/, '')
        await capture([
          objectEvent(`late-${order}-${page}`.replace(/\W/g, '-'), { eventTime: time(page * 4), bizStep: 'stocking' }),
        ])
      }
      expect([order, seen.filter((serial) => serial.startsWith('page-')).length, new Set(seen).size]).toEqual([
        order,
        23,
        seen.length,
      ])
    }
    const limited = await get('/epcis/events?EQ_bizStep=stocking&perPage=5&eventCountLimit=7')
    const next = /<(.+)>/.exec(String(limited.headers.link))![1]!.replace(/^http:\/\/[^/]+/, '')
    const rest = await get(next)
    expect([eventsIn(limited).length, eventsIn(rest).length, rest.headers.link]).toEqual([5, 2, undefined])
    const many = await get('/epcis/events?EQ_bizStep=stocking&maxEventCount=7')
    expect([many.statusCode, many.json().type]).toEqual([413, 'epcisException:QueryTooLargeException'])
    expect((await get(next.replace('stocking', 'packing'))).statusCode).toBe(400)
  })
})

test('every path tells by OPTIONS what it offers', async () => {
  const options = (url: string) => program.app.inject({ method: 'OPTIONS', url })
  const capturing = await options('/epcis/capture')
  expect(capturing.statusCode).toBe(204)
  expect(capturing.headers).toMatchObject({
    allow: 'OPTIONS, POST, GET',
    'gs1-epcis-version': '2.0.0',
    'gs1-cbv-version': '2.0.0',
    'gs1-epcis-capture-limit': '20000',
    'gs1-epcis-capture-file-size-limit': '33554432',
    'gs1-capture-error-behaviour': 'all',
  })
  expect((await options('/epcis/queries/any')).headers.allow).toBe('OPTIONS, GET, DELETE')
})

describe('top-level resources', () => {
  test('lists, members and their events', async () => {
    await capture([
      objectEvent('resource', {
        bizStep: 'https://example.com/step',
        readPoint: { id: 'urn:epc:id:sgln:4012345.00001.400' },
        disposition: 'in_transit',
      }),
    ])
    expect((await get('/epcis')).json().member).toHaveLength(9)
    expect((await get('/epcis/eventTypes')).json().member).toContain('ObjectEvent')
    for (const [list, value] of [
      ['bizSteps', 'https://example.com/step'],
      ['readPoints', 'https://id.gs1.org/414/4012345000016/254/400'],
      ['dispositions', 'in_transit'],
      ['epcs', 'https://id.gs1.org/01/04012345111118/21/resource'],
    ]) {
      const all = (await get(`/epcis/${list}?perPage=1000`)).json()
      expect([list, all.type, all.member.includes(value)]).toEqual([list, 'Collection', true])
      const one = `/epcis/${list}/${encodeURIComponent(value!)}`
      expect((await get(one)).json().member).toEqual(['events'])
      expect([list, serials(eventsIn(await get(`${one}/events`)))]).toEqual([list, ['resource']])
      expect((await get(`/epcis/${list}/${encodeURIComponent('urn:x:nothing')}`)).json().type).toBe(
        'epcisException:NoSuchResourceException',
      )
    }
    const first = await get('/epcis/epcs?perPage=2')
    const next = /<(.+)>/.exec(String(first.headers.link))![1]!.replace(/^http:\/\/[^/]+/, '')
    expect(first.json().member.concat((await get(next)).json().member)).toEqual(
      (await get('/epcis/epcs?perPage=4')).json().member,
    )
  })

  test('named queries are kept, run, listed and removed', async () => {
    const query = { eventType: ['ObjectEvent'], EQ_bizStep: ['shipping'] }
    const created = await send('/epcis/queries', { name: 'shipped', query })
    expect([created.statusCode, pathOf(created.headers.location)]).toEqual([201, '/epcis/queries/shipped'])
    expect((await send('/epcis/queries', { name: 'shipped', query })).statusCode).toBe(409)
    const unknown = await send('/epcis/queries', { name: 'wrong', query: { EQ_colour: ['red'] } })
    expect([unknown.statusCode, unknown.json().type]).toEqual([400, 'epcisException:QueryParameterException'])
    await capture([objectEvent('shipped', { bizStep: 'shipping' })])
    expect((await get('/epcis/queries/shipped')).json()).toEqual({ name: 'shipped', query })
    const result = await get('/epcis/queries/shipped/events')
    expect(result.json().epcisBody.queryResults.queryName).toBe('shipped')
    expect(serials(eventsIn(result))).toEqual(['shipped'])
    expect((await get('/epcis/queries')).json()).toEqual([{ name: 'shipped', query }])
    const remove = () => program.call('DELETE', '/epcis/queries/shipped')
    expect([(await remove()).statusCode, (await remove()).statusCode]).toEqual([204, 404])
  })
})
