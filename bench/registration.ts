import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { dayOf, uuidv7 } from '@vigil/codes'
import { createCity, drugs } from '@vigil/simulate'
import { sql } from 'kysely'
import pg from 'pg'
import { buildApp } from '../packages/server/src/app.ts'
import { insertClinics, insertOffices, insertStores } from '../packages/server/src/demo/city.ts'
import { hashToken, newApiKey } from '../packages/server/src/kernel/access/token.ts'
import { systemScope, withScope } from '../packages/server/src/kernel/db/index.ts'
import type { OpenKernel } from '../packages/server/src/kernel/open.ts'
import { quantile, withKernel } from './environment.ts'
import type { LoadResult } from './load.ts'

const seconds = Number(process.env.BENCH_SECONDS ?? 10)
const callers = 32

/** A city with all its stores, and a key of a chain that may register for all of them. */
export async function prepare(
  kernel: OpenKernel,
  stores?: number,
): Promise<{ key: string; storeCodes: string[]; drugIds: Record<string, string> }> {
  const day = dayOf(new Date())
  const city = createCity({ seed: 7, city: '350500', startDay: day, days: 1, ...(stores && { stores }) })
  const key = newApiKey()
  return withScope(kernel.db, systemScope, async (tx) => {
    await insertOffices(tx, city)
    await insertStores(tx, city)
    await insertClinics(tx, city)
    await sql`INSERT INTO pharmacy.duty (id, area_code, path, classes, valid_from) SELECT ${uuidv7()}, code, path, ARRAY['antipyretic', 'cough', 'antibiotic', 'antiviral'], '2020-01-01' FROM area.area WHERE code = '350500'`.execute(
      tx,
    )
    const id = uuidv7()
    await sql`INSERT INTO access.api_key (id, name, prefix, key_hash, path, created_by, expires_at) SELECT ${id}, 'bench', 'vgl_bench', ${hashToken(key)}, path, ${uuidv7()}, now() + interval '1 day' FROM area.area WHERE code = '350500'`.execute(
      tx,
    )
    await sql`INSERT INTO access.grant (id, api_key_id, role_code, area_code, path) SELECT ${uuidv7()}, ${id}, 'chain-api', code, path FROM area.area WHERE code = '350500'`.execute(
      tx,
    )
    const { rows } = await sql<{
      id: string
      generic: string
      form: string
      strength: string
    }>`SELECT id, generic, form, strength FROM pharmacy.drug`.execute(tx)
    const byName = new Map(rows.map((row) => [`${row.generic}|${row.form}|${row.strength}`, row.id]))
    const drugIds = Object.fromEntries(
      drugs.map((drug) => [drug.key, byName.get(`${drug.genericName}|${drug.form}|${drug.strength}`)!]),
    )
    return { key, storeCodes: city.stores.map((store) => store.code), drugIds }
  })
}

/** Registers from a process of its own. @param options seconds, and registrations a second: 0 for as many as are answered */
export async function overHttp(
  port: number,
  connections: number,
  setup: Awaited<ReturnType<typeof prepare>>,
  { duration = seconds, rate = 0 } = {},
): Promise<LoadResult> {
  const child = fork(join(import.meta.dirname, 'load.worker.ts'))
  child.send({ port, connections, seconds: duration, rate, day: dayOf(new Date()), ...setup })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the load process ended with ${code}`)
  })
  const [result] = (await Promise.race([once(child, 'message'), ended])) as [LoadResult]
  ended.catch(() => undefined)
  return result
}

/** The bare engine: one prepared INSERT of one row into the same table per call, 32 callers, nothing else. */
async function bare(ownerUrl: string): Promise<{ perSecond: number; p99: number }> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: callers })
  const sealed = randomBytes(330)
  const drug = uuidv7()
  const times: number[] = []
  const insert = async () => {
    const now = new Date()
    const began = performance.now()
    await pool.query({
      name: 'bare',
      text: `INSERT INTO pharmacy.purchase (id, county, store_code, area_code, path, sold_at, day, received_at, document_type, person_index, mobile_index, key_month, sealed,
        classes, units, symptoms, temperature_tenths, fever, clinic_ids, proxy, offline, account_id, digest, drug_ids, drug_classes, quantities)
        VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26)`,
      values: [
        uuidv7(),
        '350582',
        '3505820001',
        '350582S01',
        '/350000/350500/350582/350582S01/3505820001/',
        now,
        dayOf(now),
        now,
        'citizen-id',
        randomBytes(16),
        randomBytes(16),
        dayOf(now).slice(0, 7),
        sealed,
        ['antipyretic'],
        1,
        ['fever'],
        368,
        true,
        [],
        false,
        false,
        null,
        randomBytes(16),
        [drug],
        ['antipyretic'],
        [1],
      ],
    })
    times.push(performance.now() - began)
  }
  const end = performance.now() + seconds * 1000
  const began = performance.now()
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < end) await insert()
    }),
  )
  const elapsed = (performance.now() - began) / 1000
  await pool.end()
  times.sort((a, b) => a - b)
  return { perSecond: times.length / elapsed, p99: quantile(times, 0.99) }
}

const line = (name: string, perSecond: number, p99: number, ratio?: number) =>
  console.log(
    `${name.padEnd(44)} ${perSecond.toFixed(0).padStart(8)}/s   p99 ${p99.toFixed(1).padStart(7)} ms${ratio === undefined ? '' : `   × ${ratio.toFixed(2)} of bare`}`,
  )

/**
 * Registration over HTTP, full path (validated, encrypted, audited, rolled up, committed), beside one-row prepared INSERTs
 * into the same table in the same run. Client, server and PostgreSQL share the machine.
 */
export async function run(): Promise<void> {
  await withKernel(async (kernel, ownerUrl) => {
    const setup = await prepare(kernel)
    const app = await buildApp(kernel)
    await app.http.listen({ port: 0, host: '127.0.0.1' })
    const address = app.http.server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await overHttp(port, 16, setup, { duration: 3 })
    const base = await bare(ownerUrl)
    line(`bare one-row INSERT, ${callers} callers`, base.perSecond, base.p99)
    for (const connections of [64, 256]) {
      const before = process.cpuUsage()
      const result = await overHttp(port, connections, setup)
      const cpu = process.cpuUsage(before)
      line(
        `registration over HTTP, ${connections} connections`,
        result.perSecond,
        result.p99,
        result.perSecond / base.perSecond,
      )
      const perRow = (cpu.user + cpu.system) / result.requests
      console.log(`  server CPU ${perRow.toFixed(0)} µs a registration, ${result.failed} failed of ${result.requests}`)
      const half = await overHttp(port, connections, setup, { rate: result.perSecond / 2 })
      line(`  at half that rate, goal p99 < 50 ms`, half.perSecond, half.p99)
    }
    await app.close()
  })
}
