import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Client, city, createCity, type TestCity } from './access.fixture.ts'

let world: TestCity
let director: Client
beforeAll(async () => {
  world = await createCity()
  await world.person('director', { roleCode: 'city-director', areaCode: city })
})
afterAll(() => world.close())
beforeEach(async () => {
  director = new Client(world.app)
  await director.signIn('director')
})

async function create(
  roleCode: string,
  areaCode: string,
  days = 30,
): Promise<{ id: string; key: string; program: Client }> {
  const made = await director.call('POST', '/api/api-keys', {
    name: '连锁总部',
    days,
    grants: [{ roleCode, areaCode }],
  })
  expect(made.statusCode).toBe(201)
  const { id, key } = made.json()
  return { id, key, program: new Client(world.app, { authorization: `Bearer ${key}` }) }
}

test('opens what its grants say, in their area', async () => {
  await world.person('in-502', { roleCode: 'viewer', areaCode: '350502' })
  await world.person('in-503', { roleCode: 'viewer', areaCode: '350503' })
  const { program } = await create('auditor', '350502')
  const names = (await program.call('GET', '/api/accounts'))
    .json()
    .items.map((item: { username: string }) => item.username)
  expect(names).toEqual(['in-502'])
  expect((await program.call('GET', '/api/accounts?area=350503')).statusCode).toBe(404)
  expect((await program.call('GET', '/api/api-keys')).statusCode).toBe(403)
  const { program: chain } = await create('chain-api', city)
  expect((await chain.call('GET', '/api/accounts')).statusCode).toBe(403)
})

test('is shown once and stored as a hash', async () => {
  const { key, id } = await create('viewer', city)
  expect(key).toMatch(/^vgl_[0-9A-Za-z]{32}$/)
  const everything = JSON.stringify([
    await world.owner('select * from access.api_key'),
    await world.owner('select * from audit.entry'),
    (await director.call('GET', '/api/api-keys')).json(),
  ])
  expect(everything).not.toContain(key)
  const { items } = (await director.call('GET', '/api/api-keys')).json()
  expect(items.find((item: { id: string }) => item.id === id)).toMatchObject({
    prefix: key.slice(0, 8),
    lastUsedAt: null,
    revokedAt: null,
  })
})

test('ends on its day, also where it was just used', async () => {
  const { program, id } = await create('auditor', city, 1)
  world.clock.forward(86_400 - 2)
  expect((await program.call('GET', '/api/accounts')).statusCode).toBe(200)
  const [row] = await world.owner('select last_used_at as at from access.api_key where id = $1', [id])
  expect((row!.at as Date).getTime()).toBe(world.clock.time)
  world.clock.forward(2)
  const late = await program.call('GET', '/api/accounts')
  expect([late.statusCode, late.json().code]).toEqual([401, 'bad-key'])
})

test('is revoked at once in every process', async () => {
  const { program, id } = await create('auditor', city)
  const elsewhere = program.at((await world.another()).app)
  expect((await elsewhere.call('GET', '/api/accounts')).statusCode).toBe(200)
  expect((await director.call('POST', `/api/api-keys/${id}/revoke`)).statusCode).toBe(200)
  expect((await director.call('POST', `/api/api-keys/${id}/revoke`)).statusCode).toBe(200)
  expect((await program.call('GET', '/api/accounts')).statusCode).toBe(401)
  await expect
    .poll(async () => (await elsewhere.call('GET', '/api/accounts')).statusCode, { timeout: 2000, interval: 10 })
    .toBe(401)
})

test('a wrong credential is refused, never taken for the session beside it', async () => {
  for (const authorization of ['Bearer x', `Bearer vgl_${'a'.repeat(32)}`, 'Basic ZGlyZWN0b3I6eA==', '']) {
    const mixed = new Client(world.app, { authorization })
    mixed.cookies.set('vigil_session', director.cookies.get('vigil_session')!)
    expect((await mixed.call('GET', '/api/accounts')).statusCode).toBe(401)
  }
})

test('a program has no session, no password and makes no keys', async () => {
  const { program } = await create('city-director', city)
  expect((await program.call('GET', '/api/accounts')).statusCode).toBe(200)
  const answers = [
    await program.call('GET', '/api/session'),
    await program.call('DELETE', '/api/session'),
    await program.call('POST', '/api/session/totp'),
    await program.call('POST', '/api/api-keys', {
      name: 'x',
      days: 1,
      grants: [{ roleCode: 'viewer', areaCode: city }],
    }),
  ]
  expect(answers.map((answer) => answer.statusCode)).toEqual([403, 403, 403, 403])
})

test('nobody makes a key with more than he has', async () => {
  await director.call('PUT', '/api/roles/keys', {
    name: '密钥',
    permissions: ['api-key.manage', 'drug.read'],
    requiresTotp: false,
  })
  await world.person('key-maker', { roleCode: 'keys', areaCode: '350502' })
  const maker = new Client(world.app)
  await maker.signIn('key-maker')
  const make = (roleCode: string, areaCode: string) =>
    maker.call('POST', '/api/api-keys', { name: 'x', days: 1, grants: [{ roleCode, areaCode }] })
  expect((await make('viewer', '350502')).statusCode).toBe(403)
  expect((await make('keys', '350503')).statusCode).toBe(404)
  expect((await make('keys', city)).statusCode).toBe(404)
  expect((await make('keys', '350502')).statusCode).toBe(201)
  const { id } = await create('viewer', city)
  expect((await maker.call('POST', `/api/api-keys/${id}/revoke`)).statusCode).toBe(404)
  const { items } = (await maker.call('GET', '/api/api-keys')).json()
  expect(items.map((item: { grants: { areaCode: string }[] }) => item.grants[0]!.areaCode)).toEqual([
    '350502',
    '350502',
  ])
})
