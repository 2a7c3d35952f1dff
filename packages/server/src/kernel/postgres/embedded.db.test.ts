import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type EmbeddedOptions, type EmbeddedPostgres, startEmbedded } from './embedded.ts'
import { EmbeddedPostgresError } from './errors.ts'
import { findPostmaster } from './postmaster.ts'
import { findProcessIdentity, processesIn, waitUntil } from './processes.ts'

let root: string
let dir: string
const servers: EmbeddedPostgres[] = []

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'vigil-embedded-')))
  // The account that runs the server must be able to pass through it.
  chmodSync(root, 0o711)
  dir = join(root, 'pg')
  mkdirSync(dir)
})

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
  const left = findPostmaster(join(dir, 'data'))
  if (left !== undefined) process.kill(left.pid, 'SIGKILL')
  await waitUntil(() => processesIn(join(dir, 'data')).length === 0, 10_000)
  rmSync(root, { recursive: true, force: true })
})

async function start(options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbedded({ dir, log: () => {}, ...options })
  servers.push(server)
  return server
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

/** Another Node process, leader of its own group as in a terminal, that starts the server and then does nothing. */
async function startInChild(): Promise<{ child: ChildProcess; pid: number; url: string }> {
  const module = JSON.stringify(join(import.meta.dirname, 'embedded.ts'))
  const script = `
    const { startEmbedded } = await import(${module})
    const { pid, url } = await startEmbedded({ dir: ${JSON.stringify(dir)}, log: () => {} })
    console.log(JSON.stringify({ pid, url }))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout! })) {
    const { pid, url }: { pid: number; url: string } = JSON.parse(line)
    return { child, pid, url }
  }
  throw new Error('the child ended before the server was ready')
}

async function refusal(promise: Promise<unknown>): Promise<EmbeddedPostgresError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof EmbeddedPostgresError) return error
  throw new Error(`expected a refusal, got ${String(error)}`)
}

describe('first start', () => {
  test('makes a durable UTF-8 cluster that only this machine and its password reach', async () => {
    const lines: string[] = []
    const server = await start({ log: (line) => lines.push(line) })
    expect(server.adopted).toBe(false)
    expect(lines.some((line) => line.includes('初始化'))).toBe(true)
    const names = ['server_encoding', 'listen_addresses', 'fsync', 'synchronous_commit', 'timezone', 'max_connections']
    const rows = await query(
      server.url,
      `SELECT name, setting FROM pg_settings WHERE lower(name) IN ('${names.join("','")}')`,
    )
    expect(Object.fromEntries(rows.map((row) => [String(row.name).toLowerCase(), row.setting]))).toEqual({
      server_encoding: 'UTF8',
      listen_addresses: '127.0.0.1',
      fsync: 'on',
      synchronous_commit: 'on',
      timezone: 'Asia/Shanghai',
      max_connections: '200',
    })
    expect(statSync(join(dir, 'state.json')).mode & 0o777).toBe(0o600)
    expect(existsSync(join(dir, 'initdb-password'))).toBe(false)
    await expect(query(server.url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow('password')
  })

  test('knows Chinese characters as letters and sorts by code point', async () => {
    const server = await start()
    await query(server.url, 'CREATE EXTENSION pg_trgm')
    const [row] = await query(
      server.url,
      `SELECT similarity('感冒灵颗粒', '感冒灵') > 0.3 AS similar, '药' ~ '^[[:alpha:]]$' AS letter,
        (SELECT string_agg(v, '' ORDER BY v) FROM unnest(ARRAY['药','a','泉','B','州']) v) AS sorted`,
    )
    expect(row).toEqual({ similar: true, letter: true, sorted: 'Ba州泉药' })
  })

  test('goes on after an initialisation that was cut short', async () => {
    mkdirSync(join(dir, 'data.new'))
    writeFileSync(join(dir, 'data.new', 'PG_VERSION'), '18\n')
    writeFileSync(join(dir, 'initdb-password'), 'old')
    const server = await start()
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })
})

test('a directory below one that is closed to other users (as /root is) works for root and for its owner', async () => {
  const closed = join(root, 'closed')
  mkdirSync(closed, { mode: 0o700 })
  const inside = join(closed, 'pg')
  const first = await start({ dir: inside })
  await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS id')
  await first.stop()
  const second = await start({ dir: inside })
  expect(await query(second.url, 'SELECT id FROM kept')).toEqual([{ id: 1 }])
  await second.stop()
  expect(statSync(join(realpathSync(inside), 'data')).mode & 0o777).toBe(0o700)
  rmSync(realpathSync(inside), { recursive: true })
})

test('a stop is clean and the next start finds the data at the same port', async () => {
  const first = await start()
  await query(first.url, `CREATE TABLE kept AS SELECT '守望' AS word`)
  await Promise.all([first.stop(), first.stop()])
  expect(findProcessIdentity(first.pid)).toBeUndefined()
  expect(existsSync(join(dir, 'data', 'postmaster.pid'))).toBe(false)
  expect(existsSync(join(dir, 'lock.json'))).toBe(false)
  const second = await start()
  expect(second.url).toBe(first.url)
  expect(await query(second.url, 'SELECT word FROM kept')).toEqual([{ word: '守望' }])
})

describe('after a killed parent', () => {
  test.each(['SIGKILL', 'SIGINT'] as const)(
    '%s to its process group leaves the server, which is adopted',
    async (name) => {
      const { child, pid, url } = await startInChild()
      await query(url, 'CREATE TABLE kept AS SELECT 1 AS id')
      const ended = once(child, 'exit')
      process.kill(-child.pid!, name)
      await ended
      const server = await start()
      expect(server).toMatchObject({ adopted: true, pid, url })
      expect(await query(server.url, 'SELECT id FROM kept')).toEqual([{ id: 1 }])
      await server.stop()
      expect(findProcessIdentity(pid)).toBeUndefined()
    },
  )

  test('a server with other settings is restarted, not adopted', async () => {
    const { child, pid } = await startInChild()
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    const server = await start({ settings: { work_mem: '5MB' } })
    expect(server.adopted).toBe(false)
    expect(server.pid).not.toBe(pid)
    expect(await query(server.url, 'SHOW work_mem')).toEqual([{ work_mem: '5MB' }])
  })
})

describe('after a killed PostgreSQL', () => {
  test('a stale postmaster.pid is no obstacle and committed rows are there', async () => {
    const first = await start()
    await query(first.url, 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id')
    process.kill(first.pid, 'SIGKILL')
    await first.stop()
    expect(existsSync(join(dir, 'data', 'postmaster.pid'))).toBe(true)
    const second = await start()
    expect(second.adopted).toBe(false)
    expect(await query(second.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 1000 }])
  })

  test('its pid may belong to another living program by now', async () => {
    const first = await start()
    process.kill(first.pid, 'SIGKILL')
    await first.stop()
    const file = join(dir, 'data', 'postmaster.pid')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(process.pid)))
    const second = await start()
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })
})

describe('refusals', () => {
  test('a directory in use by another process, named by its pid', async () => {
    const { child, pid } = await startInChild()
    const error = await refusal(start())
    expect(error.code).toBe('in-use')
    expect(error.message).toContain(`进程号 ${child.pid}`)
    expect(error.message).toContain(`pid ${child.pid}`)
    expect(findProcessIdentity(pid)).toBeDefined()
    child.kill('SIGKILL')
  })

  test('a directory in use by this very process', async () => {
    await start()
    expect((await refusal(start())).code).toBe('in-use')
  })

  test('a lock whose pid was given to another process since is taken over', async () => {
    writeFileSync(join(dir, 'lock.json'), JSON.stringify({ pid: process.pid, identity: 'an earlier boot' }))
    const server = await start()
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('a directory that cannot be written', async () => {
    writeFileSync(join(root, 'file'), '')
    const error = await refusal(start({ dir: join(root, 'file', 'pg') }))
    expect(error.code).toBe('not-writable')
    expect(error.message).toContain('不可写')
  })

  test('a cluster of another PostgreSQL release', async () => {
    await (await start()).stop()
    writeFileSync(join(dir, 'data', 'PG_VERSION'), '15\n')
    expect((await refusal(start())).code).toBe('wrong-version')
    expect(existsSync(join(dir, 'lock.json'))).toBe(false)
  })

  test('a server that does not start says why', async () => {
    const error = await refusal(start({ settings: { shared_buffers: 'many' } }))
    expect(error.code).toBe('start-failed')
    expect(error.message).toContain('shared_buffers')
  })
})
