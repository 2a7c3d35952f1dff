import type { Kernel } from '../../kernel/kernel.ts'
import type { Line, Reference } from '../pharmacy/index.ts'
import { bindingTime, type DrugFacts, forbids, type Rule } from './stopsale.domain.ts'

/** Topic on which a committed change of an order is told. */
export const orderTopic = 'stopsale.order'

/** A notification that was lost is made good within this time, in ms; a counter asks every 30 s, so that both stay below 60 s. */
const checkMs = 20_000

/** An order as every process knows it. */
export interface KnownOrder {
  readonly id: string
  readonly name: string
  readonly path: string
  readonly from: string
  readonly to: string | null
  readonly reason: string
  readonly documentNo: string
  readonly startsAt: Date
  readonly endsAt: Date | null
}

export interface Found {
  readonly order: KnownOrder
  readonly rule: Rule
  readonly drugId: string
}

/** All issued orders in memory, so that a sale asks the database nothing. */
export interface Book {
  orders(): Iterable<KnownOrder>
  order(id: string): KnownOrder | undefined
  /** Rules that are about a drug, whatever their place and time. */
  rulesOf(drug: DrugFacts): Rule[]
  /** Rules of an order. */
  rules(orderId: string): readonly Rule[]
  /** The order that forbids a line of a sale at a store's path at an instant. */
  find(path: string, lines: readonly Pick<Line, 'drugId' | 'class'>[], at: Date): Found | undefined
  /** Rises with every change. */
  revision(): number
  refresh(): Promise<void>
  close(): void
}

interface OrderRow extends KnownOrder {
  readonly stamp: string
}

interface ItemRow {
  readonly orderId: string
  readonly kind: Rule['kind']
  readonly value: string
  readonly toldAt: Date
  readonly addedAt: Date
  readonly removedAt: Date | null
}

const keyOf = (kind: Rule['kind'], value: string) => `${kind}:${value}`

class MemoryBook implements Book {
  readonly #kernel: Pick<Kernel, 'connections' | 'notify'>
  readonly #reference: Pick<Reference, 'drug'>
  #orders = new Map<string, KnownOrder>()
  #byOrder = new Map<string, Rule[]>()
  #byValue = new Map<string, Rule[]>()
  #stamp = ''
  #revision = 0
  #queue: Promise<void> = Promise.resolve()
  #ends: (() => void)[] = []

  constructor(kernel: Pick<Kernel, 'connections' | 'notify'>, reference: Pick<Reference, 'drug'>) {
    this.#kernel = kernel
    this.#reference = reference
  }

  async open(): Promise<void> {
    await this.refresh()
    // Without the database the copy stays as it is; the next look catches up.
    const look = () => void this.refresh().catch(() => undefined)
    const timer = setInterval(look, checkMs).unref()
    this.#ends = [this.#kernel.notify.subscribe(orderTopic, look), () => clearInterval(timer)]
  }

  orders = () => this.#orders.values()
  order = (id: string) => this.#orders.get(id)
  rules = (orderId: string) => this.#byOrder.get(orderId) ?? []
  revision = () => this.#revision

  rulesOf(drug: DrugFacts): Rule[] {
    const of = (kind: Rule['kind'], value: string) => this.#byValue.get(keyOf(kind, value)) ?? []
    return [...of('drug', drug.id), ...of('generic', drug.generic), ...of('class', drug.class)]
  }

  find(path: string, lines: readonly Pick<Line, 'drugId' | 'class'>[], at: Date): Found | undefined {
    if (this.#orders.size === 0) return undefined
    for (const line of lines) {
      const drug = { id: line.drugId, class: line.class, generic: this.#reference.drug(line.drugId)?.generic ?? '' }
      const rule = this.rulesOf(drug).find((each) => forbids(each, path, drug, at.getTime()))
      const order = rule && this.#orders.get(rule.orderId)
      if (rule && order) return { order, rule, drugId: line.drugId }
    }
    return undefined
  }

  refresh(): Promise<void> {
    const run = this.#queue.then(() => this.#load())
    this.#queue = run.catch(() => undefined)
    return run
  }

  close(): void {
    for (const end of this.#ends) end()
  }

  async #query<T>(text: string): Promise<T[]> {
    return (await this.#kernel.connections.system.query(text)).rows as T[]
  }

  async #load(): Promise<void> {
    const orders = await this.#query<OrderRow>(
      `SELECT id, name, path, from_day AS "from", to_day AS "to", reason, document_no AS "documentNo", starts_at AS "startsAt",
        ends_at AS "endsAt", revision || ' ' || updated_at AS stamp
       FROM stopsale.stop_order WHERE status = 'issued' ORDER BY starts_at, id`,
    )
    const stamp = orders.map((order) => `${order.id} ${order.stamp}`).join()
    if (stamp === this.#stamp) return
    const items = await this.#query<ItemRow>(
      `SELECT order_id AS "orderId", kind, value, told_at AS "toldAt", added_at AS "addedAt", removed_at AS "removedAt"
       FROM stopsale.order_item WHERE added_at IS NOT NULL`,
    )
    this.#orders = new Map(orders.map(({ stamp: _, ...order }) => [order.id, order]))
    this.#byOrder = new Map()
    this.#byValue = new Map()
    for (const item of items) this.#put(item)
    this.#stamp = stamp
    this.#revision++
  }

  #put(item: ItemRow): void {
    const order = this.#orders.get(item.orderId)
    if (!order) return
    const time = bindingTime(
      { startsAt: order.startsAt.getTime(), endsAt: order.endsAt?.getTime() ?? null },
      { addedAt: item.addedAt.getTime(), removedAt: item.removedAt?.getTime() ?? null },
    )
    const { kind, value } = item
    const rule: Rule = { orderId: order.id, path: order.path, kind, value, ...time, toldAt: item.toldAt.getTime() }
    for (const [map, key] of [
      [this.#byOrder, order.id],
      [this.#byValue, keyOf(kind, value)],
    ] as const) {
      const list = map.get(key)
      if (list) list.push(rule)
      else map.set(key, [rule])
    }
  }
}

/** Loads the orders and keeps them fresh until `close()`. @throws whatever the database throws at the first load */
export async function openBook(
  kernel: Pick<Kernel, 'connections' | 'notify'>,
  reference: Pick<Reference, 'drug'>,
): Promise<Book> {
  const book = new MemoryBook(kernel, reference)
  await book.open()
  return book
}

/** Tells all processes of a committed change, and waits until this one has it. */
export async function tellOrders(kernel: Pick<Kernel, 'notify'>, book: Book): Promise<void> {
  await kernel.notify.publish(orderTopic, {})
  await book.refresh()
}
