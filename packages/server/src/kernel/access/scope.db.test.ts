import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withScope } from '../db/index.ts'
import { Client, city, createCity, pathOf, type TestCity } from './access.fixture.ts'
import { seedRoles } from './index.ts'

let world: TestCity
let pool: pg.Pool
beforeAll(async () => {
  world = await createCity()
  await world.person('city-man', { roleCode: 'city-director', areaCode: city })
  for (const area of ['350502', '350503']) {
    await world.person(`man-${area}`, { roleCode: 'county-supervisor', areaCode: area })
    const store = new Client(world.app)
    const activationCode = await world.store(`ST-${area}`, area)
    await store.call('POST', '/api/devices', { storeCode: `ST-${area}`, activationCode, pin: '284613' })
    const director = new Client(world.app)
    await director.signIn('city-man')
    await director.call('POST', '/api/api-keys', {
      name: area,
      days: 9,
      grants: [{ roleCode: 'viewer', areaCode: area }],
    })
  }
  pool = new pg.Pool({ connectionString: world.database.appUrl, max: 1 })
  // The database may go before the pool at the end of a test file.
  pool.on('error', () => undefined)
})
afterAll(async () => {
  await pool.end()
  await world.close()
})

const walled = ['account', 'api_key', 'grant', 'invitation', 'device', 'session'] as const

async function counts(paths: string): Promise<Record<string, number>> {
  await pool.query(`select set_config('vigil.paths', $1, false)`, [paths])
  const found: Record<string, number> = {}
  for (const table of walled)
    found[table] = (await pool.query(`select count(*)::int as n from access.${table}`)).rows[0].n
  return found
}

test('the application role sees nothing without a scope', async () => {
  await pool.query('reset all')
  for (const table of walled) expect((await pool.query(`select 1 from access.${table}`)).rows, table).toEqual([])
  expect(await counts('')).toEqual({ account: 0, api_key: 0, grant: 0, invitation: 0, device: 0, session: 0 })
})

test('with a county’s scope it sees that subtree only', async () => {
  const all = await counts('/')
  expect(all).toEqual({ account: 5, api_key: 2, grant: 7, invitation: 5, device: 2, session: 4 })
  const county = await counts(pathOf('350502'))
  expect(county).toEqual({ account: 2, api_key: 1, grant: 3, invitation: 2, device: 1, session: 1 })
  const { rows } = await pool.query('select username from access.account order by 1')
  expect(rows.map((row) => row.username)).toEqual(['man-350502', 'st-350502'])
})

test('with a county’s scope it changes and adds nothing elsewhere', async () => {
  // A failed query costs the pool its connection and thereby the scope: it is set anew each time.
  const query = async (text: string, values: unknown[] = []) => {
    await counts(pathOf('350502'))
    return pool.query(text, values)
  }
  const touched = await query(
    `update access.account set status = 'disabled' where username in ('man-350503', 'city-man')`,
  )
  expect(touched.rowCount).toBe(0)
  const [own] = await world.owner(`select id from access.account where username = 'man-350502'`)
  const [foreign] = await world.owner(`select id from access.account where username = 'city-man'`)
  await expect(query(`update access.account set path = '/350000/' where id = $1`, [own!.id])).rejects.toThrow(
    /row-level security/,
  )
  const grant =
    'insert into access.grant (id, account_id, role_code, area_code, path) values (gen_random_uuid(), $1, $2, $3, $4)'
  await expect(query(grant, [own!.id, 'viewer', city, pathOf(city)])).rejects.toThrow(/row-level security/)
  expect((await query(grant, [own!.id, 'viewer', '350502', pathOf('350502')])).rowCount).toBe(1)
  const session = `insert into access.session (token_hash, id, account_id, created_at, expires_at, idle_minutes, ip, user_agent)
    values ($2, gen_random_uuid(), $1, now(), now(), 1, '', '')`
  await expect(query(session, [foreign!.id, Buffer.from('a')])).rejects.toThrow(/row-level security/)
  expect((await query(session, [own!.id, Buffer.from('b')])).rowCount).toBe(1)
})

test('it cannot step over the wall or remove what must stay', async () => {
  await expect(pool.query('alter table access.account disable row level security')).rejects.toThrow(/must be owner/)
  await expect(pool.query('delete from access.account')).rejects.toThrow(/permission denied/)
  await expect(pool.query('delete from access.api_key')).rejects.toThrow(/permission denied/)
  await expect(pool.query('delete from access.device')).rejects.toThrow(/permission denied/)
})

test('seeding roles again keeps what the bureau changed and completes the administrator', async () => {
  await world.owner(
    `update access.role set name = '县局', permissions = '{area.read}' where code = 'county-supervisor'`,
  )
  await world.owner(`update access.role set permissions = '{area.read}' where code = 'city-director'`)
  await withScope(world.kernel.db, [], seedRoles)
  const rows = await world.owner(
    `select code, name, cardinality(permissions) as n from access.role where code in ('county-supervisor', 'city-director') order by 1`,
  )
  expect(rows).toMatchObject([
    { code: 'city-director', name: '市局管理员' },
    { code: 'county-supervisor', name: '县局', n: 1 },
  ])
  expect(rows[0]!.n).toBeGreaterThan(20)
})
