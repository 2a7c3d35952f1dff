import { dayOf } from '@vigil/codes'
import { type PurchaseItem, receiptNo } from '@vigil/contract'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { purchaseQuery } from './purchase.filter.ts'
import { type LineColumns, linesOf } from './purchase.lines.ts'
import type { Purchases } from './purchase.module.ts'
import { findPersonal, maskPersonal } from './purchase.seal.ts'
import type { Stored } from './purchase.store.ts'

/** What names and marks a row. */
type Shop = Pick<Purchases, 'reference' | 'guards'>

/** A row of a list, with its lines as columns. */
export type Row = Omit<Stored, 'lines' | 'accountId' | 'digest'> & LineColumns

/** A purchase as a screen shows it: masked always. The month's key must be loaded. */
export function toItem(kernel: Kernel, shop: Shop, row: Omit<Stored, 'accountId' | 'digest'>): PurchaseItem {
  const { reference } = shop
  const store = reference.store(row.storeCode)
  const duringStop = shop.guards.mark({ store: store ?? { path: row.path }, lines: row.lines, soldAt: row.soldAt })
  const masked = maskPersonal(findPersonal(kernel.vault, row), row.documentType, (code) => reference.areaName(code))
  return {
    id: row.id,
    revision: row.revision,
    status: row.status,
    storeCode: row.storeCode,
    storeName: store?.name ?? row.storeCode,
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
    ...(duringStop !== undefined && { duringStop }),
    receiptNo: receiptNo(row.id),
  }
}

/** Rows as a screen shows them. */
export async function itemsOf(kernel: Kernel, shop: Shop, rows: readonly Row[]): Promise<PurchaseItem[]> {
  await kernel.vault.loadMonths([...new Set(rows.map((row) => row.keyMonth))])
  return rows.map((row) => toItem(kernel, shop, { ...row, lines: linesOf(row) }))
}

/** Today's entries of the caller's own store, masked; at most the newest 200 are listed, all are counted. */
export async function today(kernel: Kernel, shop: Shop, caller: Caller) {
  const { reference } = shop
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
    return { day, count: total?.purchases ?? 0, items: await itemsOf(kernel, shop, rows) }
  })
}

/** One purchase with its earlier versions, masked. */
export async function read(kernel: Kernel, shop: Shop, caller: Caller, id: string) {
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
    const [purchase] = await itemsOf(kernel, shop, [row])
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
        purchase: toItem(kernel, shop, version),
      }
    })
    return { purchase: purchase!, revisions }
  })
}
