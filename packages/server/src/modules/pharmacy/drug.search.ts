import type { DrugClass } from '@vigil/contract'
import type { Drug } from './drug.domain.ts'
import { matchSpelled, plain, type Spelled, spell } from './drug.pinyin.ts'

interface Entry {
  readonly drug: Drug
  readonly generic: Spelled
  readonly brand: Spelled | undefined
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

/** The code in a query that consists of digits or is an approval number. */
function codeRank(drug: Drug, code: string): Rank | undefined {
  if (/^\d{20}$/.test(code)) return drug.tracePrefix === code.slice(0, 7) ? 0 : undefined
  if (/^\d{4,}$/.test(code)) {
    if (drug.ean13 === code || drug.tracePrefix === code) return 0
    if (drug.ean13?.startsWith(code) || drug.tracePrefix?.startsWith(code)) return 1
  }
  if (!drug.approvalNo || !/\d{4}/.test(code)) return undefined
  if (drug.approvalNo === code || drug.approvalNo === `国药准字${code}`) return 0
  return drug.approvalNo.includes(code) ? 2 : undefined
}

function best(a: Rank | undefined, b: Rank | undefined): Rank | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a <= b ? a : b
}

function nameRank(entry: Entry, query: string): Rank | undefined {
  const generic = matchSpelled(entry.generic, query)
  return generic === 0 || !entry.brand ? generic : best(generic, matchSpelled(entry.brand, query))
}

/** Index of a catalogue in memory: 20,000 drugs are searched in some milliseconds. */
export class DrugIndex {
  #entries: Entry[] = []
  #spelled = new Map<string, Spelled>()

  constructor(drugs: Iterable<Drug> = []) {
    this.replace(drugs)
  }

  /** Takes over a changed catalogue; names that stay are not spelled again. */
  replace(drugs: Iterable<Drug>): void {
    const before = this.#spelled
    const spelled = new Map<string, Spelled>()
    const of = (text: string): Spelled => {
      const known = spelled.get(text) ?? before.get(text) ?? spell(text)
      spelled.set(text, known)
      return known
    }
    this.#entries = [...drugs].sort(compare).map((drug) => ({
      drug,
      generic: of(drug.generic),
      brand: drug.brand ? of(drug.brand) : undefined,
      rest: [drug.form, drug.strength, drug.maker].map(plain).join('\n'),
    }))
    this.#spelled = spelled
  }

  /**
   * Finds drugs by name (Chinese, pinyin, initials, mixed; several words in any order), maker, form, strength, approval
   * number, EAN-13 or 20-digit trace code. Whole names come before beginnings, these before insides, these before words.
   * @returns at most `limit` drugs, and how many there are
   */
  search(query: DrugQuery): { items: Drug[]; total: number } {
    const whole = plain(query.q ?? '')
    const words = (query.q ?? '').split(/\s+/).map(plain).filter(Boolean)
    const code = whole.toUpperCase()
    const wanted = (drug: Drug) =>
      (query.inactive || drug.active) && (query.class === undefined || drug.class === query.class)
    const ranks: Drug[][] = Array.from({ length: lastRank + 1 }, () => [])
    let total = 0
    for (const entry of this.#entries) {
      if (!wanted(entry.drug)) continue
      const rank = whole === '' ? 0 : this.#rank(entry, whole, words, code)
      if (rank === undefined) continue
      total++
      const list = ranks[rank]
      if (list && list.length < query.limit) list.push(entry.drug)
    }
    return { items: ranks.flat().slice(0, query.limit), total }
  }

  #rank(entry: Entry, whole: string, words: readonly string[], code: string): Rank | undefined {
    const rank = best(codeRank(entry.drug, code), nameRank(entry, whole))
    if (rank !== undefined) return rank
    const found = words.every((word) => entry.rest.includes(word) || nameRank(entry, word) !== undefined)
    return found ? lastRank : undefined
  }
}
