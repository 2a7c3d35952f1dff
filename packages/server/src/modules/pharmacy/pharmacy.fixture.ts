import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { citizenIdCheckDigit, uuidv7 } from '@vigil/codes'
import { type DrugClass, drugClasses, type PurchaseInput, type PurchaseResult } from '@vigil/contract'
import { sql } from 'kysely'
import pg from 'pg'
import { Client } from '../../kernel/access/access.fixture.ts'
import { createAccount, issueStoreAccounts } from '../../kernel/access/index.ts'
import { systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import type { OpenKernel } from '../../kernel/open.ts'
import { createTestApp, createTestDatabase, type TestApp } from '../../testing/index.ts'
import { recountSql } from './recount.fixture.ts'

export const password = 'correct horse battery'
export const offices = { '350582S01': '350582', '350583S01': '350583' } as const
/** Two stores in each of two counties. */
export const stores = [
  { code: 'STORE-A', office: '350582S01', county: '350582', lon: 118.55, lat: 24.81 },
  { code: 'STORE-B', office: '350582S01', county: '350582', lon: 118.57, lat: 24.82 },
  { code: 'STORE-C', office: '350583S01', county: '350583', lon: 118.38, lat: 24.96 },
  { code: 'STORE-D', office: '350583S01', county: '350583', lon: 118.4, lat: 24.97 },
] as const

/** A clock that tests move; it runs beside the real one, since partitions are made around the present. */
export class MovableClock {
  offsetMs = 0
  now = (): Date => new Date(Date.now() + this.offsetMs)
  forward(ms: number): void {
    this.offsetMs += ms
  }
}

/** A valid citizen ID of 晋江; another person for each `n` below 500,000. */
export function citizenId(n: number): string {
  const year = 1960 + Math.floor(n / 500)
  const first17 = `350582${year}0101${String((n % 500) * 2 + 1).padStart(3, '0')}`
  return first17 + citizenIdCheckDigit(first17)
}

export const mobile = (n: number): string => `138${String(n).padStart(8, '0')}`

export interface PharmacyCity {
  readonly app: TestApp
  readonly clock: MovableClock
  /** City director, supervisor of 350582, clerk of STORE-A, program of a chain for the whole city. */
  readonly director: Client
  readonly supervisor: Client
  readonly clerk: Client
  readonly chain: Client
  /** One drug of each class. */
  readonly drug: Readonly<Record<DrugClass, string>>
  sale(overrides?: Partial<PurchaseInput>): PurchaseInput
  register(sales: readonly unknown[], as?: Client, more?: object): Promise<PurchaseResult[]>
  /** One more server process over the same database. */
  another(): Promise<TestApp>
  /** As the owner of the tables, past row-level security. */
  owner<T = Record<string, unknown>>(text: string, values?: unknown[]): Promise<T[]>
  /** A program with a key of its own. */
  program(roleCode: string, areaCode: string, storeCode?: string): Promise<Client>
  /** A signed-in person. */
  person(username: string, roleCode: string, areaCode: string): Promise<Client>
  /** Differences between the rollups and a recount by plain SQL. */
  drift(): Promise<unknown[]>
  close(): Promise<void>
}

/** Offices, stores, clinics and a duty over all four classes in a database with areas and catalogue. */
export async function insertCity(tx: Tx): Promise<void> {
  for (const [code, county] of Object.entries(offices))
    await sql`INSERT INTO area.area (code, name, level, parent, path, standard)
      SELECT ${code}, ${`${county}测试所`}, 'office', code, path || ${code} || '/', false FROM area.area WHERE code = ${county}`.execute(
      tx,
    )
  for (const { code, office, county, lon, lat } of stores)
    await sql`INSERT INTO pharmacy.store (code, name, address, county, area_code, path, lon, lat)
      SELECT ${code}, ${`${code}大药房`}, '青阳街道 1 号', ${county}, code, path || ${code} || '/', ${lon}, ${lat} FROM area.area WHERE code = ${office}`.execute(
      tx,
    )
  for (const n of [1, 2, 3, 4, 5])
    await sql`INSERT INTO pharmacy.clinic (id, name, address, phone, lon, lat, area_code, path)
      SELECT ${uuidv7()}, ${`发热门诊${n}`}, ${`医院路 ${n} 号`}, '0595-85600000', ${118.55 + n / 100}, 24.81, code, path FROM area.area WHERE code = '350582'`.execute(
      tx,
    )
  await sql`INSERT INTO pharmacy.duty (id, area_code, path, classes, valid_from)
    SELECT ${uuidv7()}, code, path, ${[...drugClasses]}, '2020-01-01' FROM area.area WHERE code = '350500'`.execute(tx)
  await sql`INSERT INTO vigil.setting (name, value) VALUES ('access.totp', '{"mode":"optional"}')`.execute(tx)
}

/** Id of one drug of each class of the catalogue. */
export async function drugsOf(kernel: Pick<OpenKernel, 'connections'>): Promise<Record<DrugClass, string>> {
  const { rows } = await kernel.connections.system.query<{ class: DrugClass; id: string }>(
    'SELECT DISTINCT ON (class) class, id FROM pharmacy.drug WHERE active ORDER BY class, id',
  )
  return Object.fromEntries(rows.map((row) => [row.class, row.id])) as Record<DrugClass, string>
}

/** A valid entry; every call makes another one of the same person. */
export const saleOf = (now: Date, drugId: string, overrides: Partial<PurchaseInput> = {}): PurchaseInput => ({
  id: uuidv7(),
  storeCode: 'STORE-A',
  soldAt: now.toISOString(),
  documentType: 'citizen-id',
  documentNumber: citizenId(1),
  person: {
    name: '林小明',
    mobile: '13800000001',
    residenceAreaCode: '350582',
    residenceAddress: '青阳街道世纪大道 8 号',
  },
  items: [{ drugId, quantity: 1 }],
  symptoms: [],
  temperatureTenths: null,
  ...overrides,
})

/** The four stores with everybody who works with them, over a fresh database. */
export async function createPharmacyCity(): Promise<PharmacyCity> {
  const database = await createTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'vigil-pharmacy-'))
  const clock = new MovableClock()
  const quiet = { database, dataDir, clock }
  const app = await createTestApp(quiet)
  const apps = [app]
  const pool = new pg.Pool({ connectionString: database.ownerUrl, max: 2 })
  // The database may go before the pool at the end of a test file.
  pool.on('error', () => undefined)
  await withScope(app.kernel.db, systemScope, insertCity)
  await app.modules.pharmacy.purchases.reference.refresh()
  const drug = await drugsOf(app.kernel)

  const person = async (username: string, roleCode: string, areaCode: string) => {
    const grants = [{ roleCode, areaCode }]
    await withScope(app.kernel.db, systemScope, (tx) =>
      createAccount(tx, { username, displayName: `测试${username}`, password, grants }),
    )
    const client = new Client(app.http)
    const response = await client.signIn(username, { password })
    if (response.statusCode !== 200) throw new Error(response.body)
    return client
  }
  const director = await person('director', 'city-director', '350500')
  const program = async (roleCode: string, areaCode: string, storeCode?: string) => {
    const grants = [{ roleCode, areaCode, ...(storeCode && { storeCode }) }]
    const response = await director.call('POST', '/api/api-keys', { name: '测试程序', grants, days: 30 })
    if (response.statusCode !== 201) throw new Error(response.body)
    return new Client(app.http, { authorization: `Bearer ${response.json().key}` })
  }
  const clerk = new Client(app.http)
  const storeA = app.modules.pharmacy.purchases.reference.store('STORE-A')!
  const [issued] = await withScope(app.kernel.db, systemScope, (tx) =>
    issueStoreAccounts(tx, [storeA], { expiresDays: 1 }),
  )
  const activation = { storeCode: 'STORE-A', activationCode: issued!.activationCode, pin: '402917' }
  const activated = await clerk.call('POST', '/api/devices', activation)
  if (activated.statusCode !== 200) throw new Error(activated.body)
  const chain = await program('chain-api', '350500')

  return {
    app,
    clock,
    director,
    supervisor: await person('supervisor', 'county-supervisor', '350582'),
    clerk,
    chain,
    drug,
    program,
    person,
    sale: (overrides) => saleOf(clock.now(), drug.antipyretic, overrides),
    register: async (sales, as = chain, more = {}) => {
      const response = await as.call('POST', '/api/purchases', { purchases: sales, ...more })
      if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${response.body}`)
      return response.json().results
    },
    another: async () => {
      const other = await createTestApp(quiet)
      apps.push(other)
      return other
    },
    owner: async (text, values = []) => (await pool.query(text, values)).rows,
    drift: async () => (await pool.query(recountSql)).rows,
    close: async () => {
      for (const each of apps) await each.close()
      await pool.end()
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
