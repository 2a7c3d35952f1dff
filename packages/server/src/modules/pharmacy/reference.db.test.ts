import { setTimeout as wait } from 'node:timers/promises'
import { uuidv7 } from '@vigil/codes'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createInstallation, type Installation, putStore } from './reference.fixture.ts'
import { openReference, type Reference, referenceTopic } from './reference.ts'

let installation: Installation
let reference: Reference

beforeAll(async () => {
  installation = await createInstallation()
  await putStore(installation, 'P350582A')
  reference = await openReference(installation)
})
afterAll(async () => {
  await reference.close()
  await installation.close()
})

const query = (text: string, values: unknown[] = []) => installation.connections.system.query(text, values)
const until = async (done: () => boolean) => {
  for (let tries = 0; tries < 100 && !done(); tries++) await wait(20)
}

test('holds stores with area, path and place', () => {
  expect(reference.store('P350582A')).toMatchObject({
    county: '350582',
    areaCode: '350582S01',
    path: '/350000/350500/350582/350582S01/P350582A/',
    status: 'active',
    lon: 118.55,
  })
  expect(reference.store('P0')).toBeUndefined()
})

test('a notification brings a new store and a change of a known one', async () => {
  await putStore(installation, 'P350582B')
  expect(reference.store('P350582B')).toBeUndefined()
  await query(`UPDATE pharmacy.store SET status = 'suspended', updated_at = now() WHERE code = 'P350582A'`)
  await installation.notify.publish(referenceTopic, { kind: 'store', codes: ['P350582B'] })
  await installation.notify.publish(referenceTopic, { kind: 'store', codes: ['P350582A'] })
  await until(() => reference.store('P350582B') !== undefined && reference.store('P350582A')?.status === 'suspended')
  expect(reference.store('P350582A')?.status).toBe('suspended')
  expect(reference.store('P350582B')?.name).toBe('P350582B大药房')
})

test('the check finds a change of which nobody told', async () => {
  await query(`UPDATE pharmacy.store SET phone = '0595-1', updated_at = now() WHERE code = 'P350582B'`)
  await reference.refresh()
  expect(reference.store('P350582B')?.phone).toBe('0595-1')
})

test('the check finds a late commit that changes neither count nor newest time', async () => {
  await query(
    `UPDATE pharmacy.store SET phone = '0595-2', updated_at = updated_at - interval '1 second'
     WHERE code = 'P350582A'`,
  )
  await reference.refresh()
  expect(reference.store('P350582A')?.phone).toBe('0595-2')
})

test('duties are the union over area and time, and a removed one is gone', async () => {
  const city = '/350000/350500/'
  const county = `${city}350582/`
  const add = (path: string, classes: string[], from: string, to: string | null) =>
    query(
      `INSERT INTO pharmacy.duty (id, area_code, path, classes, valid_from, valid_to) VALUES ($1, '350500', $2, $3, $4, $5)`,
      [uuidv7(), path, classes, from, to],
    )
  await add(city, ['antipyretic', 'cough'], '2022-01-01', '2022-03-31')
  await add(county, ['antibiotic', 'cough'], '2022-03-14', null)
  await installation.notify.publish(referenceTopic, { kind: 'duty' })
  await reference.refresh('duty')
  const store = `${county}350582S01/P350582A/`
  expect([...reference.dutyClasses(store, '2022-03-20')].sort()).toEqual(['antibiotic', 'antipyretic', 'cough'])
  expect([...reference.dutyClasses(store, '2022-03-31')]).toContain('antipyretic')
  expect([...reference.dutyClasses(store, '2022-04-01')].sort()).toEqual(['antibiotic', 'cough'])
  expect([...reference.dutyClasses(`${city}350583/x/`, '2022-04-01')]).toEqual([])
  expect([...reference.dutyClasses(store, '2021-12-31')]).toEqual([])
  await query(`DELETE FROM pharmacy.duty WHERE valid_to IS NULL`)
  await reference.refresh('duty')
  expect([...reference.dutyClasses(store, '2022-04-01')]).toEqual([])
})

test('areas: own ones have a path, all of GB/T 2260 exist', () => {
  expect(reference.area('350582S01')).toMatchObject({ parent: '350582', level: 'office' })
  expect(reference.area('110101')).toBeUndefined()
  expect(reference.areaExists('110101')).toBe(true)
  expect(reference.areaExists('350582S01')).toBe(true)
  expect(reference.areaExists('999999')).toBe(false)
  expect(reference.areaName('350582')).toBe('晋江市')
  expect(reference.areaFullName('350582S01')).toBe('福建省泉州市晋江市青阳市场监督管理所')
  expect(reference.areaFullName('130402')).toBe('河北省邯郸市邯山区')
})

test('the nearest clinics come first, closed ones never', async () => {
  const add = (name: string, lon: number, lat: number, active = true) =>
    query(
      `INSERT INTO pharmacy.clinic (id, name, address, phone, lon, lat, area_code, path, active)
       VALUES ($1, $2, '路', '120', $3, $4, '350582', '/350000/350500/350582/', $5)`,
      [uuidv7(), name, lon, lat, active],
    )
  await add('远', 118.7, 24.9)
  await add('近', 118.56, 24.81)
  await add('关', 118.55, 24.81, false)
  await reference.refresh('clinic')
  const found = reference.nearestClinics(118.55, 24.81, 3)
  expect(found.map((clinic) => clinic.name)).toEqual(['近', '远'])
  // One hundredth of a degree of longitude at 24.81° N: 0.01 × π/180 × 6 371 008.8 m × cos 24.81° = 1009 m.
  expect(found[0]?.distanceM).toBe(1009)
})

test('a drug is called by generic name, strength, form and brand', async () => {
  const id = uuidv7()
  await query(
    `INSERT INTO pharmacy.drug (id, class, generic, brand, form, strength) VALUES ($1, 'antipyretic', '布洛芬缓释胶囊', '芬必得', '缓释胶囊剂', '0.3g')`,
    [id],
  )
  const before = reference.drugRevision()
  await reference.refresh('drug', [id])
  expect(reference.drug(id)).toMatchObject({ name: '布洛芬缓释胶囊 0.3g (芬必得)', class: 'antipyretic', active: true })
  expect(reference.drugRevision()).toBeGreaterThan(before)
})
