import { loadavg } from 'node:os'
import { addDays, type Day, dayOf } from '@vigil/codes'
import type { OpenKernel } from '../packages/server/src/kernel/open.ts'
import { openPharmacy } from '../packages/server/src/modules/pharmacy/index.ts'
import { openSurveillance } from '../packages/server/src/modules/surveillance/index.ts'
import { withKernel } from './environment.ts'

const offices = 287
const stores = 2700
const days = 400
const counties = 13
const noon = new Date('2026-11-18T04:00:00Z')

const seconds = (since: number) => (performance.now() - since) / 1000
const say = (text: string) => console.log(`${text} (load ${loadavg()[0]!.toFixed(1)})`)

/** Offices and stores under the counties of the city, as even as they come. */
async function fillPlaces({ connections: { system } }: OpenKernel): Promise<void> {
  await system.query(`
    WITH c AS (SELECT code, path, row_number() OVER (ORDER BY code) - 1 AS n FROM area.area WHERE parent = '350500' AND level = 'county' ORDER BY code LIMIT ${counties})
    INSERT INTO area.area (code, name, level, parent, path, standard)
    SELECT c.code || 'S' || lpad(i::text, 3, '0'), '所' || i, 'office', c.code, c.path || c.code || 'S' || lpad(i::text, 3, '0') || '/', false
    FROM generate_series(0, ${offices - 1}) i JOIN c ON c.n = i % ${counties}`)
  await system.query(`
    WITH o AS (SELECT code, parent, path, row_number() OVER (ORDER BY code) - 1 AS n FROM area.area WHERE level = 'office')
    INSERT INTO pharmacy.store (code, name, address, county, area_code, path)
    SELECT 'B-' || lpad(i::text, 5, '0'), '药店' || i, '路', o.parent, o.code, o.path || 'B-' || lpad(i::text, 5, '0') || '/'
    FROM generate_series(0, ${stores - 1}) i JOIN o ON o.n = i % ${offices}`)
}

/** Rollups of all stores for some days, around a mean of their own with a rhythm of weeks. */
async function fillRollups({ connections: { system } }: OpenKernel, from: Day, count: number): Promise<void> {
  for (let at = 0; at < count; at += 20) {
    const first = addDays(from, at)
    const last = addDays(from, Math.min(count, at + 20) - 1)
    await system.query(
      `WITH base AS (
         SELECT s.county, s.code, s.path, d::date AS day, 1 + hashtext(s.code)::bit(4)::int * (CASE WHEN extract(isodow FROM d) > 5 THEN 0.7 ELSE 0.5 END) AS mean
         FROM pharmacy.store s, generate_series($1::date, $2::date, '1 day') d
       ), drawn AS (
         SELECT county, code, path, day, round(mean * 0.5 * (random() + random() + random() + random()))::int AS a,
           round(mean * 0.3 * (random() + random() + random() + random()))::int AS b, round(mean * 0.3 * (random() + random() + random() + random()))::int AS c,
           round(mean * 0.1 * (random() + random() + random() + random()))::int AS e FROM base
       )
       INSERT INTO pharmacy.rollup_store_day (county, store_code, path, class, day, purchases, buyers, units, fever)
       SELECT county, code, path, v.class, day, v.n, 0, 0, 0 FROM drawn,
         LATERAL (VALUES ('antipyretic', a), ('cough', b), ('antibiotic', c), ('antiviral', e), ('all', a + b + c + e)) v(class, n)`,
      [first, last],
    )
  }
  await system.query(
    `INSERT INTO pharmacy.rollup_county_day (county, path, class, day, slot, purchases, buyers, units, fever)
     SELECT r.county, a.path, r.class, r.day, 0, sum(r.purchases), 0, 0, 0 FROM pharmacy.rollup_store_day r JOIN area.area a ON a.code = r.county
     WHERE r.day BETWEEN $1 AND $2 GROUP BY 1, 2, 3, 4`,
    [from, addDays(from, count - 1)],
  )
}

/** State of 3,000 areas × 5 classes: 400 days from scratch, the next day, one sale. */
export async function run(): Promise<void> {
  await withKernel(async (open) => {
    let now = noon
    const kernel = { ...open, clock: { now: () => now } }
    const today = dayOf(now)
    let started = performance.now()
    await fillPlaces(kernel)
    await fillRollups(kernel, addDays(today, -days), days)
    await kernel.connections.system.query('ANALYZE pharmacy.rollup_store_day')
    say(`filled ${stores} stores × ${days} days in ${seconds(started).toFixed(0)} s`)
    const pharmacy = await openPharmacy(kernel, console.error)
    const hooks = { onEvaluated: async () => undefined }
    const watch = openSurveillance(kernel, pharmacy.purchases, hooks, console.error, 0)
    started = performance.now()
    await watch.loop.tick()
    say(
      `from scratch, ${stores + offices + counties} areas × 5 classes × ${days} days: ${seconds(started).toFixed(1)} s`,
    )
    for (let next = 0; next < 3; next++) {
      await fillRollups(kernel, dayOf(now), 1)
      now = new Date(now.getTime() + 86_400_000)
      started = performance.now()
      await watch.loop.tick()
      say(`the next day, all areas: ${seconds(started).toFixed(2)} s`)
    }
    await kernel.connections.system.query(
      `INSERT INTO pharmacy.rollup_store_day AS r SELECT county, code, path, 'all', $1, 1, 0, 0, 0 FROM pharmacy.store WHERE code = 'B-00001'`,
      [dayOf(now)],
    )
    watch.loop.mark('B-00001', 1)
    started = performance.now()
    await watch.loop.tick()
    say(`one sale: ${(1000 * seconds(started)).toFixed(0)} ms`)
    started = performance.now()
    await watch.loop.compare()
    say(`comparison of all sums with the rollups: ${(1000 * seconds(started)).toFixed(0)} ms`)
    const { rows } = await kernel.connections.system.query<{ rows: number; bytes: number }>(
      `SELECT count(*)::int AS rows, pg_total_relation_size('surveillance.month') AS bytes FROM surveillance.month`,
    )
    say(
      `kept: ${rows[0]!.rows.toLocaleString()} months, ${(rows[0]!.bytes / 1e6).toFixed(0)} MB; memory ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`,
    )
    await watch.close()
    await pharmacy.close()
  })
}
