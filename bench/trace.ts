import type { ColdTrace } from '@vigil/contract'
import pg from 'pg'
import { buildApp } from '../packages/server/src/app.ts'
import type { OpenKernel } from '../packages/server/src/kernel/open.ts'
import { quantile, withKernel } from './environment.ts'
import { keyOf } from './epcis.ts'
import { eventsOfLarge, fillTrade, installHolders } from './trace.fill.ts'
import type { Filled } from './trace.ledger.ts'

const total = Number(process.env.BENCH_ROWS ?? 10_000_000)
const rounds = Number(process.env.BENCH_ROUNDS ?? 60)
const larges = 4

interface Start {
  readonly id: string
  readonly uri: string
}

/** Lots to ask for: large imports and what came last of them, ordinary ones spread over the whole history. */
async function starts(owner: pg.Client): Promise<Record<'large' | 'end' | 'ordinary' | 'made', Start[]>> {
  const ask = async (text: string) => (await owner.query<Start>(text)).rows
  const big = `SELECT l.id, l.uri FROM coldchain.lot l WHERE l.kind = 'imported' AND l.id < '01930003-0000-7000-8000-000000001000'
    AND (SELECT count(*) FROM coldchain.lot_root r WHERE r.root_id = l.id) > 500`
  const spread = (
    kind: string,
  ) => `SELECT id, uri FROM coldchain.lot WHERE kind = '${kind}' AND id > '01930003-0000-7000-8000-000000001000'
    AND abs(hashtext(id::text)) % greatest(1, (SELECT reltuples FROM pg_class WHERE oid = 'coldchain.lot'::regclass)::int / 5000) = 0 LIMIT 500`
  const large = await ask(big)
  const end =
    await ask(`SELECT DISTINCT ON (r.root_id) l.id, l.uri FROM coldchain.lot_root r JOIN coldchain.lot l ON l.id = r.lot_id
    WHERE r.root_id = ANY('{${large.map(({ id }) => id).join(',')}}') ORDER BY r.root_id, l.id DESC`)
  return { large, end, ordinary: await ask(spread('imported')), made: await ask(spread('made')) }
}

/** Takes the indexes of what is filled away for `work`, unique ones too, and makes them again: faster than row by row. */
async function withoutIndexes(owner: pg.Client, work: () => Promise<void>): Promise<void> {
  const { rows } = await owner.query<{ drop: string; make: string }>(`
    SELECT CASE WHEN c.oid IS NULL THEN format('DROP INDEX %s', i.indexrelid::regclass)
        ELSE format('ALTER TABLE %s DROP CONSTRAINT %I', i.indrelid::regclass, c.conname) END AS drop,
      CASE WHEN c.oid IS NULL THEN pg_get_indexdef(i.indexrelid)
        ELSE format('ALTER TABLE %s ADD CONSTRAINT %I %s', i.indrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) END AS make
    FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u'
    WHERE NOT i.indisprimary AND i.indrelid = ANY('{epcis.event,epcis.thing,epcis.fact,coldchain.lot,coldchain.lot_root,coldchain.movement,
      coldchain.balance,coldchain.flow,coldchain.dispatch,coldchain.sample,coldchain.box}'::regclass[])`)
  for (const { drop } of rows) await owner.query(drop)
  await work()
  await owner.query(`SET maintenance_work_mem = '1GB'`)
  for (const { make } of rows) await owner.query(make)
}

/** Fills up to so many events, and leaves the tables as a server finds them. */
async function grow(owner: pg.Client, url: string, events: number): Promise<void> {
  const { rows } = await owner.query<Filled>(
    `SELECT (SELECT coalesce(max(seq), 0) FROM epcis.event) AS seq, (SELECT count(*) FROM coldchain.lot) AS lots`,
  )
  const from = { seq: Number(rows[0]!.seq), lots: Number(rows[0]!.lots) }
  if (from.seq >= events) return
  const began = performance.now()
  const counties = await owner.query<{ code: string; path: string }>(
    `SELECT code, path FROM area.area WHERE length(code) = 6 AND path LIKE '/350000/350500/______/' ORDER BY code`,
  )
  const holders = await installHolders(owner, counties.rows)
  const pool = new pg.Pool({ connectionString: url, max: 4 })
  await withoutIndexes(owner, async () => {
    await fillTrade(pool, holders, { from, events: events - from.seq, larges: from.seq === 0 ? larges : 0 })
  })
  await pool.end()
  await owner.query(`SELECT setval(pg_get_serial_sequence('epcis.event', 'seq'), (SELECT max(seq) FROM epcis.event))`)
  await owner.query('VACUUM ANALYZE')
  console.log(`${events} events by COPY in ${((performance.now() - began) / 1000).toFixed(0)} s`)
}

/**
 * What became of a lot and where it came from, a recall of one with 10,000 steps behind it, and the events of a lot, over the
 * routes without the network, at a tenth of the events and at all of them. BENCH_ROWS events (10 million), BENCH_DIR keeps the
 * filled database for the next run.
 */
export async function run(): Promise<void> {
  if (total < 600_000)
    throw new Error('BENCH_ROWS must be 600000 or more: a tenth of them holds the large imports, and ordinary ones')
  await withKernel(async (kernel: OpenKernel, ownerUrl) => {
    const app = await buildApp(kernel)
    const key = await keyOf(kernel, ['city-director', 'epcis-api'])
    const owner = new pg.Client(ownerUrl)
    // When the work fails the server is stopped first: that must not hide why.
    owner.on('error', () => undefined)
    await owner.connect()
    const call = async (method: 'GET' | 'POST', url: string, payload?: object): Promise<number> => {
      const began = performance.now()
      const headers = { authorization: `Bearer ${key}` }
      const answer = await app.http.inject({ method, url, headers, ...(payload && { payload }) })
      const took = performance.now() - began
      if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.body.slice(0, 500)}`)
      return took
    }
    const trace = (direction: string, { uri }: Start) =>
      call('GET', `/api/coldchain/trace?direction=${direction}&code=${encodeURIComponent(uri)}`)
    /** A trace in one answer is all of it: as many lots, ways and grams as the tables have. */
    const complete = async ({ id, uri }: Start) => {
      const url = `/api/coldchain/trace?direction=forward&code=${encodeURIComponent(uri)}`
      const answer = await app.http.inject({ method: 'GET', url, headers: { authorization: `Bearer ${key}` } })
      const { lots, flows, ways, stock, cut } = answer.json<ColdTrace>()
      const sum = (all: readonly number[]) => all.reduce((total, grams) => total + grams, 0)
      const shown = [
        lots.length,
        flows.from.length,
        ways.lot.length,
        sum(ways.grams),
        stock.lot.length,
        sum(stock.grams),
      ]
      const { rows } = await owner.query<{ kept: number[] }>(
        `SELECT ARRAY[(SELECT count(*) FROM coldchain.lot_root WHERE root_id = $1),
          (SELECT count(*) FROM coldchain.flow f JOIN coldchain.lot_root r ON r.lot_id = f.from_lot WHERE root_id = $1 AND to_lot IS NOT NULL),
          count(*), sum(d.grams), (SELECT count(*) FROM coldchain.balance b JOIN coldchain.lot_root r USING (lot_id) WHERE root_id = $1 AND grams > 0),
          (SELECT sum(grams) FROM coldchain.balance b JOIN coldchain.lot_root r USING (lot_id) WHERE root_id = $1)]::float8[] AS kept
         FROM coldchain.dispatch d JOIN coldchain.lot_root r USING (lot_id) WHERE root_id = $1`,
        [id],
      )
      if (cut || shown.join() !== rows[0]!.kept.join())
        throw new Error(`trace of ${uri}: ${shown}, not ${rows[0]!.kept}`)
      return `${lots.length} lots, ${ways.lot.length} ways sent and received, ${(answer.body.length / 1000).toFixed(0)} kB`
    }
    const recall = ({ id }: Start) =>
      call('POST', '/api/coldchain/recalls', { kind: 'mock', reason: '演练', orderedBy: 'bench', lotIds: [id] })

    const measure = async () => {
      const from = await starts(owner)
      console.log(`  forward, large, in one answer: ${await complete(from.large[0]!)}`)
      const kinds = [
        ['forward, large', 50, (n: number) => trace('forward', from.large[n % from.large.length]!)],
        ['backward, large', 50, (n: number) => trace('backward', from.end[n % from.end.length]!)],
        ['forward', 50, (n: number) => trace('forward', from.ordinary[n % from.ordinary.length]!)],
        ['backward', 50, (n: number) => trace('backward', from.made[n % from.made.length]!)],
        [
          'events of a lot',
          50,
          (n: number) => call('GET', `/epcis/events?MATCH_anyEPCClass=${from.made[n % from.made.length]!.uri}`),
        ],
        ['recall, large', 500, (n: number) => recall(from.large[n % from.large.length]!)],
      ] as const
      const p95 = new Map<string, number>()
      for (const [name, goal, work] of kinds) {
        const times: number[] = []
        const count = goal === 500 ? Math.min(rounds, 20) : rounds
        for (let n = -3; n < count; n++) {
          const took = await work(Math.max(n, 0))
          if (n >= 0) times.push(took)
        }
        times.sort((a, b) => a - b)
        p95.set(name, quantile(times, 0.95))
        console.log(
          `  ${name.padEnd(18)} p50 ${quantile(times, 0.5).toFixed(1).padStart(7)} ms   p95 ${p95.get(name)!.toFixed(1).padStart(7)} ms   slowest ${times.at(-1)!.toFixed(1).padStart(7)} ms; goal p95 < ${goal} ms`,
        )
      }
      return p95
    }
    const { rows } = await owner.query<{ seq: string }>('SELECT coalesce(max(seq), 0) AS seq FROM epcis.event')
    const small = Number(rows[0]!.seq) > total / 10 ? null : await at(total / 10)
    const large = await at(total)
    if (small) {
      const growth = [...large].map(([name, ms]) => `${name} × ${(ms / small.get(name)!).toFixed(2)}`)
      console.log(`p95 at ten times the history: ${growth.join(', ')}; goal ≤ × 1.3`)
    }
    async function at(events: number) {
      await grow(owner, ownerUrl, events)
      console.log(`${events} events; ${larges} imports of ${eventsOfLarge}`)
      return measure()
    }
    await owner.end()
    await app.close()
  }, process.env.BENCH_DIR)
}
