import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { installCity } from '../packages/server/src/demo/city.ts'
import { systemScope, withScope } from '../packages/server/src/kernel/db/index.ts'
import type { OpenKernel } from '../packages/server/src/kernel/open.ts'
import { withKernel } from './environment.ts'
import { copyOnce } from './import.copy.ts'
import { cityOf } from './import.data.ts'
import type { Measured, Order } from './import.worker.ts'

const rows = Number(process.env.BENCH_ROWS ?? 552_000)
const sheetRows = Math.min(rows, 100_000)
/** Writes a file in a process of its own, so that the memory it takes is not counted as the import's. */
async function make(path: string, count: number): Promise<void> {
  const [code] = await once(
    fork(join(import.meta.dirname, 'import.data.ts'), [path, String(count), String(rows)]),
    'exit',
  )
  if (code !== 0) throw new Error(`writing ${path} ended with ${code}`)
}

/** One import in a server process of its own, so that the memory is the import's and the server's alone. */
async function importOnce(kernel: OpenKernel, ownerUrl: string, path: string): Promise<Measured> {
  // With the limit of the young heap that `npm start` sets.
  const child = fork(join(import.meta.dirname, 'import.worker.ts'), { execArgv: ['--max-semi-space-size=8'] })
  const order: Order = { path, ownerUrl, dataDir: kernel.config.dataDir }
  child.send(order)
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the import process ended with ${code}`)
  })
  const [result] = (await Promise.race([once(child, 'message'), ended])) as [Measured]
  await ended.catch(() => undefined)
  return result
}

const tell = (name: string, count: number, { seconds, before, rss, cpu, fresh, unchanged, refused }: Measured) =>
  console.log(
    `${name.padEnd(34)} ${seconds.toFixed(1).padStart(6)} s ${(count / seconds).toFixed(0).padStart(7)} rows/s  peak RSS ${(rss / 1e6).toFixed(0)} MB (before ${(before / 1e6).toFixed(0)})  CPU ${cpu.toFixed(1)} s  (${fresh} new, ${unchanged} there already, ${refused} refused)`,
  )

/**
 * Import of a chain's file from the upload to the last commit (stored encrypted, checked by the rules of the counter,
 * sealed, indexed, rolled up, audited), beside COPY of the same rows of pharmacy.purchase into a bare copy of that table in
 * the same run. Client, server and PostgreSQL share the machine.
 */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vigil-bench-import-'))
  try {
    await withKernel(async (kernel, ownerUrl) => {
      await withScope(kernel.db, systemScope, (tx) => installCity(tx, cityOf(rows)))
      const csv = join(folder, 'sales.csv')
      const sheet = join(folder, 'sales.xlsx')
      await make(csv, rows)
      await make(sheet, sheetRows)
      console.log(`${rows} rows, ${(statSync(csv).size / 1e6).toFixed(0)} MB CSV`)
      const first = await importOnce(kernel, ownerUrl, csv)
      tell('import CSV', rows, first)
      const pool = new pg.Pool({ connectionString: ownerUrl, max: 2 })
      const copied = await copyOnce(pool, folder)
      await pool.end()
      console.log(
        `${'COPY into a bare copy of the table'.padEnd(34)} ${copied.seconds.toFixed(1).padStart(6)} s ${(copied.rows / copied.seconds).toFixed(0).padStart(7)} rows/s`,
      )
      const ratio = rows / first.seconds / (copied.rows / copied.seconds)
      console.log(`import is × ${ratio.toFixed(2)} of COPY`)
      tell('the same file again', rows, await importOnce(kernel, ownerUrl, csv))
      tell(`XLSX of ${sheetRows} rows, there already`, sheetRows, await importOnce(kernel, ownerUrl, sheet))
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
