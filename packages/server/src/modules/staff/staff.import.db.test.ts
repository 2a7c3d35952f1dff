import { addDays, dayOf } from '@vigil/codes'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemCaller } from '../../kernel/access/index.ts'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import type { ChunkPlan, ImportKind, Outcome } from '../../kernel/import/index.ts'
import { citizenId, createPharmacyCity, mobile, type PharmacyCity } from '../pharmacy/pharmacy.fixture.ts'
import { staffImport, staffResultImport } from './index.ts'

let city: PharmacyCity
beforeAll(async () => {
  city = await createPharmacyCity()
}, 60_000)
afterAll(() => city.close())

const caller = systemCaller('导入', ['staff.manage'])
type Told = { errors: string[] } | (Outcome & { dry: Outcome })

/** Tries the rows of a file, then writes them. */
async function run<T>(
  kind: ImportKind<T>,
  rows: readonly Record<string, string>[],
  scope = systemScope,
): Promise<Told> {
  const plan = (await kind.open(caller, scope)) as ChunkPlan<T>
  const parsed = rows.map((row, index) => plan.parse(row, index + 2))
  const errors = parsed.flatMap((each) =>
    'errors' in each ? each.errors.map(({ column, message }) => `${column} ${message}`) : [],
  )
  if (errors.length > 0) return { errors }
  const numbered = parsed.flatMap((each, index) => ('ok' in each ? [{ rowNumber: index + 2, value: each.ok }] : []))
  const dry = await plan.weigh(numbered)
  const write = await plan.prepare(numbered)
  return { ...(await withScope(city.app.kernel.db, scope, write)), dry }
}

const counts = { fresh: 0, unchanged: 0, problems: [] }
const roster = (n: number, more: Record<string, string> = {}) => ({
  storeCode: 'store-a',
  name: '林小明',
  documentNumber: citizenId(n),
  mobile: mobile(n),
  role: '执业药师',
  ...more,
})

test('a roster is tried, written, and the same file again changes nothing', async () => {
  const { kernel, modules } = city.app
  const kind = staffImport(kernel, modules.pharmacy.purchases.reference)
  const rows = [roster(1), roster(2, { storeCode: '', storeName: 'STORE-B大药房', role: '', joinedOn: '2026/1/5' })]
  const fresh = { ...counts, fresh: 2 }
  expect(await run(kind, rows)).toEqual({ ...fresh, dry: fresh })
  const same = { ...counts, unchanged: 2 }
  expect(await run(kind, rows)).toEqual({ ...same, dry: same })
  expect(await run(kind, [roster(1, { mobile: mobile(9) })])).toEqual({ ...counts, dry: counts })
  const members = await city.owner(
    `SELECT store_code, role, joined_on::text AS joined FROM staff.member ORDER BY store_code`,
  )
  expect(members).toEqual([
    { store_code: 'STORE-A', role: 'pharmacist', joined: dayOf(new Date()) },
    { store_code: 'STORE-B', role: 'clerk', joined: '2026-01-05' },
  ])
})

test('wrong rows are told by column; a store beyond the area does not exist', async () => {
  const { kernel, modules } = city.app
  const kind = staffImport(kernel, modules.pharmacy.purchases.reference)
  expect(await run(kind, [roster(3), roster(3)])).toEqual({
    errors: ['documentNumber 与第 2 行是同一人，请删除其中一行'],
  })
  const wrong = roster(4, { documentNumber: `${citizenId(4).slice(0, 17)}?`, storeCode: 'STORE-C' })
  const told = await run(kind, [wrong], ['/350000/350500/350582/'])
  expect('errors' in told && told.errors).toEqual(['storeCode 药店不存在，或不在您的管辖范围内'])
})

test('results find people by number or code, never by name; a dry run writes nothing', async () => {
  const kind = staffResultImport(city.app.kernel)
  const day = addDays(dayOf(city.clock.now()), -1)
  const line = {
    documentNumber: citizenId(1),
    sampledAt: `${day} 08:30`,
    outcome: '',
    code: 'tube-77',
    lab: '市检测中心',
  }
  const fresh = { ...counts, fresh: 1 }
  expect(await run(kind, [line])).toEqual({ ...fresh, dry: fresh })
  expect(await run(kind, [line])).toMatchObject({ fresh: 0, unchanged: 1 })
  expect(await run(kind, [{ code: 'TUBE-77', outcome: '阴性' }])).toEqual({ ...fresh, dry: fresh })
  expect(await city.owner(`SELECT outcome, code, source FROM staff.result`)).toEqual([
    { outcome: 'negative', code: 'TUBE-77', source: 'import' },
  ])
  const unknown = { documentNumber: citizenId(99), sampledAt: day, outcome: '阴性' }
  expect(await run(kind, [unknown, { code: 'TUBE-99', outcome: '阴性' }])).toMatchObject({
    fresh: 0,
    problems: [
      { rowNumber: 2, column: 'documentNumber' },
      { rowNumber: 3, column: 'code' },
    ],
  })
  expect(await run(kind, [{ documentNumber: '350582********0011', sampledAt: day, outcome: '阴性' }])).toEqual({
    errors: ['documentNumber 证件号码已脱敏，不能用来对应人员'],
  })
})
