import { fork } from 'node:child_process'
import { once } from 'node:events'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { dayOf } from '@vigil/codes'
import { sql } from 'kysely'
import { type App, buildApp } from '../packages/server/src/app.ts'
import { systemCaller } from '../packages/server/src/kernel/access/caller.ts'
import { issueStoreAccounts } from '../packages/server/src/kernel/access/index.ts'
import { hashToken, newToken } from '../packages/server/src/kernel/access/token.ts'
import { systemScope, withScope } from '../packages/server/src/kernel/db/index.ts'
import type { OpenKernel } from '../packages/server/src/kernel/open.ts'
import { createOrder, issueOrder } from '../packages/server/src/modules/stopsale/index.ts'
import type { Asked, PollResult, PollTask } from './counters.worker.ts'
import { withKernel } from './environment.ts'
import type { LoadResult } from './load.ts'
import { overHttp, prepare } from './registration.ts'

const counters = 1500
const seconds = Number(process.env.BENCH_SECONDS ?? 60)
/** Registrations a second meanwhile: a city of so many pharmacies sells some 6,000 a day, at most two a second. */
const rate = Number(process.env.BENCH_RATE ?? 20)
const pause = [20_000, 30_000] as const

/** Signs in a counter of every store, without the PIN, whose hash is slow on purpose. @returns cookies */
async function signIn(kernel: OpenKernel, storeCodes: readonly string[]): Promise<string[]> {
  const now = new Date()
  const tokens = storeCodes.map(() => newToken())
  await withScope(kernel.db, systemScope, async (tx) => {
    const { rows: stores } = await sql<{ code: string; name: string; path: string }>`
      SELECT code, name, path FROM pharmacy.store WHERE code = ANY (${storeCodes}::text[]) ORDER BY code`.execute(tx)
    await issueStoreAccounts(tx, stores, { expiresDays: 1, now })
    await sql`UPDATE access.account SET status = 'active' WHERE store_code = ANY (${storeCodes}::text[])`.execute(tx)
    const hashes = tokens.map(hashToken)
    await sql`
      INSERT INTO access.session (token_hash, id, account_id, created_at, last_seen_at, expires_at, idle_minutes, ip, user_agent)
      SELECT t.hash, gen_random_uuid(), a.id, now(), now(), now() + interval '1 day', 600, '127.0.0.1', 'bench'
      FROM unnest(${hashes}::bytea[], ${storeCodes}::text[]) AS t (hash, code) JOIN access.account a ON a.store_code = t.code`.execute(
      tx,
    )
  })
  return tokens.map((token) => `vigil_session=${token}`)
}

/** An order over the whole city for drugs that nobody buys here: every counter has one to keep and a notice to sign. */
async function order({ modules }: App): Promise<void> {
  const { parts } = modules.stopSales
  const caller = systemCaller('bench', ['stopsale.read', 'stopsale.manage'])
  const items = Array.from({ length: 43 }, (_, at) => ({ kind: 'generic' as const, value: `停售药品${at}` }))
  const body = {
    name: '暂停销售',
    areaCode: '350500',
    from: dayOf(new Date()),
    to: null,
    reason: '防控',
    documentNo: '',
  }
  const { id } = await createOrder(parts, caller, { ...body, items })
  await issueOrder(parts, caller, id)
}

async function poll(task: PollTask): Promise<PollResult> {
  const child = fork(join(import.meta.dirname, 'counters.worker.ts'))
  child.send(task)
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the counters ended with ${code}`)
  })
  const [result] = (await Promise.race([once(child, 'message'), ended])) as [PollResult]
  ended.catch(() => undefined)
  return result
}

const show = (name: string, { p50, p95, p99, requests, failed }: Asked) =>
  console.log(
    `${name.padEnd(34)} p50 ${p50.toFixed(1).padStart(6)} ms   p95 ${p95.toFixed(1).padStart(6)} ms   p99 ${p99.toFixed(1).padStart(6)} ms   ${failed} failed of ${requests}`,
  )

/** Share of one processor that the server took, in percent; PostgreSQL and the clients are not in it. */
async function withCpu<T>(work: () => Promise<T>): Promise<{ result: T; percent: number }> {
  const [before, began] = [process.cpuUsage(), performance.now()]
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  return { result, percent: (user + system) / 10 / (performance.now() - began) }
}

/**
 * The counters of a city that ask for stop-sale orders and notices, as open pages do, while others register: what both take,
 * beside the same registrations alone.
 */
export async function run(): Promise<void> {
  await withKernel(async (kernel) => {
    const setup = await prepare(kernel, counters)
    const app = await buildApp(kernel)
    await app.http.listen({ port: 0, host: '127.0.0.1' })
    const address = app.http.server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const cookies = await signIn(kernel, setup.storeCodes)
    await order(app)
    const register = (duration: number): Promise<LoadResult> => overHttp(port, 16, setup, { duration, rate })
    await register(5)
    const alone = await withCpu(() => register(Math.min(20, seconds)))
    show(`registrations alone, ${rate}/s`, alone.result)
    console.log(`  server CPU ${alone.percent.toFixed(0)}% of one processor`)
    const task = { port, cookies, seconds, pause }
    const both = await withCpu(() => Promise.all([poll(task), register(seconds)]))
    const [{ orders, notices }, registered] = both.result
    const asked = (orders.requests + notices.requests) / seconds
    console.log(
      `${cookies.length} counters, a question each for orders and notices every 20 to 30 s: ${asked.toFixed(0)}/s`,
    )
    show('  stop-sale orders', orders)
    show('  notices', notices)
    show(`  registrations, ${rate}/s`, registered)
    console.log(`  server CPU ${both.percent.toFixed(0)}% of one processor (load ${loadavg()[0]!.toFixed(1)})`)
    await app.close()
  })
}
