import { createWriteStream } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readConfig } from '../packages/server/src/kernel/config.ts'
import { readSnapshot, systemScope, withScope } from '../packages/server/src/kernel/db/index.ts'
import { openKernel } from '../packages/server/src/kernel/open.ts'
import { type CellValue, xlsxBatches } from '../packages/server/src/kernel/tabular/index.ts'
import {
  createExporter,
  type Exporter,
  exportState,
  orderExport,
  runExport,
  seedTemplates,
} from '../packages/server/src/modules/export/index.ts'
import { openPharmacy } from '../packages/server/src/modules/pharmacy/index.ts'
import type { ExportJob, ExportMeasured } from './export.job.ts'

interface Row {
  commit(): void
}
interface Excel {
  stream: {
    xlsx: {
      WorkbookWriter: new (options: {
        stream: NodeJS.WritableStream
        useStyles: boolean
      }) => {
        addWorksheet(name: string): { addRow(cells: unknown[]): Row; commit(): void }
        commit(): Promise<void>
      }
    }
  }
}

/** The whole path: read, decrypted, masked, written, hashed, encrypted on the disk, traced, recorded. */
async function ours(exporter: Exporter, { format, template, filter }: ExportJob): Promise<number> {
  const { rows: templates } = await exporter.kernel.connections.system.query<{ id: string }>(
    'SELECT id FROM export.template',
  )
  const order = {
    list: 'purchases',
    format: format === 'csv' ? 'csv' : 'xlsx',
    filter,
    by: 'bench',
    ...(template && { templateId: templates[0]!.id }),
  } as const
  const { id } = await withScope(exporter.kernel.db, systemScope, (tx) => orderExport(exporter, tx, order))
  await runExport(exporter, id)
  const { status, rows, error } = await exportState(exporter, id)
  if (status !== 'ready') throw new Error(`the export ended as ${status}: ${error}`)
  return rows
}

/** Cells of the first rows, held in memory: the other library is given its rows for nothing. */
async function someCells(exporter: Exporter, filter: ExportJob['filter']): Promise<CellValue[][]> {
  const list = exporter.lists.get('purchases')!
  return readSnapshot(exporter.kernel.connections, systemScope, async (client) => {
    const cells: CellValue[][] = []
    const resolved = { ...filter, scope: systemScope, limit: 4000 }
    for await (const batch of list.batches(client, resolved, undefined, false)) cells.push(...batch.cells)
    return cells
  })
}

async function theirs(cells: CellValue[][], rows: number, path: string): Promise<number> {
  const excel = createRequire(join(import.meta.dirname, 'package.json'))('exceljs') as Excel
  const book = new excel.stream.xlsx.WorkbookWriter({ stream: createWriteStream(path), useStyles: false })
  const sheet = book.addWorksheet('购药登记')
  for (let row = 0; row < rows; row++) {
    sheet.addRow(cells[row % cells.length]!).commit()
    // Lets what was written leave, as a source that waits for its rows would.
    if (row % 1000 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  sheet.commit()
  await book.commit()
  return rows
}

/** Our writer alone, given its rows for nothing as the other one is. */
async function alone(exporter: Exporter, cells: CellValue[][], rows: number, path: string): Promise<number> {
  function* batches() {
    for (let row = 0; row < rows; row += 400)
      yield cells.slice(row % cells.length, (row % cells.length) + Math.min(400, rows - row))
  }
  const columns = exporter.lists.get('purchases')!.columns(undefined)
  await pipeline(Readable.from(xlsxBatches(columns, batches(), { sheetName: '购药登记' })), createWriteStream(path))
  return rows
}

process.once('message', async (job: ExportJob) => {
  const config = readConfig({ dataDir: job.dataDir, databaseUrl: job.ownerUrl, demo: 'none' }, {})
  const kernel = await openKernel(config, job.ownerUrl)
  const pharmacy = await openPharmacy(kernel, console.error)
  const exporter = createExporter(kernel, pharmacy.purchases)
  await seedTemplates(exporter)
  const inMemory = job.format === 'exceljs' || job.format === 'writer'
  const cells = inMemory ? await someCells(exporter, job.filter) : []
  const idle = process.memoryUsage.rss()
  const cpu = process.cpuUsage()
  const began = performance.now()
  const path = join(job.dataDir, `${job.format}.xlsx`)
  const rows =
    job.format === 'exceljs'
      ? await theirs(cells, job.rows, path)
      : job.format === 'writer'
        ? await alone(exporter, cells, job.rows, path)
        : await ours(exporter, job)
  const seconds = (performance.now() - began) / 1000
  const used = process.cpuUsage(cpu)
  const answer: ExportMeasured = {
    rows,
    seconds,
    idle,
    cpu: (used.user + used.system) / 1e6,
    rss: process.resourceUsage().maxRSS * 1024,
  }
  process.send?.(answer)
  await pharmacy.close()
  await kernel.close()
  process.disconnect()
})
