import { watchedClasses } from '@vigil/contract'
import type { EngineTask, EngineUnit } from './engine.types.ts'
import type { LateStore } from './lateness.ts'
import { absent, glance, newPresence, observe, type Presence, reporting, silent } from './presence.domain.ts'

/** A late store that has reported nothing is waited for while less than this share of its day should be in. */
const waitedFor = 0.5
const classes = watchedClasses.length
const all = watchedClasses.indexOf('all')

/** Of a store's usual demand: what is expected of a day, what has come, and the variance of the latter. */
interface Weight {
  readonly weight: number
  readonly present: number
  readonly variance: number
}

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
  /** Per unit and day: variance of what has reported, by what is not known of the shares of late stores. */
  #doubt: Float64Array[]
  #days: number
  /** What is known of each store after `#through`. */
  readonly #presence = new Map<number, Presence>()
  #through = -1
  /** Share of a day's sales that are in after 0, 1, … days, of stores that report late. */
  #late: ReadonlyMap<number, Omit<LateStore, 'store'>> = new Map()

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
    this.#doubt = units.map(() => new Float64Array(days))
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
    this.#doubt = this.#doubt.map(longer)
    this.#days = size
  }

  /** Takes in counts. @returns for each unit that they change the first day on which they do */
  take(
    { counts, anew = [], late }: Pick<EngineTask, 'counts' | 'anew' | 'late'>,
    through: number,
  ): Map<number, number> {
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
    this.#present(changed, through, late ? this.#expect(late) : new Set())
    return changed
  }

  /** Takes over which stores report late. @returns stores of which that was, or is, to be said */
  #expect(late: NonNullable<EngineTask['late']>): Set<number> {
    const before = this.#late
    const known = late.flatMap(({ store, within, doubt }) => {
      const place = this.#place.get(store)
      return place === undefined || !this.#chains.has(place)
        ? []
        : [[place, { within, ...(doubt && { doubt }) }] as const]
    })
    this.#late = new Map(known)
    return new Set([...before.keys(), ...this.#late.keys()])
  }

  /** Brings the presence of stores up to `through` and glances at the day after it. */
  #present(changed: Map<number, number>, through: number, told: ReadonlySet<number>): void {
    for (const [store, chain] of this.#chains) {
      const from = changed.get(store) ?? Number.POSITIVE_INFINITY
      const late = this.#late.get(store)
      const corrected = from <= this.#through
      // With every day that passes more of a late store's days is in.
      const again = corrected || told.has(store) || (late !== undefined && through !== this.#through)
      const state = again || this.#through < 0 ? newPresence() : { ...(this.#presence.get(store) ?? newPresence()) }
      const start = again || this.#through < 0 ? 0 : this.#through + 1
      // The glance at the day that was running is taken back by writing it again.
      for (let day = start; day <= through + 1; day++) {
        const total = this.#counts[store]![all * this.#days + day]!
        const arrived = late?.within[through + 1 - day] ?? 1
        const doubt = late?.doubt?.[through + 1 - day] ?? 0
        const status = day <= through ? statusOf(state, total, arrived) : glance(state, total)
        if (day === through) this.#presence.set(store, { ...state })
        const weight = status === absent ? 0 : Math.max(state.mean, 0.01)
        const present = weight * (status === reporting ? arrived : 0)
        const moved = this.#weigh(chain, day, { weight, present, variance: (present * doubt) ** 2 })
        if (again && !corrected && moved && day <= through)
          for (const unit of chain) changed.set(unit, Math.min(day, changed.get(unit) ?? day))
      }
      // Every day from the first correction on may have other shares in the areas.
      if (corrected) for (const unit of chain) changed.set(unit, Math.min(from, changed.get(unit) ?? from))
    }
    this.#through = through
  }

  /** @returns whether it changes anything by more than rounding */
  #weigh([store, ...areas]: Chain, day: number, { weight, present, variance }: Weight): boolean {
    const own = store!
    const more = weight - this.#expected[own]![day]!
    const moreReported = present - this.#reported[own]![day]!
    const moreDoubt = variance - this.#doubt[own]![day]!
    if (more === 0 && moreReported === 0 && moreDoubt === 0) return false
    for (const unit of [store!, ...areas]) {
      this.#expected[unit]![day] = this.#expected[unit]![day]! + more
      this.#reported[unit]![day] = this.#reported[unit]![day]! + moreReported
      this.#doubt[unit]![day] = this.#doubt[unit]![day]! + moreDoubt
    }
    const size = Math.max(1, weight)
    return Math.abs(more) + Math.abs(moreReported) > 1e-6 * size || Math.abs(moreDoubt) > 1e-6 * size * size
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

  /** Relative standard error of `completeness`: 0 where no late store counts. */
  doubt(unit: number, day: number): number {
    const variance = this.#doubt[unit]![day]!
    const reported = this.#reported[unit]![day]!
    // Sums of differences: what should be none is so.
    return variance > 1e-9 && reported > 1e-9 ? Math.sqrt(variance) / reported : 0
  }

  /** First day of the unit's first sale of any class, for of one class alone it may sell nothing for months; -1 before it. */
  firstDay(unit: number): number {
    return this.#counts[unit]!.subarray(all * this.#days, (all + 1) * this.#days).findIndex((count) => count > 0)
  }
}

/** What a day that is over says of a store, when only a share of its sales is in as yet: what is to come is no silence. */
function statusOf(state: Presence, total: number, arrived: number) {
  if (total === 0 && arrived < waitedFor) return state.learned === 0 ? absent : silent
  return observe(state, total / Math.max(arrived, waitedFor))
}
