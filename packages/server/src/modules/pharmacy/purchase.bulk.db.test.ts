import { addDays, dayOf } from '@vigil/codes'
import { createCity, drugs, purchasesOfDay } from '@vigil/simulate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertClinics, insertOffices, insertStores } from '../../demo/city.ts'
import { toInput } from '../../demo/sales.ts'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import { createPharmacyCity, type PharmacyCity } from './pharmacy.fixture.ts'

let city: PharmacyCity
beforeAll(async () => {
  city = await createPharmacyCity()
})
afterAll(() => city.close())

test('a day of a simulated city goes through two processes at once, each batch twice, and is counted once', async () => {
  const startDay = addDays(dayOf(city.clock.now()), -1)
  const simulated = createCity({ seed: 11, city: '350500', startDay, days: 1, stores: 120, dailyPurchases: 1500 })
  await withScope(city.app.kernel.db, systemScope, async (tx) => {
    await insertOffices(tx, simulated)
    await insertStores(tx, simulated)
    await insertClinics(tx, simulated)
  })
  const other = await city.another()
  await city.app.modules.pharmacy.purchases.reference.refresh()
  const rows = await city.owner<{ id: string; name: string }>(
    `SELECT id, concat_ws('|', generic, form, strength) AS name FROM pharmacy.drug`,
  )
  const ids = new Map(rows.map((row) => [row.name, row.id]))
  const byKey = new Map(drugs.map((drug) => [drug.key, ids.get(`${drug.genericName}|${drug.form}|${drug.strength}`)!]))
  const sales = purchasesOfDay(simulated, 0)
  const inputs = sales.map((sale) => toInput(sale, (key) => byKey.get(key)!))
  expect(inputs.length).toBeGreaterThan(1000)

  const there = city.chain.at(other.http)
  const batches = Array.from({ length: Math.ceil(inputs.length / 60) }, (_, n) => inputs.slice(n * 60, n * 60 + 60))
  const answers = await Promise.all(
    batches.flatMap((batch, n) => [
      city.register(batch, n % 2 ? there : city.chain),
      city.register(batch, n % 3 ? there : city.chain),
    ]),
  )
  const wrong = answers.flat().filter((answer) => answer.status !== 'registered')
  expect(wrong.slice(0, 3)).toEqual([])

  const [stored] = await city.owner('SELECT count(*)::int AS n, count(DISTINCT id)::int AS ids FROM pharmacy.purchase')
  expect(stored).toEqual({ n: inputs.length, ids: inputs.length })
  expect(await city.drift()).toEqual([])
  const overview = await city.director.call('GET', `/api/pharmacy/overview?from=${startDay}&to=${startDay}`)
  expect(overview.json().figures).toMatchObject({
    purchases: sales.length,
    units: sales.reduce((sum, sale) => sum + sale.items.reduce((units, item) => units + item.quantity, 0), 0),
    fever: sales.filter((sale) => sale.symptoms.includes('fever') || (sale.temperatureTenths ?? 0) >= 373).length,
  })
  const counties = (overview.json().ranking as { code: string; purchases: number }[]).filter(
    ({ purchases }) => purchases > 0,
  )
  const expected = Map.groupBy(sales, (sale) => sale.storeCode.slice(0, 6))
  for (const { code, purchases } of counties.filter(({ code }) => expected.has(code)))
    expect([code, purchases]).toEqual([code, expected.get(code)!.length])
  expect(counties.reduce((sum, { purchases }) => sum + purchases, 0)).toBe(sales.length)
})
