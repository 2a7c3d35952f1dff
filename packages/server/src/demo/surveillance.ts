import { addDays, uuidv7 } from '@vigil/codes'
import { type City, createCity, purchaseHeader, purchasesOfDay, toCsv, toCsvRows } from '@vigil/simulate'
import { sql } from 'kysely'
import { systemCaller } from '../kernel/access/index.ts'
import { systemScope, withScope } from '../kernel/db/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { createImport, readImport, startImport, workOn } from '../modules/import/index.ts'
import type { Modules } from '../modules.ts'
import { type DemoSetting, findSetting, sizes } from './demo.ts'

/** Days before the demo's own history that are made up for: without them the watch has nothing to compare with. */
export const olderDays = 46
/** Days in one file: what a restart may do again. */
const daysPerFile = 6
const name = 'demo.older'

/** The same city before its history began: its stores and people, without an epidemic. */
function olderCity({ size, seed, startDay }: DemoSetting): City {
  const { stores, dailyPurchases } = sizes[size]
  const start = addDays(startDay, -olderDays)
  return createCity({ seed, city: '350500', startDay: start, days: olderDays, stores, dailyPurchases, epidemics: [] })
}

async function* csvOf(city: City, from: number, to: number): AsyncGenerator<Buffer> {
  yield Buffer.from(toCsv([purchaseHeader]))
  for (let day = from; day < to; day++) {
    const rows = [...purchasesOfDay(city, day)].flatMap((sale) => toCsvRows(sale))
    for (let at = 0; at < rows.length; at += 500) yield Buffer.from(toCsv(rows.slice(at, at + 500)))
    // The generator is heavy: who waits for an answer goes first.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

export async function daysDone(kernel: Kernel): Promise<number> {
  const row = await kernel.connections.systemDb
    .selectFrom('vigil.setting')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
  return (row?.value as { done: number } | undefined)?.done ?? 0
}

async function keepDone(kernel: Kernel, done: number): Promise<void> {
  const value = JSON.stringify({ done })
  await withScope(kernel.db, systemScope, (tx) =>
    tx
      .insertInto('vigil.setting')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute(),
  )
}

/** The duty to register holds for the older days too: without it no sale of theirs may be kept. */
async function dutyFrom(kernel: Kernel, city: City, until: string): Promise<void> {
  await withScope(kernel.db, systemScope, (tx) =>
    sql`INSERT INTO pharmacy.duty (id, area_code, path, classes, valid_from, valid_to, note)
      SELECT ${uuidv7()}, code, path, ARRAY['antipyretic', 'cough', 'antibiotic', 'antiviral'], ${city.startDay}, ${until}, '示范：四类药品实名登记（更早）' FROM area.area a
      WHERE code = ${city.code} AND NOT EXISTS (SELECT FROM pharmacy.duty d WHERE d.area_code = a.code AND d.valid_from <= ${city.startDay})`.execute(
      tx,
    ),
  )
}

/**
 * Imports older days of the demo city in the background, as files of some days by the import that everybody uses, then has
 * the state evaluated. A restart goes on behind the last whole file; rows of a broken one are recognised.
 * @returns stops it
 */
export function startDemoHistory(
  kernel: Kernel,
  modules: Pick<Modules, 'imports' | 'surveillance' | 'pharmacy'>,
  log: (line: string) => void,
  logError: (error: unknown) => void,
): () => void {
  let stopped = false
  let release = () => {}
  const run = async () => {
    const setting = await findSetting(kernel)
    if (setting?.size !== 'full') return
    let done = await daysDone(kernel)
    if (done >= olderDays) return
    release = modules.surveillance.loop.hold()
    const city = olderCity(setting)
    const caller = systemCaller('示范数据', ['purchase.register'])
    await dutyFrom(kernel, city, addDays(setting.startDay, -1))
    await modules.pharmacy.purchases.reference.refresh('duty')
    while (done < olderDays && !stopped) {
      const to = Math.min(olderDays, done + daysPerFile)
      const upload = { filename: `示范数据 ${addDays(city.startDay, done)}.csv`, stream: csvOf(city, done, to) }
      const { id } = await createImport(kernel, modules.imports, caller, 'purchase', upload)
      await startImport(kernel, modules.imports, caller, id, 'run', async () => undefined)
      await workOn(kernel, modules.imports, id)
      const { error, result, problems } = await readImport(kernel, modules.imports, caller, id)
      // The generator and the rules of the counter disagree.
      if (error || result.refused > 0) throw new Error(error ?? problems[0]?.detail ?? `${result.refused} refused`)
      done = to
      await keepDone(kernel, done)
      log(`示范数据：补入更早的登记 ${done}/${olderDays} 天（本批 ${result.fresh.toLocaleString('zh-CN')} 行）`)
    }
    if (stopped) return
    release()
    await modules.surveillance.loop.compare()
    log('示范数据：各区县、监管所和药店的监测已就绪')
  }
  void run()
    .catch((error: unknown) => {
      if (!stopped) logError(error)
    })
    .finally(() => release())
  return () => {
    stopped = true
  }
}
