import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { addDays, dayOf } from '@vigil/codes'
import { type City, createCity, purchaseHeader, purchases, toCsv, toCsvRows } from '@vigil/simulate'
import { Command } from 'commander'
import { drugIds, installCity } from './demo/city.ts'
import { registerSales, reportedSales, toInput } from './demo/sales.ts'
import { systemCaller } from './kernel/access/index.ts'
import { systemCommand } from './kernel/command/command.ts'
import { readConfig } from './kernel/config.ts'
import { openPharmacy } from './modules/pharmacy/index.ts'
import { seedBase } from './seed.ts'
import { openSession } from './session.ts'

interface Options {
  city: string
  days: number
  seed: number
  start?: string
  stores?: number
  daily?: number
  format: 'json' | 'csv'
  out?: string
  into?: boolean
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
    .option('--into', 'register straight in this installation, stores included')
    .addHelpText(
      'after',
      '\nExamples:\n  vigil simulate --city 350500 --days 120 --out sales.jsonl\n  vigil simulate --city 140500 --days 30 --into',
    )
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
  if (options.into) return intoInstallation(city, startDay)
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

/** Registers the sales by the same rules as everybody's; sent again, nothing is doubled. Never into a real city's database. */
async function intoInstallation(city: City, startDay: string): Promise<void> {
  const { kernel, close } = await openSession(readConfig(), (line) => process.stderr.write(`${line}\n`))
  try {
    await seedBase(kernel)
    await systemCommand(kernel.db, systemCaller('模拟器', []), async (tx, audit) => {
      await installCity(tx, city)
      await audit({
        action: 'simulate.install',
        object: `area:${city.code}`,
        path: '/',
        detail: { stores: city.stores.length },
      })
    })
    const pharmacy = await openPharmacy(kernel, console.error)
    const ids = await drugIds(kernel)
    let count = 0
    for (let day = 0; day < city.days; day++) {
      count += await registerSales(kernel, pharmacy.purchases, reportedSales(city, day, new Date()), ids)
      process.stderr.write(`${addDays(startDay, day)} ${count.toLocaleString()}\n`)
    }
    await pharmacy.close()
  } finally {
    await close()
  }
}
