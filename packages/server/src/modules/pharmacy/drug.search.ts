import type { DrugClass } from '@vigil/contract'
import type { Drug } from './drug.domain.ts'
import { matchSpelled, plain, type Spelled, spell, type Typed, typedText } from './drug.pinyin.ts'

interface Entry {
  readonly drug: Drug
  /** Places of generic name and brand in the list of distinct names; -1 without brand. */
  readonly generic: number
  readonly brand: number
  /** Everything else that a word may be found in. */
  readonly rest: string
}

export interface DrugQuery {
  readonly q?: string | undefined
  readonly class?: DrugClass | undefined
  readonly limit: number
  /** Whether drugs that are no longer used are found too, after all others. */
  readonly inactive: boolean
}

type Rank = 0 | 1 | 2 | 3

const lastRank = 3
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

function compare(a: Drug, b: Drug): number {
  return (
    Number(b.active) - Number(a.active) ||
    a.generic.length - b.generic.length ||
    byText(a.generic, b.generic) ||
    byText(a.strength, b.strength) ||
    byText(a.brand, b.brand) ||
    byText(a.id, b.id)
  )
}

/** How to find a drug by a code of digits or an approval number; undefined when the query is none. */
function codeFinder(code: string): ((drug: Drug) => Rank | undefined) | undefined {
  if (/^\d{20}$/.test(code)) return (drug) => (drug.tracePrefix === code.slice(0, 7) ? 0 : undefined)
  if (!/\d{4}/.test(code)) return undefined
  const digits = /^\d+$/.test(code)
  return ({ ean13, tracePrefix, approvalNo }) => {
    if (digits && (ean13 === code || tracePrefix === code)) return 0
    if (digits && (ean13?.startsWith(code) || tracePrefix?.startsWith(code))) return 1
    if (!approvalNo?.includes(code)) return undefined
    return approvalNo === code || approvalNo === `国药准字${code}` ? 0 : 2
  }
}

function best(a: Rank | undefined, b: Rank | undefined): Rank | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a <= b ? a : b
}

const unknown = -2
const none = -1

/** Index of a catalogue in memory: 20,000 drugs are searched in some milliseconds. */
export class DrugIndex {
  #entries: Entry[] = []
  #names: Spelled[] = []
  #placeOf = new Map<string, number>()
  readonly #rests = new WeakMap<Drug, string>()

  constructor(drugs: Iterable<Drug> = []) {
    this.replace(drugs)
  }

  /** Takes over a changed catalogue; names that stay are not spelled again. */
  replace(drugs: Iterable<Drug>): void {
    const before = { names: this.#names, placeOf: this.#placeOf }
    const names: Spelled[] = []
    const placeOf = new Map<string, number>()
    const placed = (text: string): number => {
      const known = placeOf.get(text)
      if (known !== undefined) return known
      const old = before.placeOf.get(text)
      const place = names.push((old === undefined ? undefined : before.names[old]) ?? spell(text)) - 1
      placeOf.set(text, place)
      return place
    }
    this.#entries = [...drugs].sort(compare).map((drug) => ({
      drug,
      generic: placed(drug.generic),
      brand: drug.brand ? placed(drug.brand) : none,
      rest: this.#restOf(drug),
    }))
    this.#names = names
    this.#placeOf = placeOf
  }

  /**
   * Finds drugs by name (Chinese, pinyin, initials, mixed; several words in any order), maker, form, strength, approval
   * number, EAN-13 or 20-digit trace code. Whole names come before beginnings, these before insides, these before words.
   * @returns at most `limit` drugs, and how many there are
   */
  search(query: DrugQuery): { items: Drug[]; total: number } {
    const rankOf = this.#ranker(query.q ?? '')
    const ranks: Drug[][] = Array.from({ length: lastRank + 1 }, () => [])
    let total = 0
    for (const entry of this.#entries) {
      if (!query.inactive && !entry.drug.active) continue
      if (query.class !== undefined && entry.drug.class !== query.class) continue
      const rank = rankOf(entry)
      if (rank === undefined) continue
      total++
      const list = ranks[rank]
      if (list && list.length < query.limit) list.push(entry.drug)
    }
    return { items: ranks.flat().slice(0, query.limit), total }
  }

  #restOf(drug: Drug): string {
    const rest = this.#rests.get(drug) ?? [drug.form, drug.strength, drug.maker].map(plain).join('\n')
    this.#rests.set(drug, rest)
    return rest
  }

  #ranker(q: string): (entry: Entry) => Rank | undefined {
    const whole = typedText(q)
    if (whole.text === '') return () => 0
    const byCode = codeFinder(whole.text.toUpperCase())
    const byName = this.#named(whole)
    const words = q
      .split(/\s+/)
      .map(typedText)
      .filter((word) => word.text !== '')
    const finders = words.map((word) => {
      const named = words.length === 1 ? byName : this.#named(word)
      return (entry: Entry) => entry.rest.includes(word.text) || named(entry) !== undefined
    })
    return (entry) => {
      const rank = best(byCode?.(entry.drug), byName(entry))
      if (rank !== undefined) return rank
      return finders.every((find) => find(entry)) ? lastRank : undefined
    }
  }

  /** The better match of generic name and brand; each distinct name is matched once. */
  #named(query: Typed): (entry: Entry) => Rank | undefined {
    const known = new Int8Array(this.#names.length).fill(unknown)
    const rankOf = (place: number): Rank | undefined => {
      const name = this.#names[place]
      if (!name) return undefined
      if (known[place] === unknown) known[place] = matchSpelled(name, query) ?? none
      const rank = known[place]
      return rank === none ? undefined : (rank as Rank)
    }
    return ({ generic, brand }) => {
      const rank = rankOf(generic)
      return rank === 0 || brand === none ? rank : best(rank, rankOf(brand))
    }
  }
}
