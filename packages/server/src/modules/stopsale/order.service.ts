import { dayOf, isDay, uuidv7 } from '@vigil/codes'
import type { BodyOf, StopSale, stopSaleRoutes } from '@vigil/contract'
import { sql } from 'kysely'
import { assertCan, type Caller } from '../../kernel/access/caller.ts'
import { type CommandAudit, command } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import { conflict, invalidField, notFound } from '../../kernel/error/problem.ts'
import { matchToday } from './line.match.ts'
import { checkItems, difference, drugsOf, itemsOf } from './order.item.ts'
import { tellChanged, tellIssued, tellLifted } from './order.notice.ts'
import { shownOrder } from './order.read.ts'
import { lockOrder } from './order.store.ts'
import { tellOrders } from './stopsale.book.ts'
import { endOf, orderTime, refuseChange, stateOf } from './stopsale.domain.ts'
import type { Parts } from './stopsale.parts.ts'
import type { OrderRow } from './stopsale.table.ts'

type Given = BodyOf<(typeof stopSaleRoutes)['stop-sale.create']>
const about = ({ id, path, areaCode }: Pick<OrderRow, 'id' | 'path' | 'areaCode'>): Omit<CommandAudit, 'action'> => ({
  object: `stop-sale:${id}`,
  path,
  areaCode,
})

/** Checks place and days. @throws Problem 400 for impossible days, 404 for an area outside */
function placeOf({ reference }: Parts, caller: Caller, given: Given) {
  const area = reference.area(given.areaCode)
  if (!area) throw notFound('区划')
  assertCan(caller, 'stopsale.manage', area.path, '区划')
  if (!isDay(given.from)) throw invalidField('/from', '起始日期无效')
  if (given.to !== null && !isDay(given.to)) throw invalidField('/to', '截止日期无效')
  if (given.to !== null && given.to < given.from) throw invalidField('/to', '截止日期不能早于起始日期')
  return area
}

const written = (given: Given, area: { code: string; path: string }) => ({
  name: given.name.trim(),
  areaCode: area.code,
  path: area.path,
  fromDay: given.from,
  toDay: given.to,
  reason: given.reason.trim(),
  documentNo: given.documentNo.trim(),
})

async function done(parts: Parts, caller: Caller, id: string): Promise<StopSale> {
  await tellOrders(parts.kernel, parts.book)
  const order = parts.book.order(id)
  if (order) await matchToday(parts, order.path)
  return shownOrder(parts, caller, id)
}

/** Writes an order; it binds nobody before it is issued. @throws Problem 400, 404 for an area outside */
export async function createOrder(parts: Parts, caller: Caller, body: Given): Promise<StopSale> {
  const { kernel, reference } = parts
  const area = placeOf(parts, caller, body)
  const items = checkItems(reference, body.items)
  const id = uuidv7()
  await command(kernel.db, caller, 'stopsale.manage', async (tx, audit) => {
    const row = { id, ...written(body, area), createdAt: kernel.clock.now(), createdBy: caller.name }
    await tx
      .insertInto('stopsale.stopOrder')
      .values({ ...row, startsAt: null, endsAt: null, issuedAt: null, issuedBy: null, ...notLifted })
      .execute()
    await putItems(tx, id, items, null)
    await audit({ action: 'stop-sale.create', ...about(row), detail: { items: items.length } })
  })
  return shownOrder(parts, caller, id)
}

const notLifted = { liftedAt: null, liftedBy: null, liftReason: null }

async function putItems(
  tx: Tx,
  orderId: string,
  items: readonly { kind: 'drug' | 'generic' | 'class'; value: string }[],
  since: { toldAt: Date; addedAt: Date } | null,
): Promise<void> {
  if (items.length === 0) return
  const time = since ?? { toldAt: null, addedAt: null }
  await tx
    .insertInto('stopsale.orderItem')
    .values(items.map((item) => ({ id: uuidv7(), orderId, ...item, ...time, removedAt: null })))
    .execute()
}

/**
 * Changes an order. A draft may be written anew; of an issued one the end moves, not into the past, and lines join or leave
 * the catalogue from now on, so that what was forbidden yesterday stays so.
 * @throws Problem 400 with the field, 404 outside the area, 409 when it is over or somebody else was first
 */
export async function changeOrder(
  parts: Parts,
  caller: Caller,
  id: string,
  body: BodyOf<(typeof stopSaleRoutes)['stop-sale.change']>,
): Promise<StopSale> {
  const { kernel, reference } = parts
  const area = placeOf(parts, caller, body)
  const items = checkItems(reference, body.items)
  await command(kernel.db, caller, 'stopsale.manage', async (tx, audit) => {
    const before = await lockOrder(tx, caller, id)
    if (before.revision !== body.revision) throw conflict('目录刚被别人修改过，请刷新后再改', 'revision')
    const now = kernel.clock.now()
    const state = stateOf(before, now)
    if (state === 'over' || state === 'dropped') throw conflict('已结束的目录不能再改，请另发一份', 'over')
    const had = await itemsOf(tx, [id])
    const { added, removed } = difference(had, items)
    const next = written(body, area)
    const update = tx.updateTable('stopsale.stopOrder').where('id', '=', id)
    const mark = { revision: before.revision + 1, updatedAt: sql<Date>`now()` }
    if (state === 'draft') {
      await tx.deleteFrom('stopsale.orderItem').where('orderId', '=', id).execute()
      await putItems(tx, id, items, null)
      await update.set({ ...next, ...mark }).execute()
    } else {
      const today = dayOf(now)
      const old = { name: before.name, areaCode: before.areaCode, from: before.fromDay, to: before.toDay }
      const refused = refuseChange(old, { name: next.name, areaCode: area.code, from: body.from, to: body.to }, today)
      if (refused) throw invalidField(refused.pointer, refused.detail, 'begun')
      const start = before.startsAt && before.startsAt > now ? before.startsAt : now
      await putItems(tx, id, added, { toldAt: now, addedAt: start })
      if (removed.length > 0)
        await tx
          .updateTable('stopsale.orderItem')
          .set({ removedAt: start })
          .where(
            'id',
            'in',
            removed.map((item) => item.id),
          )
          .execute()
      const { toDay, reason, documentNo } = next
      const endsAt = toDay === null ? null : new Date(endOf(toDay))
      await update.set({ toDay, reason, documentNo, endsAt, ...mark }).execute()
      await tellChanged(parts, tx, caller, { ...before, ...next, ...mark }, { added, removed })
    }
    await audit({
      action: 'stop-sale.change',
      ...about({ ...before, ...next }),
      detail: {
        before: { to: before.toDay, items: had.length },
        after: { to: body.to, added, removed: removed.length },
      },
    })
  })
  return done(parts, caller, id)
}

/**
 * Issues an order: from now on, or from its first day, counters refuse its drugs, and every store of its area is told.
 * @throws Problem 400 when its last day is over, 404 outside the area, 409 when it is no draft or names no drug
 */
export async function issueOrder(parts: Parts, caller: Caller, id: string): Promise<StopSale> {
  const { kernel, reference } = parts
  await command(kernel.db, caller, 'stopsale.manage', async (tx, audit) => {
    const order = await lockOrder(tx, caller, id)
    if (order.status !== 'draft') throw conflict('目录已经发布或作废', 'issued')
    const now = kernel.clock.now()
    if (order.toDay !== null && order.toDay < dayOf(now)) throw invalidField('/to', '截止日期已过，请先修改')
    const items = await itemsOf(tx, [id])
    if (items.every(({ kind }) => kind === 'drug') && drugsOf(reference, items).length === 0)
      throw conflict('目录中还没有药品', 'empty')
    const time = orderTime(order.fromDay, order.toDay, now.getTime())
    const startsAt = new Date(time.startsAt)
    await tx
      .updateTable('stopsale.stopOrder')
      .set({
        status: 'issued',
        startsAt,
        endsAt: time.endsAt === null ? null : new Date(time.endsAt),
        issuedAt: now,
        issuedBy: caller.name,
        revision: order.revision + 1,
        updatedAt: sql<Date>`now()`,
      })
      .where('id', '=', id)
      .execute()
    await tx
      .updateTable('stopsale.orderItem')
      .set({ toldAt: now, addedAt: startsAt })
      .where('orderId', '=', id)
      .execute()
    const told = await tellIssued(parts, tx, caller, order, items)
    await audit({ action: 'stop-sale.issue', ...about(order), detail: { items: items.length, stores: told, startsAt } })
  })
  return done(parts, caller, id)
}

/** Lifts an order from now on, or drops a draft. @throws Problem 404 outside the area, 409 when it is over */
export async function liftOrder(parts: Parts, caller: Caller, id: string, reason: string): Promise<StopSale> {
  const { kernel } = parts
  await command(kernel.db, caller, 'stopsale.manage', async (tx, audit) => {
    const order = await lockOrder(tx, caller, id)
    const now = kernel.clock.now()
    const state = stateOf(order, now)
    if (state === 'over' || state === 'dropped') throw conflict('目录已经结束', 'over')
    const lifted = { liftedAt: now, liftedBy: caller.name, liftReason: reason.trim() }
    const end = order.startsAt && order.startsAt > now ? order.startsAt : now
    await tx
      .updateTable('stopsale.stopOrder')
      .set({
        ...lifted,
        ...(state === 'draft' ? { status: 'dropped' as const } : { endsAt: end }),
        revision: order.revision + 1,
        updatedAt: sql<Date>`now()`,
      })
      .where('id', '=', id)
      .execute()
    const told = state === 'draft' ? 0 : await tellLifted(parts, tx, caller, order, reason.trim())
    await audit({ action: 'stop-sale.lift', ...about(order), detail: { state, reason: reason.trim(), stores: told } })
  })
  return done(parts, caller, id)
}
