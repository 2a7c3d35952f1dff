import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type ExportItem, type ExportList, exportListNames, exportLists } from '@vigil/contract'
import { Command } from 'commander'
import { readConfig } from './kernel/config.ts'
import { systemScope, withScope } from './kernel/db/index.ts'
import { moreLists } from './lists.ts'
import { nationalTable } from './modules/coldchain/index.ts'
import {
  createExporter,
  type Exporter,
  exportable,
  exportState,
  findTemplateNamed,
  openExport,
  orderExport,
  runExport,
  seedTemplates,
} from './modules/export/index.ts'
import { openPharmacy } from './modules/pharmacy/index.ts'
import { openStopSales } from './modules/stopsale/index.ts'
import { seedBase } from './seed.ts'
import { openSession } from './session.ts'

interface Options {
  readonly out: string
  readonly template?: string
  readonly area?: string
  readonly from?: string
  readonly to?: string
  readonly clear?: boolean
  readonly reason?: string
  readonly json?: boolean
}

const progressMs = 1000

/** Tells on a terminal how far an export has come, until it is stopped. */
function showProgress(exporter: Exporter, id: string): () => void {
  if (!process.stderr.isTTY) return () => undefined
  const timer = setInterval(async () => {
    const { rows, expectedRows } = await exportState(exporter, id)
    process.stderr.write(`\r${rows} / ${expectedRows} 行`)
  }, progressMs)
  return () => {
    clearInterval(timer)
    process.stderr.write('\n')
  }
}

async function make(exporter: Exporter, list: ExportList, options: Options): Promise<ExportItem> {
  const { kernel } = exporter
  const { out, template, area, from, to, clear = false, reason } = options
  if (clear && !reason?.trim()) throw new Error('导出个人信息明文须用 --reason 写明原因')
  const templateId = template === undefined ? undefined : await findTemplateNamed(exporter, template)
  const order = {
    list,
    format: out.toLowerCase().endsWith('.csv') ? 'csv' : 'xlsx',
    filter: { ...(area && { area }), ...(from && { from }), ...(to && { to }) },
    clear,
    ...(reason && { reason }),
    ...(templateId && { templateId }),
    by: '命令行',
  } as const
  const { id } = await withScope(kernel.db, systemScope, (tx) => orderExport(exporter, tx, order))
  const stop = showProgress(exporter, id)
  try {
    await runExport(exporter, id)
  } finally {
    stop()
  }
  const item = await exportState(exporter, id)
  if (item.status !== 'ready') throw new Error(item.error ?? '导出没有完成，请重试')
  const { stream } = await openExport(exporter, id)
  try {
    await pipeline(Readable.from(stream), createWriteStream(out, { mode: 0o600 }))
  } catch (error) {
    await rm(out, { force: true })
    throw error
  }
  return item
}

/** `vigil export`: a list of an area and period into a file, by template if wanted. */
export function exportCommand(): Command {
  return new Command('export')
    .description('export a list to a CSV or XLSX file 导出')
    .argument('<list>', exportLists.map((key) => `${key} ${exportListNames[key]}`).join(', '))
    .requiredOption('--out <file>', 'file to write; its ending .csv or .xlsx decides the format')
    .option('--template <name>', 'name or id of a template 模板')
    .option('--area <code>', 'area code; the whole installation unless given')
    .option('--from <day>', 'first day, YYYY-MM-DD')
    .option('--to <day>', 'last day, YYYY-MM-DD')
    .option('--clear', 'personal data in clear text; needs --reason')
    .option('--reason <text>', 'why clear text is needed; recorded')
    .option('--json', 'machine-readable output')
    .addHelpText(
      'after',
      '\nExamples:\n  vigil export purchases --area 350582 --from 2022-03-01 --to 2022-03-31 --out march.xlsx\n  vigil export stores --out stores.csv --json',
    )
    .action(async (name: string, options: Options) => {
      const list = exportLists.find((key) => key === name)
      if (!list) throw new Error(`没有列表 ${name}，可选 ${exportLists.join('、')}`)
      const session = await openSession(readConfig(), () => undefined)
      try {
        await seedBase(session.kernel)
        const { kernel } = session
        const pharmacy = await openPharmacy(kernel, console.error)
        const stopSales = await openStopSales(kernel, pharmacy.purchases)
        try {
          const exporter = createExporter(kernel, pharmacy.purchases, [
            ...stopSales.lists(exportable),
            ...moreLists(kernel, pharmacy.purchases.reference),
          ])
          await seedTemplates(exporter, [nationalTable])
          const { number, rows, bytes, sha256 } = await make(exporter, list, options)
          console.log(
            options.json
              ? JSON.stringify({ number, rows, bytes, sha256, out: options.out })
              : `${number}：${rows} 行，${options.out}\nSHA-256 ${sha256}`,
          )
        } finally {
          stopSales.close()
          await pharmacy.close()
        }
      } finally {
        await session.close()
      }
    })
}
