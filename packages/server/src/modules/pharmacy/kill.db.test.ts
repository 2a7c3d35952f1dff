import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { uuidv7 } from '@vigil/codes'
import { type PurchaseInput, type PurchaseResult, permissionNames } from '@vigil/contract'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiKey } from '../../kernel/access/api-key.service.ts'
import { systemCaller } from '../../kernel/access/index.ts'
import { readConfig } from '../../kernel/config.ts'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import { openKernel } from '../../kernel/open.ts'
import { type EmbeddedPostgres, startEmbedded } from '../../kernel/postgres/embedded.ts'
import { seedBase } from '../../seed.ts'
import { ensureWebBuilt } from '../../web/build.ts'
import { citizenId, drugsOf, insertCity, saleOf, stores } from './pharmacy.fixture.ts'
import { recountSql } from './recount.fixture.ts'

/** VIGIL_KILLS=60 looks for what happens seldom. */
const killsOfEach = Number(process.env.VIGIL_KILLS ?? 4)
const senders = 40
/** Acknowledged sales between two kills: the server must be at work when it dies. */
const acksBetweenKills = 200
const persons = 60

const cli = join(import.meta.dirname, '../../cli.ts')
let root: string
let postgres: EmbeddedPostgres
let node: ChildProcess | undefined
let env: NodeJS.ProcessEnv
let url: string
let key: string
let drugs: string[]
let words = ''

const startPostgres = async () => {
  postgres = await startEmbedded({ dir: join(root, 'pg'), log: () => {} })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

/** The program as it is run by hand, in a process of its own. */
async function startNode(): Promise<void> {
  const child = spawn(process.execPath, [cli, 'serve', '--demo', 'none', '--port', new URL(url).port], { env })
  node = child
  child.stderr.on('data', (chunk) => {
    words = (words + chunk).slice(-4000)
  })
  for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('VIGIL_READY')) break
  child.stdout.resume()
  if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${words}`)
}

async function killNode(): Promise<void> {
  const ended = once(node!, 'exit')
  node!.kill('SIGKILL')
  await ended
}

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'vigil-kill-')))
  // The account that runs PostgreSQL must be able to pass through it.
  chmodSync(root, 0o711)
  mkdirSync(join(root, 'pg'))
  await ensureWebBuilt(() => {})
  await startPostgres()
  const dataDir = join(root, 'data')
  const kernel = await openKernel(readConfig({ dataDir, databaseUrl: postgres.url, demo: 'none' }, {}), postgres.url)
  await seedBase(kernel)
  await withScope(kernel.db, systemScope, insertCity)
  drugs = Object.values(await drugsOf(kernel))
  const caller = { ...systemCaller('测试', permissionNames), kind: 'account' as const, id: uuidv7() }
  const grants = [{ roleCode: 'chain-api', areaCode: '350500' }]
  key = (await createApiKey(kernel, caller, { name: '连锁', grants, days: 1 })).key
  await kernel.close()
  const { PATH, HOME } = process.env
  env = { PATH, HOME, DATABASE_URL: postgres.url, VIGIL_DATA_DIR: dataDir, VIGIL_TEST: '1' }
  url = `http://127.0.0.1:${await freePort()}`
  await startNode()
}, 120_000)

afterAll(async () => {
  if (node?.exitCode === null && node.signalCode === null) await killNode()
  await postgres?.stop()
  rmSync(root, { recursive: true, force: true })
})

const tally = { acknowledged: 0, requests: 0, retries: 0, unreachable: 0, busy: 0 }
const acknowledged: string[] = []
const wrong: string[] = []
let stopping = false

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!

function nextSales(): PurchaseInput[] {
  const sale = () =>
    saleOf(new Date(), pick(drugs), {
      storeCode: pick(stores).code,
      documentNumber: citizenId(Math.floor(Math.random() * persons)),
      symptoms: Math.random() < 0.1 ? ['fever'] : [],
    })
  return Array.from({ length: 1 + Math.floor(Math.random() * 3) }, sale)
}

/** One counter: sends, and sends the same again until it was acknowledged. */
async function send(): Promise<void> {
  while (!stopping) {
    const sales = nextSales()
    for (let attempt = 0; ; attempt++) {
      if (attempt > 0) tally.retries++
      tally.requests++
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
      const body = JSON.stringify({ sentAt: new Date().toISOString(), purchases: sales })
      const request = { method: 'POST', headers, body, signal: AbortSignal.timeout(15_000) }
      const answer = await fetch(`${url}/api/purchases`, request)
        .then(async (response) => ({ status: response.status, text: await response.text() }))
        .catch(() => undefined)
      if (answer?.status === 200) {
        const { results } = JSON.parse(answer.text) as { results: PurchaseResult[] }
        for (const result of results)
          if (result.status === 'registered') acknowledged.push(result.id)
          else wrong.push(answer.text)
        break
      }
      if (!answer) tally.unreachable++
      else if (answer.status === 503) tally.busy++
      else wrong.push(`${answer.status} ${answer.text}`)
      await sleep(20 + Math.random() * 80)
    }
  }
}

async function untilAcknowledged(count: number): Promise<void> {
  const end = Date.now() + 30_000
  while (acknowledged.length < count) {
    if (Date.now() > end) throw new Error(`no acknowledgement for 30 s: ${JSON.stringify(tally)} ${wrong[0]} ${words}`)
    await sleep(10)
  }
}

async function run(...args: string[]): Promise<{ code: number; text: string }> {
  const child = spawn(process.execPath, [cli, ...args], { env })
  let text = ''
  let errors = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const [code] = (await once(child, 'close')) as [number]
  return { code, text: text || errors }
}

test('kills of Node and of PostgreSQL under load lose nothing and double nothing', {
  timeout: 60_000 + killsOfEach * 20_000,
}, async () => {
  const work = Promise.all(Array.from({ length: senders }, send))
  const kills = { node: 0, postgres: 0 }
  const crashed: string[] = []
  for (let n = 0; n < 2 * killsOfEach; n++) {
    await untilAcknowledged(acknowledged.length + acksBetweenKills)
    if (n % 2 === 0) {
      await killNode()
      kills.node++
      await startNode()
    } else {
      process.kill(postgres.pid, 'SIGKILL')
      kills.postgres++
      await postgres.stop()
      await startPostgres()
    }
    if (node!.exitCode !== null) {
      crashed.push(`${node!.exitCode}: ${words}`)
      await startNode()
    }
  }
  await untilAcknowledged(acknowledged.length + acksBetweenKills)
  stopping = true
  await work
  const ended = once(node!, 'exit')
  node!.kill('SIGTERM')
  await ended

  const client = new Client({ connectionString: postgres.url })
  await client.connect()
  const rows = async <T>(text: string, values: unknown[] = []) => (await client.query(text, values)).rows as T[]
  const [counts] = await rows<{ stored: number; doubled: number; items: number; audited: number; people: number }>(`
    SELECT (SELECT count(*)::int FROM pharmacy.purchase) AS stored,
      (SELECT count(*)::int FROM (SELECT FROM pharmacy.purchase GROUP BY id HAVING count(*) > 1) twice) AS doubled,
      (SELECT count(*)::int FROM pharmacy.purchase_drug) AS items,
      (SELECT coalesce(sum((detail->>'registered')::int), 0)::int FROM audit.entry WHERE action = 'purchase.register') AS audited`)
  const lost = await rows(
    'SELECT id FROM unnest($1::uuid[]) AS t(id) WHERE NOT EXISTS (SELECT FROM pharmacy.purchase p WHERE p.id = t.id)',
    [acknowledged],
  )
  const drift = await rows(recountSql)
  await client.end()
  const verified = await run('verify', '--json')
  console.log(
    `kills ${kills.node} Node + ${kills.postgres} PostgreSQL, acknowledged ${acknowledged.length}, stored ${counts!.stored}, lost ${lost.length}, doubled ${counts!.doubled}; ` +
      `${tally.requests} requests, ${tally.retries} retries (${tally.unreachable} unanswered, ${tally.busy} × 503), rollup drift ${drift.length}, crashed ${crashed.length}, audit ${verified.text.trim()}`,
  )
  expect(wrong.slice(0, 3)).toEqual([])
  expect(kills).toEqual({ node: killsOfEach, postgres: killsOfEach })
  expect(new Set(acknowledged).size).toBe(acknowledged.length)
  expect(tally.retries).toBeGreaterThan(10 * killsOfEach)
  expect({ ...counts, lost: lost.length }).toMatchObject({
    stored: acknowledged.length,
    doubled: 0,
    items: acknowledged.length,
    audited: acknowledged.length,
    lost: 0,
  })
  expect(drift).toEqual([])
  expect(crashed).toEqual([])
  expect(verified.code).toBe(0)
  expect(JSON.parse(verified.text)).toMatchObject({ ok: true })
})
