import { stopSaleSignDays } from '@vigil/contract'
import type { Caller } from '../../kernel/access/caller.ts'
import type { Tx } from '../../kernel/db/index.ts'
import { type NewNotice, sendNotices, withdrawNotices } from '../notice/index.ts'
import type { Store } from '../pharmacy/index.ts'
import { shownItem } from './order.item.ts'
import { moduleName, type Parts } from './stopsale.parts.ts'
import type { ItemRow, OrderRow } from './stopsale.table.ts'

const dayMs = 86_400_000
/** A counter shows 4,000 characters; the rest of the list is in the document. */
const maxList = 3000

type Order = Pick<OrderRow, 'id' | 'name' | 'path' | 'fromDay' | 'toDay' | 'reason' | 'documentNo'>

/** Stores that an order binds and that are still in business. */
export const boundStores = ({ reference }: Pick<Parts, 'reference'>, path: string): Store[] =>
  [...reference.stores()].filter((store) => store.status !== 'closed' && store.path.startsWith(path))

function listOf({ reference }: Parts, items: readonly Pick<ItemRow, 'kind' | 'value'>[]): string {
  let text = ''
  for (const [index, item] of items.entries()) {
    const { name } = shownItem(reference, {
      ...item,
      id: '',
      orderId: '',
      toldAt: null,
      addedAt: null,
      removedAt: null,
    })
    const line = `${index + 1}. ${item.kind === 'class' ? `${name}类全部药品` : item.kind === 'generic' ? `${name}（全部规格）` : name}\n`
    if (text.length + line.length > maxList) return `${text}…共 ${items.length} 项，全部品种见通告附件。`
    text += line
  }
  return text.trimEnd()
}

const period = ({ fromDay, toDay }: Order) => (toDay ? `${fromDay} 至 ${toDay}` : `${fromDay} 起，截止日期另行通知`)

async function tell(
  { kernel, reference }: Parts,
  tx: Tx,
  caller: Caller,
  order: Order,
  notice: Pick<NewNotice, 'title' | 'body' | 'needs' | 'dueAt'> & { cause: string },
): Promise<number> {
  const { cause, ...content } = notice
  const at = kernel.clock.now()
  const stores = boundStores({ reference }, order.path)
  const sent = await sendNotices(
    tx,
    stores.map((store) => ({
      ...content,
      storeCode: store.code,
      path: store.path,
      kind: 'stop-sale' as const,
      source: { module: moduleName, id: cause },
      by: caller.name,
      at,
    })),
    { actorId: caller.id, ip: caller.ip, userAgent: caller.userAgent, requestId: caller.requestId },
  )
  return sent.size
}

/** Tells every store of an order that was issued, to be signed within a day. @returns stores told */
export const tellIssued = (
  parts: Parts,
  tx: Tx,
  caller: Caller,
  order: Order,
  items: readonly ItemRow[],
): Promise<number> =>
  tell(parts, tx, caller, order, {
    cause: order.id,
    title: `暂停销售：${order.name}`,
    body: `期限：${period(order)}\n${order.documentNo ? `文号：${order.documentNo}\n` : ''}原因：${order.reason}\n\n以下药品请立即下架、封存，不得销售：\n${listOf(parts, items)}\n\n登记时系统会拒绝这些药品。请店长阅读并签收。`,
    needs: 'sign',
    dueAt: new Date(parts.kernel.clock.now().getTime() + stopSaleSignDays * dayMs),
  })

/** Tells every store what changed in an order that was issued. @returns stores told */
export async function tellChanged(
  parts: Parts,
  tx: Tx,
  caller: Caller,
  order: Order & { readonly revision: number },
  {
    added,
    removed,
  }: { readonly added: readonly Pick<ItemRow, 'kind' | 'value'>[]; readonly removed: readonly ItemRow[] },
): Promise<number> {
  const lines = [
    `期限：${period(order)}`,
    added.length > 0 ? `新增：\n${listOf(parts, added)}` : '',
    removed.length > 0 ? `恢复销售：\n${listOf(parts, removed)}` : '',
  ]
  return tell(parts, tx, caller, order, {
    cause: `${order.id}/${order.revision}`,
    title: `停售目录有变化：${order.name}`,
    body: lines.filter(Boolean).join('\n\n').slice(0, 4000),
    needs: added.length > 0 ? 'sign' : 'read',
    dueAt: added.length > 0 ? new Date(parts.kernel.clock.now().getTime() + stopSaleSignDays * dayMs) : null,
  })
}

/** Takes back what was not signed and tells every store that the order is lifted. @returns stores told */
export async function tellLifted(parts: Parts, tx: Tx, caller: Caller, order: Order, reason: string): Promise<number> {
  await withdrawNotices(tx, { module: moduleName, id: order.id }, caller.name)
  return tell(parts, tx, caller, order, {
    cause: `${order.id}/lifted`,
    title: `恢复销售：${order.name}`,
    body: `“${order.name}”已解除，相关药品恢复销售，仍须实名登记。\n\n说明：${reason}`,
    needs: 'read',
    dueAt: null,
  })
}
