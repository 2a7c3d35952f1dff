import { fork } from 'node:child_process'
import { once } from 'node:events'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { addDays, dayOf, uuidv7 } from '@vigil/codes'
import { createCity, drugs, purchasesOfDay } from '@vigil/simulate'
import { sql } from 'kysely'
import pg from 'pg'
import { type App, buildApp } from '../packages/server/src/app.ts'
import { installCity } from '../packages/server/src/demo/city.ts'
import { toInput } from '../packages/server/src/demo/sales.ts'
import { hashToken, newApiKey, newToken } from '../packages/server/src/kernel/access/token.ts'
import { systemScope, withScope } from '../packages/server/src/kernel/db/index.ts'
import type { OpenKernel } from '../packages/server/src/kernel/open.ts'
import { withKernel } from './environment.ts'
import type { LiveResult, LiveTask, PageAsk, PagesResult, PagesTask, Times } from './overview.worker.ts'
import { fill, patternsOf, rollUp, type StoreRow, withoutIndexes } from './search.fill.ts'

const total = Number(process.env.BENCH_ROWS ?? 10_000_000)
/** Ten million make two years; fewer make a shorter history of days as full. */
const perDay = Math.round(10_000_000 / 730)
const seconds = Number(process.env.BENCH_SECONDS ?? 8)
const users = 20
const consoles = 200
const liveSales = 20
const pauseMs = 2_000
const city = '350500'

const say = (text: string) => console.log(`${text}   (load ${loadavg()[0]!.toFixed(1)})`)
const show = ({ p50, p95, most, count }: Times) =>
  `p50 ${p50.toFixed(1).padStart(6)} ms   p95 ${p95.toFixed(1).padStart(6)} ms   slowest ${most.toFixed(0).padStart(5)} ms   of ${count}`

/** Signed-in directors of the city: cookies of sessions. */
async function signIn(kernel: OpenKernel): Promise<string[]> {
  return withScope(kernel.db, systemScope, async (tx) => {
    const cookies: string[] = []
    for (let n = 0; n < users; n++) {
      const id = uuidv7()
      const token = newToken()
      await sql`INSERT INTO access.account (id, username, display_name, kind, status, password_hash, must_change_password, path, totp_confirmed_at)
        SELECT ${id}, ${`bench-${id}`}, 'bench', 'person', 'active', NULL, false, path, now() FROM area.area WHERE code = ${city}`.execute(
        tx,
      )
      await sql`INSERT INTO access.grant (id, account_id, role_code, area_code, path) SELECT ${uuidv7()}, ${id}, 'city-director', code, path FROM area.area WHERE code = ${city}`.execute(
        tx,
      )
      await sql`INSERT INTO access.session (token_hash, id, account_id, created_at, last_seen_at, expires_at, idle_minutes, ip, user_agent)
        VALUES (${hashToken(token)}, ${uuidv7()}, ${id}, now(), now(), now() + interval '2 hours', 120, '127.0.0.1', 'bench')`.execute(
        tx,
      )
      cookies.push(`vigil_session=${token}`)
    }
    return cookies
  })
}

/** A key that registers for every store of the city. */
async function registrarKey(kernel: OpenKernel): Promise<string> {
  const key = newApiKey()
  const id = uuidv7()
  await withScope(kernel.db, systemScope, async (tx) => {
    await sql`INSERT INTO access.api_key (id, name, prefix, key_hash, path, created_by, expires_at) SELECT ${id}, 'bench', 'vgl_bench', ${hashToken(key)}, path, ${uuidv7()}, now() + interval '1 day' FROM area.area WHERE code = ${city}`.execute(
      tx,
    )
    await sql`INSERT INTO access.grant (id, api_key_id, role_code, area_code, path) SELECT ${uuidv7()}, ${id}, 'chain-api', code, path FROM area.area WHERE code = ${city}`.execute(
      tx,
    )
  })
  return key
}

async function inChild<T>(task: PagesTask | LiveTask): Promise<T> {
  const child = fork(join(import.meta.dirname, 'overview.worker.ts'))
  child.send(task)
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the client process ended with ${code}`)
  })
  const [result] = (await Promise.race([once(child, 'message'), ended])) as [T]
  ended.catch(() => undefined)
  return result
}

/** What the console's pages ask for, over the last 30 days. */
function pagesOf(stores: readonly StoreRow[]): PageAsk[] {
  const to = dayOf(new Date())
  const period = `from=${addDays(to, -29)}&to=${to}`
  const counties = [...new Set(stores.map(({ county }) => county))]
  const some = Array.from({ length: 60 }, (_, n) => stores[(n * 7919) % stores.length]!)
  const overview = (place: string) => `/api/pharmacy/overview?${place}&${period}`
  const series = (unit: string) => `/api/surveillance/series?unit=${unit}&class=all&${period}`
  return [
    { name: 'city overview', visits: [[overview(`area=${city}`)]] },
    { name: 'states of the city', visits: [[`/api/surveillance/states?area=${city}&day=${to}&class=all`]] },
    { name: 'county page', visits: counties.map((code) => [overview(`area=${code}`), series(code)]) },
    {
      name: 'store page',
      visits: some.map(({ code }) => [
        `/api/pharmacy/stores/${code}`,
        overview(`area=${city}&store=${code}`),
        `/api/compliance/stores/${code}`,
      ]),
    },
  ]
}

/** Sales of stores all over the city, as a chain's program would send them. */
function* salesNow(app: App): Generator<LiveTask['sales'][number], never> {
  const { reference } = app.modules.pharmacy.purchases
  const byName = new Map(
    [...reference.drugs()].map((drug) => [`${drug.generic}|${drug.form}|${drug.strength}`, drug.id]),
  )
  const idOf = (key: string) => {
    const drug = drugs.find((known) => known.key === key)!
    return byName.get(`${drug.genericName}|${drug.form}|${drug.strength}`)!
  }
  const stores = [...reference.stores()]
  const made = purchasesOfDay(createCity({ seed: 8, city, startDay: dayOf(new Date()), days: 1 }), 0)
  for (let n = 0; ; n++) {
    const store = stores[(n * 401) % stores.length]!.code
    const now = Date.now()
    const sale = { ...made[n % made.length]!, id: uuidv7(now), soldAt: new Date(now).toISOString(), storeCode: store }
    yield { store, body: JSON.stringify({ purchases: [toInput(sale, idOf)] }) }
  }
}

/** Registers a sale every second until the answer is called: what nobody sells need not be read again. */
function sellOn(app: App, key: string): () => void {
  const sales = salesNow(app)
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const timer = setInterval(() => {
    void app.http.inject({ method: 'POST', url: '/api/purchases', headers, payload: sales.next().value.body })
  }, 1000)
  return () => clearInterval(timer)
}

async function measurePages(
  app: App,
  port: number,
  { cookies, key }: { readonly cookies: readonly string[]; readonly key: string },
): Promise<void> {
  const stores = [...app.modules.pharmacy.purchases.reference.stores()] as StoreRow[]
  for (const page of pagesOf(stores)) {
    const task = { kind: 'pages', port, page, seconds } as const
    await inChild<PagesResult>({ ...task, cookies, seconds: 2, pauseMs: 0 })
    for (const [name, who, pause, selling] of [
      ['1 user without a pause', cookies.slice(0, 1), 0, false],
      [`${users} users, a page each ${pauseMs / 1000} s`, cookies, pauseMs, false],
      ['the same, a sale each second', cookies, pauseMs, true],
      [`${users} users without a pause`, cookies, 0, false],
    ] as const) {
      const stop = selling ? sellOn(app, key) : () => undefined
      const result = await inChild<PagesResult>({ ...task, cookies: who, pauseMs: pause })
      stop()
      const each = page.visits[0]!.length > 1 ? `; its requests ${show(result.requests)}` : ''
      say(`${page.name.padEnd(19)} ${name.padEnd(30)} ${show(result.pages)}${each}`)
    }
  }
}

async function measureLive(app: App, port: number, key: string, cookies: readonly string[]): Promise<void> {
  const source = salesNow(app)
  const sales = Array.from({ length: liveSales }, () => source.next().value)
  const live = await inChild<LiveResult>({ kind: 'live', port, cookies, consoles, key, sales })
  say(
    `${live.consoles} consoles, answer to a sale → its event at the last console: ${show(live.afterAnswer)}; goal 2 s`,
  )
  say(`${live.consoles} consoles, sale sent → its event at the last console:       ${show(live.afterSend)}`)
}

/**
 * The console's pages over HTTP by signed-in people, and how soon a sale is at all open consoles. BENCH_DIR keeps and takes
 * up a filled database, also that of the search bench; BENCH_ROWS is how many purchases a fresh one gets; BENCH_PART=live
 * leaves the pages out.
 */
export async function run(): Promise<void> {
  await withKernel(async (kernel, ownerUrl) => {
    const { connections } = kernel
    const known = await connections.system.query('SELECT FROM pharmacy.store LIMIT 1')
    const day = dayOf(new Date())
    if (known.rows.length === 0)
      await withScope(kernel.db, systemScope, (tx) =>
        installCity(tx, createCity({ seed: 7, city, startDay: day, days: 1 })),
      )
    const app = await buildApp(kernel)
    const { reference } = app.modules.pharmacy.purchases
    await reference.refresh()
    const stores = [...reference.stores()] as StoreRow[]
    const there = await connections.system.query('SELECT FROM pharmacy.purchase LIMIT 1')
    if (there.rows.length === 0) await fillAll(kernel, app, ownerUrl, stores)
    const { rows } = await connections.system.query<{ n: string; since: string }>(
      `SELECT sum(purchases) AS n, min(day) AS since FROM pharmacy.rollup_county_day WHERE class = 'all'`,
    )
    say(`${Number(rows[0]!.n).toLocaleString('en')} purchases since ${rows[0]!.since}, ${stores.length} stores`)
    const began = performance.now()
    await app.modules.surveillance.loop.tick()
    say(`all series evaluated in ${((performance.now() - began) / 1000).toFixed(0)} s`)
    if (process.env.BENCH_PART !== 'live') await judgeStores(app)
    await app.http.listen({ port: 0, host: '127.0.0.1' })
    const address = app.http.server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const cookies = await signIn(kernel)
    const key = await registrarKey(kernel)
    if (process.env.BENCH_PART !== 'live') await measurePages(app, port, { cookies, key })
    await measureLive(app, port, key, cookies)
    await app.close()
  }, process.env.BENCH_DIR)
}

/** The night's judgement of stores, so that it does not run beside the pages, whatever the hour is. */
async function judgeStores(app: App): Promise<void> {
  const began = performance.now()
  const { loop } = app.modules.compliance
  await loop.work()
  const stores = [...app.modules.pharmacy.purchases.reference.stores()].map(({ code }) => code)
  await loop.judgeAt(stores, new Date())
  say(`all stores judged in ${((performance.now() - began) / 1000).toFixed(0)} s`)
}

async function fillAll(kernel: OpenKernel, app: App, ownerUrl: string, stores: readonly StoreRow[]): Promise<void> {
  const { reference } = app.modules.pharmacy.purchases
  const byName = new Map(
    [...reference.drugs()].map((drug) => [`${drug.generic}|${drug.form}|${drug.strength}`, drug.id]),
  )
  const keyOf = new Map(
    drugs.map((drug) => [drug.key, byName.get(`${drug.genericName}|${drug.form}|${drug.strength}`)!]),
  )
  const patterns = patternsOf(kernel, stores, (drug) => keyOf.get(drug)!)
  const owner = { purchases: new pg.Client(ownerUrl), items: new pg.Client(ownerUrl) }
  await owner.purchases.connect()
  await owner.items.connect()
  await withoutIndexes(owner.purchases, async () => {
    await fill(kernel, owner, patterns, { first: 0, last: Math.round(total / perDay), perDay })
  })
  await rollUp(owner.purchases)
  await owner.purchases.query(
    'VACUUM ANALYZE pharmacy.purchase, pharmacy.purchase_drug, pharmacy.rollup_store_day, pharmacy.rollup_county_day',
  )
  await owner.purchases.end()
  await owner.items.end()
}
