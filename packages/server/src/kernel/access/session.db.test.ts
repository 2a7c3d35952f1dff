import { afterAll, beforeAll, expect, test } from 'vitest'
import { Client, city, createCity, password, type TestCity } from './access.fixture.ts'

let world: TestCity
beforeAll(async () => {
  world = await createCity()
})
afterAll(() => world.close())

test('signs in with name and password and reads itself', async () => {
  const id = await world.person('director', { roleCode: 'city-director', areaCode: city })
  const client = new Client(world.app)
  expect((await client.call('GET', '/api/session')).statusCode).toBe(401)
  const answer = await client.signIn(' Director ')
  expect(answer.json()).toMatchObject({ id, username: 'director', kind: 'person', mustEnrolTotp: false, store: null })
  expect(answer.statusCode).toBe(200)
  expect((await client.call('GET', '/api/session')).json()).toMatchObject({
    id,
    sessionExpiresAt: '2026-11-23T12:00:00.000Z',
  })
  const [cookie] = answer.cookies
  expect(cookie).toMatchObject({ name: 'vigil_session', httpOnly: true, sameSite: 'Strict', path: '/' })
  expect(cookie).not.toHaveProperty('secure')
  expect(await world.audit('session.create')).toMatchObject([
    { outcome: 'done', actor: '测试director', object: `account/${id}` },
  ])
  const stored = await world.owner('select encode(token_hash, $1) as h from access.session', ['base64'])
  expect(JSON.stringify(stored)).not.toContain(cookie!.value)
})

test('an API key authenticates a program', async () => {
  const admin = new Client(world.app)
  await admin.signIn('director')
  const made = await admin.call('POST', '/api/api-keys', {
    name: '连锁',
    days: 30,
    grants: [{ roleCode: 'viewer', areaCode: city }],
  })
  expect(made.statusCode).toBe(201)
  const key = made.json().key as string
  expect(key).toMatch(/^vgl_[0-9A-Za-z]{32}$/)
  const program = new Client(world.app, { authorization: `Bearer ${key}` })
  expect((await program.call('GET', '/api/accounts')).statusCode).toBe(403)
  expect(password).toBeTruthy()
})
