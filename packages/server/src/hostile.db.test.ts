import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { uuidv7 } from '@vigil/codes'
import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { citizenId, createPharmacyCity, type PharmacyCity, password } from './modules/pharmacy/pharmacy.fixture.ts'
import { createTestApp } from './testing/index.ts'

let city: PharmacyCity
let port: number
beforeAll(async () => {
  city = await createPharmacyCity()
  await city.app.http.listen({ host: '127.0.0.1', port: 0 })
  port = (city.app.http.server.address() as { port: number }).port
})
afterAll(() => city.close())

const cookie = () => [...city.director.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
const send = (options: InjectOptions) =>
  city.app.http.inject({ ...options, headers: { cookie: cookie(), ...options.headers } })

/** Sends bytes as they are and gives the whole answer. */
async function raw(text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.end(text)
  let answer = ''
  socket.setEncoding('utf8').on('data', (data) => {
    answer += data
  })
  await once(socket, 'close')
  return answer
}

/** A form with the given parts, as a browser sends it. */
function form(...parts: [headers: string, content: string][]): Pick<InjectOptions, 'payload' | 'headers'> {
  const body = parts.map(
    ([headers, content]) => `--b\r\nContent-Disposition: form-data; ${headers}\r\n\r\n${content}\r\n`,
  )
  return { payload: `${body.join('')}--b--\r\n`, headers: { 'content-type': 'multipart/form-data; boundary=b' } }
}
const clinics = '/api/pharmacy/clinics/import'
const head = '名称,地址,电话,区县,经度,纬度\n'
const clinic = (n: number, road = '') => `门诊${n},医院路${road}${n}号,0595-85600000,350582,118.5,24.8\n`

describe('what cannot be read is told as a problem, never as a fault', () => {
  const json = { 'content-type': 'application/json' }
  const search = (filter: object, more = {}) => ({
    method: 'POST' as const,
    url: '/api/purchases/search',
    payload: { filter: { from: '2026-01-01', to: '2026-01-02', ...filter }, ...more },
  })
  const duty = (from: string, to: string | null) => ({
    method: 'POST' as const,
    url: '/api/pharmacy/duties',
    payload: { areaCode: '350582', classes: ['cough'], from, to, note: '' },
  })
  const cases: [string, InjectOptions, number][] = [
    ['depth', { method: 'POST', url: '/api/purchases', payload: '['.repeat(900_000), headers: json }, 400],
    [
      'deep row',
      {
        method: 'POST',
        url: '/api/purchases',
        payload: `{"purchases":${'['.repeat(9_000)}${']'.repeat(9_000)}}`,
        headers: json,
      },
      400,
    ],
    ['NaN', { method: 'POST', url: '/api/purchases', payload: '{"purchases":[NaN]}', headers: json }, 400],
    ['prototype', { method: 'POST', url: '/api/purchases', payload: '{"__proto__":{"a":1}}', headers: json }, 400],
    [
      'gzip',
      {
        method: 'POST',
        url: '/api/purchases',
        payload: gzipSync('{}'),
        headers: { ...json, 'content-encoding': 'gzip' },
      },
      400,
    ],
    [
      'media type',
      { method: 'POST', url: '/api/purchases', payload: 'x', headers: { 'content-type': 'application/xml' } },
      415,
    ],
    [
      'plain text',
      { method: 'POST', url: '/api/purchases', payload: '{}', headers: { 'content-type': 'text/plain' } },
      400,
    ],
    ['empty body', { method: 'POST', url: '/api/purchases', payload: '', headers: json }, 400],
    ['path', { method: 'GET', url: '/api/exports/%E0%A4%A' }, 400],
    ['NUL in the path', { method: 'GET', url: '/api/pharmacy/stores/%00' }, 400],
    ['OPTIONS', { method: 'OPTIONS', url: '/api/purchases' }, 404],
    [
      'half a pair',
      {
        ...search({}),
        payload: '{"filter":{"from":"2026-01-01","to":"2026-01-02","documentNumber":"\\ud800"}}',
        headers: json,
      },
      400,
    ],
    [
      'turned writing',
      { method: 'POST', url: '/api/api-keys', payload: { name: 'a\u202Eb', days: 1, grants: [] } },
      400,
    ],
    ['year 0', search({ from: '0000-01-01' }), 400],
    ['year 9999', search({ to: '9999-12-31' }), 400],
    ['search cursor', search({}, { cursor: '-'.repeat(36) }), 400],
    ['export cursor', { method: 'GET', url: `/api/exports?cursor=${'-'.repeat(36)}` }, 400],
    ['account cursor', { method: 'GET', url: '/api/accounts?cursor=%ff' }, 400],
    ['party cursor', { method: 'GET', url: `/api/parties?cursor=${'-'.repeat(36)}` }, 400],
    ['audit cursor', { method: 'GET', url: '/api/audit?cursor=-1' }, 400],
    ['audit day 0', { method: 'GET', url: '/api/audit?from=0000-01-01' }, 400],
    ['audit day 9999', { method: 'GET', url: '/api/audit?to=9999-12-31' }, 400],
    ['duty in the year 0', duty('0000-01-01', null), 400],
    ['overview', { method: 'GET', url: '/api/pharmacy/overview?from=0001-01-01&to=9999-12-31' }, 400],
    [
      'month 00',
      { method: 'POST', url: '/api/vault/keys/0000-00/shred', payload: { confirm: '0000-00', reason: 'x' } },
      409,
    ],
    ['repeated query', { method: 'GET', url: '/api/pharmacy/stores?area=350582&area=350583' }, 400],
    ['huge limit', { method: 'GET', url: '/api/pharmacy/stores?limit=1e400' }, 400],
    ['no form', { method: 'POST', url: clinics, payload: {} }, 415],
    ['form without file', { method: 'POST', url: clinics, ...form(['name="a"', '1']) }, 400],
    ['empty file', { method: 'POST', url: clinics, ...form(['name="file"; filename="a.csv"', '']) }, 400],
    [
      'file that is none',
      { method: 'POST', url: clinics, ...form(['name="file"; filename="a.xlsx"', 'PK\u0003\u0004']) },
      400,
    ],
    [
      'form cut off',
      {
        method: 'POST',
        url: clinics,
        payload: '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n名',
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
      },
      400,
    ],
    [
      'form without boundary',
      { method: 'POST', url: clinics, payload: 'x', headers: { 'content-type': 'multipart/form-data' } },
      400,
    ],
  ]
  for (const [name, options, status] of cases)
    test(name, async () => {
      const answer = await send(options)
      expect([answer.statusCode, answer.headers['content-type'], answer.body.slice(0, 300)]).toEqual([
        status,
        'application/problem+json; charset=utf-8',
        expect.stringMatching(/"title":"[^"]*\p{Script=Han}/u),
      ])
    })

  test('what is no HTTP', async () => {
    for (const [text, status] of [
      ['nonsense\r\n\r\n', 400],
      [`GET /api/session HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ] as const) {
      const answer = await raw(text)
      expect(answer).toContain(`HTTP/1.1 ${status} `)
      expect(answer).toContain('application/problem+json')
    }
  })

  test('a page of nowhere may not act with our cookie', async () => {
    const headers = { origin: 'null' }
    expect((await send({ method: 'DELETE', url: '/api/session', headers })).statusCode).toBe(403)
  })
})

describe('uploads', () => {
  test('a file beyond the limit is refused as a whole, not read in part', async () => {
    const content = head + Array.from({ length: 60_000 }, (_, n) => clinic(n, '路'.repeat(120))).join('')
    expect(Buffer.byteLength(content)).toBeGreaterThan(20_000_000)
    const answer = await send({ method: 'POST', url: clinics, ...form(['name="file"; filename="a.csv"', content]) })
    expect([answer.statusCode, answer.json().code, answer.json().detail]).toEqual([
      413,
      'too-large',
      expect.any(String),
    ])
    expect(await city.owner(`SELECT FROM pharmacy.clinic WHERE name LIKE '门诊%'`)).toEqual([])
  })

  test('a name of a file reaches no header as it is', async () => {
    const filename = `${'长'.repeat(300)}\u202E'()*;x.csv`
    const answer = await send({
      method: 'POST',
      url: clinics,
      ...form([`name="file"; filename="${filename}"`, `${head}a,b\n`]),
    })
    const download = await send({ method: 'GET', url: `/api/files/${answer.json().errorFileId}` })
    expect(download.statusCode).toBe(200)
    const disposition = String(download.headers['content-disposition'])
    expect(disposition).toMatch(/^attachment; filename\*=UTF-8''[A-Za-z0-9.%!~_-]+$/)
    expect(disposition.length).toBeLessThan(1000)
  })
})

describe('requests without a listener', () => {
  test('HEAD runs no handler: a sheet that is given out once stays', async () => {
    const issued = await city.director.call('POST', '/api/pharmacy/stores/accounts', { areaCode: '350583' })
    const url = `/api/pharmacy/stores/accounts/${issued.json().batchId}/sheet`
    expect((await send({ method: 'HEAD', url })).statusCode).toBe(404)
    expect((await send({ method: 'HEAD', url: '/api/events' })).statusCode).toBe(404)
    expect((await city.director.call('GET', url)).statusCode).toBe(200)
  })

  test('live events end as the listener leaves, and the server stops at once while some are open', async () => {
    const other = await createTestApp({ database: city.app.database, dataDir: city.app.kernel.config.dataDir })
    await other.http.listen({ host: '127.0.0.1', port: 0 })
    const { port: at } = other.http.server.address() as { port: number }
    let listeners = 0
    const { subscribe } = other.kernel.notify
    Object.assign(other.kernel.notify, {
      subscribe: (...args: Parameters<typeof subscribe>) => {
        const end = subscribe(...args)
        if (args[0] !== 'purchase') return end
        listeners++
        return () => {
          listeners--
          return end()
        }
      },
    })
    const open = async () => {
      const abort = new AbortController()
      const response = await fetch(`http://127.0.0.1:${at}/api/events`, {
        headers: { cookie: cookie() },
        signal: abort.signal,
      })
      expect(response.headers.get('x-accel-buffering')).toBe('no')
      const reader = response.body!.getReader()
      await reader.read()
      return { abort, reader }
    }
    const first = await open()
    await open()
    expect(listeners).toBe(2)
    first.abort.abort()
    await first.reader.read().catch(() => undefined)
    await expect.poll(() => listeners, { timeout: 3000 }).toBe(1)
    const before = performance.now()
    await other.close()
    await sleep(50)
    expect(listeners).toBe(0)
    expect(performance.now() - before).toBeLessThan(6000)
  })
})

describe('many at once', () => {
  test('more readers than connections, all in need of a key, do not wait for each other', async () => {
    await city.register([city.sale()])
    const today = city.sale().soldAt.slice(0, 10)
    const month = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7)
    const ask = () => {
      city.app.kernel.vault.forget(month)
      return city.director.call('POST', '/api/purchases/search', {
        filter: { from: today, to: today },
      })
    }
    const answers = await Promise.all(Array.from({ length: 60 }, ask))
    expect(new Set(answers.map((answer) => answer.statusCode))).toEqual(new Set([200]))
  })

  test('two orders of accounts at once make one set of codes', async () => {
    const order = () => city.director.call('POST', '/api/pharmacy/stores/accounts', { areaCode: '350582' })
    const answers = (await Promise.all([order(), order(), order()])).map((answer) => answer.json())
    // STORE-A has its account already.
    expect(answers.map(({ created }) => created).sort()).toEqual([0, 0, 1])
  })
})

test('an entry is taken back by its store or by who entered it, not by another program of the area', async () => {
  const byClerk = city.sale()
  await city.register([byClerk], city.clerk)
  const undo = (id: string, as = city.chain) => as.call('POST', `/api/purchases/${id}/undo`)
  expect((await undo(byClerk.id)).statusCode).toBe(404)
  expect((await undo(uuidv7())).statusCode).toBe(404)
  const byChain = [city.sale(), city.sale()]
  await city.register(byChain)
  expect((await undo(byChain[0]!.id)).statusCode).toBe(200)
  expect((await undo(byChain[1]!.id, city.clerk)).statusCode).toBe(200)
  expect((await undo(byClerk.id, city.clerk)).statusCode).toBe(200)
})

test('a name has at least one letter and nothing that cannot be seen', async () => {
  const named = (name: string) => city.sale({ person: { ...city.sale().person!, name } })
  const results = await city.register(['…', '·', '--', '林\u202E小明', '林😀', '\u0301', '買買提·艾力'].map(named))
  expect(results.map(({ status, errors }) => [status, errors?.[0]?.pointer])).toEqual([
    ...Array(6).fill(['invalid', '/person/name']),
    ['registered', undefined],
  ])
})

test('relying on profiles that are not there is a look-up: counted, recorded, and beyond the limit it tells nothing', async () => {
  const sale = (n: number) => city.sale({ documentNumber: citizenId(n) })
  const known = 900
  await city.register([sale(known)])
  const program = await city.program('chain-api', '350500')
  const guess = (n: number) => {
    const { person: _, ...rest } = sale(n)
    return { ...rest, useKnownProfile: true }
  }
  const few = await city.register([guess(known), guess(901)], program)
  expect(few.map(({ status }) => status)).toEqual(['registered', 'invalid'])
  const many = await city.register([guess(known), ...Array.from({ length: 130 }, (_, n) => guess(1000 + n))], program)
  expect(new Set(many.map(({ errors }) => errors?.[0]?.code))).toEqual(new Set(['profile-unknown']))
  const rows = await city.owner<{ outcome: string; detail: { misses: number } }>(
    `SELECT outcome, detail FROM audit.entry WHERE action = 'buyer.lookup' ORDER BY seq`,
  )
  expect(rows.map(({ outcome, detail }) => [outcome, detail.misses])).toEqual([
    ['done', 1],
    ['refused', 130],
  ])
  // With the person's own words the sale goes on.
  expect((await city.register([sale(901)], program))[0]!.status).toBe('registered')
})

test('headers of a proxy that is not trusted name no address, yet make the cookie safe', async () => {
  const headers = { 'x-forwarded-for': '198.51.100.7', 'x-forwarded-proto': 'https' }
  const signIn = (remoteAddress: string) =>
    city.app.http.inject({
      method: 'POST',
      url: '/api/session',
      payload: { username: 'director', password },
      headers,
      remoteAddress,
    })
  expect((await signIn('203.0.113.9')).cookies[0]).toMatchObject({ secure: true, httpOnly: true })
  await signIn('127.0.0.1')
  const rows = await city.owner<{ ip: string }>(
    `SELECT ip FROM audit.entry WHERE action = 'session.create' ORDER BY seq DESC LIMIT 2`,
  )
  expect(rows.map(({ ip }) => ip)).toEqual(['198.51.100.7', '203.0.113.9'])
})
