import { type Checked, checkPhone, uuidv7, valid } from '@vigil/codes'
import type { Clinic, ClinicItem } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { type Db, readScope, type Scope, type Tx } from '../../kernel/db/index.ts'
import { invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { ColumnSpec, Parsed, RowProblem } from '../../kernel/tabular/index.ts'
import { areaFinder } from './area.find.ts'
import './clinic.table.ts'
import { Cells, type WholeKind } from '../../kernel/import/index.ts'
import { tellReference } from './reference.tell.ts'
import type { Reference } from './reference.ts'
import { pickedScope } from './store.read.ts'

const columns: readonly ColumnSpec[] = [
  { key: 'name', heads: ['名称', '医院名称', '发热门诊', '机构名称', 'name'], required: true },
  { key: 'address', heads: ['地址', 'address'], required: true },
  { key: 'phone', heads: ['电话', '联系电话', 'phone'], required: true },
  { key: 'county', heads: ['区县', '县区', '区划', '区划代码', 'county', 'area'], required: true },
  { key: 'lon', heads: ['经度', 'lon', 'longitude'], required: true },
  { key: 'lat', heads: ['纬度', 'lat', 'latitude'], required: true },
  { key: 'active', heads: ['开诊', '启用', '状态', 'active'] },
]

interface NewClinic {
  readonly id: string
  readonly name: string
  readonly address: string
  readonly phone: string
  readonly lon: number
  readonly lat: number
  readonly areaCode: string
  readonly path: string
  readonly active: boolean
}

const closed = new Set(['否', '停诊', '停用', 'false', 'no', 'n', '0'])

// 120 and 12345 answer too, beside the numbers of a hospital.
function checkClinicPhone(text: string): Checked<string> {
  if (/^(120|12345|12320)$/.test(text)) return valid(text)
  const result = checkPhone(text)
  return result.ok ? valid(result.value.number) : result
}

function clinicParser(
  reference: Reference,
  scope: Scope,
): (values: Record<string, string>, row: number) => Parsed<NewClinic> {
  const seen = new Map<string, number>()
  const find = areaFinder(reference, scope)
  return (values, rowNumber) => {
    const cells = new Cells(values)
    const name = cells.required('name', 120, '名称')
    const address = cells.required('address', 200, '地址')
    const phone = cells.checked('phone', checkClinicPhone)
    if (!values.phone?.trim()) cells.problem('phone', '请填写电话')
    const before = cells.problems.length
    const place = cells.place('lon', 'lat')
    if (!place && cells.problems.length === before) cells.problem('lon', '请填写经度和纬度')
    const found = find(cells.text('county', 100), '')
    if ('problem' in found) cells.problem('county', found.problem)
    const key = JSON.stringify([name, address])
    const earlier = seen.get(key)
    if (earlier !== undefined) cells.problem('name', `与第 ${earlier} 行是同一门诊，请删除其中一行`)
    if (cells.problems.length > 0 || 'problem' in found || !place || phone === null) return { errors: cells.problems }
    seen.set(key, rowNumber)
    const active = !closed.has(cells.text('active', 10).toLowerCase())
    return {
      ok: { id: uuidv7(), name, address, phone, ...place, areaCode: found.area.code, path: found.area.path, active },
    }
  }
}

/** Rows that name a clinic of another area: clinics are public facts without row-level security. */
async function checkForeign(
  db: Db,
  rows: readonly { rowNumber: number; value: NewClinic }[],
  scope: Scope,
): Promise<RowProblem[]> {
  const given = JSON.stringify(
    rows.map(({ rowNumber, value }) => ({ n: rowNumber, name: value.name, address: value.address })),
  )
  const foreign = await sql<{ n: number }>`
    SELECT r.n FROM jsonb_to_recordset(${given}::jsonb) AS r(n int, name text, address text)
    JOIN pharmacy.clinic c ON c.name = r.name AND c.address = r.address
    WHERE NOT c.path ^@ ANY (${[...scope]}::text[])`.execute(db)
  return foreign.rows.map(({ n }) => ({ rowNumber: n, column: '名称', message: '该门诊已由其他辖区登记' }))
}

/** Adds clinics, or changes those with the same name and address within `scope`. @returns how many were written */
async function upsertClinics(tx: Tx, clinics: readonly NewClinic[], scope: Scope): Promise<number> {
  const { rows } = await sql`
    INSERT INTO pharmacy.clinic AS c (id, name, address, phone, lon, lat, area_code, path, active)
    SELECT id, name, address, phone, lon, lat, "areaCode", path, active FROM jsonb_to_recordset(${JSON.stringify(clinics)}::jsonb)
      AS r(id uuid, name text, address text, phone text, lon float8, lat float8, "areaCode" text, path text, active boolean)
    ON CONFLICT (name, address) DO UPDATE SET phone = EXCLUDED.phone, lon = EXCLUDED.lon, lat = EXCLUDED.lat,
      area_code = EXCLUDED.area_code, path = EXCLUDED.path, active = EXCLUDED.active, updated_at = now()
      WHERE c.path ^@ ANY (${[...scope]}::text[])
    RETURNING 1`.execute(tx)
  return rows.length
}

/**
 * Fever clinics of the areas that the caller may see, by name.
 * @throws Problem 404 when the area is unknown or outside
 */
export async function listClinics(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  area: string | undefined,
): Promise<ClinicItem[]> {
  const scope = pickedScope(reference, scopeFor(caller, 'store.read'), area)
  return readScope(kernel.db, scope, async (tx) => {
    const rows = await tx
      .selectFrom('pharmacy.clinic')
      .select(['id', 'name', 'address', 'phone', 'lon', 'lat', 'areaCode', 'active'])
      .where(sql<boolean>`path ^@ ANY (${[...scope]}::text[])`)
      .orderBy('areaCode')
      .orderBy('name')
      .limit(5000)
      .execute()
    return rows.map((row) => ({ ...row, areaName: reference.areaName(row.areaCode), distanceM: null }))
  })
}

/** Fever clinics: new ones and changes of known ones. */
export const clinicImport = (kernel: Kernel, reference: Reference): WholeKind<NewClinic> => ({
  name: 'clinic',
  permission: 'clinic.manage',
  columns,
  action: 'clinic.import',
  object: 'pharmacy.clinic',
  open: async (_caller, scope) => ({
    table: { name: 'pharmacy.clinic', key: ['name', 'address'] },
    parse: clinicParser(reference, scope),
    check: (rows) => checkForeign(kernel.db, rows, scope),
    write: async (tx, clinics) => ({ written: await upsertClinics(tx, clinics, scope) }),
    written: () => tellReference(kernel, reference, 'clinic'),
  }),
})

/**
 * The three fever clinics nearest to the caller's own store, or to a store of his area. Without a place of the store,
 * measured from the middle of its county; none when that is unknown too.
 * @throws Problem 404 for a store outside, 400 when no store is named and the account has none
 */
export function nearestToStore(reference: Reference, caller: Caller, code: string | undefined): Clinic[] {
  const wanted = code ?? caller.storeCode
  if (!wanted) throw invalidField('/store', '请指明药店')
  const store = reference.store(wanted)
  if (!store || !scopeFor(caller, 'purchase.register').some((path) => store.path.startsWith(path)))
    throw notFound('药店')
  const place = store.lon !== null && store.lat !== null ? store : (reference.area(store.areaCode) ?? store)
  const from = place.lon !== null && place.lat !== null ? place : reference.area(store.county)
  return from && from.lon !== null && from.lat !== null ? reference.nearestClinics(from.lon, from.lat, 3) : []
}
