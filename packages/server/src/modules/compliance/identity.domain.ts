import {
  type EntryFact,
  evidenceOf,
  type Finding,
  findingOf,
  groupBy,
  type StoreWindow,
  type Values,
} from './fact.domain.ts'

/** Expected number of groups of `size` among `persons` that share one of `kinds` equally likely marks. */
function expectedGroups(persons: number, size: number, kinds: number): number {
  let ways = 1
  for (let n = 0; n < size; n++) ways *= (persons - n) / (n + 1)
  return ways / kinds ** (size - 1)
}

/** Smallest group, three at least, that chance brings about less often than `chance`. */
export function leastGroup(persons: number, kinds: number, chance: number): number {
  let size = 3
  while (size < persons && expectedGroups(persons, size, kinds) >= chance) size++
  return size
}

/** Different persons in the order in which they first came. */
function firstOfEach(entries: readonly EntryFact[]): EntryFact[] {
  const seen = new Set<string>()
  return entries.filter(({ person }) => !seen.has(person) && seen.add(person))
}

interface BirthGroup {
  readonly birth: string
  readonly entries: readonly EntryFact[]
  readonly persons: readonly EntryFact[]
  /** Their running numbers climb in small steps. */
  readonly climbs: boolean
}

/** Groups of persons with one area and date of birth that are too large for chance. */
function birthGroups(window: StoreWindow, values: Values, step: number): BirthGroup[] {
  const citizens = window.entries.filter(({ birth }) => birth !== null)
  const least = leastGroup(firstOfEach(citizens).length, values.birthdays!, values.chance! / 10_000)
  const groups: BirthGroup[] = []
  for (const [birth, entries] of groupBy(citizens, (entry) => entry.birth)) {
    const persons = firstOfEach(entries)
    if (persons.length < least) continue
    const steps = persons.slice(1).map(({ sequence }, index) => sequence! - persons[index]!.sequence!)
    const climbing = steps.filter((each) => each > 0 && each <= step).length
    groups.push({ birth, entries, persons, climbs: climbing >= 2 && climbing * 2 >= steps.length })
  }
  return groups
}

/** The step by which the running-number rule and the birthday rule part a group between them. */
const usualStep = 50

/** Numbers counted up: one area and birthday, running numbers that climb (GB 11643: digits 15–17). */
export function fabricatedIds(window: StoreWindow, values: Values): Finding | undefined {
  const groups = birthGroups(window, values, values.step!).filter(({ climbs }) => climbs)
  if (groups.length === 0) return undefined
  const evidence = groups.map(({ birth, entries, persons }) =>
    evidenceOf(birth, `${persons.length} 个证件地区、生日相同，顺序码依次递增`, entries),
  )
  const concerned = groups.reduce((sum, { entries }) => sum + entries.length, 0)
  return findingOf(window, concerned, values.full! / 100, evidence)
}

/** More persons of one area and birthday than chance allows, whose numbers do not climb. */
export function sameBirthday(window: StoreWindow, values: Values): Finding | undefined {
  const groups = birthGroups(window, values, usualStep).filter(({ climbs }) => !climbs)
  if (groups.length === 0) return undefined
  const evidence = groups.map(({ birth, entries, persons }) =>
    evidenceOf(birth, `${persons.length} 名购药人证件地区、生日都相同`, entries),
  )
  const concerned = groups.reduce((sum, { entries }) => sum + entries.length, 0)
  return findingOf(window, concerned, values.full! / 100, evidence)
}

/** Citizen IDs of an area that never was. */
export function impossibleIds(window: StoreWindow, values: Values): Finding | undefined {
  const odd = window.entries.filter(({ oddArea }) => oddArea)
  if (odd.length < values.least! || odd.length < (values.share! / 100) * window.entries.length) return undefined
  return findingOf(window, odd.length, values.full! / 100, [
    evidenceOf('area', `${odd.length} 笔登记的证件地区不存在`, odd),
  ])
}

/** One document under several names. */
export function sharedIds(window: StoreWindow, values: Values): Finding | undefined {
  const evidence = []
  let concerned = 0
  for (const [person, entries] of groupBy(window.entries, (entry) => entry.person)) {
    const names = new Set(entries.map(({ name }) => name)).size
    if (names < values.names!) continue
    concerned += entries.length
    evidence.push(evidenceOf(person, `同一证件 ${entries.length} 笔登记用了 ${names} 个姓名`, entries))
  }
  return evidence.length === 0 ? undefined : findingOf(window, concerned, values.full! / 100, evidence)
}

/** One mobile for more persons than a family has. */
export function sharedMobiles(window: StoreWindow, values: Values): Finding | undefined {
  const evidence = []
  let concerned = 0
  for (const [mobile, entries] of groupBy(window.entries, (entry) => entry.mobile)) {
    const persons = firstOfEach(entries).length
    if (persons < values.persons!) continue
    concerned += entries.length
    evidence.push(evidenceOf(mobile, `同一手机号登记给 ${persons} 人，共 ${entries.length} 笔`, entries))
  }
  return evidence.length === 0 ? undefined : findingOf(window, concerned, values.full! / 100, evidence)
}

/** The store's own people as buyers, more often than they can be ill. */
export function staffIds(window: StoreWindow, values: Values): Finding | undefined {
  const own = window.entries.filter(({ person }) => window.staff.has(person))
  if (own.length < values.least! || own.length < (values.share! / 100) * window.entries.length) return undefined
  const evidence = [...groupBy(own, ({ person }) => person)].map(([person, entries]) =>
    evidenceOf(person, `一名从业人员的证件登记了 ${entries.length} 笔`, entries),
  )
  return findingOf(window, own.length, values.full! / 100, evidence)
}
