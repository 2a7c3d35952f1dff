import { randomUUID } from 'node:crypto'
import { citizenIdCheckDigit, uuidv7 } from '@vigil/codes'
import type { Permission, PurchaseInput } from '@vigil/contract'
import type { Caller } from '../kernel/access/caller.ts'
import { putAreas } from '../kernel/area/index.ts'
import { systemScope, withScope } from '../kernel/db/index.ts'
import { register } from '../modules/pharmacy/index.ts'
import { createTestApp, type TestApp, type TestAppOptions } from './app.ts'

export const cityPath = '/350000/350500/'
export const stores = {
  'JJ-0001': '/350000/350500/350582/350582S01/',
  'NA-0001': '/350000/350500/350583/350583S01/',
}

/** A caller with one role in one subtree. */
export const callerAt = (path: string, ...permissions: Permission[]): Caller => ({
  kind: 'account',
  id: randomUUID(),
  name: '测试人员',
  grants: [{ roleCode: 'test', permissions: new Set(permissions), path }],
  storeCode: null,
  ip: '127.0.0.1',
  userAgent: 'test',
  requestId: randomUUID(),
})

/** A server with two stores in two counties, the national catalogue and nothing sold yet. */
export async function createShop(options: TestAppOptions = {}): Promise<TestApp> {
  const app = await createTestApp(options)
  await withScope(app.kernel.db, systemScope, async (tx) => {
    for (const [store, path] of Object.entries(stores)) {
      const [, , county = '', code = ''] = path.split('/').filter(Boolean)
      await putAreas(tx, [
        { code, name: `${county}监管所`, level: 'office', parent: county, path, lon: null, lat: null, standard: false },
      ])
      await tx
        .insertInto('pharmacy.store')
        .values({
          code: store,
          name: `=${store}大药房`,
          address: '人民路1号',
          county,
          areaCode: code,
          path: `${path}${store}/`,
          partyId: null,
          licenceNo: null,
          phone: null,
          chain: null,
          lon: 118.5,
          lat: 24.8,
        })
        .execute()
    }
  })
  await app.kernel.connections.system.query(
    `INSERT INTO pharmacy.duty (id, area_code, path, classes, valid_from)
     SELECT gen_random_uuid(), code, path, '{antipyretic}', '2020-01-01' FROM area.area WHERE code = '350500'`,
  )
  await app.modules.pharmacy.purchases.reference.refresh()
  return app
}

/** The n-th citizen ID of an invented person (GB 11643). */
export function citizenId(n: number): string {
  const body = `350582199${n % 10}0101${String(Math.floor(n / 10) % 1000).padStart(3, '0')}`
  return body + citizenIdCheckDigit(body)
}

export function purchase(app: TestApp, n: number, change: Partial<PurchaseInput> = {}): PurchaseInput {
  const duty = app.modules.pharmacy.purchases.reference
  const drugs = [...duty.drugs()].filter((drug) => drug.class === 'antipyretic')
  const soldAt = app.kernel.clock.now()
  return {
    id: uuidv7(),
    storeCode: 'JJ-0001',
    soldAt: soldAt.toISOString(),
    documentType: 'citizen-id',
    documentNumber: citizenId(n),
    person: {
      name: '林小明',
      mobile: `139${String(10_000_000 + n)}`,
      residenceAreaCode: '350582',
      residenceAddress: '青阳街道1号',
    },
    items: [{ drugId: drugs[n % drugs.length]!.id, quantity: 1 + (n % 3) }],
    symptoms: ['fever', 'cough'],
    temperatureTenths: 385,
    ...change,
  }
}

/** Registers purchases as the counter does; all must be taken. */
export async function sell(app: TestApp, entries: readonly PurchaseInput[]): Promise<void> {
  const clerk = callerAt(cityPath, 'purchase.register')
  for (let from = 0; from < entries.length; from += 500) {
    const body = { purchases: entries.slice(from, from + 500) }
    const results = await register(app.kernel, app.modules.pharmacy.purchases, clerk, body)
    const refused = results.find((result) => result.status !== 'registered')
    if (refused) throw new Error(JSON.stringify(refused))
  }
}
