import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Client, city, createCity, pathOf, type TestCity } from './access.fixture.ts'
import { createFirstAdministrator } from './index.ts'

let world: TestCity
let director: Client
let county: Client
let directorId: string
beforeAll(async () => {
  world = await createCity()
  directorId = await world.person('director', { roleCode: 'city-director', areaCode: city })
  await world.person('county', { roleCode: 'county-supervisor', areaCode: '350502' })
  director = new Client(world.app)
  county = new Client(world.app)
  await director.signIn('director')
  await county.signIn('county')
})
afterAll(() => world.close())

const invite = (
  by: Client,
  username: string,
  ...grants: { roleCode: string; areaCode: string; storeCode?: string }[]
) => by.call('POST', '/api/accounts', { username, displayName: '新人', grants })
const accept = (username: string, code: string, client = new Client(world.app)) =>
  client.call('POST', '/api/invitations/accept', { username, code, password: 'plum rain lantern' })

describe('an invitation', () => {
  test('opens the account once, and signs in', async () => {
    const invited = await invite(director, 'Zhang.San', { roleCode: 'viewer', areaCode: city })
    expect(invited.statusCode).toBe(201)
    const { id, code, expiresAt } = invited.json()
    expect(new Date(expiresAt).getTime()).toBe(world.clock.time + 7 * 86_400_000)
    const weak = await new Client(world.app).call('POST', '/api/invitations/accept', {
      username: 'zhang.san',
      code,
      password: '1234567890',
    })
    expect(weak.json().errors[0]).toMatchObject({ pointer: '/password', code: 'too-common' })
    expect((await accept('zhang.san', 'AAAA-BBBB-CCCC')).statusCode).toBe(401)
    const client = new Client(world.app)
    expect((await accept('zhang.san', code.toLowerCase(), client)).json()).toMatchObject({ id, username: 'zhang.san' })
    expect((await client.call('GET', '/api/session')).statusCode).toBe(200)
    expect((await accept('zhang.san', code)).json().code).toBe('wrong-code')
    const text = JSON.stringify(await world.owner('select * from audit.entry'))
    expect(text).not.toContain(code)
    expect(await world.audit('session.accept-invitation')).toMatchObject([
      { outcome: 'refused' },
      { outcome: 'done', object: `account/${id}` },
      { outcome: 'refused' },
    ])
  })

  test('used at once by two opens for one', async () => {
    const { code } = (await invite(director, 'race', { roleCode: 'viewer', areaCode: city })).json()
    const answers = await Promise.all([accept('race', code), accept('race', code), accept('race', code)])
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 401, 401])
  })

  test('is over after seven days, and when guessed at', async () => {
    const { code } = (await invite(director, 'late', { roleCode: 'viewer', areaCode: city })).json()
    for (let i = 0; i < 5; i++)
      await accept('late', 'AAAA-BBBB-CCCC', new Client(world.app, { 'x-forwarded-for': '10.9.9.9' }))
    expect((await accept('late', code)).statusCode).toBe(429)
    world.clock.forward(7 * 86_400)
    expect((await accept('late', code)).statusCode).toBe(401)
    await director.signIn('director')
    await county.signIn('county')
  })

  test('needs a free user name, a role and an area', async () => {
    expect((await invite(director, 'COUNTY', { roleCode: 'viewer', areaCode: city })).json().code).toBe(
      'username-taken',
    )
    expect((await invite(director, 'x-1', { roleCode: 'nothing', areaCode: city })).json().errors[0].pointer).toBe(
      '/grants/0/roleCode',
    )
    expect((await invite(director, 'x-2', { roleCode: 'viewer', areaCode: '999999' })).statusCode).toBe(404)
    expect((await invite(director, 'x-3', { roleCode: 'viewer', areaCode: city, storeCode: 'NONE' })).statusCode).toBe(
      404,
    )
    const twice = { roleCode: 'viewer', areaCode: city }
    expect((await invite(director, 'x-4', twice, twice)).json().errors[0].code).toBe('duplicate')
    expect(await world.owner(`select 1 from access.account where username like 'x-%'`)).toEqual([])
  })
})

describe('nobody rises above himself', () => {
  test('a county may not give another area, the city, or a role with more', async () => {
    expect((await invite(county, 'up-1', { roleCode: 'viewer', areaCode: '350503' })).statusCode).toBe(404)
    expect((await invite(county, 'up-2', { roleCode: 'viewer', areaCode: city })).statusCode).toBe(404)
    expect((await invite(county, 'up-3', { roleCode: 'city-director', areaCode: '350502' })).statusCode).toBe(403)
    expect((await invite(county, 'up-4', { roleCode: 'chain-api', areaCode: '350502' })).statusCode).toBe(403)
    const mixed = [
      { roleCode: 'viewer', areaCode: '350502' },
      { roleCode: 'viewer', areaCode: '350503' },
    ]
    expect((await invite(county, 'up-5', ...mixed)).statusCode).toBe(404)
    expect(await world.owner(`select 1 from access.account where username like 'up-%'`)).toEqual([])
    expect((await invite(county, 'same-level', { roleCode: 'county-supervisor', areaCode: '350502' })).statusCode).toBe(
      201,
    )
    expect((await invite(county, 'below', { roleCode: 'office-officer', areaCode: '350502001' })).statusCode).toBe(201)
  })

  test('a county may not reset, disable or strip an account that has more in its own area', async () => {
    const id = await world.person('exporter', { roleCode: 'city-director', areaCode: '350502' })
    for (const what of ['reset', 'disable', 'enable'])
      expect((await county.call('POST', `/api/accounts/${id}/${what}`)).statusCode).toBe(403)
    await new Client(world.app).signIn('exporter')
    const [session] = (await county.call('GET', `/api/accounts/${id}/devices`)).json().items
    expect((await county.call('POST', `/api/accounts/${id}/devices/${session.id}/revoke`)).statusCode).toBe(403)
  })

  test('an account outside the area does not exist', async () => {
    const id = await world.person('next-door', { roleCode: 'viewer', areaCode: '350503' })
    const both = await world.person(
      'both',
      { roleCode: 'viewer', areaCode: '350502' },
      { roleCode: 'viewer', areaCode: '350503' },
    )
    const none = '018f0000-0000-7000-8000-000000000000'
    for (const target of [id, both, directorId, none]) {
      const answers = [
        await county.call('POST', `/api/accounts/${target}/disable`),
        await county.call('POST', `/api/accounts/${target}/enable`),
        await county.call('POST', `/api/accounts/${target}/reset`),
        await county.call('GET', `/api/accounts/${target}/devices`),
        await county.call('POST', `/api/accounts/${target}/devices/${none}/revoke`),
      ]
      expect(answers.map((answer) => answer.statusCode)).toEqual([404, 404, 404, 404, 404])
    }
  })

  test('roles are changed only by whoever stands above everybody that has them', async () => {
    const save = (by: Client, code: string, permissions: string[]) =>
      by.call('PUT', `/api/roles/${code}`, { name: '角色', permissions, requiresTotp: false })
    expect((await save(county, 'mine', ['area.read'])).statusCode).toBe(403)
    expect((await save(director, 'roles-only', ['role.manage', 'account.manage', 'area.read'])).statusCode).toBe(200)
    await world.person('role-keeper', { roleCode: 'roles-only', areaCode: '350502' })
    const keeper = new Client(world.app)
    await keeper.signIn('role-keeper')
    expect((await save(keeper, 'roles-only', ['role.manage', 'account.manage', 'purchase.reveal'])).statusCode).toBe(
      403,
    )
    expect((await save(keeper, 'new-one', ['purchase.reveal'])).statusCode).toBe(403)
    // He has each of these, but the role is used in the whole city too.
    await save(director, 'shared', ['area.read'])
    await world.person('shared-user', { roleCode: 'shared', areaCode: city })
    expect((await save(keeper, 'shared', ['area.read', 'role.manage'])).statusCode).toBe(403)
    expect((await save(keeper, 'new-two', ['area.read'])).statusCode).toBe(200)
    expect((await save(director, 'city-director', ['area.read'])).json().code).toBe('built-in-role')
  })

  test('oneself is neither disabled nor reset', async () => {
    for (const what of ['disable', 'reset']) {
      const answer = await director.call('POST', `/api/accounts/${directorId}/${what}`)
      expect([answer.statusCode, answer.json().code]).toEqual([409, 'own-account'])
    }
  })
})

describe('the list of accounts', () => {
  test('shows the own area only, page by page, filtered', async () => {
    for (let i = 0; i < 5; i++)
      await world.person(`list-${i}`, { roleCode: 'viewer', areaCode: i < 3 ? '350502' : '350503' })
    const names: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await director.call('GET', `/api/accounts?q=list-&limit=2${cursor && `&cursor=${cursor}`}`)
      names.push(...page.json().items.map((item: { username: string }) => item.username))
      cursor = page.json().next
    }
    expect(names).toEqual(['list-0', 'list-1', 'list-2', 'list-3', 'list-4'])
    const seen = (await county.call('GET', '/api/accounts?q=LIST-&limit=200')).json().items
    expect(seen.map((item: { username: string }) => item.username)).toEqual(['list-0', 'list-1', 'list-2'])
    expect(seen[0]).toMatchObject({
      status: 'active',
      grants: [{ roleName: '只读', areaName: '区划350502' }],
      lastSignInAt: null,
    })
    expect((await director.call('GET', '/api/accounts?q=list-&area=350503')).json().items).toHaveLength(2)
    expect((await county.call('GET', '/api/accounts?area=350503')).statusCode).toBe(404)
    expect((await director.call('GET', '/api/accounts?q=%25')).json().items).toEqual([])
    expect((await director.call('GET', '/api/accounts?cursor=%25')).statusCode).toBe(400)
  })
})

test('disabling and enabling leaves the password as it was', async () => {
  const id = await world.person('on-off', { roleCode: 'viewer', areaCode: '350502' })
  expect((await county.call('POST', `/api/accounts/${id}/enable`)).json().code).toBe('not-disabled')
  await county.call('POST', `/api/accounts/${id}/disable`)
  expect((await county.call('POST', `/api/accounts/${id}/reset`)).json().code).toBe('disabled')
  expect((await new Client(world.app).signIn('on-off')).json().code).toBe('account-disabled')
  expect((await county.call('POST', `/api/accounts/${id}/enable`)).statusCode).toBe(200)
  world.clock.forward(1000)
  expect((await new Client(world.app).signIn('on-off')).statusCode).toBe(200)
  expect((await world.audit('account.disable'))[0]).toMatchObject({
    path: pathOf('350502'),
    detail: { before: 'active', after: 'disabled' },
  })
})

test('a session in a browser can be ended from outside', async () => {
  const id = await world.person('borrowed', { roleCode: 'viewer', areaCode: '350502' })
  const browser = new Client(world.app)
  await browser.signIn('borrowed')
  const { items } = (await county.call('GET', `/api/accounts/${id}/devices`)).json()
  expect(items).toMatchObject([{ name: expect.stringContaining('test'), revokedAt: null }])
  expect((await county.call('POST', `/api/accounts/${id}/devices/${items[0].id}/revoke`)).statusCode).toBe(200)
  expect((await browser.call('GET', '/api/session')).statusCode).toBe(401)
})

test('the first administrator comes from the command line, for the only city', async () => {
  const made = await createFirstAdministrator(world.kernel, { username: 'First.Admin', displayName: '首任管理员' })
  const me = (await accept('first.admin', made.code)).json()
  expect(me.permissions).toContain('vault.manage')
  expect(me.grants).toMatchObject([{ roleCode: 'city-director', areaCode: city }])
  await expect(createFirstAdministrator(world.kernel, { username: 'first.admin', displayName: 'x' })).rejects.toThrow(
    '用户名',
  )
  await expect(createFirstAdministrator(world.kernel, { username: 'a b', displayName: 'x' })).rejects.toThrow(
    'username',
  )
})
