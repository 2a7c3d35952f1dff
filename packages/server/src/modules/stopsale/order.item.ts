import { drugClasses, drugClassNames, type StopSaleItem, type StopSaleItemInput } from '@vigil/contract'
import type { Tx } from '../../kernel/db/index.ts'
import { invalid } from '../../kernel/error/problem.ts'
import type { Reference } from '../pharmacy/index.ts'
import type { ItemRow } from './stopsale.table.ts'

type Named = Pick<ItemRow, 'kind' | 'value'>

const keyOf = ({ kind, value }: Named): string => `${kind}:${value}`

/** Drugs of today's catalogue that lines name, each once. */
export function drugsOf(reference: Pick<Reference, 'drugs'>, items: readonly Named[]): string[] {
  const keys = new Set(items.map(keyOf))
  if (keys.size === 0) return []
  const wide = items.some(({ kind }) => kind !== 'drug')
  if (!wide) return [...new Set(items.map(({ value }) => value))]
  const found: string[] = []
  for (const { id, generic, class: drugClass } of reference.drugs())
    if (keys.has(`drug:${id}`) || keys.has(`generic:${generic}`) || keys.has(`class:${drugClass}`)) found.push(id)
  return found
}

/** Checks the lines of an order and takes each once. @throws Problem 400 that names the line */
export function checkItems(reference: Pick<Reference, 'drug'>, items: readonly StopSaleItemInput[]): Named[] {
  const errors: { pointer: string; detail: string; code: string }[] = []
  const kept = new Map<string, Named>()
  for (const [index, { kind, value: given }] of items.entries()) {
    const value = given.trim()
    const wrong = (detail: string) => errors.push({ pointer: `/items/${index}/value`, detail, code: 'unknown' })
    if (kind === 'drug' && !reference.drug(value)) wrong('目录中没有这种药品')
    else if (kind === 'class' && !drugClasses.some((known) => known === value)) wrong('没有这个药品类别')
    else if (value === '') wrong('请填写通用名')
    else kept.set(keyOf({ kind, value }), { kind, value })
  }
  if (errors.length > 0) throw invalid(errors)
  return [...kept.values()]
}

/** A line as a page shows it. */
export function shownItem(reference: Reference, item: ItemRow): StopSaleItem {
  const drug = item.kind === 'drug' ? reference.drug(item.value) : undefined
  const name =
    item.kind === 'class' ? drugClassNames[item.value as keyof typeof drugClassNames] : (drug?.name ?? item.value)
  return {
    kind: item.kind,
    value: item.value,
    name: name.slice(0, 300),
    approvalNo: drug?.approvalNo ?? null,
    drugs: drugsOf(reference, [item]).length,
    from: item.addedAt?.toISOString() ?? null,
    to: item.removedAt?.toISOString() ?? null,
  }
}

/** Lines of orders, in the order in which they were added. */
export const itemsOf = (tx: Tx, orderIds: readonly string[]): Promise<ItemRow[]> =>
  orderIds.length === 0
    ? Promise.resolve([])
    : tx
        .selectFrom('stopsale.orderItem')
        .selectAll()
        .where('orderId', 'in', [...orderIds])
        .orderBy('id')
        .execute()

/** What a new list of lines changes of the present one. */
export function difference(
  before: readonly ItemRow[],
  after: readonly Named[],
): { added: Named[]; removed: ItemRow[] } {
  const current = before.filter(({ removedAt }) => removedAt === null)
  const had = new Set(current.map(keyOf))
  const has = new Set(after.map(keyOf))
  return {
    added: after.filter((item) => !had.has(keyOf(item))),
    removed: current.filter((item) => !has.has(keyOf(item))),
  }
}
