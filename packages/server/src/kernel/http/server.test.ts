import { defineRoutes, type Permission } from '@vigil/contract'
import Type from 'typebox'
import { expect, test, vi } from 'vitest'
import type { Caller } from '../access/caller.ts'
import { conflict, notFound, tooMany } from '../error/problem.ts'
import { createServer } from './server.ts'

const routes = defineRoutes({
  'thing.read': {
    method: 'GET',
    path: '/api/things/:id',
    summary: 'One thing',
    permission: 'store.read',
    params: Type.Object({ id: Type.String({ maxLength: 20 }) }),
    response: Type.Object({ id: Type.String({ maxLength: 20 }) }),
  },
  'thing.make': {
    method: 'POST',
    path: '/api/things',
    summary: 'Make a thing',
    permission: 'store.manage',
    status: 201,
    bodyLimit: 500,
    body: Type.Object({ name: Type.String({ maxLength: 20 }) }, { additionalProperties: false }),
    response: Type.Object({ name: Type.String({ maxLength: 20 }) }),
  },
})

const caller = (...permissions: Permission[]): Caller => ({
  kind: 'account',
  id: null,
  name: '测试',
  grants: [{ roleCode: 'test', permissions: new Set(permissions), path: '/350000/' }],
  storeCode: null,
  ip: '',
  userAgent: '',
  requestId: '',
})

async function start(who: Caller | undefined, read: () => Promise<{ id: string }> = async () => ({ id: '1' })) {
  const refused = vi.fn(async () => undefined)
  const logError = vi.fn()
  const make = vi.fn(async ({ body }: { body: { name: string } }) => body)
  const app = await createServer(
    routes,
    { 'thing.read': read, 'thing.make': make },
    { authenticate: async () => who, refused, trustProxy: false, logError },
  )
  return { app, refused, logError, make }
}
const failing = (error: unknown) => start(caller('store.read'), () => Promise.reject(error))
const pgError = (code: string, message = 'x') => Object.assign(new Error(message), { code })

test('every problem has its status, and only our own faults are logged', async () => {
  const cases: [unknown, number, string][] = [
    [notFound('药店'), 404, 'not-found'],
    [conflict('晚了', 'stale'), 409, 'stale'],
    [tooMany(60), 429, 'too-many'],
    [pgError('23505'), 409, 'conflict'],
    [pgError('40P01'), 503, 'unavailable'],
    [pgError('40001'), 503, 'unavailable'],
    [pgError('57014'), 503, 'unavailable'],
    [pgError('57P01'), 503, 'unavailable'],
    [pgError('53300'), 503, 'unavailable'],
    [pgError('08006'), 503, 'unavailable'],
    [pgError('ECONNREFUSED'), 503, 'unavailable'],
    [new Error('Connection terminated unexpectedly'), 503, 'unavailable'],
    [new Error('Client has encountered a connection error and is not queryable'), 503, 'unavailable'],
    [pgError('42P01', 'secret table'), 500, 'internal'],
    [new TypeError('secret'), 500, 'internal'],
    ['a text', 500, 'internal'],
  ]
  for (const [error, status, code] of cases) {
    const { app, logError } = await failing(error)
    const response = await app.inject('/api/things/1')
    const body = response.json()
    expect([error, response.statusCode, body.code]).toEqual([error, status, code])
    expect(response.body).not.toContain('secret')
    expect(body).toMatchObject({
      type: `urn:vigil:problem:${code}`,
      status,
      title: expect.stringMatching(/\p{Script=Han}/u),
    })
    expect(logError).toHaveBeenCalledTimes(status === 500 ? 1 : 0)
    if (status === 503 || status === 429) expect(Number(response.headers['retry-after'])).toBeGreaterThan(0)
    await app.close()
  }
})

test('a refusal is recorded with the caller; a fault of the record does not hide the answer', async () => {
  const { app, refused, logError } = await start(caller('store.read'))
  refused.mockRejectedValueOnce(new Error('no database'))
  const response = await app.inject({ method: 'POST', url: '/api/things', payload: { name: 'x' } })
  expect(response.statusCode).toBe(403)
  expect(refused).toHaveBeenCalledTimes(1)
  expect(logError).toHaveBeenCalledTimes(1)
  await app.close()
})

test('permission is asked before the body is looked at', async () => {
  for (const [who, status] of [
    [undefined, 401],
    [caller('store.read'), 403],
  ] as const) {
    const { app, make } = await start(who)
    const response = await app.inject({ method: 'POST', url: '/api/things', payload: { nonsense: true } })
    expect(response.statusCode).toBe(status)
    expect(response.json().errors).toBeUndefined()
    expect(make).not.toHaveBeenCalled()
    await app.close()
  }
})

test('a page of another site cannot act, a program with a key can', async () => {
  const { app, make } = await start(caller('store.manage'))
  const send = (headers: Record<string, string>) =>
    app.inject({
      method: 'POST',
      url: '/api/things',
      payload: { name: 'x' },
      headers: { host: 'vigil.example', ...headers },
    })
  const statuses = await Promise.all(
    [
      { origin: 'https://evil.example' },
      { origin: 'not a url' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'http://vigil.example' },
      { 'sec-fetch-site': 'same-origin' },
      {},
      { origin: 'https://evil.example', authorization: 'Bearer vgl_x' },
    ].map(async (headers) => (await send(headers as Record<string, string>)).statusCode),
  )
  expect(statuses).toEqual([403, 403, 403, 403, 201, 201, 201, 201])
  expect(make).toHaveBeenCalledTimes(4)
  await app.close()
})

test('bodies that cannot be read are told, and no route is told as a problem too', async () => {
  const { app } = await start(caller('store.manage'))
  const send = (payload: string, type = 'application/json') =>
    app.inject({ method: 'POST', url: '/api/things', payload, headers: { 'content-type': type } })
  const answers = await Promise.all([
    send('{'),
    send(''),
    send('{"name":"x","__proto__":{"a":1}}'),
    send('x', 'text/csv'),
    send(JSON.stringify({ name: 'x'.repeat(600) })),
    app.inject('/api/nothing'),
    app.inject('/api/things/%E0%A4%A'),
  ])
  expect(answers.map((answer) => answer.statusCode)).toEqual([400, 400, 400, 415, 413, 404, 400])
  for (const answer of answers.slice(0, -1))
    expect(answer.headers['content-type']).toContain('application/problem+json')
  for (const answer of answers.slice(0, -1)) expect(answer.headers['x-content-type-options']).toBe('nosniff')
  await app.close()
})

test('the description names every route with its permission', async () => {
  const { app } = await start(undefined)
  const document = (await app.inject('/api/openapi.json')).json()
  expect(document.openapi).toBe('3.1.0')
  expect(document.paths['/api/things/{id}'].get).toMatchObject({
    operationId: 'thing.read',
    'x-permission': 'store.read',
    parameters: [{ name: 'id', in: 'path', required: true }],
  })
  expect(document.paths['/api/things'].post.responses['201']).toBeDefined()
  const page = await app.inject('/api/docs')
  expect(page.body).toContain('thing.make')
  await app.close()
})
