import { addDays, checkDocument, type DocumentType, dayOf, isUuidv7, startOfDay, uuidv7Time } from '@vigil/codes'
import type { BodyOf, ResponseOf, StopSaleRefusal, stopSaleRoutes } from '@vigil/contract'
import { type Caller, narrow, scopeFor } from '../../kernel/access/caller.ts'
import { readScope } from '../../kernel/db/index.ts'
import { forbidden, notFound } from '../../kernel/error/problem.ts'
import {
  listRefusals,
  maskRefused,
  personIndex,
  type RefusalRow,
  type RefusedSale,
  saveRefusals,
} from '../pharmacy/index.ts'
import { counterPacks, orderOf, reasonOf, refusalOf } from './stopsale.guard.ts'
import type { Parts } from './stopsale.parts.ts'

type Routes = typeof stopSaleRoutes

/** Oldest refusal that a device may still tell of, in ms: it has been offline for long. */
const oldestMs = 60 * 86_400_000
const aheadMs = 10 * 60_000

/** What binds the caller's store, for its counter. @throws Problem 403 for an account without a store */
export function ownOrders(
  parts: Parts,
): (caller: Caller, known: string | undefined) => ResponseOf<Routes['stop-sale.own']> {
  const packs = counterPacks(parts)
  return (caller, known) => {
    const store = caller.storeCode ? parts.reference.store(caller.storeCode) : undefined
    if (!store) throw forbidden()
    const now = parts.kernel.clock.now()
    const { version, items } = packs(store.path, now)
    return { version, asOf: now.toISOString(), items: known === version ? null : items }
  }
}

/**
 * Records what a counter refused by itself, as the server would have; what names no order that binds the store is left out.
 * @returns how many are new
 * @throws Problem 403 for an account without a store
 */
export async function recordRefused(
  parts: Parts,
  caller: Caller,
  { refusals }: BodyOf<Routes['stop-sale.refuse']>,
): Promise<number> {
  const { kernel, reference, book } = parts
  const store = caller.storeCode ? reference.store(caller.storeCode) : undefined
  if (!store) throw forbidden()
  const now = kernel.clock.now()
  const kept = refusals.flatMap(({ id, at, orderId, drugIds, documentType, documentNumber }): RefusedSale[] => {
    const order = book.order(orderId)
    const time = Date.parse(at)
    const [drugId] = drugIds
    const believable =
      isUuidv7(id) &&
      Math.abs(uuidv7Time(id) - now.getTime()) < oldestMs &&
      time > now.getTime() - oldestMs &&
      time < now.getTime() + aheadMs
    if (!order || !store.path.startsWith(order.path) || !drugId || !believable) return []
    const document = documentNumber
      ? checkDocument((documentType ?? 'citizen-id') as DocumentType, documentNumber)
      : undefined
    const person = document?.ok
      ? {
          index: personIndex(kernel.vault, documentType ?? 'citizen-id', document.value.number),
          documentType: documentType ?? 'citizen-id',
          documentNumber: document.value.number,
        }
      : undefined
    const day = dayOf(new Date(time))
    return [
      {
        id: id.toLowerCase(),
        store,
        person,
        drugIds,
        day,
        refusal: refusalOf(parts, { order, drugId }),
        at: new Date(time),
      },
    ]
  })
  return kept.length === 0 ? 0 : saveRefusals(kernel, caller, now, kept)
}

/** A refusal as lists show it. Its month must be loaded. */
export function toRefusal({ reference, book, kernel }: Parts, row: RefusalRow): StopSaleRefusal {
  const orderId = orderOf(row.reasonCode) ?? null
  const store = reference.store(row.storeCode)
  return {
    id: row.id,
    at: row.at.toISOString(),
    storeCode: row.storeCode,
    storeName: store?.name ?? row.storeCode,
    areaName: store ? reference.areaName(store.areaCode) : '',
    orderId,
    orderName: (orderId && book.order(orderId)?.name) || row.title,
    drugs: row.drugIds.map((id) => reference.drug(id)?.name ?? id),
    ...maskRefused(kernel.vault, row),
  }
}

/** Refusals of the caller's area, newest first, masked. @throws Problem 404 for an area or store outside */
export async function listRefused(
  parts: Parts,
  caller: Caller,
  query: { area?: string; store?: string; order?: string; from?: string; to?: string; cursor?: string; limit?: number },
): Promise<{ items: StopSaleRefusal[]; next: string | null }> {
  const { kernel, reference } = parts
  const area = query.area === undefined ? undefined : reference.area(query.area)
  if (query.area !== undefined && !area) throw notFound('区划')
  const scope = narrow(scopeFor(caller, 'stopsale.read'), area?.path)
  const store = query.store === undefined ? undefined : reference.store(query.store)
  if (query.store !== undefined && !(store && scope.some((path) => store.path.startsWith(path)))) throw notFound('药店')
  const limit = query.limit ?? 50
  const filter = {
    store: query.store,
    reason: query.order === undefined ? undefined : reasonOf(query.order),
    from: query.from === undefined ? undefined : startOfDay(query.from),
    to: query.to === undefined ? undefined : startOfDay(addDays(query.to, 1)),
    before: query.cursor !== undefined && isUuidv7(query.cursor) ? query.cursor : undefined,
  }
  const rows = await readScope(kernel.db, scope, (tx) => listRefusals(tx, filter, limit + 1))
  await kernel.vault.loadMonths(rows.flatMap(({ keyMonth }) => keyMonth ?? []))
  const items = rows.slice(0, limit).map((row) => toRefusal(parts, row))
  return { items, next: rows.length > limit ? items.at(-1)!.id : null }
}
