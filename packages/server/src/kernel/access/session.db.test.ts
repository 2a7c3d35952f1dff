import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Client, city, createCity, password, pathOf, type TestCity } from './access.fixture.ts'
import { pruneAccess } from './index.ts'

let world: TestCity
let id: string
let client: Client

beforeAll(async () => {
  world = await createCity()
  id = await world.person('director', { roleCode: 'city-director', areaCode: city })
})
afterAll(() => world.close())
beforeEach(async () => {
  client = new Client(world.app)
  await client.signIn('director')
})

const alive = async (who: Client) => (await who.call('GET', '/api/session')).statusCode === 200

describe('signing in', () => {
  test('tells who one is, and is recorded', async () => {
    expect(await alive(new Client(world.app))).toBe(false)
    const answer = await new Client(world.app).signIn(' Director ')
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({
      id,
      username: 'director',
      kind: 'person',
      mustEnrolTotp: false,
      mustChangePassword: false,
      demo: false,
      store: null,
      sessionExpiresAt: new Date(world.clock.time + 12 * 3_600_000).toISOString(),
      grants: [
        { roleCode: 'city-director', roleName: '市局管理员', areaCode: city, areaName: '区划350500', storeCode: null },
      ],
    })
    const [row] = await world.audit('session.create')
    expect(row).toMatchObject({ outcome: 'done', actor: '测试director', object: `account/${id}`, path: pathOf(city) })
  })

  test('gives a cookie that scripts and other sites cannot use', async () => {
    const plain = (await client.signIn('director')).cookies[0]
    expect(plain).toMatchObject({ name: 'vigil_session', httpOnly: true, sameSite: 'Strict', path: '/' })
    expect(plain).not.toHaveProperty('secure')
    const behindTls = new Client(world.app, { 'x-forwarded-proto': 'https' })
    expect((await behindTls.signIn('director')).cookies[0]).toMatchObject({ secure: true, httpOnly: true })
  })

  test('keeps no token in the database', async () => {
    const rows = await world.owner(
      `select encode(token_hash, 'base64') as hash, length(token_hash) as size from access.session`,
    )
    expect(rows.every((row) => row.size === 32)).toBe(true)
    expect(JSON.stringify(rows)).not.toContain(client.cookies.get('vigil_session')!)
  })

  test('rotates the token: one that was planted before is worthless afterwards', async () => {
    const planted = client.cookies.get('vigil_session')!
    const victim = new Client(world.app)
    victim.cookies.set('vigil_session', planted)
    await victim.signIn('director')
    expect(victim.cookies.get('vigil_session')).not.toBe(planted)
    expect(await alive(victim)).toBe(true)
    world.clock.forward(6)
    expect(await alive(client)).toBe(false)
  })

  test('does not take a token that the browser made up', async () => {
    const attacker = new Client(world.app)
    attacker.cookies.set('vigil_session', 'A'.repeat(43))
    await attacker.signIn('director')
    expect(attacker.cookies.get('vigil_session')).not.toBe('A'.repeat(43))
    const other = new Client(world.app)
    other.cookies.set('vigil_session', 'A'.repeat(43))
    const answer = await other.call('GET', '/api/session')
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'session-ended'])
  })

  test('says the same for an unknown name and a wrong password', async () => {
    const answers = [
      await new Client(world.app).signIn('nobody-here'),
      await new Client(world.app).signIn('director', { password: 'not this one' }),
    ].map((answer) => [answer.statusCode, { ...answer.json(), instance: '' }, answer.cookies])
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]![0]).toBe(401)
    expect((await world.audit('session.create')).slice(0, 2)).toMatchObject([
      { outcome: 'refused', actor: '测试director', detail: { reason: 'password' } },
      { outcome: 'refused', actor: '未登录', object: 'account/-', detail: { reason: 'unknown-user' } },
    ])
  })

  test('renews a hash that was made with older parameters', async () => {
    const old = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
    await world.person('veteran', { roleCode: 'viewer', areaCode: city })
    await world.owner(`update access.account set password_hash = $1 where username = 'veteran'`, [old])
    expect((await new Client(world.app).signIn('veteran', { password: 'password' })).statusCode).toBe(200)
    const [row] = await world.owner(`select password_hash as hash from access.account where username = 'veteran'`)
    expect(row!.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect((await new Client(world.app).signIn('veteran', { password: 'password' })).statusCode).toBe(200)
  })
})

describe('a session', () => {
  test('ends after half an hour without a request', async () => {
    world.clock.forward(29 * 60)
    expect(await alive(client)).toBe(true)
    world.clock.forward(29 * 60)
    expect(await alive(client)).toBe(true)
    world.clock.forward(30 * 60 + 1)
    expect(await alive(client)).toBe(false)
  })

  test('goes idle although the page asks by itself', async () => {
    const page = new Client(world.app, { 'x-vigil-background': '1' })
    await page.signIn('director')
    world.clock.forward(20 * 60)
    expect(await alive(page)).toBe(true)
    world.clock.forward(11 * 60)
    expect(await alive(page)).toBe(false)
  })

  test('ends after twelve hours however busy', async () => {
    for (let minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
      world.clock.forward(20 * 60)
      expect(await alive(client)).toBe(true)
    }
    world.clock.forward(20 * 60)
    expect(await alive(client)).toBe(false)
  })

  test('writes when it was seen at most once a minute', async () => {
    const seen = async () =>
      (
        await world.owner('select xmin::text as version from access.session order by created_at desc, id desc limit 1')
      )[0]!.version
    const before = await seen()
    for (let i = 0; i < 5; i++) {
      world.clock.forward(11)
      await alive(client)
    }
    expect(await seen()).toBe(before)
    world.clock.forward(11)
    await alive(client)
    expect(await seen()).not.toBe(before)
  })

  test('ends with signing out, at once in every process', async () => {
    const other = await world.another()
    const elsewhere = client.at(other.app)
    expect(await alive(elsewhere)).toBe(true)
    const copy = client.at(world.app)
    expect((await client.call('DELETE', '/api/session')).json()).toEqual({ ok: true })
    expect(client.cookies.has('vigil_session')).toBe(false)
    expect(await alive(copy)).toBe(false)
    await expect.poll(() => alive(elsewhere), { timeout: 2000, interval: 10 }).toBe(false)
    expect((await world.audit('session.delete'))[0]).toMatchObject({ outcome: 'done', object: `account/${id}` })
  })

  test('ends in every process when the account is disabled, although it was just remembered there', async () => {
    const clerk = await world.person('to-disable', { roleCode: 'viewer', areaCode: city })
    const other = await world.another()
    const victim = new Client(other.app)
    await victim.signIn('to-disable')
    expect(await alive(victim)).toBe(true)
    expect((await client.call('POST', `/api/accounts/${clerk}/disable`)).statusCode).toBe(200)
    // The clock stands still: only the notification can have dropped it.
    await expect.poll(() => alive(victim), { timeout: 2000, interval: 10 }).toBe(false)
    const again = await victim.signIn('to-disable')
    expect([again.statusCode, again.json().code]).toEqual([401, 'account-disabled'])
  })

  test('feels a changed role at once in every process', async () => {
    await world.person('watcher', { roleCode: 'watch', areaCode: city }).catch(() => undefined)
    const role = (permissions: string[]) =>
      client.call('PUT', '/api/roles/watch', { name: '值守', permissions, requiresTotp: false })
    expect((await role(['overview.read'])).statusCode).toBe(200)
    await world.person('watcher', { roleCode: 'watch', areaCode: city })
    const other = await world.another()
    const watcher = new Client(other.app)
    await watcher.signIn('watcher')
    expect((await watcher.call('GET', '/api/accounts')).statusCode).toBe(403)
    expect((await role(['overview.read', 'account.read'])).statusCode).toBe(200)
    await expect
      .poll(async () => (await watcher.call('GET', '/api/accounts')).statusCode, { timeout: 2000, interval: 10 })
      .toBe(200)
  })
})

test('housekeeping removes what is over and nothing else', async () => {
  const other = { ...world.kernel, clock: { now: () => new Date(world.clock.time + 12 * 3_600_000 - 1) } }
  const sessions = async () => (await world.owner('select id from access.session')).length
  const before = await sessions()
  await new Client(world.app).signIn('nobody-at-all')
  await pruneAccess(world.kernel)
  expect(await alive(client)).toBe(true)
  expect((await world.owner('select 1 from access.attempt')).length).toBeGreaterThan(0)
  await pruneAccess(other)
  expect(await alive(client)).toBe(true)
  expect(await sessions()).toBeLessThanOrEqual(before)
  await pruneAccess({ ...other, clock: { now: () => new Date(world.clock.time + 25 * 3_600_000) } })
  expect(await sessions()).toBe(0)
  expect(await world.owner('select 1 from access.attempt')).toEqual([])
})

describe('changing the password', () => {
  test('needs the current one, ends the other sessions and rotates this one', async () => {
    await world.person('changer', { roleCode: 'viewer', areaCode: city })
    const here = new Client(world.app)
    const there = new Client(world.app)
    await here.signIn('changer')
    await there.signIn('changer')
    const change = (current: string, next: string) =>
      here.call('POST', '/api/session/password', { current, password: next })
    expect((await change('wrong wrong wrong', 'plum rain lantern')).json().errors[0].pointer).toBe('/current')
    expect((await change(password, 'CHANGER-2026-x')).json().errors[0]).toMatchObject({
      pointer: '/password',
      code: 'contains-username',
    })
    expect((await change(password, password)).json().errors[0].code).toBe('unchanged')
    const before = here.cookies.get('vigil_session')
    expect((await change(password, 'plum rain lantern')).statusCode).toBe(200)
    expect(here.cookies.get('vigil_session')).not.toBe(before)
    expect([await alive(here), await alive(there)]).toEqual([true, false])
    expect((await there.signIn('changer')).statusCode).toBe(401)
    expect((await there.signIn('changer', { password: 'plum rain lantern' })).statusCode).toBe(200)
  })

  test('comes first when the password was set by somebody else', async () => {
    await world.person('fresh', { roleCode: 'city-director', areaCode: city })
    await world.owner(`update access.account set must_change_password = true where username = 'fresh'`)
    const fresh = new Client(world.app)
    expect((await fresh.signIn('fresh')).json().mustChangePassword).toBe(true)
    const refused = await fresh.call('GET', '/api/accounts')
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'password-change'])
    await fresh.call('POST', '/api/session/password', { current: password, password: 'plum rain lantern' })
    expect((await fresh.call('GET', '/api/accounts')).statusCode).toBe(200)
  })
})
