import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { withKernel } from './environment.ts'
import { fillPurchases } from './export.data.ts'
import type { ExportJob, ExportMeasured } from './export.job.ts'

const rows = Number(process.env.BENCH_ROWS ?? 552_000)
/** The other library writes so slowly that a part of the rows must do; its time grows with them evenly. */
const excelRows = Math.min(rows, Number(process.env.BENCH_EXCEL_ROWS ?? 100_000))
const rounds = Number(process.env.BENCH_ROUNDS ?? 2)

/** Each measurement in a process of its own, so that its memory is nobody else's. */
async function measure(job: ExportJob): Promise<ExportMeasured> {
  // With the limit of the young heap that `npm start` sets.
  const child = fork(join(import.meta.dirname, 'export.worker.ts'), { execArgv: ['--max-semi-space-size=8'] })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the export process ended with ${code}`)
  })
  child.send(job)
  const [result] = (await Promise.race([once(child, 'message'), ended])) as [ExportMeasured]
  await ended.catch(() => undefined)
  return result
}

/** Seconds of COPY TO of a bare copy of the table of purchases: no index, no wall, as it is stored. */
async function bareCopy(client: pg.Client): Promise<number> {
  const began = performance.now()
  await pipeline(
    client.query(copyTo('COPY bare_purchase TO STDOUT (FORMAT csv)')),
    new Writable({ write: (_chunk, _encoding, done) => done() }),
  )
  return (performance.now() - began) / 1000
}

/** Installs what the bench compares with beside itself, outside the product's own tree. */
function ensureExcel(): void {
  if (existsSync(join(import.meta.dirname, 'node_modules/exceljs'))) return
  execFileSync(
    'npm',
    ['install', '--prefix', import.meta.dirname, '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts'],
    {
      stdio: 'inherit',
    },
  )
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const line = (name: string, perSecond: number, note = '') =>
  console.log(`${name.padEnd(46)} ${perSecond.toFixed(0).padStart(8)} rows/s   ${note}`)
const megabytes = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(0)} MB`
const memory = ({ rss, idle, cpu, rows: made }: ExportMeasured) =>
  `peak ${megabytes(rss)} (idle ${megabytes(idle)}), ${((cpu / made) * 1e6).toFixed(1)} µs of processor a row`

/**
 * Export of all purchases by the whole path (read by area, decrypted, masked, written, hashed, encrypted on the disk,
 * traced), beside COPY TO of the same rows from a bare table and beside exceljs' streaming writer, in the same run. Our writer is also
 * measured alone, as exceljs is.
 */
export async function run(): Promise<void> {
  ensureExcel()
  await withKernel(async (kernel, ownerUrl) => {
    const made = await fillPurchases(kernel, ownerUrl, rows)
    console.log(`${made.count} purchases of ${made.from} to ${made.to}`)
    const client = new pg.Client({ connectionString: ownerUrl })
    await client.connect()
    await client.query('CREATE TABLE bare_purchase AS SELECT * FROM pharmacy.purchase')
    await client.query('VACUUM (ANALYZE) bare_purchase')
    await bareCopy(client)
    const job = { ownerUrl, dataDir: kernel.config.dataDir, filter: { from: made.from, to: made.to }, rows: excelRows }
    const copies: number[] = []
    const csv: ExportMeasured[] = []
    for (let round = 0; round < rounds; round++) {
      copies.push(await bareCopy(client))
      csv.push(await measure({ ...job, format: 'csv', template: false }))
      copies.push(await bareCopy(client))
    }
    const bare = made.count / mean(copies)
    line('bare COPY TO (CSV)', bare)
    for (const one of csv)
      line('CSV', one.rows / one.seconds, `× ${(one.rows / one.seconds / bare).toFixed(2)} of bare, ${memory(one)}`)
    const excel = await measure({ ...job, format: 'exceljs', template: false })
    const theirs = excel.rows / excel.seconds
    line(`exceljs 4.4.0, ${excel.rows} rows from memory`, theirs, memory(excel))
    const writer = await measure({ ...job, format: 'writer', template: false })
    const written = writer.rows / writer.seconds
    line(
      'our writer, the same rows from memory',
      written,
      `× ${(written / theirs).toFixed(1)} of exceljs, ${memory(writer)}`,
    )
    for (const template of [false, true]) {
      const one = await measure({ ...job, format: 'xlsx', template })
      const name = template ? 'XLSX by the shipped template, a row per drug' : 'XLSX'
      line(name, one.rows / one.seconds, `× ${(one.rows / one.seconds / theirs).toFixed(1)} of exceljs, ${memory(one)}`)
    }
    await client.end()
  })
}
