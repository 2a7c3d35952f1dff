import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts'
import { type Connections, connect, readScope, systemScope, withScope } from '../db/index.ts'
import { type AuditInput, auditInsertSql, auditParams, record } from './audit.ts'
import { findHead } from './head.ts'
import { sealAudit } from './seal.ts'
import { startSealing } from './sealing.ts'
import { createSigner } from './signer.ts'
import { verifyAudit } from './verify.ts'

const signer = createSigner(Buffer.alloc(32, 3))
const entry = (object: string, more: Partial<AuditInput> = {}): AuditInput => ({
  actorId: '01930000-0000-7000-8000-000000000001',
  actor: '林主任',
  action: 'purchase.reveal',
  outcome: 'done',
  object,
  areaCode: '350502',
  path: '/350000/350500/350502/',
  ip: '10.0.0.1',
  userAgent: 'test',
  requestId: 'r1',
  detail: { purpose: '流调', rows: 3 },
  ...more,
})

let database: TestDatabase
let connections: Connections
let owner: pg.Client
let dir: string
let headsFile: string

beforeEach(async () => {
  database = await createTestDatabase()
  connections = connect(database.appUrl, 8)
  owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
  dir = mkdtempSync(join(tmpdir(), 'vigil-audit-'))
  headsFile = join(dir, 'data', 'audit-heads.jsonl')
})
afterEach(async () => {
  await owner.end()
  await connections.close()
  await database.drop()
  rmSync(dir, { recursive: true, force: true })
})

const write = (...entries: AuditInput[]) =>
  withScope(connections.db, ['/350000/350500/'], (tx) => record(tx, ...entries))
const seal = () => sealAudit(connections.db, signer, { headsFile })
const verify = (file: string | undefined = headsFile) =>
  verifyAudit(connections.db, { publicKey: signer.publicKey, ...(file && { headsFile: file }) })
const seqs = async () =>
  (await owner.query<{ seq: number }>('select seq from audit.entry order by seq')).rows.map((row) => row.seq)

/** Runs statements as the owner with the hurdle switched off: what somebody with the database's password can do. */
async function tamper(...statements: string[]): Promise<void> {
  await owner.query(`set session_replication_role = replica`)
  for (const statement of statements) await owner.query(statement)
  await owner.query(`set session_replication_role = origin`)
}

/** Three sealed batches of four entries. */
async function sealedLog(): Promise<number[]> {
  for (let batch = 0; batch < 3; batch++) {
    await write(...Array.from({ length: 4 }, (_, i) => entry(`purchase/${batch}-${i}`)))
    await seal()
  }
  expect(await verify()).toEqual({ ok: true, checked: 12, unsealed: 0, problems: [] })
  return seqs()
}

const named = (seq: number | null, text: RegExp) => ({ seq, detail: expect.stringMatching(text) })

describe('recording', () => {
  test('commits or fails with the change', async () => {
    const failed = withScope(connections.db, systemScope, async (tx) => {
      await record(tx, entry('a'))
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    expect(await seqs()).toEqual([])
  })

  test('keeps every column, cuts what is too long and drops what cannot be stored', async () => {
    const detail = { text: 'a\0b\ud800', '键\0': [1, 'x\0', null, { deep: '\0' }] }
    await write(entry('o'.repeat(500), { actorId: null, areaCode: null, userAgent: 'u\0'.repeat(400), detail }))
    const row = (await owner.query('select * from audit.entry')).rows[0]
    expect(row).toMatchObject({ actor: '林主任', actor_id: null, area_code: null, outcome: 'done', ip: '10.0.0.1' })
    expect(row.object).toHaveLength(120)
    expect(row.user_agent).not.toContain('\0')
    expect(row.detail).toEqual({ text: 'ab\ufffd', 键: [1, 'x', null, { deep: '' }] })
  })

  test('goes into one statement with other writes', async () => {
    const entries = [entry('a'), entry('b', { actorId: null, detail: { quote: '"},{' } })]
    await connections.system.query(`with written as (${auditInsertSql(2)}) select $1::int`, [
      1,
      ...auditParams(entries),
    ])
    const { rows } = await owner.query('select object, actor_id, detail from audit.entry order by seq')
    expect(rows).toEqual([
      { object: 'a', actor_id: entries[0]!.actorId, detail: { purpose: '流调', rows: 3 } },
      { object: 'b', actor_id: null, detail: { quote: '"},{' } },
    ])
  })

  test('is read within the scope only, but written for any path', async () => {
    await write(entry('mine'), entry('other', { path: '/110000/', outcome: 'refused' }))
    const read = (scope: string[]) =>
      readScope(connections.db, scope, (tx) => tx.selectFrom('audit.entry').select('object').orderBy('seq').execute())
    expect(await read(['/350000/'])).toEqual([{ object: 'mine' }])
    expect(await read(['/'])).toEqual([{ object: 'mine' }, { object: 'other' }])
    expect(await connections.db.selectFrom('audit.entry').select('object').execute()).toEqual([])
  })
})

describe('the application role', () => {
  test.each([
    `update audit.entry set actor = 'x'`,
    `delete from audit.entry`,
    `truncate audit.entry`,
    `update audit.leaf set seq = 1`,
    `delete from audit.leaf`,
    `update audit.head set max_seq = 1`,
    `delete from audit.head`,
    `insert into audit.entry (seq, actor, action, outcome, object, path, ip, user_agent, request_id)
       overriding system value values (1, 'x', 'x', 'done', 'x', '/', '', '', '')`,
    `insert into audit.entry (at, actor, action, outcome, object, path, ip, user_agent, request_id)
       values ('2020-01-01', 'x', 'x', 'done', 'x', '/', '', '', '')`,
    `alter table audit.entry disable trigger all`,
    `set session_replication_role = replica`,
  ])('cannot %s', async (statement) => {
    await write(entry('a'))
    await expect(connections.system.query(statement)).rejects.toThrow(/permission denied|must be owner/)
  })

  test.each([`update audit.entry set actor = 'x'`, `delete from audit.entry`, `truncate audit.entry`])(
    'and the owner is stopped at first: %s',
    async (statement) => {
      await write(entry('a'))
      await expect(owner.query(statement)).rejects.toThrow(/append-only/)
    },
  )
})

describe('sealing', () => {
  test('signs heads, writes them to the file and does nothing when there is nothing new', async () => {
    expect(await seal()).toBe(0)
    expect(await findHead(connections.db)).toBeUndefined()
    await write(entry('a'), entry('b'))
    expect(await seal()).toBe(2)
    expect(await seal()).toBe(0)
    const head = await findHead(connections.db)
    expect(head).toMatchObject({ treeSize: 2, keyId: signer.keyId })
    const lines = readFileSync(headsFile, 'utf8').trim().split('\n')
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0]!)).toMatchObject({ treeSize: 2, root: head!.root.toString('hex') })
  })

  test('takes entries that commit late with a lower number', async () => {
    const late = await connections.db.startTransaction().execute()
    await record(late, entry('late'))
    await write(entry('early'))
    expect(await seal()).toBe(1)
    await late.commit().execute()
    await write(entry('next'))
    expect(await seal()).toBe(2)
    const { rows } = await owner.query('select seq from audit.leaf order by leaf_index')
    expect(rows.map((row) => row.seq)).toEqual([2, 1, 3])
    expect(await verify()).toMatchObject({ ok: true, checked: 3, unsealed: 0 })
  })

  test('beside many writers with open transactions and several sealers, nothing is lost or doubled', async () => {
    const other = connect(database.appUrl, 4)
    const onError = vi.fn()
    const stops = [connections, other].map(({ db }) => startSealing({ db, signer, headsFile, intervalMs: 5, onError }))
    const writer = async (name: number) => {
      for (let i = 0; i < 25; i++) {
        await withScope(connections.db, systemScope, async (tx) => {
          await record(tx, entry(`${name}-${i}`))
          await sql`select pg_sleep(${(((name * 7 + i * 13) % 10) * 3) / 1000})`.execute(tx)
          await record(tx, entry(`${name}-${i}-end`))
          if (i % 5 === 4) throw new Error('rolled back')
        }).catch((error: Error) => expect(error.message).toBe('rolled back'))
      }
    }
    await Promise.all(Array.from({ length: 6 }, (_, name) => writer(name)))
    await vi.waitFor(async () => expect((await findHead(connections.db))?.treeSize).toBe(240), { timeout: 10_000 })
    for (const stop of stops) await stop()
    await other.close()
    expect(onError).not.toHaveBeenCalled()
    const { rows } = await owner.query('select count(*)::int as n, count(distinct seq)::int as d from audit.leaf')
    expect(rows[0]).toEqual({ n: 240, d: 240 })
    expect(await verify()).toEqual({ ok: true, checked: 240, unsealed: 0, problems: [] })
  })

  test('goes on in batches of 10,000', async () => {
    await owner.query(`insert into audit.entry (actor, action, outcome, object, path, ip, user_agent, request_id)
      select 'a', 'b', 'done', n::text, '/', '', '', '' from generate_series(1, 12345) n`)
    expect(await seal()).toBe(12_345)
    const { rows } = await owner.query('select tree_size from audit.head order by 1')
    expect(rows).toEqual([{ tree_size: 10_000 }, { tree_size: 12_345 }])
    expect(await verify()).toMatchObject({ ok: true, checked: 12_345 })
  })

  test('heals a heads file with half a line or a lost one', async () => {
    await sealedLog()
    const text = readFileSync(headsFile, 'utf8')
    truncateSync(headsFile, text.length - 20)
    expect((await verify()).ok).toBe(true)
    await seal()
    expect(readFileSync(headsFile, 'utf8')).toBe(text)
    rmSync(headsFile)
    await seal()
    expect(readFileSync(headsFile, 'utf8')).toBe(text)
  })

  test('stops on top of a forged head', async () => {
    await sealedLog()
    await tamper(`update audit.head set root = decode(repeat('00', 32), 'hex') where tree_size = 12`)
    await write(entry('new'))
    await expect(seal()).rejects.toMatchObject({ name: 'AuditError', message: expect.stringMatching(/不是本系统所签/) })
  })
})

describe('verification by the application role names', () => {
  test('a changed row, whatever column', async () => {
    const [, second] = await sealedLog()
    for (const change of [
      `actor = '别人'`,
      `outcome = 'refused'`,
      `actor_id = null`,
      `area_code = null`,
      `path = '/'`,
      `at = at + interval '1 microsecond'`,
      `detail = jsonb_set(detail, '{rows}', '3.0')`,
      `detail = '{}'`,
      `ip = '10.0.0.2'`,
    ]) {
      await owner.query('create temp table kept as select * from audit.entry')
      await tamper(`update audit.entry set ${change} where seq = ${second}`)
      expect(await verify()).toEqual({
        ok: false,
        checked: 12,
        unsealed: 0,
        problems: [named(second!, /内容被修改/)],
      })
      await tamper(
        `delete from audit.entry where seq = ${second}`,
        `insert into audit.entry overriding system value select * from kept where seq = ${second}`,
        'drop table kept',
      )
      expect((await verify()).ok).toBe(true)
    }
  })

  test('a row moved to another month', async () => {
    const [, , third] = await sealedLog()
    await tamper(
      `select vigil.ensure_month('2024-03-01')`,
      `update audit.entry set at = '2024-03-05T00:00:00Z' where seq = ${third}`,
    )
    expect((await verify()).problems).toEqual([named(third!, /内容被修改/)])
  })

  test('a deleted row', async () => {
    const log = await sealedLog()
    await tamper(`delete from audit.entry where seq in (${log[4]}, ${log[7]})`)
    expect((await verify()).problems).toEqual([named(log[4]!, /已被删除/), named(log[7]!, /已被删除/)])
  })

  test('a row deleted together with its leaf', async () => {
    const log = await sealedLog()
    await tamper(`delete from audit.entry where seq = ${log[5]}`, `delete from audit.leaf where seq = ${log[5]}`)
    expect((await verify()).problems).toEqual([named(log[5]!, /缺少 1 条/)])
  })

  test('two rows that changed places', async () => {
    const log = await sealedLog()
    await tamper(`with swapped as (
        select a.seq, b.object, b.detail from audit.entry a, audit.entry b
        where (a.seq, b.seq) in ((${log[1]}, ${log[6]}), (${log[6]}, ${log[1]})))
      update audit.entry e set object = s.object from swapped s where s.seq = e.seq`)
    expect((await verify()).problems).toEqual([named(log[1]!, /对调/), named(log[6]!, /对调/)])
  })

  test('two leaves that changed places', async () => {
    const log = await sealedLog()
    await tamper(
      `update audit.leaf set leaf_index = 99 where leaf_index = 4`,
      `update audit.leaf set leaf_index = 4 where leaf_index = 6`,
      `update audit.leaf set leaf_index = 6 where leaf_index = 99`,
    )
    const { problems } = await verify()
    expect(problems).toContainEqual(named(log[4]!, /顺序被改动/))
    expect(problems.every((problem) => log.slice(4, 8).includes(problem.seq!))).toBe(true)
  })

  test('the batch in which a row and its leaf were changed together, and no other', async () => {
    const log = await sealedLog()
    await tamper(
      `update audit.entry set actor = '别人' where seq = ${log[5]}`,
      `update audit.leaf set hash = sha256('\\x00'::bytea) where seq = ${log[5]}`,
    )
    expect((await verify()).problems).toEqual([
      named(null, new RegExp(`第 ${log[4]} 至 ${log[7]} 条之间`)),
      named(log[5]!, /内容被修改/),
    ])
  })

  test('an inserted row: old, under a used number, and with a leaf of its own', async () => {
    const log = await sealedLog()
    const insert = (seq: number, at: string) =>
      `insert into audit.entry (seq, at, actor, action, outcome, object, path, ip, user_agent, request_id)
        overriding system value values (${seq}, ${at}, 'x', 'x', 'done', 'x', '/', '', '', '')`
    await tamper(
      `select vigil.ensure_month((now() - interval '40 days')::date)`,
      insert(900, `now() - interval '40 days'`),
    )
    expect((await verify()).problems).toEqual([named(900, /从未封存/)])
    await tamper('delete from audit.entry where seq = 900', insert(log[3]!, `now() - interval '40 days'`))
    expect((await verify()).problems).toEqual([named(log[3]!, /有两条记录/)])
    await tamper(`delete from audit.entry where actor = 'x'`, insert(901, `now() - interval '40 days'`))
    await seal()
    expect((await verify()).problems).toEqual([named(901, /时间.*不符/)])
  })

  test('leaves without a signature', async () => {
    const log = await sealedLog()
    await tamper('delete from audit.head where tree_size = 12')
    expect((await verify('')).problems).toEqual([named(log[8]!, /没有有效签名/)])
  })

  test('a missing head in the middle', async () => {
    await sealedLog()
    await tamper('delete from audit.head where tree_size = 8')
    expect((await verify()).problems).toEqual([named(null, /第 8 条处的签名在数据库中缺失/)])
  })

  test('a forged head', async () => {
    await sealedLog()
    await tamper(`update audit.head set root = decode(repeat('00', 32), 'hex') where tree_size = 8`)
    const { problems } = await verify()
    expect(problems).toContainEqual(named(null, /第 8 条处的签名无效/))
    expect(problems).toContainEqual(named(null, /第 8 条处的签名与签名文件不同/))
  })

  test('a head with other subtrees', async () => {
    await sealedLog()
    await tamper(`update audit.head set frontier = frontier || frontier where tree_size = 8`)
    expect((await verify()).problems).toEqual([named(null, /子树摘要不符/)])
  })

  test('a tail cut off without a trace, by the file', async () => {
    const log = await sealedLog()
    await tamper(
      `delete from audit.entry where seq > ${log[7]}`,
      'delete from audit.leaf where leaf_index >= 8',
      'delete from audit.head where tree_size > 8',
    )
    expect((await verify('')).ok).toBe(true)
    expect((await verify()).problems).toEqual([named(null, /截断.*曾封存 12 条.*只有 8 条/)])
    await write(entry('after'))
    await seal()
    expect((await verify()).problems[0]).toEqual(named(null, /第 12 条处|截断/))
  })

  test('an emptied log', async () => {
    await sealedLog()
    await tamper('truncate audit.entry', 'truncate audit.leaf', 'truncate audit.head')
    expect((await verify()).problems).toEqual([named(null, /曾封存 12 条.*只有 0 条/)])
  })

  test('leaves cut off below a head', async () => {
    const log = await sealedLog()
    await tamper('delete from audit.leaf where leaf_index >= 10')
    const { problems } = await verify()
    expect(problems).toContainEqual(named(null, new RegExp(`第 ${log[9]} 条之后缺少 2 条`)))
  })

  test('a changed line of the file', async () => {
    await sealedLog()
    const lines = readFileSync(headsFile, 'utf8').split('\n')
    writeFileSync(headsFile, [lines[0], 'x', ...lines.slice(1)].join('\n'))
    expect((await verify()).problems).toEqual([named(null, /签名文件第 2 行被改动/)])
    const forged = JSON.stringify({ ...JSON.parse(lines[2]!), treeSize: 40 })
    writeFileSync(headsFile, `${[...lines.slice(0, 3), forged].join('\n')}\n`)
    expect((await verify()).problems).toEqual([named(null, /签名文件第 4 行被改动/)])
  })

  test('no more problems than asked for, and waiting entries are none', async () => {
    await sealedLog()
    await write(entry('waits'))
    await tamper(`update audit.entry set actor = '别人' where object <> 'waits'`)
    const report = await verifyAudit(connections.db, { publicKey: signer.publicKey, maxProblems: 5 })
    expect(report).toMatchObject({ ok: false, checked: 12, unsealed: 1 })
    expect(report.problems).toHaveLength(5)
    expect(existsSync(headsFile)).toBe(true)
  })
})
