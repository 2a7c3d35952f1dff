import type { StopSale, StopSaleDetail, StopSaleSale } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, can, narrow, scopeFor } from '../../kernel/access/caller.ts'
import { readScope } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import { noticeStatus } from '../notice/index.ts'
import { countRefusals, type SaleDuring, salesDuring, type Time } from '../pharmacy/index.ts'
import { drugsOf, itemsOf, shownItem } from './order.item.ts'
import { boundStores } from './order.notice.ts'
import { binds, documentsOf, getOrder } from './order.store.ts'
import { type OrderState, stateOf } from './stopsale.domain.ts'
import { reasonOf } from './stopsale.guard.ts'
import { moduleName, type Parts } from './stopsale.parts.ts'
import type { ItemRow, OrderRow } from './stopsale.table.ts'

const most = 200
const mostSales = 2000

function toStopSale(parts: Parts, caller: Caller, row: OrderRow, items: readonly ItemRow[]): StopSale {
  const { reference, kernel } = parts
  return {
    id: row.id,
    name: row.name,
    areaCode: row.areaCode,
    areaName: reference.areaName(row.areaCode),
    from: row.fromDay,
    to: row.toDay,
    reason: row.reason,
    documentNo: row.documentNo,
    state: stateOf(row, kernel.clock.now()),
    startsAt: row.startsAt?.toISOString() ?? null,
    endsAt: row.endsAt?.toISOString() ?? null,
    drugs: drugsOf(
      reference,
      items.filter(({ removedAt }) => removedAt === null),
    ).length,
    stores: boundStores(parts, row.path).length,
    issuedAt: row.issuedAt?.toISOString() ?? null,
    issuedBy: row.issuedBy,
    lifted: row.liftedAt
      ? { at: row.liftedAt.toISOString(), by: row.liftedBy ?? '', reason: row.liftReason ?? '' }
      : null,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    revision: row.revision,
    manageable: can(caller, 'stopsale.manage', row.path),
  }
}

/** Orders that bind the caller's area, newest first. @throws Problem 404 for an area outside */
export async function listOrders(
  parts: Parts,
  caller: Caller,
  query: { area?: string; state?: OrderState },
): Promise<StopSale[]> {
  const { kernel, reference } = parts
  const area = query.area === undefined ? undefined : reference.area(query.area)
  if (query.area !== undefined && !area) throw notFound('区划')
  const scope = narrow(scopeFor(caller, 'stopsale.read'), area?.path)
  return readScope(kernel.db, scope, async (tx) => {
    const rows = await tx.selectFrom('stopsale.stopOrder').selectAll().orderBy('id', 'desc').execute()
    const bound = rows.filter((row) => binds(scope, row.path)).slice(0, 500)
    const items = Map.groupBy(
      await itemsOf(
        tx,
        bound.map(({ id }) => id),
      ),
      ({ orderId }) => orderId,
    )
    return bound
      .map((row) => toStopSale(parts, caller, row, items.get(row.id) ?? []))
      .filter(({ state }) => query.state === undefined || state === query.state)
  })
}

/** An order as lists show it. @throws Problem 404 */
export async function shownOrder(parts: Parts, caller: Caller, id: string): Promise<StopSale> {
  const scope = scopeFor(caller, ['stopsale.read', 'stopsale.manage'])
  return readScope(parts.kernel.db, scope, async (tx) =>
    toStopSale(parts, caller, await getOrder(tx, scope, id), await itemsOf(tx, [id])),
  )
}

/** The drugs and times in which orders bind: what a sale during one of them is found by. */
export function timesOf({ book, reference, kernel }: Parts, orderIds: Iterable<string>): Time[] {
  // What is stamped a moment ahead of the server's clock counts too.
  const end = new Date(kernel.clock.now().getTime() + 86_400_000)
  return [...orderIds].flatMap((key) =>
    book
      .rules(key)
      .map((rule) => ({
        key,
        path: rule.path,
        drugIds: drugsOf(reference, [rule]),
        from: new Date(rule.from),
        to: rule.to === null || rule.to > end.getTime() ? end : new Date(rule.to),
      }))
      .filter(({ from, to, drugIds }) => from < to && drugIds.length > 0),
  )
}

const toSale = ({ reference }: Parts, row: SaleDuring): StopSaleSale => ({
  purchaseId: row.purchaseId,
  storeCode: row.storeCode,
  storeName: reference.store(row.storeCode)?.name ?? row.storeCode,
  areaName: reference.areaName(row.areaCode),
  soldAt: row.soldAt.toISOString(),
  drug: reference.drug(row.drugId)?.name ?? '',
  quantity: row.quantity,
  offline: row.offline,
})

/** An order with its catalogue, documents, signatures, refusals and sales, as far as the caller's area goes. @throws Problem 404 */
export async function readOrder(parts: Parts, caller: Caller, id: string): Promise<StopSaleDetail> {
  const { kernel, reference } = parts
  const scope = scopeFor(caller, 'stopsale.read')
  return readScope(kernel.db, scope, async (tx) => {
    const row = await getOrder(tx, scope, id)
    const items = await itemsOf(tx, [id])
    const notices = row.issuedAt ? await noticeStatus(tx, moduleName, [id], kernel.clock.now()) : []
    const unsigned = notices.filter(({ state }) => state === 'sent' || state === 'read')
    const times = timesOf(parts, [id])
    const during =
      times.length === 0
        ? []
        : (
            await sql<SaleDuring>`${salesDuring(reference, times)} ORDER BY "soldAt" DESC LIMIT ${mostSales}`.execute(
              tx,
            )
          ).rows
    return {
      order: toStopSale(parts, caller, row, items),
      items: items.map((item) => shownItem(reference, item)),
      documents: await documentsOf(tx, id),
      notices: row.issuedAt
        ? {
            sent: notices.length,
            read: notices.filter(({ readAt }) => readAt !== null).length,
            signed: notices.filter(({ state }) => state === 'done').length,
            overdue: unsigned.filter(({ overdue }) => overdue).length,
          }
        : null,
      refusals: await countRefusals(tx, reasonOf(id)),
      sales: { count: during.length, items: during.slice(0, most).map((sale) => toSale(parts, sale)) },
      unsigned: unsigned.slice(0, most).map(({ storeCode }) => {
        const store = reference.store(storeCode)
        return {
          storeCode,
          storeName: store?.name ?? storeCode,
          areaName: store ? reference.areaName(store.areaCode) : '',
        }
      }),
    }
  })
}
