import { addDays, dayOf, startOfDay, uuidv7 } from '@vigil/codes'
import type { PurchaseItem } from '@vigil/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { citizenId, createPharmacyCity, type PharmacyCity } from './pharmacy.fixture.ts'
import type { Personal } from './purchase.domain.ts'
import { findPersonal } from './purchase.seal.ts'

let city: PharmacyCity
beforeAll(async () => {
  city = await createPharmacyCity()
})
afterAll(async () => {
  expect(await city.drift()).toEqual([])
  await city.close()
})

const sold = async (overrides: Parameters<PharmacyCity['sale']>[0] = {}) => {
  const sale = city.sale(overrides)
  const [result] = await city.register([sale])
  expect(result!.status).toBe('registered')
  return sale
}
const correct = (id: string, revision: number, changes: object, as = city.clerk) =>
  as.call('POST', `/api/purchases/${id}/corrections`, { revision, reason: '录入有误', changes })
const undo = (id: string, as = city.clerk) => as.call('POST', `/api/purchases/${id}/undo`)
const read = async (id: string) => (await city.director.call('GET', `/api/purchases/${id}`)).json()
const clear = async (id: string) =>
  (await city.director.call('POST', `/api/purchases/${id}/reveal`, { purpose: 'correction', reason: '核对' })).json()
/** Personal data of the earlier versions, oldest first. */
const keptVersions = async (id: string): Promise<Personal[]> =>
  (
    await city.owner<{ keyMonth: string; sealed: Buffer }>(
      'SELECT key_month AS "keyMonth", sealed FROM pharmacy.purchase_revision WHERE purchase_id = $1 ORDER BY revision',
      [id],
    )
  ).map((row) => findPersonal(city.app.kernel.vault, { id, ...row })!)
const figures = async (store: string, name = 'all') =>
  (
    await city.owner(
      'SELECT sum(purchases)::int AS purchases, sum(buyers)::int AS buyers, sum(units)::int AS units, sum(fever)::int AS fever FROM pharmacy.rollup_store_day WHERE store_code = $1 AND class = $2',
      [store, name],
    )
  )[0]

describe('correction', () => {
  test('the new version counts, the original is kept and shown, rollups move', async () => {
    const sale = await sold({ storeCode: 'STORE-A', documentNumber: citizenId(60) })
    const person = { ...sale.person!, name: '陈大文' }
    const changes = {
      person,
      documentNumber: citizenId(61),
      symptoms: ['fever'],
      items: [{ drugId: city.drug.cough, quantity: 3 }],
    }
    const answer = await correct(sale.id, 0, changes)
    expect(answer.json()).toMatchObject({ revision: 1, status: 'corrected', fever: true, name: '陈**' })
    expect(await figures('STORE-A')).toEqual({ purchases: 1, buyers: 1, units: 3, fever: 1 })
    expect(await figures('STORE-A', 'antipyretic')).toEqual({ purchases: 0, buyers: 0, units: 0, fever: 0 })
    expect(await city.drift()).toEqual([])
    const { purchase, revisions } = await read(sale.id)
    expect(purchase.items).toMatchObject([{ class: 'cough', quantity: 3 }])
    expect(revisions).toMatchObject([
      {
        revision: 0,
        by: expect.any(String),
        reason: '录入有误',
        purchase: { name: '林**', status: 'valid', fever: false, items: [{ class: 'antipyretic', quantity: 1 }] },
      },
    ])
    const kept = await city.owner('SELECT before::text FROM pharmacy.purchase_revision WHERE purchase_id = $1', [
      sale.id,
    ])
    expect(JSON.stringify(kept)).not.toMatch(/林小明|13800000001|350582196/)
    expect((await city.register([sale]))[0]!.status).toBe('registered')
    expect((await read(sale.id)).purchase.revision).toBe(1)
  })

  test('whom it was bought for and the history change; the old values stay sealed, the figures stand', async () => {
    const before = { name: '林阿婆', relation: 'family' as const }
    const sale = await sold({ documentNumber: citizenId(62), boughtFor: before, history: '三亚返回' })
    const counted = await figures('STORE-A')
    const after = {
      name: '陈邻居',
      documentType: 'citizen-id',
      documentNumber: citizenId(63),
      relation: 'neighbour',
    }
    const changed = await correct(sale.id, 0, { boughtFor: after, history: ' 广州返回 ' })
    expect(changed.json()).toMatchObject({ revision: 1, status: 'corrected', proxy: true })
    expect(await clear(sale.id)).toMatchObject({ boughtFor: after, history: '广州返回', name: '林小明' })
    // What is not named stays: a correction of another part touches neither.
    expect((await correct(sale.id, 1, { symptoms: ['cough'] })).statusCode).toBe(200)
    expect(await clear(sale.id)).toMatchObject({ boughtFor: after, history: '广州返回' })
    expect((await correct(sale.id, 2, { boughtFor: null, history: '' })).json()).toMatchObject({ proxy: false })
    expect(await clear(sale.id)).toMatchObject({ boughtFor: null, history: null, name: '林小明' })

    const kept = await keptVersions(sale.id)
    expect(kept.map(({ boughtFor, history }) => ({ boughtFor, history }))).toEqual([
      { boughtFor: before, history: '三亚返回' },
      { boughtFor: after, history: '广州返回' },
      { boughtFor: after, history: '广州返回' },
    ])
    expect((await read(sale.id)).revisions.map((one: { purchase: PurchaseItem }) => one.purchase.proxy)).toEqual([
      true,
      true,
      true,
    ])
    expect(await figures('STORE-A')).toEqual(counted)
    const log = await city.owner<{ detail: { fields: string[] } }>(
      `SELECT detail FROM audit.entry WHERE action = 'purchase.correct' AND object = $1 ORDER BY seq`,
      [`purchase:${sale.id}`],
    )
    expect(log.map((row) => row.detail.fields)).toEqual([
      ['boughtFor', 'history'],
      ['symptoms'],
      ['boughtFor', 'history'],
    ])
    expect(JSON.stringify(log)).not.toMatch(/林阿婆|陈邻居|三亚|广州/)
  })

  test('a wrong patient is told at the field', async () => {
    const sale = await sold()
    const wrong = { name: '１２３', documentNumber: '35058219900101', relation: 'family' }
    const answer = await correct(sale.id, 0, { boughtFor: wrong })
    expect(answer.statusCode).toBe(400)
    expect(answer.json().errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      '/changes/boughtFor/name',
      '/changes/boughtFor/documentNumber',
    ])
    for (const changes of [
      { boughtFor: { ...wrong, name: '林母', documentNumber: '', relation: 'uncle' } },
      { history: '旅'.repeat(301) },
    ])
      expect((await correct(sale.id, 0, changes)).statusCode).toBe(400)
    expect((await read(sale.id)).purchase).toMatchObject({ revision: 0, proxy: false })
  })

  test('of two clerks at once one is told that he was too late', async () => {
    const sale = await sold()
    const answers = await Promise.all(
      [1, 2].map((quantity) => correct(sale.id, 0, { items: [{ drugId: city.drug.cough, quantity }] })),
    )
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 409])
    expect(answers.find((answer) => answer.statusCode === 409)!.json().code).toBe('stale')
    expect((await read(sale.id)).purchase.revision).toBe(1)
  })

  test('wrong fields are named below /changes, and nothing changes', async () => {
    const sale = await sold()
    const answer = await correct(sale.id, 0, { documentNumber: '1', items: [{ drugId: uuidv7(), quantity: 1 }] })
    expect(answer.statusCode).toBe(400)
    expect(answer.json().errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      '/changes/documentNumber',
      '/changes/items/0/drugId',
    ])
    expect((await correct(sale.id, 0, { nonsense: 1 })).statusCode).toBe(400)
    expect((await read(sale.id)).purchase.revision).toBe(0)
  })

  test('another store, another county and an unknown entry do not exist', async () => {
    const other = await sold({ storeCode: 'STORE-B' })
    expect((await correct(other.id, 0, { symptoms: [] })).statusCode).toBe(404)
    expect((await correct(uuidv7(), 0, { symptoms: [] })).statusCode).toBe(404)
    expect((await undo(other.id)).statusCode).toBe(404)
    expect((await correct(other.id, 0, { symptoms: [] }, city.supervisor)).statusCode).toBe(403)
  })
})

describe('undo', () => {
  test('within five minutes takes the entry out of the figures; again answers the same', async () => {
    const before = await figures('STORE-A')
    const sale = await sold({ documentNumber: citizenId(70) })
    city.clock.forward(4 * 60_000)
    const first = await undo(sale.id)
    expect(first.json()).toMatchObject({ status: 'undone', revision: 1 })
    expect(await figures('STORE-A')).toEqual(before)
    expect((await undo(sale.id)).json()).toEqual(first.json())
    expect((await correct(sale.id, 1, { symptoms: [] })).statusCode).toBe(409)
    expect((await read(sale.id)).revisions).toMatchObject([{ reason: '撤销', purchase: { status: 'valid' } }])
    expect((await city.register([sale]))[0]!.status).toBe('registered')
    expect((await read(sale.id)).purchase.status).toBe('undone')
    expect(await figures('STORE-A')).toEqual(before)
  })

  test('after five minutes is refused', async () => {
    const sale = await sold()
    city.clock.forward(5 * 60_000 + 1000)
    const late = await undo(sale.id)
    expect([late.statusCode, late.json().code]).toEqual([409, 'undo-late'])
    expect((await read(sale.id)).purchase.status).toBe('valid')
  })

  test('a correction and an undo at once leave one consistent entry', async () => {
    const sale = await sold({ documentNumber: citizenId(71) })
    await Promise.all([
      correct(sale.id, 0, { items: [{ drugId: city.drug.antiviral, quantity: 5 }] }),
      undo(sale.id),
      undo(sale.id),
    ])
    expect((await read(sale.id)).purchase.status).toBe('undone')
    expect(await city.drift()).toEqual([])
  })
})

describe('a month whose key was destroyed', () => {
  test('is neither shown, revealed, corrected nor added to', async () => {
    const at = startOfDay(addDays(`${dayOf(city.clock.now()).slice(0, 7)}-01`, -5)).getTime()
    const old = { id: uuidv7(at, crypto.getRandomValues(new Uint8Array(10))), soldAt: new Date(at).toISOString() }
    const sale = await sold({ ...old, documentNumber: citizenId(80) })
    const month = dayOf(new Date(at)).slice(0, 7)
    const shred = await city.director.call('POST', `/api/vault/keys/${month}/shred`, { confirm: month, reason: '到期' })
    expect(shred.statusCode).toBe(200)
    expect((await read(sale.id)).purchase).toMatchObject({
      name: null,
      documentNumber: null,
      mobile: null,
      residence: null,
    })
    const changed = await correct(sale.id, 0, { symptoms: ['cough'] })
    expect([changed.statusCode, changed.json().code]).toEqual([409, 'shredded'])
    const reveal = await city.director.call('POST', `/api/purchases/${sale.id}/reveal`, {
      purpose: 'follow-up',
      reason: '核对',
    })
    expect([reveal.statusCode, reveal.json().code]).toEqual([409, 'shredded'])
    const late = city.sale({ ...old, id: uuidv7(at + 1, crypto.getRandomValues(new Uint8Array(10))) })
    const [closed, again, fine] = await city.register([late, sale, city.sale()])
    expect(closed).toMatchObject({ status: 'invalid', errors: [{ pointer: '/soldAt', code: 'shredded' }] })
    expect([again!.status, fine!.status]).toEqual(['registered', 'registered'])
    const lookup = await city.clerk.call('POST', '/api/pharmacy/buyers/lookup', {
      documentType: 'citizen-id',
      documentNumber: citizenId(80),
    })
    expect(lookup.json().known).toBe(false)
    // The persons of a shredded month are gone, and with them what a recount of buyers could be made of.
    await city.owner(`DELETE FROM pharmacy.rollup_store_day WHERE to_char(day, 'YYYY-MM') = $1`, [month])
    await city.owner(`DELETE FROM pharmacy.rollup_county_day WHERE to_char(day, 'YYYY-MM') = $1`, [month])
    await city.owner(
      `UPDATE pharmacy.purchase SET drug_ids = '{}', drug_classes = '{}', quantities = '{}' WHERE id = $1`,
      [sale.id],
    )
  })
})
