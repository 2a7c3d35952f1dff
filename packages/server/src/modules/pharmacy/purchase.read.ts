import { addDays, checkDocument, checkPhone, dayOf, isUuidv7, startOfDay, uuidv7Floor } from '@vigil/codes'
import { documentTypes, type PurchaseFilter, type PurchaseItem, receiptNo } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, narrow, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, type Scope, type Tx } from '../../kernel/db/index.ts'
import { forbidden, invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { countyOf } from './area.find.ts'
import { assertPeriod } from './period.ts'
import type { Line } from './purchase.domain.ts'
import type { Purchases } from './purchase.module.ts'
import { findPersonal, maskPersonal, mobileIndex, personIndex } from './purchase.seal.ts'
import type { Stored } from './purchase.store.ts'
import type { Reference } from './reference.ts'

/** How far the time in an id may lie from the time of sale (see purchase.domain). */
const idMarginMs = 3 * 86_400_000
const longestDays = 800

type Row = Omit<Stored, 'lines' | 'accountId' | 'digest'>

/** A row as a screen shows it: masked always. The month's key must be loaded. */
export function toItem(kernel: Kernel, reference: Reference, row: Row & { lines: readonly Line[] }): PurchaseItem {
  const masked = maskPersonal(findPersonal(kernel.vault, row), row.documentType, (code) => reference.areaName(code))
  return {
    id: row.id,
    revision: row.revision,
    status: row.status,
    storeCode: row.storeCode,
    storeName: reference.store(row.storeCode)?.name ?? row.storeCode,
    areaCode: row.areaCode,
    areaName: reference.areaName(row.areaCode),
    soldAt: row.soldAt.toISOString(),
    receivedAt: row.receivedAt.toISOString(),
    documentType: row.documentType as PurchaseItem['documentType'],
    ...masked,
    items: row.lines.map((line) => ({
      drugId: line.drugId,
      name: reference.drug(line.drugId)?.name ?? '',
      class: line.class,
      quantity: line.quantity,
    })),
    symptoms: row.symptoms as PurchaseItem['symptoms'],
    temperatureTenths: row.temperatureTenths,
    fever: row.fever,
    referred: row.clinicIds.length > 0,
    proxy: row.proxy,
    offline: row.offline,
    receiptNo: receiptNo(row.id),
  }
}

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

/** Rows of a filter, newest first, after `cursor`. Needs a transaction whose scope is the filter's. */
export function purchaseQuery(tx: Tx, filter: ResolvedFilter, cursor?: string) {
  const after = uuidv7Floor(startOfDay(filter.from).getTime() - idMarginMs)
  const before = uuidv7Floor(startOfDay(addDays(filter.to, 1)).getTime() + idMarginMs)
  let query = tx
    .selectFrom('pharmacy.purchase')
    .select([
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
    ])
    .where('id', '>=', after)
    .where('id', '<', cursor && cursor < before ? cursor : before)
    .where('day', '>=', filter.from)
    .where('day', '<=', filter.to)
    .orderBy('id', 'desc')
  if (filter.store) query = query.where('storeCode', '=', filter.store)
  else if (filter.county) query = query.where('county', '=', filter.county)
  if (!filter.store) query = query.where(sql<boolean>`path ^@ ANY (${[...filter.scope]}::text[])`)
  if (filter.class) query = query.where(sql<boolean>`classes @> ARRAY[${filter.class}]::text[]`)
  if (filter.symptom) query = query.where(sql<boolean>`symptoms @> ARRAY[${filter.symptom}]::text[]`)
  if (filter.fever !== undefined) query = query.where('fever', '=', filter.fever)
  if (filter.status) query = query.where('status', '=', filter.status)
  if (filter.person) query = query.where('personIndex', 'in', filter.person)
  if (filter.mobileKey) query = query.where('mobileIndex', '=', filter.mobileKey)
  if (filter.drugId) {
    const drugId = filter.drugId
    query = query.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('pharmacy.purchaseItem as item')
          .select('item.line')
          .whereRef('item.purchaseId', '=', 'pharmacy.purchase.id')
          .where('item.drugId', '=', drugId),
      ),
    )
  }
  return query
}

/** Lines of many purchases, by purchase id. */
export async function linesOf(tx: Tx, ids: readonly string[]): Promise<Map<string, Line[]>> {
  const lines = new Map<string, Line[]>()
  if (ids.length === 0) return lines
  const rows = await tx
    .selectFrom('pharmacy.purchaseItem')
    .select(['purchaseId', 'drugId', 'class', 'quantity'])
    .where('purchaseId', 'in', [...ids])
    .orderBy('purchaseId')
    .orderBy('line')
    .execute()
  for (const { purchaseId, ...line } of rows) lines.set(purchaseId, [...(lines.get(purchaseId) ?? []), line as Line])
  return lines
}

async function itemsOf(kernel: Kernel, reference: Reference, tx: Tx, rows: readonly Row[]): Promise<PurchaseItem[]> {
  await kernel.vault.loadMonths([...new Set(rows.map((row) => row.keyMonth))])
  const lines = await linesOf(
    tx,
    rows.map((row) => row.id),
  )
  return rows.map((row) => toItem(kernel, reference, { ...row, lines: lines.get(row.id) ?? [] }))
}

/** A page of purchases, newest first, by keyset: the cost does not grow with history. */
export async function search(
  kernel: Kernel,
  { reference }: Purchases,
  caller: Caller,
  body: { filter: PurchaseFilter; cursor?: string | undefined; limit?: number | undefined },
) {
  const filter = resolveFilter(kernel, reference, caller, 'purchase.read', body.filter)
  if (body.cursor && !isUuidv7(body.cursor)) throw invalidField('/cursor', '翻页标记无效')
  const limit = body.limit ?? 50
  return readScope(kernel.db, filter.scope, async (tx) => {
    const rows = await purchaseQuery(tx, filter, body.cursor)
      .limit(limit + 1)
      .execute()
    const items = await itemsOf(kernel, reference, tx, rows.slice(0, limit))
    return { items, next: rows.length > limit ? rows[limit - 1]!.id : null }
  })
}

/** Today's entries of the caller's own store, masked; at most the newest 200 are listed, all are counted. */
export async function today(kernel: Kernel, { reference }: Purchases, caller: Caller) {
  const store = caller.storeCode ? reference.store(caller.storeCode) : undefined
  if (!store) throw notFound('药店')
  const day = dayOf(kernel.clock.now())
  return readScope(kernel.db, [store.path], async (tx) => {
    const rows = await purchaseQuery(tx, { from: day, to: day, store: store.code, scope: [store.path] })
      .limit(200)
      .execute()
    const total = await tx
      .selectFrom('pharmacy.rollupStoreDay')
      .select('purchases')
      .where('county', '=', store.county)
      .where('storeCode', '=', store.code)
      .where('class', '=', 'all')
      .where('day', '=', day)
      .executeTakeFirst()
    return { day, count: total?.purchases ?? 0, items: await itemsOf(kernel, reference, tx, rows) }
  })
}

/** One purchase with its earlier versions, masked. */
export async function read(kernel: Kernel, { reference }: Purchases, caller: Caller, id: string) {
  const scope = scopeFor(caller, 'purchase.read')
  return readScope(kernel.db, scope, async (tx) => {
    const row = await tx.selectFrom('pharmacy.purchase').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw notFound('登记')
    const history = await tx
      .selectFrom('pharmacy.purchaseRevision')
      .selectAll()
      .where('purchaseId', '=', id)
      .orderBy('revision', 'desc')
      .execute()
    const [purchase] = await itemsOf(kernel, reference, tx, [row])
    const revisions = history.map((entry) => {
      const before = entry.before as Omit<Stored, 'soldAt' | 'receivedAt' | 'sealed'> & {
        soldAt: string
        receivedAt: string
      }
      const version = {
        ...before,
        soldAt: new Date(before.soldAt),
        receivedAt: new Date(before.receivedAt),
        sealed: entry.sealed,
        personIndex: null,
        mobileIndex: null,
      }
      return {
        revision: entry.revision,
        at: entry.at.toISOString(),
        by: entry.actor,
        reason: entry.reason,
        purchase: toItem(kernel, reference, version),
      }
    })
    return { purchase: purchase!, revisions }
  })
}
