import { uuidv7 } from '@vigil/codes'
import type { BodyOf, Contract, CounterStopSale } from '@vigil/contract'
import type { Sealed } from '../../device/cipher.ts'
import { SendError } from '../../device/failure.ts'
import { t } from '../../text.ts'
import type { DraftItem } from '../core/draft.ts'
import { barredBy, type KeptOrders } from '../core/stop.ts'
import type { Environment } from './environment.ts'
import * as state from './state.ts'

type Refusal = BodyOf<Contract['stop-sale.refuse']>['refusals'][number]

const ordersKey = 'stop-sales'
const refusalsKey = 'stop-refusals'
/** At most what one call takes; a device that is offline for weeks keeps the newest. */
const mostRefusals = 50

/** The order that forbids a drug now, or at the time of the sale that is being mended. */
export function barredNow(env: Pick<Environment, 'now'>, drug: { id: string; class: string }) {
  const { soldAt } = state.draft.value
  return barredBy(state.stops.value?.items ?? [], drug, soldAt ? Date.parse(soldAt) : env.now() + state.skew.value)
}

/** The first drug on the list that may not be sold, with its order. */
export function barredItem(env: Pick<Environment, 'now'>): { item: DraftItem; order: CounterStopSale } | undefined {
  for (const item of state.draft.value.items) {
    const order = barredNow(env, { id: item.drugId, class: item.drugClass })
    if (order) return { item, order }
  }
  return undefined
}

/** The stop-sale orders on this device, and what it refused by them until the server knows it. */
export class StopSales {
  private readonly env: Environment
  private pending: readonly Refusal[] = []
  private last = ''
  private running: Promise<void> | null = null

  constructor(env: Environment) {
    this.env = env
  }

  /** Reads what the device kept. */
  async loadCached(): Promise<void> {
    const kept = await this.env.storage.read<KeptOrders & { storeCode: string }>(ordersKey)
    state.stops.value = kept?.storeCode === state.storeCode.value ? kept : null
    const sealed = this.env.secure ? await this.env.storage.read<Sealed>(refusalsKey) : undefined
    if (!sealed || this.pending.length > 0) return
    try {
      this.pending = (await this.env.cipher.open(refusalsKey, sealed)) as readonly Refusal[]
    } catch {
      await this.env.storage.remove(refusalsKey)
    }
  }

  /** Asks the server for the orders and tells it what was refused; without it the device goes by what it has. */
  refresh(): Promise<void> {
    this.running ??= this.exchange()
      .catch((error: unknown) => {
        if (!(error instanceof SendError)) throw error
      })
      .finally(() => {
        this.running = null
      })
    return this.running
  }

  private async exchange(): Promise<void> {
    const known = state.stops.value
    const answer = await this.env.server.call('stop-sale.own', { query: known ? { known: known.version } : {} })
    const items = answer.items ?? known?.items ?? []
    const kept = { version: answer.version, asOf: answer.asOf, items }
    state.stops.value = kept
    await this.env.storage.write(ordersKey, { ...kept, storeCode: state.storeCode.value })
    await this.send()
  }

  /** Says at the counter why a drug may not be sold, and keeps that it was refused. */
  refuse({ name: title, detail, from, to, ...order }: CounterStopSale, drug: { id: string; name: string }): void {
    state.refusal.value = { title, detail: t('{name} 暂停销售。{detail}', { name: drug.name, detail }), from, to }
    state.problems.value = []
    state.focusOn('form')
    void this.record(order.id, [drug.id])
  }

  /** Keeps that a drug was refused to the person at the counter, and tells the server as soon as it can. */
  private async record(orderId: string, drugIds: readonly string[]): Promise<void> {
    const { documentType, documentNumber } = state.draft.value
    const key = `${orderId} ${documentNumber} ${drugIds.join()}`
    if (key === this.last) return
    this.last = key
    const atMs = this.env.now() + state.skew.value
    const refusal: Refusal = {
      id: uuidv7(atMs),
      at: new Date(atMs).toISOString(),
      orderId,
      drugIds: [...drugIds],
      ...(documentNumber === '' ? {} : { documentType, documentNumber }),
    }
    this.pending = [...this.pending, refusal].slice(-mostRefusals)
    await this.keep()
    await this.send().catch(() => undefined)
  }

  private async send(): Promise<void> {
    const refusals = this.pending
    if (refusals.length === 0) return
    try {
      await this.env.server.call('stop-sale.refuse', { body: { refusals: [...refusals] } })
    } catch (error) {
      // What the server will never take is not sent for ever.
      if (!(error instanceof SendError) || error.failure.kind !== 'rejected') throw error
    }
    this.pending = this.pending.filter((one) => !refusals.includes(one))
    await this.keep()
  }

  private async keep(): Promise<void> {
    if (!this.env.secure) return
    if (this.pending.length === 0) await this.env.storage.remove(refusalsKey)
    else await this.env.storage.write(refusalsKey, await this.env.cipher.seal(refusalsKey, this.pending))
  }
}
