import { addDays, type Day, daysBetween } from '@vigil/codes'

export const gradeOrder = ['blue', 'yellow', 'orange', 'red'] as const
export type Grade = (typeof gradeOrder)[number]

/** What a rule said of one unit on one day; without a grade the day, computed again, is quiet. */
export interface Sighting {
  /** Kind, code, day and rule: the same for the same finding, however often it is handed over. */
  readonly key: string
  readonly county: string
  readonly day: Day
  readonly grade: Grade | null
}

export type Graded = Sighting & { readonly grade: Grade }

/** An event of one class. One that has `ended` was closed by somebody; one that has `faded` ended by itself. */
export interface Event {
  readonly id: string
  readonly state: 'open' | 'ended' | 'faded'
  readonly sightings: ReadonlyMap<string, Graded>
}

export interface Rules {
  /** Whether two counties are one or touch. */
  touches(a: string, b: string): boolean
  /** Days without a signal that do not yet part two events. */
  readonly quietDays: number
  /** Signals of earlier days open nothing: nobody could have answered. */
  readonly earliest: Day
}

/** What became of the events. Those that were merged name the one that goes on. */
export interface Gathered {
  readonly events: readonly Event[]
  readonly opened: ReadonlySet<string>
  readonly reopened: ReadonlySet<string>
  readonly merged: ReadonlyMap<string, string>
}

export const gradeRank = (grade: Grade | null): number => (grade === null ? -1 : gradeOrder.indexOf(grade))

const byKey = <T extends { key: string }>(a: T, b: T) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

/** Highest grade among the signals of an event; null when a new computation has taken all back. */
export function gradeOf({ sightings }: Pick<Event, 'sightings'>): Grade | null {
  let highest: Grade | null = null
  for (const { grade } of sightings.values()) if (gradeRank(grade) > gradeRank(highest)) highest = grade
  return highest
}

/** First and last day of an event. */
export function spanOf({ sightings }: Pick<Event, 'sightings'>): { first: Day; last: Day } | undefined {
  const days = [...sightings.values()].map(({ day }) => day).sort()
  return days.length === 0 ? undefined : { first: days[0]!, last: days.at(-1)! }
}

export const countiesOf = ({ sightings }: Pick<Event, 'sightings'>): Set<string> =>
  new Set([...sightings.values()].map(({ county }) => county))

interface Draft {
  id: string
  state: Event['state']
  sightings: Map<string, Graded>
}

/**
 * The event that already tells of this county around this day, by its nearest signal: it goes on with it even when somebody
 * has closed it, so that the same demand is not told twice.
 */
function ownEvent(drafts: readonly Draft[], { county, day }: Sighting, quietDays: number): Draft | undefined {
  let nearest: { distance: number; key: string; draft: Draft } | undefined
  for (const draft of drafts)
    for (const sighting of draft.sightings.values()) {
      if (sighting.county !== county) continue
      const distance = Math.abs(daysBetween(sighting.day, day))
      if (distance > quietDays) continue
      if (!nearest || distance < nearest.distance || (distance === nearest.distance && sighting.key > nearest.key))
        nearest = { distance, key: sighting.key, draft }
    }
  return nearest?.draft
}

/** What touches is one event: the oldest goes on. */
function mergeTouching(drafts: Draft[], touches: Rules['touches'], merged: Map<string, string>): Draft[] {
  const open = drafts.filter(({ state }) => state === 'open').sort((a, b) => (a.id < b.id ? -1 : 1))
  for (const [index, older] of open.entries())
    for (const younger of open.slice(index + 1)) {
      const mine = [...countiesOf(older)]
      if (![...countiesOf(younger)].some((county) => mine.some((own) => touches(own, county)))) continue
      for (const [key, sighting] of younger.sightings) older.sightings.set(key, sighting)
      merged.set(younger.id, older.id)
      return mergeTouching(
        drafts.filter((draft) => draft !== younger),
        touches,
        merged,
      )
    }
  return drafts
}

/**
 * Makes events of what the rules found, one class at a time. A signal goes to the event that has it already; else to the
 * one that tells of its county around that day; else to an open one in a county that touches; else it opens one. A closed
 * event takes up what goes on at its own grade in silence and is opened again by a higher one; one that faded by itself is
 * opened again when it goes on. The outcome is the same however often and in whatever order the signals of a day are given.
 * @param signals of one class
 * @param newId of events to be opened; later ids must be greater
 */
export function gather(
  events: readonly Event[],
  signals: readonly Sighting[],
  rules: Rules,
  newId: () => string,
): Gathered {
  let drafts: Draft[] = events.map(({ id, state, sightings }) => ({ id, state, sightings: new Map(sightings) }))
  const opened = new Set<string>()
  const reopened = new Set<string>()
  const merged = new Map<string, string>()
  const ordered = [...signals].sort((a, b) => (a.day === b.day ? byKey(a, b) : a.day < b.day ? -1 : 1))
  for (const signal of ordered) {
    const holder = drafts.find(({ sightings }) => sightings.has(signal.key))
    if (signal.grade === null) {
      holder?.sightings.delete(signal.key)
      continue
    }
    const graded: Graded = { ...signal, grade: signal.grade }
    const own = holder ?? ownEvent(drafts, signal, rules.quietDays)
    if (own) {
      const rises = gradeRank(graded.grade) > gradeRank(gradeOf(own))
      const goesOn = own.state === 'faded' && signal.day > (spanOf(own)?.last ?? '')
      own.sightings.set(graded.key, graded)
      if (own.state === 'open' || !(rises || goesOn)) {
        if (own.state === 'open') drafts = mergeTouching(drafts, rules.touches, merged)
        continue
      }
      own.state = 'open'
      reopened.add(own.id)
    } else {
      const near = drafts.find(
        (draft) =>
          draft.state === 'open' && [...countiesOf(draft)].some((county) => rules.touches(county, signal.county)),
      )
      if (near) near.sightings.set(graded.key, graded)
      else if (signal.day >= rules.earliest) {
        const id = newId()
        opened.add(id)
        drafts.push({ id, state: 'open', sightings: new Map([[graded.key, graded]]) })
      } else continue
    }
    drafts = mergeTouching(drafts, rules.touches, merged)
  }
  return { events: drafts, opened, reopened, merged: flatten(merged) }
}

/** A chain of merges leads to the one at its end. */
function flatten(merged: ReadonlyMap<string, string>): Map<string, string> {
  const end = (id: string): string => {
    const next = merged.get(id)
    return next === undefined ? id : end(next)
  }
  return new Map([...merged.keys()].map((id) => [id, end(id)]))
}

/**
 * Signals of all classes together that tell nothing which a single class has not told already: its own event has the same
 * county, around the same day, at no lower grade. The sum is watched for demand that no one class shows.
 * @param told what single classes have told, whatever the class
 * @returns the signals that are left
 */
export function beyondClasses(
  signals: readonly Sighting[],
  told: readonly Omit<Graded, 'key'>[],
  quietDays: number,
): Sighting[] {
  return signals.filter(
    ({ grade, county, day }) =>
      grade === null ||
      !told.some(
        (one) =>
          one.county === county &&
          Math.abs(daysBetween(one.day, day)) <= quietDays &&
          gradeRank(one.grade) >= gradeRank(grade),
      ),
  )
}

/** Whether an event has been quiet for so long at `today` that it is over. */
export const isQuiet = (lastDay: Day, today: Day, quietDays: number): boolean => addDays(lastDay, quietDays) < today
