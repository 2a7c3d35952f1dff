import { addDays, dayOf, daysBetween, startOfDay } from '@vigil/codes'
import { type City, createCity, demoEpidemics } from '@vigil/simulate'
import { sql } from 'kysely'
import { createAccount, issueStoreAccounts, systemCaller } from '../kernel/access/index.ts'
import { hashCode } from '../kernel/access/token.ts'
import { record } from '../kernel/audit/index.ts'
import { auditOf } from '../kernel/command/command.ts'
import { systemScope, type Tx, withScope } from '../kernel/db/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Pharmacy } from '../modules/pharmacy/index.ts'
import { demoAccounts, demoPassword, demoStore } from './accounts.ts'
import { drugIds, installCity } from './city.ts'
import { registerSales, reportedSales } from './sales.ts'

const cityCode = '350500'
/** Days of history, stores and purchases a day of the demo city. */
export const sizes = {
  full: { days: 14, stores: 1300, dailyPurchases: 5160 },
  small: { days: 3, stores: 60, dailyPurchases: 240 },
} as const

/** From what a demo city is made again at every start. */
export interface DemoSetting {
  readonly size: 'full' | 'small'
  readonly seed: number
  readonly startDay: string
}

/** The city of a demo database, the same at every start; it goes on for a year after its history. */
function cityOf({ size, seed, startDay }: DemoSetting): City {
  const { days, stores, dailyPurchases } = sizes[size]
  return createCity({
    seed,
    city: cityCode,
    startDay,
    days: days + 365,
    stores,
    dailyPurchases,
    epidemics: size === 'full' ? demoEpidemics(cityCode, startDay, days) : [],
  })
}

/** What the demo city of this database was made of; undefined when it is none. */
export async function findSetting(kernel: Kernel): Promise<DemoSetting | undefined> {
  const { rows } = await kernel.connections.system.query<{ value: DemoSetting }>(
    `SELECT value FROM vigil.setting WHERE name = 'demo'`,
  )
  return rows[0]?.value
}

/** The demo city of this database and its first day; undefined when it is none. */
export async function findCity(kernel: Kernel): Promise<{ city: City; startDay: string } | undefined> {
  const setting = await findSetting(kernel)
  return setting && { city: cityOf(setting), startDay: setting.startDay }
}

async function insertDemoStore(tx: Tx, city: City): Promise<void> {
  const county = city.counties.find(({ code }) => code === '350582') ?? city.counties[0]!
  const office = officeOf(city)
  await sql`INSERT INTO pharmacy.store (code, name, address, phone, lon, lat, county, area_code, path)
    SELECT ${demoStore.code}, ${demoStore.name}, ${`${county.name}${office.place}世纪大道 1 号`}, '0595-85600000', ${office.lon}, ${office.lat}, ${county.code}, a.code, a.path || ${demoStore.code} || '/'
    FROM area.area a WHERE a.code = ${office.code} ON CONFLICT DO NOTHING`.execute(tx)
  const { rows } = await sql<{ path: string }>`SELECT path FROM pharmacy.store WHERE code = ${demoStore.code}`.execute(
    tx,
  )
  await issueStoreAccounts(tx, [{ code: demoStore.code, name: demoStore.name, path: rows[0]!.path }], {
    expiresDays: 365,
  })
  // A demonstration is opened on many phones: its code may be used again and again.
  await sql`UPDATE access.invitation SET code_hash = ${hashCode(demoStore.activationCode)}, uses_left = 100000
    WHERE account_id = (SELECT id FROM access.account WHERE store_code = ${demoStore.code})`.execute(tx)
}

const officeOf = (city: City) => city.offices.find(({ countyCode }) => countyCode === '350582') ?? city.offices[0]!

async function insertAccounts(tx: Tx, city: City): Promise<void> {
  for (const account of demoAccounts) {
    const areaCode = account.area === 'city' ? cityCode : account.area === 'office' ? officeOf(city).code : account.area
    await createAccount(tx, {
      username: account.username,
      displayName: account.displayName,
      password: demoPassword,
      grants: [{ roleCode: account.roleCode, areaCode }],
    })
  }
}

/**
 * Makes the demo city when the database is empty: areas, stores, accounts, and some days of sales that went through the
 * same rules as every sale. An interrupted start begins the sales again; nothing is doubled.
 * @returns true when this database is a demo
 */
export async function ensureDemo(
  kernel: Kernel,
  pharmacy: Pharmacy,
  size: 'full' | 'small',
  log: (line: string) => void,
): Promise<boolean> {
  const before = await findSetting(kernel)
  if (!before) {
    const { rows } = await kernel.connections.system.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM access.account',
    )
    if (rows[0]!.n > 0) return false
    log('正在建立示范城市（泉州，合成数据）…')
    const setting: DemoSetting = {
      size,
      seed: 20_221_207,
      startDay: addDays(dayOf(kernel.clock.now()), 1 - sizes[size].days),
    }
    const city = cityOf(setting)
    await withScope(kernel.db, systemScope, async (tx) => {
      // Of processes that start together the first one builds the city.
      await sql`select pg_advisory_xact_lock(hashtext('vigil.seed'))`.execute(tx)
      if (await tx.selectFrom('vigil.setting').select('name').where('name', '=', 'demo').executeTakeFirst()) return
      await installCity(tx, city)
      await insertDemoStore(tx, city)
      await insertAccounts(tx, city)
      await sql`INSERT INTO vigil.setting (name, value) VALUES ('access.totp', '{"mode":"optional"}'), ('demo', ${JSON.stringify(setting)}::jsonb)`.execute(
        tx,
      )
      const detail = { stores: city.stores.length }
      const entry = { action: 'demo.create', object: `area:${cityCode}`, path: '/', detail }
      await record(tx, auditOf(systemCaller('示范数据', []), entry))
    })
    await pharmacy.purchases.reference.refresh()
  }
  const setting = before ?? (await findSetting(kernel))!
  await fillHistory(kernel, pharmacy, setting, log)
  return true
}

async function fillHistory(
  kernel: Kernel,
  pharmacy: Pharmacy,
  setting: DemoSetting,
  log: (line: string) => void,
): Promise<void> {
  const { rows } = await kernel.connections.system.query<{ value: { done: string } }>(
    `SELECT value FROM vigil.setting WHERE name = 'demo.history'`,
  )
  if (rows[0]) return
  const city = cityOf(setting)
  const ids = await drugIds(kernel)
  const days = sizes[setting.size].days
  let count = 0
  for (let day = 0; day < days; day++) {
    count += await registerSales(kernel, pharmacy.purchases, reportedSales(city, day, kernel.clock.now()), ids)
    log(`示范数据：${addDays(setting.startDay, day)}，累计 ${count.toLocaleString('zh-CN')} 笔登记`)
  }
  await withScope(kernel.db, systemScope, async (tx) => {
    await sql`INSERT INTO vigil.setting (name, value) VALUES ('demo.history', ${JSON.stringify({ done: kernel.clock.now().toISOString() })}::jsonb) ON CONFLICT DO NOTHING`.execute(
      tx,
    )
  })
}

/**
 * Lets the demo city live: sales of today arrive when their time has come. @returns stops it
 */
export async function startDemoFeed(
  kernel: Kernel,
  pharmacy: Pharmacy,
  logError: (error: unknown) => void,
): Promise<() => void> {
  const setting = await findSetting(kernel)
  if (!setting) return () => undefined
  const city = cityOf(setting)
  const ids = await drugIds(kernel)
  let since = kernel.clock.now()
  const step = async () => {
    const now = kernel.clock.now()
    const day = daysBetween(setting.startDay, dayOf(now))
    if (day < 0 || day >= city.days) return
    const from = Math.max(since.getTime(), startOfDay(dayOf(now)).getTime())
    since = now
    const due = [...salesOfDay(day)].filter(
      (sale) => Date.parse(sale.reportedAt) > from && Date.parse(sale.reportedAt) <= now.getTime(),
    )
    if (due.length > 0) await registerSales(kernel, pharmacy.purchases, due, ids)
  }
  let cached: { day: number; sales: ReturnType<typeof reportedSales> } | undefined
  const salesOfDay = (day: number) => {
    if (cached?.day !== day)
      cached = { day, sales: reportedSales(city, day, new Date(kernel.clock.now().getTime() + 2 * 86_400_000)) }
    return cached.sales
  }
  const timer = setInterval(() => void step().catch(logError), 2000)
  return () => clearInterval(timer)
}
