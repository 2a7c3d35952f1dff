import { afterAll, beforeAll, expect, test } from 'vitest'
import { Client, city, createCity, type TestCity } from './access.fixture.ts'

let world: TestCity
beforeAll(async () => {
  world = await createCity()
})
afterAll(() => world.close())

let address = 0
const from = () => new Client(world.app, { 'x-forwarded-for': `10.0.0.${++address}` })
const wrong = (username: string, client = from()) => client.signIn(username, { password: 'wrong wrong wrong' })

test('after five failures an account waits longer and longer, from whatever address', async () => {
  await world.person('slow', { roleCode: 'viewer', areaCode: city })
  for (let i = 0; i < 5; i++) expect((await wrong('slow')).statusCode).toBe(401)
  for (const wait of [2, 4, 8]) {
    const refused = await from().signIn('slow')
    expect([refused.statusCode, refused.headers['retry-after'], refused.json().retryAfter]).toEqual([
      429,
      String(wait),
      wait,
    ])
    world.clock.forward(wait)
    expect((await wrong('slow')).statusCode).toBe(401)
  }
  world.clock.forward(16)
  expect((await from().signIn('slow')).statusCode).toBe(200)
  // Success clears: five free tries again.
  for (let i = 0; i < 5; i++) expect((await wrong('slow')).statusCode).toBe(401)
})

test('a name that does not exist waits like one that does', async () => {
  for (let i = 0; i < 5; i++) expect((await wrong('ghost')).statusCode).toBe(401)
  expect((await wrong('Ghost ')).statusCode).toBe(429)
})

test('guesses sent at once count before they are answered', async () => {
  await world.person('parallel', { roleCode: 'viewer', areaCode: city })
  const answers = await Promise.all(Array.from({ length: 40 }, () => wrong('parallel')))
  const codes = answers.map((answer) => answer.statusCode)
  expect(codes.filter((code) => code === 401)).toHaveLength(5)
  expect(codes.filter((code) => code === 429)).toHaveLength(35)
})

test('an address that tries many names waits too, other addresses do not', async () => {
  const sprayer = from()
  for (let i = 0; i < 20; i++) expect((await wrong(`name-${i}`, sprayer)).statusCode).toBe(401)
  expect((await wrong('name-99', sprayer)).statusCode).toBe(429)
  expect((await wrong('name-99')).statusCode).toBe(401)
  await world.person('same-address', { roleCode: 'viewer', areaCode: city })
  expect((await sprayer.signIn('same-address')).statusCode).toBe(429)
  world.clock.forward(2)
  expect((await sprayer.signIn('same-address')).statusCode).toBe(200)
})

test('neither the audit log nor the counters keep what was typed', async () => {
  await wrong('my-secret-typed-as-name')
  await from().signIn('slow', { password: 'typed-Secret-9' })
  const rows = [
    ...(await world.owner('select * from audit.entry')),
    ...(await world.owner('select * from access.attempt')),
  ]
  expect(rows.length).toBeGreaterThan(10)
  expect(JSON.stringify(rows)).not.toMatch(/my-secret|typed-Secret|wrong wrong|correct horse/)
})
