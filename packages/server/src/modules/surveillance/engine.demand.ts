import { watchedClasses } from '@vigil/contract'
import type { EngineTask, EngineUnit } from './engine.types.ts'
import { absent, glance, newPresence, observe, type Presence, reporting } from './presence.domain.ts'

const classes = watchedClasses.length
const all = watchedClasses.indexOf('all')

/** The areas that a store counts in, by place; its own place first. */
type Chain = readonly number[]

/**
 * Daily counts of a county's stores and of the areas they lie in, and how much of the usual demand had reported on each day.
 * Places are those of `units`.
 */
export class Demand {
  readonly #place: ReadonlyMap<string, number>
  readonly #chains: ReadonlyMap<number, Chain>
  /** Per unit: classes × days. */
  #counts: Float32Array[]
  /** Per unit and day: usual demand of the stores that are expected, and of those that have reported. */
  #expected: Float64Array[]
  #reported: Float64Array[]
  #days: number
  /** What is known of each store after `#through`. */
  readonly #presence = new Map<number, Presence>()
  #through = -1

  constructor(units: readonly EngineUnit[], days: number) {
    this.#place = new Map(units.map(({ code }, at) => [code, at]))
    const county = units.findIndex(({ kind }) => kind === 'county')
    const chain = ({ code, office }: EngineUnit): Chain => {
      const own = this.#place.get(code)!
      const area = office === null ? undefined : this.#place.get(office)
      return area === undefined ? [own, county] : [own, area, county]
    }
    this.#chains = new Map(units.flatMap((unit, at) => (unit.kind === 'store' ? [[at, chain(unit)]] : [])))
    this.#days = days
    this.#counts = units.map(() => new Float32Array(classes * days))
    this.#expected = units.map(() => new Float64Array(days))
    this.#reported = units.map(() => new Float64Array(days))
  }

  #grow(days: number): void {
    if (days <= this.#days) return
    const size = Math.ceil(days / 400) * 400
    this.#counts = this.#counts.map((old) => {
      const next = new Float32Array(classes * size)
      for (let i = 0; i < classes; i++) next.set(old.subarray(i * this.#days, (i + 1) * this.#days), i * size)
      return next
    })
    const longer = (old: Float64Array) => {
      const next = new Float64Array(size)
      next.set(old)
      return next
    }
    this.#expected = this.#expected.map(longer)
    this.#reported = this.#reported.map(longer)
    this.#days = size
  }

  /** Takes in counts. @returns for each unit that they change the first day on which they do */
  take({ counts, anew = [] }: Pick<EngineTask, 'counts' | 'anew'>, through: number): Map<number, number> {
    this.#grow(through + 2)
    const changed = new Map<number, number>()
    const put = (store: number, at: number, day: number, count: number) => {
      const change = count - this.#counts[store]![at * this.#days + day]!
      if (change === 0) return
      for (const unit of this.#chains.get(store)!) {
        const list = this.#counts[unit]!
        list[at * this.#days + day] = list[at * this.#days + day]! + change
        changed.set(unit, Math.min(day, changed.get(unit) ?? day))
      }
    }
    const told = new Map<string, Map<number, Set<number>>>(anew.map((code) => [code, new Map()]))
    for (const each of counts) {
      const store = this.#place.get(each.store)
      if (store === undefined || !this.#chains.has(store)) continue
      const days = told.get(each.store)
      days?.set(each.class, new Set(Array.from(each.days)))
      for (let i = 0; i < each.days.length; i++) {
        const day = each.days[i]!
        if (day >= 0 && day <= through + 1) put(store, each.class, day, each.counts[i]!)
      }
    }
    for (const [code, named] of told) {
      const store = this.#place.get(code)
      if (store === undefined) continue
      for (let at = 0; at < classes; at++)
        for (let day = 0; day <= through + 1; day++) if (!named.get(at)?.has(day)) put(store, at, day, 0)
    }
    this.#present(changed, through)
    return changed
  }

  /** Brings the presence of stores up to `through` and glances at the day after it. */
  #present(changed: Map<number, number>, through: number): void {
    for (const [store, chain] of this.#chains) {
      const from = changed.get(store) ?? Number.POSITIVE_INFINITY
      const again = from <= this.#through
      const state = again || this.#through < 0 ? newPresence() : { ...(this.#presence.get(store) ?? newPresence()) }
      const start = again || this.#through < 0 ? 0 : this.#through + 1
      // The glance at the day that was running is taken back by writing it again.
      for (let day = start; day <= through + 1; day++) {
        const total = this.#counts[store]![all * this.#days + day]!
        const status = day <= through ? observe(state, total) : glance(state, total)
        if (day === through) this.#presence.set(store, { ...state })
        this.#weigh(chain, day, status === absent ? 0 : Math.max(state.mean, 0.01), status === reporting)
      }
      // Every day from the first correction on may have other shares in the areas.
      if (again) for (const unit of chain) changed.set(unit, Math.min(from, changed.get(unit) ?? from))
    }
    this.#through = through
  }

  #weigh([store, ...areas]: Chain, day: number, weight: number, present: boolean): void {
    const own = this.#expected[store!]!
    const ownReported = this.#reported[store!]!
    const [more, moreReported] = [weight - own[day]!, (present ? weight : 0) - ownReported[day]!]
    if (more === 0 && moreReported === 0) return
    for (const unit of [store!, ...areas]) {
      this.#expected[unit]![day] = this.#expected[unit]![day]! + more
      this.#reported[unit]![day] = this.#reported[unit]![day]! + moreReported
    }
  }

  /** Registered sales of a unit on a day. */
  count(unit: number, at: number, day: number): number {
    return this.#counts[unit]![at * this.#days + day]!
  }

  /** Share of the usual demand of the expected stores that had reported; 0 when none had, or none was expected. */
  completeness(unit: number, day: number): number {
    const expected = this.#expected[unit]![day]!
    if (!(expected > 1e-9)) return 0
    const share = this.#reported[unit]![day]! / expected
    // Sums of differences: what should be all or nothing is so.
    return share > 0.9999 ? 1 : share < 0.0001 ? 0 : share
  }

  /** First day of the unit's first sale of any class, for of one class alone it may sell nothing for months; -1 before it. */
  firstDay(unit: number): number {
    return this.#counts[unit]!.subarray(all * this.#days, (all + 1) * this.#days).findIndex((count) => count > 0)
  }
}
