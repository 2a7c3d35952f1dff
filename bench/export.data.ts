import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { addDays, dayOf } from '@vigil/codes'
import { createCity, drugs, purchasesOfDay, type SimulatedPurchase } from '@vigil/simulate'
import { sql } from 'kysely'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { insertClinics, insertOffices, insertStores } from '../packages/server/src/demo/city.ts'
import { systemScope, withScope } from '../packages/server/src/kernel/db/index.ts'
import type { OpenKernel } from '../packages/server/src/kernel/open.ts'

const citySize = { seed: 7, city: '350500', days: 40, dailyPurchases: 15_000 }

const array = (values: readonly string[]) => `{${values.join(',')}}`
const line = (values: readonly (string | number | boolean | null)[]) =>
  `${values.map((value) => (value === null ? '\\N' : String(value))).join('\t')}\n`

/** Purchases of an invented city with what their rows hold, sealed as the writer seals them. */
function* sales(days: readonly string[], city: ReturnType<typeof createCity>, rows: number) {
  let made = 0
  for (let day = 0; made < rows; day = (day + 1) % days.length)
    for (const sale of purchasesOfDay(city, day)) {
      if (made++ >= rows) return
      yield sale
    }
}

function rowOf(kernel: OpenKernel, sale: SimulatedPurchase, place: { county: string; areaCode: string; path: string }) {
  const day = dayOf(new Date(sale.soldAt))
  const month = day.slice(0, 7)
  const personal = {
    name: sale.name,
    documentNumber: sale.documentNumber,
    mobile: sale.mobile,
    residenceAreaCode: sale.residenceAreaCode,
    residenceAddress: sale.residenceAddress,
    emergencyName: sale.emergencyContact.name,
    emergencyMobile: sale.emergencyContact.mobile,
    ...(sale.boughtFor && { boughtFor: sale.boughtFor }),
    ...(sale.travelHistory && { history: sale.travelHistory }),
  }
  const sealed = kernel.vault.seal(month, JSON.stringify(personal), `pharmacy.purchase:${sale.id}`)
  return { day, month, sealed, ...place }
}

/**
 * Fills an empty installation with `count` purchases by COPY.
 * @returns first and last day of sale, and purchases
 */
export async function fillPurchases(
  kernel: OpenKernel,
  ownerUrl: string,
  count: number,
): Promise<{ from: string; to: string; count: number }> {
  const startDay = addDays(dayOf(new Date()), -citySize.days)
  const city = createCity({ ...citySize, startDay })
  const days = Array.from({ length: citySize.days }, (_, at) => addDays(startDay, at))
  for (const month of new Set(days.map((day) => day.slice(0, 7)))) {
    await kernel.vault.ensureMonth(month)
    await kernel.connections.system.query('SELECT vigil.ensure_month($1::date)', [`${month}-01`])
  }
  const catalogue = await withScope(kernel.db, systemScope, async (tx) => {
    await insertOffices(tx, city)
    await insertStores(tx, city)
    await insertClinics(tx, city)
    const { rows } = await sql<{ id: string; class: string; generic: string; form: string; strength: string }>`
      SELECT id, class, generic, form, strength FROM pharmacy.drug`.execute(tx)
    return new Map(rows.map((row) => [`${row.generic}|${row.form}|${row.strength}`, row]))
  })
  const drugOf = new Map(
    drugs.map((drug) => [drug.key, catalogue.get(`${drug.genericName}|${drug.form}|${drug.strength}`)!]),
  )
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  const { rows: stores } = await client.query<{ code: string; county: string; areaCode: string; path: string }>(
    'SELECT code, county, area_code AS "areaCode", path FROM pharmacy.store',
  )
  const places = new Map(stores.map((store) => [store.code, store]))
  const items: string[] = []
  let told = performance.now()
  let made = 0
  async function* purchaseLines() {
    let pending = ''
    for (const sale of sales(days, city, count)) {
      if (performance.now() - told > 10_000) {
        told = performance.now()
        for (const day of days) await kernel.vault.ensureMonth(day.slice(0, 7))
      }
      const row = rowOf(kernel, sale, places.get(sale.storeCode)!)
      const lines = sale.items.map((item) => ({ ...drugOf.get(item.drugKey)!, quantity: item.quantity }))
      for (const item of lines) items.push(line([item.id, row.county, sale.id, row.path]))
      const fever = sale.symptoms.includes('fever') || (sale.temperatureTenths ?? 0) >= 373
      pending += line([
        sale.id,
        row.county,
        sale.storeCode,
        row.areaCode,
        row.path,
        sale.soldAt,
        row.day,
        sale.reportedAt,
        sale.documentType,
        row.month,
        `\\\\x${row.sealed.toString('hex')}`,
        array([...new Set(lines.map((item) => item.class))]),
        lines.reduce((sum, item) => sum + item.quantity, 0),
        array(sale.symptoms),
        sale.temperatureTenths,
        fever,
        sale.boughtFor !== null,
        false,
        '\\\\x00',
        array(lines.map((item) => item.id)),
        array(lines.map((item) => item.class)),
        array(lines.map((item) => String(item.quantity))),
      ])
      made++
      if (pending.length > 500_000) {
        yield pending
        pending = ''
      }
    }
    yield pending
  }
  const columns = `id, county, store_code, area_code, path, sold_at, day, received_at, document_type, key_month, sealed, classes,
    units, symptoms, temperature_tenths, fever, proxy, offline, digest, drug_ids, drug_classes, quantities`
  await pipeline(
    Readable.from(purchaseLines()),
    client.query(copyFrom(`COPY pharmacy.purchase (${columns}) FROM STDIN`)),
  )
  await pipeline(
    Readable.from(items),
    client.query(copyFrom('COPY pharmacy.purchase_drug (drug_id, county, purchase_id, path) FROM STDIN')),
  )
  await client.query('VACUUM (ANALYZE) pharmacy.purchase, pharmacy.purchase_drug')
  await client.end()
  return { from: days[0]!, to: days.at(-1)!, count: made }
}
