/** What the rules know of one entry. Persons, names and birthdays are keyed: equal or not is all that can be told. */
export interface EntryFact {
  readonly id: string
  /** Calendar day of the sale in Asia/Shanghai, YYYY-MM-DD. */
  readonly day: string
  /** Seconds after midnight of the sale. */
  readonly at: number
  /** Minutes from the sale to its arrival at the server. */
  readonly lag: number
  readonly person: string
  readonly mobile: string
  readonly name: string
  /** Area and date of birth of a citizen ID together; null for other documents. */
  readonly birth: string | null
  /** Running number of a citizen ID within its area and date of birth, 0 to 999. */
  readonly sequence: number | null
  /** The ID names an area that GB/T 2260 never had. */
  readonly oddArea: boolean
  /** Which drugs, without quantities. */
  readonly goods: string
  readonly fever: boolean
  readonly referred: boolean
  /** Store that refused this buyer one of these drugs in the days before; null when none did. */
  readonly refusedAt: string | null
}

/** A store's entries of a window of days, and what they are held against. */
export interface StoreWindow {
  /** First and last day of the window. */
  readonly from: string
  readonly to: string
  /** Last day that is over: a day that has just begun is no silence. */
  readonly complete: string
  /** First day on which the store had to report; later than `from` for a new store. */
  readonly since: string
  /** Days for which the store had said that it is closed: they excuse silence, unless it sold all the same. */
  readonly closed: ReadonlySet<string>
  /** Sorted by day, time and id. */
  readonly entries: readonly EntryFact[]
  /** Entries a day that the stores of its kind make, all of them together divided by their number; null when it has too few peers. */
  readonly peers: { readonly median: number; readonly count: number; readonly spread: number } | null
  /** Keyed persons of the store's staff. */
  readonly staff: ReadonlySet<string>
}

/** One thing that a rule points at. */
export interface Evidence {
  /** Tells it from the others of the same rule; the same at every run. */
  readonly key: string
  readonly text: string
  readonly from: string
  readonly to: string
  readonly count: number
  /** Entries it is about, at most 50. */
  readonly entries: readonly string[]
}

/** Values of a rule's parameters by name. */
export type Values = Readonly<Record<string, number>>

/** What a rule says of a store. */
export interface Finding {
  /** How bad it is: 0.5 at the threshold, 1 from its full share on. */
  readonly strength: number
  /** Entries concerned; days for a silent store. */
  readonly count: number
  /** Share of the window's entries, 0 to 1. */
  readonly share: number
  readonly evidence: readonly Evidence[]
}

/** Days of the window that the store's word excuses: said to be closed, and without an entry. */
export function excusedDays({ closed, entries }: StoreWindow): Set<string> {
  const excused = new Set(closed)
  for (const { day } of entries) excused.delete(day)
  return excused
}

const most = 50

/** Evidence about some entries. */
export function evidenceOf(key: string, text: string, entries: readonly EntryFact[]): Evidence {
  const days = entries.map(({ day }) => day).sort()
  return {
    key,
    text,
    from: days[0] ?? '',
    to: days.at(-1) ?? '',
    count: entries.length,
    entries: entries.slice(0, most).map(({ id }) => id),
  }
}

/** A finding about `concerned` of the window's entries; full strength when their share reaches `full`. */
export function findingOf(
  window: StoreWindow,
  concerned: number,
  full: number,
  evidence: readonly Evidence[],
): Finding {
  const share = window.entries.length === 0 ? 0 : concerned / window.entries.length
  return { strength: strengthOf(share, full), count: concerned, share, evidence: [...evidence].sort(byCount) }
}

const byCount = (a: Evidence, b: Evidence) => b.count - a.count || (a.key < b.key ? -1 : 1)

/** 0.5 for a hit, rising to 1 as `value` reaches `full`. */
export const strengthOf = (value: number, full: number): number => Math.min(1, 0.5 + 0.5 * (value / full))

/** Entries by a key; those without one are left out. */
export function groupBy(
  entries: readonly EntryFact[],
  keyOf: (entry: EntryFact) => string | null,
): Map<string, EntryFact[]> {
  const groups = new Map<string, EntryFact[]>()
  for (const entry of entries) {
    const key = keyOf(entry)
    if (key === null || key === '') continue
    const group = groups.get(key)
    if (group) group.push(entry)
    else groups.set(key, [entry])
  }
  return groups
}
