import { addDays, checkDocument, checkPhone, type Day, startOfDay, uuidv7Floor } from '@vigil/codes'
import { documentTypes, type PurchaseFilter } from '@vigil/contract'
import { type RawBuilder, sql } from 'kysely'
import { type Caller, narrow, scopeFor } from '../../kernel/access/caller.ts'
import { prepared, type Scope, type Tx } from '../../kernel/db/index.ts'
import { forbidden, invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { countyOf } from './area.find.ts'
import { assertPeriod } from './period.ts'
import { mobileIndex, personIndex } from './purchase.seal.ts'
import type { Reference } from './reference.ts'

/** How far the time in an id may lie from the time of sale (see purchase.domain). */
const idMarginMs = 3 * 86_400_000
const longestDays = 800

/** A filter resolved against the caller's area and the vault: what lists and exports run on. */
export interface ResolvedFilter extends PurchaseFilter {
  readonly scope: Scope
  readonly county?: string | undefined
  readonly person?: Buffer[] | undefined
  readonly mobileKey?: Buffer | undefined
}

/**
 * Resolves a filter: area within the caller's own, person and mobile to keyed indexes.
 * @throws Problem 404 outside the area, 400 for an impossible period or number
 */
export function resolveFilter(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  permission: 'purchase.read' | 'purchase.export' | 'purchase.export-clear',
  filter: PurchaseFilter,
): ResolvedFilter {
  const own = scopeFor(caller, permission)
  if (own.length === 0) throw forbidden()
  assertPeriod(filter, '/filter')
  if (addDays(filter.from, longestDays) < filter.to) throw invalidField('/filter/to', `一次最多查询 ${longestDays} 天`)
  const area = filter.area ? reference.area(filter.area) : undefined
  if (filter.area && !area) throw notFound('区划')
  const store = filter.store ? reference.store(filter.store) : undefined
  if (filter.store && !store) throw notFound('药店')
  const scope = narrow(narrow(own, area?.path), store?.path)
  const resolved: ResolvedFilter = {
    ...filter,
    scope,
    county: store?.county ?? (area && countyOf(reference, area)),
  }
  if (!filter.documentNumber && !filter.mobile) return resolved
  return {
    ...resolved,
    ...(filter.documentNumber && { person: personKeys(kernel, filter.documentNumber) }),
    ...(filter.mobile && { mobileKey: mobileKey(kernel, filter.mobile) }),
  }
}

/** Keys of a number under every document type that it could be. */
function personKeys(kernel: Kernel, number: string): Buffer[] {
  const keys = documentTypes.flatMap((type) => {
    const checked = checkDocument(type, number)
    return checked.ok ? [personIndex(kernel.vault, type, checked.value.number)] : []
  })
  if (keys.length === 0) throw invalidField('/filter/documentNumber', '证件号码格式不对')
  return keys
}

/** Key of a telephone in the one form in which it is stored. */
function mobileKey(kernel: Kernel, typed: string): Buffer {
  const phone = checkPhone(typed)
  if (!phone.ok) throw invalidField('/filter/mobile', phone.message, phone.code)
  return mobileIndex(kernel.vault, phone.value.number)
}

/** Columns of a purchase that lists and exports need. */
export const purchaseColumns = [
  'id',
  'county',
  'storeCode',
  'areaCode',
  'path',
  'soldAt',
  'day',
  'receivedAt',
  'revision',
  'status',
  'documentType',
  'personIndex',
  'mobileIndex',
  'keyMonth',
  'sealed',
  'classes',
  'units',
  'symptoms',
  'temperatureTenths',
  'fever',
  'clinicIds',
  'proxy',
  'offline',
  'drugIds',
  'drugClasses',
  'quantities',
] as const

/**
 * What a filter demands of `pharmacy.purchase p`, but for area and store. The bounds of the id repeat the period for the
 * choice of the monthly partitions.
 * @param from first day that is looked at, within the filter's period
 */
export function conditions(filter: ResolvedFilter, from = filter.from, to = filter.to): RawBuilder<boolean> {
  const { first, end } = idBounds(from, to)
  const all = [sql`p.id >= ${first}`, sql`p.id < ${end}`, sql`p.day >= ${from}`, sql`p.day <= ${to}`]
  if (filter.class) all.push(sql`p.classes @> ARRAY[${filter.class}]::text[]`)
  if (filter.symptom) all.push(sql`p.symptoms @> ARRAY[${filter.symptom}]::text[]`)
  if (filter.fever !== undefined) all.push(sql`p.fever = ${filter.fever}`)
  if (filter.status) all.push(sql`p.status = ${filter.status}`)
  if (filter.person) all.push(sql`p.person_index = ANY (${filter.person}::bytea[])`)
  if (filter.mobileKey) all.push(sql`p.mobile_index = ${filter.mobileKey}`)
  if (filter.drugId) all.push(sql`p.drug_ids @> ARRAY[${filter.drugId}]::uuid[]`)
  return sql<boolean>`${sql.join(all, sql` AND `)}`
}

/** Whether a plan for all values is good for a filter: rare drugs, persons and states need one for their very values. */
export const isPlain = ({ drugId, person, mobileKey, status }: ResolvedFilter): boolean =>
  drugId === undefined && person === undefined && mobileKey === undefined && status === undefined

/** Begins a statement of a filter: kept by the connection where one plan is good for all values. */
export const begin = (filter: ResolvedFilter): RawBuilder<unknown> => (isPlain(filter) ? prepared : sql``)

/** Bounds of the ids of a period: which monthly partitions can hold its sales. */
export const idBounds = (from: Day, to: Day) => ({
  first: uuidv7Floor(startOfDay(from).getTime() - idMarginMs),
  end: uuidv7Floor(startOfDay(addDays(to, 1)).getTime() + idMarginMs),
})

/** What a filter demands of the place of `pharmacy.purchase p`. */
export function place(filter: ResolvedFilter): RawBuilder<boolean> {
  if (filter.store) return sql<boolean>`p.store_code = ${filter.store}`
  const inScope = sql<boolean>`p.path ^@ ANY (${[...filter.scope]}::text[])`
  return filter.county ? sql<boolean>`p.county = ${filter.county} AND ${inScope}` : inScope
}

/** Rows of a filter by id, newest first, after `cursor` (an id). Needs a transaction whose scope is the filter's. */
export function purchaseQuery(tx: Tx, filter: ResolvedFilter, cursor?: string) {
  const query = tx
    .selectFrom('pharmacy.purchase as p')
    .select(purchaseColumns.map((column) => `p.${column}` as const))
    .where(conditions(filter))
    .where(place(filter))
    .orderBy('p.id', 'desc')
  return cursor ? query.where('p.id', '<', cursor) : query
}
