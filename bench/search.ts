import { addDays, dayOf, uuidv7 } from '@vigil/codes'
import { createCity, drugs } from '@vigil/simulate'
import { sql } from 'kysely'
import pg from 'pg'
import { buildApp } from '../packages/server/src/app.ts'
import { installCity } from '../packages/server/src/demo/city.ts'
import { hashToken, newApiKey } from '../packages/server/src/kernel/access/token.ts'
import { systemScope, withScope } from '../packages/server/src/kernel/db/index.ts'
import type { OpenKernel } from '../packages/server/src/kernel/open.ts'
import { run as drugSearch } from './drug-search.ts'
import { quantile, withKernel } from './environment.ts'
import { fill, patternsOf, rollUp, type StoreRow, withoutIndexes } from './search.fill.ts'

const total = Number(process.env.BENCH_ROWS ?? 10_000_000)
const days = 730
const perDay = Math.round(total / days)
const rounds = Number(process.env.BENCH_ROUNDS ?? 30)

type Filter = Record<string, unknown>

interface Kind {
  readonly name: string
  /** A filter without its period, another one in each round. */
  readonly filter: (round: number) => Filter
  /** The same question in bare SQL, for comparison. */
  readonly bare?: (round: number) => [string, unknown[]]
}

/** A key that reads the whole city. */
async function readerKey(kernel: OpenKernel): Promise<string> {
  const key = newApiKey()
  const id = uuidv7()
  await withScope(kernel.db, systemScope, async (tx) => {
    await sql`INSERT INTO access.api_key (id, name, prefix, key_hash, path, created_by, expires_at) SELECT ${id}, 'bench', 'vgl_bench', ${hashToken(key)}, path, ${uuidv7()}, now() + interval '1 day' FROM area.area WHERE code = '350500'`.execute(
      tx,
    )
    await sql`INSERT INTO access.grant (id, api_key_id, role_code, area_code, path) SELECT ${uuidv7()}, ${id}, 'city-director', code, path FROM area.area WHERE code = '350500'`.execute(
      tx,
    )
  })
  return key
}

const periods = [
  ['today', 1],
  ['30 days', 30],
  ['2 years', days],
  ['one day, 60 days ago', -60],
] as const

/**
 * First page of purchases by every way to find them, over HTTP routes without the network, at a tenth of the rows and at
 * all of them; beside it the same question in bare SQL. Then the catalogue of 20,000 drugs. BENCH_DIR keeps the filled
 * database for the next run.
 */
export async function run(): Promise<void> {
  await withKernel(async (kernel, ownerUrl) => {
    const city = createCity({ seed: 7, city: '350500', startDay: dayOf(new Date()), days: 1 })
    const known = await kernel.connections.system.query('SELECT FROM pharmacy.store LIMIT 1')
    if (known.rows.length === 0) await withScope(kernel.db, systemScope, (tx) => installCity(tx, city))
    const app = await buildApp(kernel)
    const { reference } = app.modules.pharmacy.purchases
    await reference.refresh()
    const key = await readerKey(kernel)
    const stores = [...reference.stores()] as StoreRow[]
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

    const offices = [...new Set(stores.map((store) => store.areaCode))]
    const counties = [...new Set(stores.map((store) => store.county))]
    const drugIds = [...new Set(keyOf.values())]
    const someone = (round: number) => patterns[round % patterns.length]![(round * 97) % patterns[0]!.length]!
    const pick = <T>(all: readonly T[], round: number): T => all[(round * 31) % all.length]!
    const first = `ORDER BY day DESC, id DESC LIMIT 51`
    const kinds: Kind[] = [
      { name: 'city', filter: () => ({}) },
      {
        name: 'county',
        filter: (n) => ({ area: pick(counties, n) }),
        bare: (n) => [
          `SELECT * FROM pharmacy.purchase WHERE county = $1 AND day BETWEEN $2 AND $3 ${first}`,
          [pick(counties, n)],
        ],
      },
      { name: 'office', filter: (n) => ({ area: pick(offices, n) }) },
      {
        name: 'store',
        filter: (n) => ({ store: pick(stores, n).code }),
        bare: (n) => [
          `SELECT * FROM pharmacy.purchase WHERE store_code = $1 AND day BETWEEN $2 AND $3 ${first}`,
          [pick(stores, n).code],
        ],
      },
      { name: 'class', filter: () => ({ class: 'antiviral' }) },
      { name: 'class in an office', filter: (n) => ({ class: 'antiviral', area: pick(offices, n) }) },
      { name: 'symptom', filter: () => ({ symptom: 'diarrhoea' }) },
      { name: 'symptom in a county', filter: (n) => ({ symptom: 'chest-tightness', area: pick(counties, n) }) },
      { name: 'fever in a county', filter: (n) => ({ fever: true, area: pick(counties, n) }) },
      { name: 'drug', filter: (n) => ({ drugId: pick(drugIds, n) }) },
      { name: 'drug in a county', filter: (n) => ({ drugId: pick(drugIds, n), area: pick(counties, n) }) },
      { name: 'drug in a store', filter: (n) => ({ drugId: pick(drugIds, n), store: pick(stores, n).code }) },
      { name: 'corrected', filter: () => ({ status: 'corrected' }) },
      { name: 'undone in a county', filter: (n) => ({ status: 'undone', area: pick(counties, n) }) },
      {
        name: 'ID number',
        filter: (n) => ({ documentNumber: someone(n).sale.documentNumber }),
        bare: (n) => [
          `SELECT * FROM pharmacy.purchase WHERE person_index = $1 AND day BETWEEN $2 AND $3 ${first}`,
          [Buffer.from(someone(n).person, 'hex')],
        ],
      },
      { name: 'mobile', filter: (n) => ({ mobile: someone(n).sale.mobile }) },
    ]

    const measure = async () => {
      const p95 = new Map<string, number>()
      const all: number[] = []
      for (const { name, filter, bare } of kinds) {
        const times: number[] = []
        const plain: number[] = []
        for (let round = -2; round < rounds; round++)
          for (const [, span] of periods) {
            const to = span < 0 ? addDays(dayOf(new Date()), span) : dayOf(new Date())
            const from = span < 0 ? to : addDays(to, 1 - span)
            const n = Math.max(round, 0)
            const began = performance.now()
            const answer = await app.http.inject({
              method: 'POST',
              url: '/api/purchases/search',
              headers: { authorization: `Bearer ${key}` },
              payload: { filter: { from, to, ...filter(n) } },
            })
            const took = performance.now() - began
            if (answer.statusCode !== 200) throw new Error(`${name}: ${answer.body}`)
            if (round >= 0) times.push(took)
            if (!bare) continue
            const [text, values] = bare(n)
            const bareBegan = performance.now()
            await owner.purchases.query(text, [...values, from, to])
            if (round >= 0) plain.push(performance.now() - bareBegan)
          }
        times.sort((a, b) => a - b)
        plain.sort((a, b) => a - b)
        all.push(...times)
        p95.set(name, quantile(times, 0.95))
        const ratio = plain.length ? `   × ${(quantile(times, 0.5) / quantile(plain, 0.5)).toFixed(1)} of bare SQL` : ''
        console.log(
          `  ${name.padEnd(22)} p50 ${quantile(times, 0.5).toFixed(1).padStart(6)} ms   p95 ${quantile(times, 0.95).toFixed(1).padStart(6)} ms   slowest ${times.at(-1)!.toFixed(1).padStart(6)} ms${ratio}`,
        )
      }
      all.sort((a, b) => a - b)
      p95.set('all', quantile(all, 0.95))
      console.log(
        `  ${'all'.padEnd(22)} p50 ${quantile(all, 0.5).toFixed(1).padStart(6)} ms   p95 ${quantile(all, 0.95).toFixed(1).padStart(6)} ms; goal p95 < 30 ms`,
      )
      return p95
    }

    const { rows: there } = await owner.purchases.query('SELECT FROM pharmacy.purchase LIMIT 1')
    // As in a server that runs: the watch has taken in the history, and works in the background no more.
    const settled = async () => {
      await app.modules.surveillance.loop.compare()
      while (!app.modules.surveillance.loop.ready()) await new Promise((resolve) => setTimeout(resolve, 500))
    }
    const grow = async (from: number, to: number) => {
      const began = performance.now()
      let rows = 0
      await withoutIndexes(owner.purchases, async () => {
        rows = await fill(kernel, owner, patterns, { first: from, last: to, perDay })
      })
      await rollUp(owner.purchases)
      await owner.purchases.query(
        'VACUUM ANALYZE pharmacy.purchase, pharmacy.purchase_drug, pharmacy.rollup_store_day, pharmacy.rollup_county_day',
      )
      console.log(`${rows} purchases by COPY in ${((performance.now() - began) / 1000).toFixed(0)} s`)
    }
    if (there.length > 0) {
      console.log('the database of the last run; each place and person asked for the first time')
      await settled()
      await measure()
      console.log('the same again: what a running server has in memory')
      await measure()
    } else {
      await grow(0, days / 10)
      console.log(`${perDay * (days / 10)} purchases, ${days / 10} days`)
      await settled()
      const small = await measure()
      await grow(days / 10, days)
      console.log(`${perDay * days} purchases, ${days} days`)
      await settled()
      const large = await measure()
      const growth = [...large].map(([name, ms]) => `${name} × ${(ms / small.get(name)!).toFixed(2)}`)
      console.log(`p95 at ten times the history: ${growth.join(', ')}; goal ≤ × 1.2`)
    }
    await owner.purchases.end()
    await owner.items.end()
    await app.close()
  }, process.env.BENCH_DIR)
  await drugSearch()
}
