import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { permissionNames } from '@vigil/contract'
import pg from 'pg'
import { from, to } from 'pg-copy-streams'
import { type App, buildApp } from '../packages/server/src/app.ts'
import { createApiKey } from '../packages/server/src/kernel/access/api-key.service.ts'
import { createAccount, systemCaller } from '../packages/server/src/kernel/access/index.ts'
import { systemScope, withScope } from '../packages/server/src/kernel/db/index.ts'
import type { OpenKernel } from '../packages/server/src/kernel/open.ts'
import { withKernel } from './environment.ts'
import type { Measured, Order } from './epcis.worker.ts'

const bulk = Number(process.env.BENCH_EVENTS ?? 50_000)
const single = Math.min(bulk, 10_000)
const perDocument = 5_000
const callers = 64
const steps = ['receiving', 'storing', 'inspecting', 'packing', 'shipping']

/** A step of a box of a lot: a thing, a lot with a mass, places, a document and two parties. */
const event = (serial: number) => ({
  type: 'ObjectEvent',
  eventTime: new Date(Date.UTC(2026, 0, 1) + serial * 1000).toISOString(),
  eventTimeZoneOffset: '+08:00',
  action: 'OBSERVE',
  bizStep: steps[serial % steps.length],
  disposition: 'in_progress',
  epcList: [`https://id.gs1.org/01/04012345111118/21/${serial.toString(36)}`],
  quantityList: [{ epcClass: `https://id.gs1.org/01/04012345111118/10/L${serial % 500}`, quantity: 12.5, uom: 'KGM' }],
  readPoint: { id: `urn:epc:id:sgln:4012345.0000${serial % 9}.0` },
  bizLocation: { id: `urn:epc:id:sgln:4012345.0000${serial % 9}.0` },
  bizTransactionList: [{ type: 'desadv', bizTransaction: `urn:epcglobal:cbv:bt:4012345000009:${serial % 5000}` }],
  sourceList: [{ type: 'owning_party', source: 'urn:epc:id:pgln:4012345.00001' }],
  destinationList: [{ type: 'owning_party', destination: 'urn:epc:id:pgln:4012345.00002' }],
})
const context = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'
const documentOf = (first: number, count: number) =>
  JSON.stringify({
    '@context': [context],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-01-01T00:00:00Z',
    epcisBody: { eventList: Array.from({ length: count }, (_, i) => event(first + i)) },
  })

const tell = (name: string, count: number, seconds: number, more = '') =>
  console.log(
    `${name.padEnd(46)} ${seconds.toFixed(2).padStart(7)} s ${(count / seconds).toFixed(0).padStart(7)} events/s  ${more}`,
  )

async function captureBulk(app: App, url: string, key: string): Promise<number> {
  const documents = Array.from({ length: Math.ceil(bulk / perDocument) }, (_, i) =>
    documentOf(i * perDocument, perDocument),
  )
  const began = performance.now()
  for (const body of documents) {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const response = await fetch(`${url}/epcis/capture`, { method: 'POST', headers, body })
    if (response.status !== 202) throw new Error(await response.text())
  }
  await app.modules.epcis.jobs.tick()
  const jobs = await fetch(`${url}/epcis/capture?perPage=1000`, { headers: { authorization: `Bearer ${key}` } })
  const failed = ((await jobs.json()) as { success: boolean }[]).find(({ success }) => !success)
  if (failed) throw new Error(JSON.stringify(failed).slice(0, 500))
  return (performance.now() - began) / 1000
}

async function captureSingle(url: string, key: string): Promise<Measured> {
  const bodies = Array.from({ length: single }, (_, i) =>
    JSON.stringify({ '@context': context, ...event(10_000_000 + i) }),
  )
  const child = fork(join(import.meta.dirname, 'epcis.worker.ts'))
  const order: Order = { url: `${url}/epcis/events`, key, bodies, callers }
  child.send(order)
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the client ended with ${code}`)
  })
  const [result] = (await Promise.race([once(child, 'message'), ended])) as [Measured]
  await ended.catch(() => undefined)
  return result
}

/** COPY of the same rows into bare copies of the three tables with their indexes. @returns seconds */
async function copyOnce(pool: pg.Pool, folder: string): Promise<number> {
  let seconds = 0
  await pool.query('CREATE SCHEMA bare')
  for (const table of ['event', 'thing', 'fact']) {
    const path = join(folder, `${table}.copy`)
    const client = await pool.connect()
    await pipeline(
      client.query(to(`COPY (SELECT * FROM epcis.${table} ORDER BY seq) TO STDOUT`)),
      createWriteStream(path),
    )
    await client.query(
      `CREATE TABLE bare.${table} (LIKE epcis.${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)`,
    )
    await client.query('CHECKPOINT')
    const began = performance.now()
    await pipeline(
      createReadStream(path, { highWaterMark: 1 << 18 }),
      client.query(from(`COPY bare.${table} FROM STDIN`)),
    )
    seconds += (performance.now() - began) / 1000
    client.release()
  }
  return seconds
}

/** A program's key for the whole city with these roles. */
export async function keyOf(kernel: OpenKernel, roleCodes: readonly string[]): Promise<string> {
  const viewing = [{ roleCode: 'viewer', areaCode: '350500' }]
  const account = {
    username: `bench-${Date.now()}`,
    displayName: 'bench',
    grants: viewing,
    password: 'not used here',
    now: new Date(),
  }
  const { id } = await withScope(kernel.db, systemScope, (tx) => createAccount(tx, account))
  const director = { ...systemCaller('bench', permissionNames), kind: 'account', id } as const
  const grants = roleCodes.map((roleCode) => ({ roleCode, areaCode: '350500' }))
  return (await createApiKey(kernel, director, { name: 'bench', grants, days: 1 })).key
}

/**
 * Capture of events over HTTP until they are committed and found: documents of 5,000, and one a request by 64 callers; beside COPY
 * of the same rows into bare copies of the tables in the same run. Client, server and PostgreSQL share the machine.
 */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vigil-bench-epcis-'))
  try {
    await withKernel(async (kernel: OpenKernel, ownerUrl) => {
      const app = await buildApp(kernel)
      await app.http.listen({ port: 0, host: '127.0.0.1' })
      const url = `http://127.0.0.1:${(app.http.server.address() as AddressInfo).port}`
      const key = await keyOf(kernel, ['epcis-api'])
      const seconds = await captureBulk(app, url, key)
      tell(`capture of documents of ${perDocument}`, bulk, seconds)
      const pool = new pg.Pool({ connectionString: ownerUrl, max: 2 })
      const copied = await copyOnce(pool, folder)
      await pool.end()
      tell('COPY into bare copies of the tables', bulk, copied)
      console.log(`capture is × ${(copied / seconds).toFixed(2)} of COPY`)
      const one = await captureSingle(url, key)
      tell(
        `one event a request, ${callers} callers`,
        single,
        one.seconds,
        `p50 ${one.p50.toFixed(0)} ms  p99 ${one.p99.toFixed(0)} ms`,
      )
      await app.close()
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
