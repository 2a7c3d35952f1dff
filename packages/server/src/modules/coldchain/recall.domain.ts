import { apportion } from '@vigil/epcis/trace'
import { cyclesOf } from './recall.cycle.domain.ts'

/** What the ledger says an event did to a lot at a holder: rows of `coldchain.movement`, in the order they were written. */
export interface RecallMovement {
  readonly lot: string
  readonly holder: string
  readonly kind: 'enter' | 'receive' | 'make' | 'difference' | 'sample' | 'ship' | 'use' | 'sell' | 'lose' | 'destroy'
  /** In positive, out negative. */
  readonly grams: number
  readonly event: string
  readonly dispatch: string | null
  /** Milliseconds since 1970. */
  readonly at: number
}

/** What went from which lot into which: rows of `coldchain.flow`. From null: not followed goods; to null: lost in processing. */
export interface RecallFlow {
  readonly from: string | null
  readonly to: string | null
  readonly grams: number
  readonly holder: string
  readonly event: string
}

/** Goods sent from one holder to another: rows of `coldchain.dispatch`. */
export interface RecallDispatch {
  readonly id: string
  readonly from: string
  readonly to: string
  /** Of what was sent, declared lost on the way. */
  readonly lostGrams: number
  readonly received: boolean
}

/** Where a gram of the recalled goods is, in the order in which certificates list it. */
export const fates = [
  'on-hand',
  'in-transit',
  'left',
  'consumed',
  'destroyed',
  'sampled',
  'lost',
  'unaccounted',
] as const
export type Fate = (typeof fates)[number]

/** Grams of one lot that met one fate at one holder. */
export interface RecallLine {
  readonly fate: Fate
  readonly lot: string
  readonly holder: string
  /** Of the recalled goods. */
  readonly grams: number
  /** With what they were mixed with: this much has to be taken off sale. */
  readonly mass: number
  /** On the way to whom, and by which dispatch. */
  readonly to?: string
  readonly dispatch?: string
}

/** What the ledger does not bear out; `grams` of the lot named. */
export interface RecallProblem {
  readonly rule: 'overdrawn' | 'over-received' | 'unlinked' | 'short'
  readonly lot: string
  readonly event: string
  readonly grams: number
}

export interface Recall {
  /** Grams that came to be under the recalled lots, what later weighings added among them: the lines' grams sum to it. */
  readonly total: number
  readonly lines: readonly RecallLine[]
  readonly byFate: Readonly<Record<Fate, number>>
  readonly problems: readonly RecallProblem[]
  /** Lots that went into each other in a circle, as by putting back what was made; each as the lots around it. */
  readonly cycles: readonly (readonly string[])[]
}

export interface RecallInput {
  /** Lots that are recalled. */
  readonly roots: readonly string[]
  /** Everything that happened to the recalled lots and to all lots made of them, oldest first. */
  readonly movements: readonly RecallMovement[]
  readonly flows: readonly RecallFlow[]
  readonly dispatches: readonly RecallDispatch[]
  /** Holders outside the city: what they hold has left. */
  readonly outside?: ReadonlySet<string>
  /** Dispatches that nobody received by then (ms since 1970) are unaccounted, not in transit. Default: never. */
  readonly overdueBefore?: number
}

/** Grams, and of them grams of the recalled lots; `own` is at most `all`. */
interface Account {
  all: number
  own: number
}

/**
 * Follows every gram of the recalled lots through the ledger, in order of time: through dispatches to holders, through processing into other
 * lots. What is mixed is shared out in proportion, in whole grams (largest remainder), so that nothing is lost or made by rounding: the
 * lines sum to the total, whatever the records are like. Records that contradict themselves are reported. Linear in movements.
 */
export function recallOf(input: RecallInput): Recall {
  const state = new Recalling(input)
  for (const event of byEvent(input.movements)) state.take(event)
  return { total: state.total, ...state.close(), problems: state.problems, cycles: cyclesOf(input.flows) }
}

/** Movements of one event are one step: what is used up in it is what is made in it. */
function byEvent(movements: readonly RecallMovement[]): RecallMovement[][] {
  const groups = new Map<string, RecallMovement[]>()
  for (const each of movements) {
    const group = groups.get(each.event)
    if (group) group.push(each)
    else groups.set(each.event, [each])
  }
  return [...groups.values()]
}

const gone = { sample: 'sampled', sell: 'consumed', lose: 'lost', destroy: 'destroyed' } as const

class Recalling {
  total = 0
  readonly problems: RecallProblem[] = []
  readonly #input: RecallInput
  readonly #roots: ReadonlySet<string>
  /** By lot and holder. */
  readonly #stocks = new Map<string, Account & { lot: string; holder: string }>()
  /** What is on the way, by dispatch and lot. */
  readonly #ways = new Map<string, Account & { lot: string; holder: string; dispatch: string; at: number }>()
  readonly #fates = new Map<string, Account & { fate: Fate; lot: string; holder: string }>()
  readonly #flows = new Map<string, RecallFlow[]>()
  readonly #dispatches: ReadonlyMap<string, RecallDispatch>

  constructor(input: RecallInput) {
    this.#input = input
    this.#roots = new Set(input.roots)
    this.#dispatches = new Map(input.dispatches.map((each) => [each.id, each]))
    for (const flow of input.flows) {
      const list = this.#flows.get(flow.event)
      if (list) list.push(flow)
      else this.#flows.set(flow.event, [flow])
    }
  }

  take(event: readonly RecallMovement[]): void {
    const used = new Map<string, Account & { holder: string }>()
    for (const move of event) {
      const { lot, holder, kind, grams } = move
      if (kind === 'use') {
        const drawn = this.#draw(move)
        const before = used.get(lot) ?? { holder, all: 0, own: 0 }
        used.set(lot, { ...before, all: before.all + drawn.all, own: before.own + drawn.own })
      }
      if (kind === 'enter') this.#bear(lot, holder, grams)
      else if (kind === 'receive') this.#receive(move)
      else if (kind === 'ship') this.#ship(move)
      else if (kind === 'difference') this.#weigh(move)
      else if (kind !== 'make' && kind !== 'use') this.#end(gone[kind], lot, holder, this.#draw(move))
    }
    // After what was used: a lot may be put back into itself.
    const made = event.filter(({ kind }) => kind === 'make')
    const owned = made.map(({ lot, holder }) => this.#stock(lot, holder).own)
    for (const { lot, holder, grams } of made) this.#stock(lot, holder).all += grams
    if (used.size > 0) this.#share(event[0]!.event, used)
    for (const [at, { lot, holder, grams }] of made.entries()) {
      const stock = this.#stock(lot, holder)
      // A recalled lot is recalled as a whole, whatever it was made of.
      if (this.#roots.has(lot)) this.#own(stock, Math.max(0, grams - (stock.own - owned[at]!)))
    }
  }

  /** Everything that is left, with its place. */
  close(): Pick<Recall, 'lines' | 'byFate'> {
    const outside = this.#input.outside ?? new Set()
    const overdue = this.#input.overdueBefore ?? Number.NEGATIVE_INFINITY
    const lines: RecallLine[] = []
    const add = ({ own, all }: Account, line: Omit<RecallLine, 'grams' | 'mass'>): void => {
      if (own > 0) lines.push({ ...line, grams: own, mass: Math.max(all, own) })
    }
    for (const stock of this.#stocks.values())
      add(stock, { fate: outside.has(stock.holder) ? 'left' : 'on-hand', lot: stock.lot, holder: stock.holder })
    for (const way of this.#ways.values()) {
      const known = this.#dispatches.get(way.dispatch)
      if (known && !known.received)
        this.#end('lost', way.lot, way.holder, part(way, Math.min(known.lostGrams, way.all)))
      const to = known?.to
      const left = to !== undefined && outside.has(to)
      const fate = left ? 'left' : way.at < overdue ? 'unaccounted' : 'in-transit'
      add(way, { fate, lot: way.lot, holder: way.holder, ...(to === undefined ? {} : { to }), dispatch: way.dispatch })
    }
    for (const end of this.#fates.values()) add(end, { fate: end.fate, lot: end.lot, holder: end.holder })
    const byFate = Object.fromEntries(fates.map((fate) => [fate, 0])) as Record<Fate, number>
    for (const { fate, grams } of lines) byFate[fate] += grams
    lines.sort((a, b) => fates.indexOf(a.fate) - fates.indexOf(b.fate) || b.grams - a.grams)
    return { lines, byFate }
  }

  #stock(lot: string, holder: string): Account {
    const key = `${lot}\n${holder}`
    const known = this.#stocks.get(key)
    if (known) return known
    const stock = { lot, holder, all: 0, own: 0 }
    this.#stocks.set(key, stock)
    return stock
  }

  /** Goods that come into being; those of a recalled lot are all recalled. */
  #bear(lot: string, holder: string, grams: number): void {
    const stock = this.#stock(lot, holder)
    stock.all += grams
    if (this.#roots.has(lot)) this.#own(stock, grams)
  }

  #own(stock: Account, grams: number): void {
    stock.own += grams
    this.total += grams
  }

  /** Takes a movement's grams out of stock, and the recalled share with them. */
  #draw({ lot, holder, grams, event }: RecallMovement): Account {
    const stock = this.#stock(lot, holder)
    const all = Math.min(-grams, stock.all)
    if (-grams > stock.all) this.problems.push({ rule: 'overdrawn', lot, event, grams: -grams - stock.all })
    return part(stock, all)
  }

  #end(fate: Fate, lot: string, holder: string, { all, own }: Account): void {
    const key = `${fate}\n${lot}\n${holder}`
    const end = this.#fates.get(key) ?? { fate, lot, holder, all: 0, own: 0 }
    end.all += all
    end.own += own
    this.#fates.set(key, end)
  }

  #ship(move: RecallMovement): void {
    const { lot, holder, dispatch, event, at } = move
    const id = dispatch ?? event
    const drawn = this.#draw(move)
    const key = `${id}\n${lot}`
    const way = this.#ways.get(key) ?? { lot, holder, dispatch: id, at, all: 0, own: 0 }
    way.all += drawn.all
    way.own += drawn.own
    this.#ways.set(key, way)
  }

  /** What arrived leaves the way; what was declared lost is lost, and the rest of a received dispatch is missed. */
  #receive({ lot, holder, grams, dispatch, event }: RecallMovement): void {
    const key = `${dispatch ?? event}\n${lot}`
    const way = this.#ways.get(key)
    const came = way ? part(way, Math.min(grams, way.all)) : { all: 0, own: 0 }
    const stock = this.#stock(lot, holder)
    stock.all += came.all
    stock.own += came.own
    if (grams > came.all) {
      this.problems.push({ rule: 'over-received', lot, event, grams: grams - came.all })
      this.#bear(lot, holder, grams - came.all)
    }
    const known = dispatch === null ? undefined : this.#dispatches.get(dispatch)
    if (!way || !known?.received) return
    this.#end('lost', lot, way.holder, part(way, Math.min(known.lostGrams, way.all)))
    if (way.all > 0) this.problems.push({ rule: 'short', lot, event, grams: way.all })
    this.#end('unaccounted', lot, way.holder, part(way, way.all))
  }

  /** Weighed anew: more of a recalled lot is recalled as well, more of a mixture only thins it. */
  #weigh(move: RecallMovement): void {
    if (move.grams > 0) this.#bear(move.lot, move.holder, move.grams)
    else this.#end('lost', move.lot, move.holder, this.#draw(move))
  }

  /** Hands what was used on to what was made, as the flows of the event say. What they do not tell is unaccounted. */
  #share(event: string, used: ReadonlyMap<string, Account & { holder: string }>): void {
    const flows = this.#flows.get(event) ?? []
    for (const [lot, taken] of used) {
      const own = flows.filter((flow) => flow.from === lot)
      const told = own.reduce((sum, { grams }) => sum + grams, 0)
      const untold = Math.max(0, taken.all - told)
      if (untold > 0) this.problems.push({ rule: 'unlinked', lot, event, grams: untold })
      const parts = apportion(taken.own, [...own.map(({ grams }) => grams), untold])
      for (const [at, { to, holder, grams }] of own.entries()) {
        if (to === null) this.#end('lost', lot, holder, { all: grams, own: parts[at]! })
        else this.#stock(to, holder).own += parts[at]!
      }
      this.#end('unaccounted', lot, taken.holder, { all: untold, own: parts.at(-1)! })
    }
  }
}

/** Takes `all` grams out of an account with their share of the recalled ones. */
function part(account: Account, all: number): Account {
  const [own] = apportion(account.own, [all, account.all - all]) as [number, number]
  account.all -= all
  account.own -= own
  return { all, own }
}
