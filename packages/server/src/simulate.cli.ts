import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { addDays, dayOf } from '@vigil/codes'
import { createCity, purchaseHeader, purchases, toCsv, toCsvRows } from '@vigil/simulate'
import { Command } from 'commander'
import { toInput } from './demo/sales.ts'

interface Options {
  city: string
  days: number
  seed: number
  start?: string
  stores?: number
  daily?: number
  format: 'json' | 'csv'
  out?: string
}

/** `vigil simulate`: a synthetic city as a file in the API's format (JSON lines) or as the CSV that people exchange. */
export function simulateCommand(): Command {
  return new Command('simulate')
    .description('write the sales of a synthetic city 生成合成城市的登记数据')
    .option('--city <code>', 'one of the demo cities', '350500')
    .option('--days <n>', 'days', Number, 120)
    .option('--seed <n>', 'seed', Number, 1)
    .option('--start <day>', 'first day, YYYY-MM-DD; by default the period ends today')
    .option('--stores <n>', 'stores', Number)
    .option('--daily <n>', 'mean purchases a day', Number)
    .option('--format <format>', 'json (API rows, one a line) or csv', 'json')
    .option('--out <file>', 'file; standard output without it')
    .addHelpText('after', '\nExample:\n  vigil simulate --city 350500 --days 120 --out sales.jsonl')
    .action(run)
}

async function run(options: Options): Promise<void> {
  const startDay = options.start ?? addDays(dayOf(new Date()), 1 - options.days)
  const city = createCity({
    seed: options.seed,
    city: options.city,
    startDay,
    days: options.days,
    ...(options.stores && { stores: options.stores }),
    ...(options.daily && { dailyPurchases: options.daily }),
  })
  const out = options.out ? createWriteStream(options.out) : process.stdout
  const write = async (text: string) => {
    if (!out.write(text)) await once(out, 'drain')
  }
  let count = 0
  if (options.format === 'csv') await write(toCsv([purchaseHeader]))
  for (const sale of purchases(city)) {
    await write(options.format === 'csv' ? toCsv(toCsvRows(sale)) : `${JSON.stringify(toInput(sale, (key) => key))}\n`)
    count++
    if (count % 10_000 === 0 && process.stderr.isTTY) process.stderr.write(`\r${count.toLocaleString()} …`)
  }
  if (options.out) out.end()
  process.stderr.write(
    `${process.stderr.isTTY ? '\r' : ''}${count.toLocaleString()} purchases, ${city.stores.length} stores, ${startDay} + ${options.days} days, seed ${options.seed}\n`,
  )
}
