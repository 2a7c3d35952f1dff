import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { withScope } from '../db/index.ts'
import { Client, city, createCity, pathOf, type TestCity } from './access.fixture.ts'
import { storePermissions } from './grant.ts'
import { issueStoreAccounts } from './index.ts'

let world: TestCity
let county: Client
beforeAll(async () => {
  world = await createCity()
  await world.person('county', { roleCode: 'county-supervisor', areaCode: '350502' })
})
afterAll(() => world.close())
beforeEach(async () => {
  county = new Client(world.app)
  await county.signIn('county')
})

const pin = '284613'
const activate = (storeCode: string, activationCode: string, client = new Client(world.app), thePin = pin) =>
  client.call('POST', '/api/devices', { storeCode, activationCode, pin: thePin, deviceName: '一号收银台' })
const unlock = (client: Client, thePin = pin) => client.call('POST', '/api/devices/unlock', { pin: thePin })
const alive = async (who: Client) => (await who.call('GET', '/api/session')).statusCode === 200
const accountOf = async (storeCode: string) =>
  (await world.owner('select id from access.account where store_code = $1', [storeCode]))[0]!.id as string

async function activated(storeCode: string): Promise<{ client: Client; id: string }> {
  const client = new Client(world.app)
  expect((await activate(storeCode, await world.store(storeCode, '350502'), client)).statusCode).toBe(200)
  return { client, id: await accountOf(storeCode) }
}

describe('activating', () => {
  test('signs the store in with its own rights in its own store', async () => {
    const code = await world.store('QZ-001', '350502001')
    const client = new Client(world.app)
    const answer = await activate('QZ-001', code.toLowerCase().replaceAll('-', ' '), client)
    expect(answer.json()).toMatchObject({
      username: 'qz-001',
      kind: 'store',
      permissions: [...storePermissions],
      grants: [{ roleCode: 'store-clerk', areaCode: '350502001', storeCode: 'QZ-001' }],
      store: { code: 'QZ-001', name: '药店QZ-001', status: 'active' },
      sessionExpiresAt: new Date(world.clock.time + 30 * 86_400_000).toISOString(),
    })
    expect(
      answer.cookies.map(({ name, httpOnly, sameSite, maxAge, expires }) => [
        name,
        httpOnly,
        sameSite,
        Boolean(maxAge ?? expires),
      ]),
    ).toEqual([
      ['vigil_device', true, 'Strict', true],
      ['vigil_session', true, 'Strict', true],
    ])
    expect((await client.call('GET', '/api/accounts')).statusCode).toBe(403)
    expect((await world.audit('device.activate'))[0]).toMatchObject({
      path: `${pathOf('350502001')}QZ-001/`,
      outcome: 'done',
    })
  })

  test('works as often as the code allows, also when tried at once', async () => {
    const code = await world.store('QZ-002', '350502', 2)
    const answers = await Promise.all([1, 2, 3, 4].map(() => activate('QZ-002', code)))
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 200, 401, 401])
  })

  test('refuses wrong and old codes alike, and weak PINs', async () => {
    const code = await world.store('QZ-003', '350502')
    for (const weak of ['000000', '123456', '987654'])
      expect((await activate('QZ-003', code, undefined, weak)).json().errors[0].pointer).toBe('/pin')
    const answers = [await activate('QZ-003', 'AAAA-AAAA-AAAA'), await activate('QZ-999', code)]
    expect(answers.map((answer) => [answer.statusCode, answer.json().code])).toEqual([
      [401, 'wrong-code'],
      [401, 'wrong-code'],
    ])
    world.clock.forward(30 * 86_400)
    expect((await activate('QZ-003', code)).statusCode).toBe(401)
  })

  test('again on the same browser replaces the device', async () => {
    const code = await world.store('QZ-004', '350502', 2)
    const client = new Client(world.app)
    await activate('QZ-004', code, client)
    const before = client.at(world.app)
    await activate('QZ-004', code, client)
    const rows = await world.owner('select revoked_at is null as active from access.device where account_id = $1', [
      await accountOf('QZ-004'),
    ])
    expect(rows.filter((row) => row.active)).toHaveLength(1)
    expect([await alive(before), await alive(client)]).toEqual([false, true])
  })
})

describe('unlocking', () => {
  test('opens a session on the activated device only', async () => {
    const { client } = await activated('QZ-010')
    expect((await unlock(new Client(world.app))).json().code).toBe('no-device')
    await client.call('DELETE', '/api/session')
    expect(await alive(client)).toBe(false)
    const before = client.cookies.get('vigil_device')
    expect((await unlock(client)).json()).toMatchObject({ store: { code: 'QZ-010' } })
    expect(client.cookies.get('vigil_device')).toBe(before)
    expect(await alive(client)).toBe(true)
  })

  test('the session lasts twelve idle hours and thirty days', async () => {
    const { client } = await activated('QZ-011')
    world.clock.forward(12 * 3600)
    expect(await alive(client)).toBe(true)
    world.clock.forward(12 * 3600 + 1)
    expect(await alive(client)).toBe(false)
    await unlock(client)
    for (let hours = 0; hours < 30 * 24 - 12; hours += 12) {
      world.clock.forward(12 * 3600)
      expect(await alive(client)).toBe(true)
    }
    world.clock.forward(12 * 3600)
    expect(await alive(client)).toBe(false)
  })

  test('ten wrong PINs in a row lock the device for good; a right one between clears', async () => {
    const { client, id } = await activated('QZ-012')
    for (let i = 0; i < 4; i++) expect((await unlock(client, '111112')).json().code).toBe('wrong-pin')
    expect((await unlock(client)).statusCode).toBe(200)
    const codes: string[] = []
    for (let i = 0; i < 10; i++) {
      codes.push((await unlock(client, '111112')).json().code)
      if (i === 4) expect((await unlock(client)).statusCode).toBe(429)
      world.clock.forward(900)
    }
    expect(codes).toEqual([...Array(9).fill('wrong-pin'), 'device-locked'])
    expect(await alive(client)).toBe(false)
    expect((await unlock(client)).json().code).toBe('device-revoked')
    expect((await world.audit('device.unlock'))[0]).toMatchObject({ outcome: 'refused', detail: { reason: 'locked' } })
    await county.signIn('county')
    const [device] = (await county.call('GET', `/api/accounts/${id}/devices`)).json().items
    expect(device).toMatchObject({ name: '一号收银台', revokedAt: expect.any(String) })
  })

  test('PINs guessed at once are counted before they are answered', async () => {
    const { client } = await activated('QZ-013')
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => unlock(client.at(world.app), `9${i}1234`.slice(0, 6).padEnd(6, '7'))),
    )
    expect(answers.filter((answer) => answer.statusCode === 401)).toHaveLength(5)
    expect(answers.filter((answer) => answer.statusCode === 429)).toHaveLength(25)
  })
})

describe('the store’s supervisor', () => {
  test('revokes a lost device at once in every process; the other goes on', async () => {
    const code = await world.store('QZ-020', '350502')
    const [lost, kept] = [new Client(world.app), new Client(world.app)]
    await activate('QZ-020', code, lost)
    await activate('QZ-020', code, kept)
    const elsewhere = lost.at((await world.another()).app)
    expect(await alive(elsewhere)).toBe(true)
    const id = await accountOf('QZ-020')
    const { items } = (await county.call('GET', `/api/accounts/${id}/devices`)).json()
    expect(items).toHaveLength(2)
    // Newest first, made in the same instant of the test's clock: find the lost one by its cookie's hash.
    const [row] = await world.owner(`select id from access.device where token_hash = sha256(convert_to($1, 'UTF8'))`, [
      lost.cookies.get('vigil_device'),
    ])
    expect((await county.call('POST', `/api/accounts/${id}/devices/${row!.id}/revoke`)).statusCode).toBe(200)
    await expect.poll(() => alive(elsewhere), { timeout: 2000, interval: 10 }).toBe(false)
    expect([await alive(lost), await alive(kept)]).toEqual([false, true])
    expect((await unlock(lost)).json().code).toBe('device-revoked')
    expect((await unlock(kept)).statusCode).toBe(200)
  })

  test('disables and enables the account with its devices', async () => {
    const { client, id } = await activated('QZ-021')
    await county.call('POST', `/api/accounts/${id}/disable`)
    expect(await alive(client)).toBe(false)
    expect((await unlock(client)).json().code).toBe('account-disabled')
    expect((await activate('QZ-021', await world.store('QZ-021', '350502'))).json().code).toBe('account-disabled')
    await county.call('POST', `/api/accounts/${id}/enable`)
    expect((await unlock(client)).statusCode).toBe(200)
  })

  test('resets the account: devices end, the new code activates one', async () => {
    const { client, id } = await activated('QZ-022')
    const reset = await county.call('POST', `/api/accounts/${id}/reset`)
    expect(reset.statusCode).toBe(200)
    expect(await alive(client)).toBe(false)
    expect((await unlock(client)).json().code).toBe('device-revoked')
    expect((await activate('QZ-022', reset.json().code, client)).statusCode).toBe(200)
  })

  test('may not touch a store account that was given more than store rights', async () => {
    const { id } = await activated('QZ-023')
    await world.owner(
      `insert into access.grant (id, account_id, role_code, area_code, store_code, path)
       select gen_random_uuid(), id, 'city-director', '350502', store_code, path from access.account where id = $1`,
      [id],
    )
    expect((await county.call('POST', `/api/accounts/${id}/reset`)).statusCode).toBe(403)
  })
})

describe('accounts for all stores of an area', () => {
  const stores = Array.from({ length: 5000 }, (_, i) => ({
    code: `BULK-${i}`,
    name: `药店${i}`,
    path: `${pathOf('350503')}BULK-${i}/`,
  }))
  const issue = (list: typeof stores) =>
    withScope(world.kernel.db, [pathOf('350503')], (tx) =>
      issueStoreAccounts(tx, list, { expiresDays: 30, now: world.clock.now() }),
    )

  test('five thousand take seconds, and each code opens its own store', async () => {
    const start = performance.now()
    const issued = await issue(stores)
    expect(performance.now() - start).toBeLessThan(10_000)
    expect(issued.map((one) => one.storeCode)).toEqual(stores.map((store) => store.code))
    expect(new Set(issued.map((one) => one.activationCode)).size).toBe(5000)
    expect((await activate('BULK-7', issued[8]!.activationCode)).statusCode).toBe(401)
    expect((await activate('BULK-4999', issued[4999]!.activationCode)).json().username).toBe('bulk-4999')
    const [count] = await world.owner(`select count(*)::int as n from access.grant where store_code like 'BULK-%'`)
    expect(count!.n).toBe(5000)
  })

  test('a second time gives new codes to the same accounts; devices go on', async () => {
    const [one] = await issue(stores.slice(0, 1))
    const client = new Client(world.app)
    await activate('BULK-0', one!.activationCode, client)
    const id = await accountOf('BULK-0')
    const again = await issue([...stores.slice(0, 2), ...stores.slice(0, 1)])
    expect(again.map((entry) => entry.storeCode)).toEqual(['BULK-0', 'BULK-1'])
    expect(await accountOf('BULK-0')).toBe(id)
    expect(await alive(client)).toBe(true)
    expect((await activate('BULK-0', one!.activationCode)).statusCode).toBe(401)
    expect(await world.owner('select role_code from access.grant where account_id = $1', [id])).toHaveLength(1)
  })

  test('not outside the transaction’s scope, and not under another account’s name', async () => {
    const outside = [{ code: 'OUT-1', name: 'x', path: `${pathOf('350502')}OUT-1/` }]
    await expect(issue(outside)).rejects.toThrow(/row-level security/)
    await world.person('taken-1', { roleCode: 'viewer', areaCode: '350503' })
    await expect(issue([{ code: 'TAKEN-1', name: 'x', path: `${pathOf('350503')}TAKEN-1/` }])).rejects.toThrow(
      'taken-1',
    )
    expect(await issue([])).toEqual([])
  })
})

test('an account for one store counts as that store, other accounts as none', async () => {
  await world.store('QZ-030', '350502')
  const manager = new Client(world.app)
  await world.person('shop.manager', { roleCode: 'store-clerk', areaCode: '350502', storeCode: 'QZ-030' })
  expect((await manager.signIn('shop.manager')).json()).toMatchObject({ kind: 'person', store: { code: 'QZ-030' } })
  expect((await county.call('GET', '/api/session')).json().store).toBeNull()
  expect(city).toBe('350500')
})
