import { addDays, dayOf } from '@vigil/codes'
import type { Duty } from '@vigil/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importFile } from '../../kernel/import/index.ts'
import { clinicImport, nearestToStore } from './clinic.service.ts'
import { listDuties, saveDuty } from './duty.service.ts'
import { putStore } from './reference.fixture.ts'
import { callerIn, city, createShop, jinjiang, nanan, type Shop, upload } from './store.fixture.ts'

let shop: Shop
const director = callerIn([city])
const inJinjiang = callerIn([jinjiang])
const inNanan = callerIn([nanan])
const today = dayOf(new Date())
const tomorrow = addDays(today, 1)

beforeAll(async () => {
  shop = await createShop()
  await putStore(shop.kernel, 'P350582A')
  await shop.reference.refresh('store')
})
afterAll(() => shop.close())

type Input = Parameters<typeof saveDuty>[3]
const save = (input: Partial<Input>, caller = director) =>
  saveDuty(shop.kernel, shop.reference, caller, {
    areaCode: '350500',
    classes: ['antipyretic'],
    from: today,
    to: null,
    note: '',
    ...input,
  })
const refusal = async (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: { details?: { status: number; errors?: { pointer: string; code?: string }[] } }) => ({
      status: error.details?.status,
      pointer: error.details?.errors?.[0]?.pointer,
    }),
  )
const classes = (day: string) => [...shop.reference.dutyClasses(`${jinjiang}350582S01/P350582A/`, day)].sort()

test('duties of city and county add up, at once and in the copy in memory', async () => {
  await save({ classes: ['cough', 'antipyretic'] })
  await save({ areaCode: '350582', classes: ['antibiotic'], from: tomorrow, to: tomorrow, note: '专项' }, inJinjiang)
  expect(classes(today)).toEqual(['antipyretic', 'cough'])
  expect(classes(tomorrow)).toEqual(['antibiotic', 'antipyretic', 'cough'])
  expect(classes(addDays(today, 2))).toEqual(['antipyretic', 'cough'])
})

test('each sees the duties that bind him', async () => {
  const areas = async (caller: typeof director) =>
    (await listDuties(shop.kernel, shop.reference, caller)).map((duty) => duty.areaName)
  expect((await areas(inJinjiang)).sort()).toEqual(['晋江市', '泉州市'])
  expect(await areas(inNanan)).toEqual(['泉州市'])
  expect((await areas(director)).length).toBe(2)
})

test('nobody binds another area or changes what binds his own from above', async () => {
  expect(await refusal(save({ areaCode: '350582' }, inNanan))).toMatchObject({ status: 404 })
  expect(await refusal(save({ areaCode: '350500' }, inJinjiang))).toMatchObject({ status: 404 })
  expect(await refusal(save({ areaCode: '350583' }, callerIn([city], ['area.read'])))).toMatchObject({ status: 403 })
  const [ofCity] = (await listDuties(shop.kernel, shop.reference, inJinjiang)).filter(
    (duty) => duty.areaCode === '350500',
  )
  expect(await refusal(save({ id: (ofCity as Duty).id, areaCode: '350582' }, inJinjiang))).toMatchObject({
    status: 404,
  })
  expect(await refusal(save({ areaCode: '999999' }))).toMatchObject({ status: 404 })
})

test('impossible days are refused by field', async () => {
  expect(await refusal(save({ from: '2022-02-30' }))).toEqual({ status: 400, pointer: '/from' })
  expect(await refusal(save({ to: addDays(today, -1) }))).toEqual({ status: 400, pointer: '/to' })
})

test('the past stays as it was: only the end of a begun duty moves', async () => {
  const old = await save({ classes: ['antiviral'], from: addDays(today, -30), to: addDays(today, 30) })
  const change = (input: Partial<Input>) =>
    save({ id: old.id, classes: ['antiviral'], from: old.from, to: old.to, ...input })
  expect(await refusal(change({ classes: ['cough'] }))).toEqual({ status: 400, pointer: '/from' })
  expect(await refusal(change({ from: today }))).toEqual({ status: 400, pointer: '/from' })
  expect(await refusal(change({ to: addDays(today, -2) }))).toEqual({ status: 400, pointer: '/to' })
  expect(await change({ to: today, note: '提前结束' })).toMatchObject({ id: old.id, to: today, note: '提前结束' })
  expect(classes(addDays(today, -1))).toContain('antiviral')
  expect(classes(tomorrow)).not.toContain('antiviral')
  const rows = await shop.query(`SELECT detail FROM audit.entry WHERE object = $1 ORDER BY seq`, [`duty/${old.id}`])
  expect(rows.map((row) => (row.detail as { before: unknown }).before === null)).toEqual([true, false])
})

test('clinics are imported and the three nearest found, across the county border', async () => {
  const heads = ['名称', '地址', '电话', '区县', '经度', '纬度', '开诊']
  const clinic = (name: string, lon: string, area = '晋江市', more: string[] = []) => [
    name,
    '路 1 号',
    '0595-85661234',
    area,
    lon,
    '24.81',
    ...more,
  ]
  const bring = (rows: string[][], caller = director) =>
    importFile(shop.kernel, clinicImport(shop.kernel, shop.reference), caller, upload('csv', heads, rows))
  const report = await bring([
    clinic('四', '118.90'),
    clinic('一', '118.56'),
    clinic('二', '118.60', '南安市'),
    clinic('三', '118.70'),
    clinic('停', '118.55', '晋江市', ['否']),
    clinic('无电话', '118.55').with(2, ''),
    clinic('无坐标', ''),
    clinic('国外', '18.5'),
  ])
  expect(report).toMatchObject({ accepted: 5, rejected: 3 })
  const clerk = { ...callerIn([`${jinjiang}350582S01/P350582A/`], ['purchase.register']), storeCode: 'P350582A' }
  const found = nearestToStore(shop.reference, clerk, undefined)
  expect(found.map((each) => each.name)).toEqual(['一', '二', '三'])
  expect(() => nearestToStore(shop.reference, clerk, 'P0')).toThrow('药店不存在')
  expect(() => nearestToStore(shop.reference, director, undefined)).toThrow('请指明药店')
  // A county does not change its neighbour's clinic.
  expect(await bring([clinic('二', '118.61')], inJinjiang)).toMatchObject({ accepted: 0, rejected: 1 })
})
