import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Client } from '../../kernel/access/access.fixture.ts'
import { announce } from '../../kernel/access/state.ts'
import { openTable } from '../../kernel/tabular/index.ts'
import { createPharmacyCity, type PharmacyCity, password } from '../pharmacy/pharmacy.fixture.ts'
import { created, csv, errorRows, imported, step, upload } from './import.fixture.ts'
import { sweepImports } from './import.job.ts'
import { startImport, workOn } from './index.ts'

const heads = ['用户名', '姓名', '手机', '角色', '区划']
const codeHeads = ['用户名', '姓名', '角色', '区划', '邀请码', '有效期至']
const dayMs = 86_400_000

let city: PharmacyCity
let serial = 0
/** A user name that no other test has. */
const username = () => `Person.${++serial}`
const line = (name: string, role = '所级监管', area = '晋江市') => [name, `人员${name}`, '13800000000', role, area]
const file = (rows: string[][]) => csv(rows, heads)

const accountsNamed = (names: readonly string[]) =>
  city.owner<{ username: string; status: string; path: string }>(
    'SELECT username, status, path FROM access.account WHERE username = ANY($1) ORDER BY id',
    [names.map((name) => name.toLowerCase())],
  )
const audited = (action: string, object: string) =>
  city.owner<{ actor: string; detail: Record<string, unknown> }>(
    'SELECT actor, detail FROM audit.entry WHERE action = $1 AND object = $2 ORDER BY seq',
    [action, object],
  )
const fetchCodes = (client: Client, id: string) => client.call('GET', `/api/imports/${id}/handout`)

/** Lines of the file of codes by head. */
async function codesOf(payload: Buffer): Promise<Record<string, string>[]> {
  const columns = codeHeads.map((head) => ({ key: head, heads: [head] }))
  const rows: Record<string, string>[] = []
  const table = await openTable(payload, { filename: 'a.xlsx', columns })
  for await (const row of table.rows) rows.push(row.values)
  return rows
}

beforeAll(async () => {
  city = await createPharmacyCity()
}, 120_000)
afterAll(() => city.close())

test('accounts come in after a dry run, each invited and recorded; bad rows come back with reasons; the codes open the accounts, once', async () => {
  const [first, second] = [username(), username()]
  const rows = [
    line(first),
    line(second, '只读、office-officer', '350582S01'),
    line(username(), '市局管理员'),
    line(username(), '所级监管', '南安市'),
    line(username(), '没有的角色'),
    line('a b'),
    line(first.toUpperCase()),
    line(username()).with(1, ''),
  ]
  const { id } = await created(city.supervisor, 'account', file(rows), '人员.csv')
  const checked = await step(city.supervisor, id, 'check')
  const counts = { total: 8, fresh: 2, changed: 0, unchanged: 0, refused: 6 }
  expect(checked).toMatchObject({ status: 'checked', preview: counts, handout: null })
  expect(await accountsNamed([first, second])).toEqual([])
  expect((await fetchCodes(city.supervisor, id)).statusCode).toBe(404)

  const done = await step(city.supervisor, id, 'run')
  expect(done).toMatchObject({ status: 'done', result: counts, handout: { rows: 2, fetchedAt: null } })
  const told = (await errorRows(city.supervisor, id, heads)).map((row) => row.错误原因)
  expect(told).toEqual([
    '角色：不能授予自己在该区划没有的权限',
    '区划：区划“南安市”不存在，或不在您的管辖范围内',
    expect.stringContaining('角色：没有角色“没有的角色”，可填 '),
    '用户名：用户名应为 3 至 60 位字母、数字、点、横线或下划线',
    '用户名：与第 2 行的用户名相同，请删除其中一行',
    '姓名：请填写姓名',
  ])
  const accounts = await accountsNamed([first, second])
  expect(accounts.map(({ status, path }) => [status, path])).toEqual([
    ['invited', '/350000/350500/350582/'],
    ['invited', '/350000/350500/350582/350582S01/'],
  ])
  const [row] = await city.owner<{ id: string }>('SELECT id FROM access.account WHERE username = $1', [
    second.toLowerCase(),
  ])
  const grants = ['viewer', 'office-officer'].map((roleCode) => ({ roleCode, areaCode: '350582S01', storeCode: null }))
  expect(await audited('account.invite', `account/${row!.id}`)).toEqual([
    { actor: '测试supervisor', detail: { username: second.toLowerCase(), grants } },
  ])
  expect(await audited('account.import', `import:${id}`)).toMatchObject([{ detail: { rows: 8, fresh: 2, refused: 6 } }])

  // Sealed until it is fetched, by nobody else, and once.
  expect((await fetchCodes(city.director, id)).statusCode).toBe(404)
  const sealed = await city.owner<{ sealed: Buffer }>('SELECT sealed FROM import.handout WHERE run_id = $1', [id])
  const sheet = await fetchCodes(city.supervisor, id)
  expect([sheet.statusCode, decodeURIComponent(String(sheet.headers['content-disposition']))]).toEqual([
    200,
    expect.stringContaining('人员-邀请码.xlsx'),
  ])
  const codes = await codesOf(sheet.rawPayload)
  expect(codes.map((code) => [code.用户名, code.姓名, code.角色, code.区划])).toEqual([
    [first.toLowerCase(), `人员${first}`, '所级监管', '晋江市'],
    [second.toLowerCase(), `人员${second}`, '只读、所级监管', '350582测试所'],
  ])
  const code = codes[0]!.邀请码!
  expect(code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$/)
  const again = await fetchCodes(city.supervisor, id)
  expect([again.statusCode, again.json().code]).toEqual([409, 'handout-fetched'])
  expect(await audited('import.handout', `import:${id}`)).toMatchObject([{ detail: { kind: 'account', rows: 2 } }])
  expect(await city.owner('SELECT FROM import.handout WHERE run_id = $1', [id])).toEqual([])
  const read = (await city.supervisor.call('GET', `/api/imports/${id}`)).json()
  expect(read.handout).toMatchObject({ rows: 0, fetchedAt: expect.any(String) })

  // In clear the code stands in none of the tables that a run, its job or its audit rows leave behind.
  expect(sealed.map((part) => part.sealed.includes(code))).toEqual([false])
  const tables = await city.owner<{
    name: string
  }>(`SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'area')`)
  expect(tables.length).toBeGreaterThan(20)
  for (const { name } of tables) {
    const [found] = await city.owner<{ n: number }>(
      `SELECT count(*)::int AS n FROM ${name} t WHERE strpos(t::text, $1) > 0 OR strpos(t::text, $2) > 0`,
      [code, Buffer.from(code).toString('hex')],
    )
    expect([name, found!.n]).toEqual([name, 0])
  }

  const opened = await new Client(city.app.http).call('POST', '/api/invitations/accept', {
    username: first,
    code,
    password,
  })
  expect(opened.statusCode).toBe(200)

  // The same file again changes nothing: who is there is told as such, active or not.
  const repeated = await imported(city.supervisor, 'account', file(rows))
  expect(repeated).toMatchObject({ result: { ...counts, fresh: 0, unchanged: 2 }, handout: null })
  expect((await accountsNamed([first, second])).map(({ status }) => status)).toEqual(['active', 'invited'])
}, 60_000)

describe('an account that is there', () => {
  test('with another name or other rights is left as it is, and told', async () => {
    const name = username()
    await imported(city.supervisor, 'account', file([line(name)]))
    for (const other of [line(name).with(1, '别人'), line(name, '只读'), line(name, '所级监管', '350582S01')]) {
      const run = await imported(city.supervisor, 'account', file([other]))
      expect(run.result).toMatchObject({ fresh: 0, unchanged: 0, refused: 1 })
      expect(run.problems[0]).toMatchObject({ column: '用户名', detail: expect.stringContaining('导入不更改已有账号') })
    }
  })
  test('outside the own area is told as a taken name and nothing more', async () => {
    const name = username()
    await imported(city.director, 'account', file([line(name, '所级监管', '南安市')]))
    const run = await imported(city.supervisor, 'account', file([line(name)]))
    expect(run.problems).toEqual([{ row: 2, column: '用户名', detail: '这个用户名已被使用，请换一个' }])
  })
  test('made by two imports of one file at once is there once, with one code', async () => {
    const other = await city.another()
    const names = Array.from({ length: 150 }, username)
    const clients = [city.director, city.director.at(other.http)]
    const runs = await Promise.all(
      clients.map((client) => imported(client, 'account', file(names.map((name) => line(name))))),
    )
    expect(runs.map(({ result }) => [result.total, result.refused])).toEqual([
      [150, 0],
      [150, 0],
    ])
    expect(runs.reduce((sum, { result }) => sum + result.fresh, 0)).toBe(150)
    expect(runs.reduce((sum, { handout }) => sum + (handout?.rows ?? 0), 0)).toBe(150)
    expect(await accountsNamed(names)).toHaveLength(150)
  }, 60_000)
})

describe('rights', () => {
  test('not without the permission to invite', async () => {
    expect((await upload(city.chain, 'account', file([]))).statusCode).toBe(403)
  })
  test('are those of the moment in which the rows are written, not of the order', async () => {
    await city.owner(`INSERT INTO access.role (code, name, permissions)
      SELECT 'inviter', '邀请员', permissions FROM access.role WHERE code = 'county-supervisor'`)
    const inviter = await city.person('inviter', 'inviter', '350582')
    const name = username()
    const { id } = await created(inviter, 'account', file([line(name)]))
    const [run] = await city.owner<{ owner_id: string }>('SELECT owner_id FROM import.run WHERE id = $1', [id])
    const permissions = new Set(['account.manage'] as const)
    const caller = {
      kind: 'account',
      id: run!.owner_id,
      name: 'inviter',
      grants: [{ roleCode: 'inviter', permissions, path: '/350000/350500/350582/' }],
      storeCode: null,
      ip: '',
      userAgent: '',
      requestId: '',
    } as const
    await startImport(city.app.kernel, city.app.modules.imports, caller, id, 'run', async () => undefined)
    await city.owner(
      `UPDATE access.role SET permissions = array_remove(permissions, 'purchase.reveal') WHERE code = 'inviter'`,
    )
    await workOn(city.app.kernel, city.app.modules.imports, id)
    const [row] = await city.owner('SELECT status, fresh, refused, handout FROM import.run WHERE id = $1', [id])
    expect(row).toEqual({ status: 'done', fresh: 0, refused: 1, handout: 0 })
    expect(await accountsNamed([name])).toEqual([])
  })
  test('for one store come with its code', async () => {
    const name = username()
    const withStore = [...heads, '药店编码']
    const rows = [
      [...line(name, '药店店员', '350582S01'), 'STORE-A'],
      [...line(username(), '药店店员', '350582S01'), 'STORE-C'],
    ]
    const run = await imported(city.director, 'account', csv(rows, withStore))
    expect(run).toMatchObject({ result: { fresh: 1, refused: 1 }, problems: [{ row: 3, column: '药店编码' }] })
    expect((await accountsNamed([name]))[0]?.path).toBe('/350000/350500/350582/350582S01/STORE-A/')
  })
})

test('codes that nobody fetched go when they have expired', async () => {
  const run = await imported(city.supervisor, 'account', file([line(username())]))
  expect(run.handout?.rows).toBe(1)
  city.clock.forward(7 * dayMs + 60_000)
  try {
    await city.supervisor.signIn('supervisor', { password })
    const late = await fetchCodes(city.supervisor, run.id)
    expect([late.statusCode, late.json().code]).toEqual([409, 'handout-expired'])
    await sweepImports(city.app.kernel)
    expect(await city.owner('SELECT FROM import.handout WHERE run_id = $1', [run.id])).toEqual([])
    const read = (await city.supervisor.call('GET', `/api/imports/${run.id}`)).json()
    expect(read.handout).toMatchObject({ rows: 0, fetchedAt: null })
  } finally {
    city.clock.forward(-7 * dayMs - 60_000)
    await city.supervisor.signIn('supervisor', { password })
  }
})

describe('the list of imports', () => {
  const filenames = async (client: Client) => {
    const order = { list: 'imports', format: 'csv', filter: {}, wait: true }
    const response = await client.call('POST', '/api/exports', order)
    if (response.statusCode !== 202) return response.statusCode
    const path = `/api/exports/${response.json().id}`
    await vi.waitFor(async () => expect((await client.call('GET', path)).json().status).toBe('ready'), 20_000)
    const text = (await client.call('GET', `${path}/file`)).body
    const [head, ...rows] = text
      .replace(/^\uFEFF/, '')
      .trimEnd()
      .split('\r\n')
    expect(head).toMatch(/^文件,内容,状态,总行数,新增,更改,原已存在,未导入,/)
    return rows.map((row) => row.split(',').slice(0, 8))
  }
  test('goes out with what its page shows: own runs, of kinds and areas that one still may import', async () => {
    const person = await city.person('lister', 'county-supervisor', '350582')
    expect(await filenames(person)).toEqual([])
    const name = username()
    await imported(person, 'account', file([line(name), line('?')]), 'a.csv')
    const storeHeads = ['药店编码']
    await created(person, 'store', csv([], storeHeads), 'b.csv')
    const both = [
      ['b.csv', '药店', '待导入', '0', '0', '0', '0', '0'],
      ['a.csv', '人员账号', '已完成', '2', '1', '0', '0', '1'],
    ]
    expect(await filenames(person)).toEqual(both)
    expect((await filenames(city.supervisor)) as string[][]).not.toContainEqual(both[1])
    const shown = (await person.call('GET', '/api/imports')).json().items
    expect(shown.map((run: { filename: string }) => run.filename)).toEqual(['b.csv', 'a.csv'])

    await city.owner(
      `INSERT INTO access.role (code, name, permissions) VALUES ('storekeeper', '管店', '{store.manage}')`,
    )
    await city.owner(`UPDATE access.grant SET role_code = 'storekeeper'
      WHERE account_id = (SELECT id FROM access.account WHERE username = 'lister')`)
    await announce(city.app.kernel, { all: true })
    expect(await filenames(person)).toEqual([both[0]])
  }, 60_000)
  test('is nothing for who may import nothing', async () => {
    expect(await filenames(await city.person('reader', 'viewer', '350582'))).toBe(403)
  })
})
