import { Readable } from 'node:stream'
import { addDays, creditCodeCheckDigit, dayOf, organizationCodeCheckDigit } from '@vigil/codes'
import type { Permission } from '@vigil/contract'
import pg from 'pg'
import type { Caller } from '../../kernel/access/caller.ts'
import { createTestApp, type TestApp } from '../../testing/index.ts'
import { callerAt } from '../../testing/shop.ts'
import { addBoxes } from './box.service.ts'
import type { Parts } from './coldchain.parts.ts'
import { addDocument, declare } from './declaration.service.ts'
import { countArrival } from './entry.service.ts'
import { saveGoods, saveHolder } from './holder.service.ts'
import { enterResult, recordDisinfection, takeSample } from './inspect.service.ts'
import { releaseLot } from './release.service.ts'

export const county = '/350000/350500/350582/'
export const neighbour = '/350000/350500/350583/'
const all: Permission[] = ['coldchain.read', 'coldchain.operate', 'coldchain.inspect', 'coldchain.manage']
export const officer = callerAt('/350000/350500/', ...all)
const hour = 3_600_000

/** A city with an importer, a warehouse, a trader, a processor and a shop in another county. */
export interface ColdCity {
  readonly app: TestApp
  readonly parts: Parts
  readonly holders: Readonly<Record<'importer' | 'warehouse' | 'trader' | 'processor' | 'shop', string>>
  readonly goodsId: string
  readonly fillet: string
  declared(overrides?: Partial<Parameters<typeof declare>[2]>): Promise<string>
  papers(id: string): Promise<void>
  /** A lot of 10 kg in 10 boxes in the warehouse; released unless told. */
  lot(more?: { released?: boolean; grams?: number }): Promise<{ id: string; uri: string; declaration: string }>
  /** Of the application role, past our program, in the scope of the whole country. */
  raw(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

/** The n-th credit code of an invented business (GB 32100). */
export const creditCode = (n: number) => {
  const organization = `MA2C${String(n).padStart(4, '0')}`
  const first = `91350582${organization}${organizationCodeCheckDigit(organization)}`
  return first + creditCodeCheckDigit(first)
}

export async function createColdCity(): Promise<ColdCity> {
  const app = await createTestApp()
  const { kernel } = app
  const { parts } = app.modules.coldchain
  const pool = new pg.Pool({ connectionString: app.database.ownerUrl, max: 1 })
  // The database may go before the pool at the end of a test file.
  pool.on('error', () => undefined)
  const kinds = ['importer', 'warehouse', 'trader', 'processor', 'shop'] as const
  const holders: Record<string, string> = {}
  for (const [n, kind] of kinds.entries()) {
    const place = { address: `码头路 ${n} 号`, areaCode: kind === 'shop' ? '350583' : '350582' }
    const warehouse = kind === 'warehouse' ? { capacityGrams: 1_000_000_000, slotsPerHour: 2 } : {}
    const business = { code: `COLD-${kind.toUpperCase()}`, creditCode: creditCode(n), name: `冷链${kind}`, kind }
    holders[kind] = (await saveHolder(parts, officer, { ...business, ...place, ...warehouse })).id
  }
  const facts = { gtin: null, category: '水产', spec: '10kg/箱', limitTenths: -180, shelfLifeDays: 540 }
  const { id: goodsId } = await saveGoods(parts, officer, { name: '冻三文鱼', ...facts })
  const { id: fillet } = await saveGoods(parts, officer, { name: '三文鱼柳', ...facts })
  const now = () => kernel.clock.now()
  let slots = 0
  const declared: ColdCity['declared'] = (overrides = {}) =>
    declare(parts, officer, {
      ...{ goodsId, lotNo: '', origin: '挪威', plantNo: 'N-101', supplierLot: 'SUP-1', containerNo: 'MSKU1234567' },
      ...{ producedOn: addDays(dayOf(now()), -30), expiresOn: addDays(dayOf(now()), 300), boxes: 10, grams: 10_000 },
      ...{ ownerId: holders.importer!, warehouseId: holders.warehouse!, vehicle: '闽C12345' },
      ...{ driverName: '王师傅', driverMobile: '13800000001' },
      slotAt: new Date(Math.ceil(now().getTime() / hour) * hour + (49 + slots++) * hour).toISOString(),
      ...overrides,
    })
  const papers = async (id: string) => {
    for (const kind of ['customs', 'quarantine', 'test', 'disinfection'] as const) {
      const upload = { filename: `${kind}.pdf`, stream: Readable.from([Buffer.from(`%PDF-1.7 ${kind} ${id}`)]) }
      await addDocument(parts, officer, id, { kind, number: `${kind}-${id}`, issuedOn: dayOf(now()) }, upload)
    }
  }
  const raw: ColdCity['raw'] = async (text, values = []) => {
    const client = await pool.connect()
    try {
      await client.query('BEGIN; SET LOCAL ROLE vigil_app')
      await client.query(`SELECT set_config('vigil.paths', '/', true)`)
      const { rows } = await client.query(text, values)
      await client.query('COMMIT')
      return rows
    } catch (error) {
      await client.query('ROLLBACK')
      throw error
    } finally {
      client.release()
    }
  }
  const lot: ColdCity['lot'] = async ({ released = true, grams = 10_000 } = {}) => {
    const declaration = await declared({ grams })
    await papers(declaration)
    for (const side of ['consignor', 'warehouse'] as const)
      await countArrival(parts, officer, declaration, { side, boxes: 10, grams, reason: '' })
    const [row] = await raw(
      'SELECT l.id, l.uri FROM coldchain.declaration d JOIN coldchain.lot l ON l.id = d.lot_id WHERE d.id = $1',
      [declaration],
    )
    const { id, uri } = row as { id: string; uri: string }
    if (released) await passTests(parts, officer, id)
    return { id, uri, declaration }
  }
  return {
    ...{ app, parts, goodsId, fillet, declared, papers, raw, lot },
    holders: holders as ColdCity['holders'],
    close: async () => {
      await pool.end()
      await app.close()
    },
  }
}

/** Samples of goods, packaging and vehicle, all negative, and a disinfection; then the release. */
export async function passTests(parts: Parts, caller: Caller, lotId: string): Promise<void> {
  for (const subject of ['goods', 'packaging', 'vehicle'] as const) {
    const sample = await takeSample(parts, caller, lotId, { code: `${subject}-${lotId}`, subject, grams: 0 })
    await enterResult(parts, caller, sample.id, { result: 'negative', lab: '疾控中心', reportNo: 'R1' })
  }
  const doneAt = new Date(Date.now() - 1000).toISOString()
  await recordDisinfection(parts, caller, lotId, { agent: '过氧乙酸', doneAt, note: '' })
  await releaseLot(parts, caller, lotId, '')
}

/** Codes for the boxes of a lot, of 1 kg each. */
export const boxesOf = (parts: Parts, lotId: string, count: number): Promise<string[]> =>
  addBoxes(parts, officer, lotId, { boxes: Array.from({ length: count }, () => ({ grams: 1000 })) })
