import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  beyondClasses,
  countiesOf,
  type Event,
  type Grade,
  gather,
  gradeOf,
  gradeOrder,
  isQuiet,
  type Rules,
  type Sighting,
  spanOf,
} from './alert.domain.ts'
import { after, commonPath, dueAt, earlier, levelAbove } from './deadline.domain.ts'
import { distanceKm, touching } from './neighbour.domain.ts'

// Counties in a row: each touches the next one.
const counties = ['A', 'B', 'C', 'D', 'E', 'F'] as const
const touches = (a: string, b: string) => Math.abs(a.charCodeAt(0) - b.charCodeAt(0)) <= 1
const dayAt = (n: number) => `2026-03-${String(n).padStart(2, '0')}`
const rules = (earliest = 1): Rules => ({ touches, quietDays: 3, earliest: dayAt(earliest) })

let last = 0
const newId = () => `e${String(++last).padStart(8, '0')}`

const sighting = (day: fc.Arbitrary<number>): fc.Arbitrary<Sighting> =>
  fc
    .record({
      county: fc.constantFrom(...counties),
      unit: fc.nat(2),
      day,
      grade: fc.constantFrom<Grade>(...gradeOrder),
    })
    .map(({ county, unit, day: n, grade }) => ({ key: `${county}${unit} ${dayAt(n)} r`, county, day: dayAt(n), grade }))
const many = (day: fc.Arbitrary<number>, maxLength = 12) =>
  fc.uniqueArray(sighting(day), { selector: ({ key }) => key, maxLength })

/** A history: some days one after the other, some events closed or faded between. */
const history = fc
  .array(
    fc.tuple(
      many(fc.integer({ min: 1, max: 12 }), 5),
      fc.array(fc.constantFrom('ended', 'faded', 'open'), { maxLength: 6 }),
    ),
    {
      maxLength: 4,
    },
  )
  .map((steps) => {
    let events: readonly Event[] = []
    for (const [signals, states] of steps) {
      events = gather(events, signals, rules(), newId).events
      events = events.map((event, index) => {
        const state = states[index] as Event['state'] | undefined
        return event.state === 'open' && state ? { ...event, state } : event
      })
    }
    return events
  })

/** What counts of events, whatever they are called. */
const picture = (events: readonly Event[]) =>
  events
    .filter(({ sightings }) => sightings.size > 0)
    .map(({ state, sightings }) => [state, [...sightings.values()].map(({ key, grade }) => `${key} ${grade}`).sort()])
    .map((each) => JSON.stringify(each))
    .sort()
const open = (events: readonly Event[]) => events.filter(({ state }) => state === 'open')

describe('events', () => {
  test('the same signals again change nothing', () => {
    fc.assert(
      fc.property(history, many(fc.integer({ min: 1, max: 12 })), (before, signals) => {
        const once = gather(before, signals, rules(), newId)
        const again = gather(once.events, signals, rules(), newId)
        expect(picture(again.events)).toEqual(picture(once.events))
        expect([again.opened.size, again.reopened.size, again.merged.size]).toEqual([0, 0, 0])
      }),
    )
  })

  test('the order of a day, and how it is cut into pieces, does not matter', () => {
    fc.assert(
      fc.property(
        history,
        many(fc.constant(13)).chain((signals) =>
          fc.tuple(fc.constant(signals), fc.shuffledSubarray(signals, { minLength: signals.length }), fc.nat(12)),
        ),
        (before, [signals, shuffled, cut]) => {
          const whole = gather(before, signals, rules(), newId).events
          const first = gather(before, shuffled.slice(0, cut), rules(), newId).events
          const pieces = gather(first, shuffled.slice(cut), rules(), newId).events
          expect(picture(pieces)).toEqual(picture(whole))
        },
      ),
    )
  })

  test('no two open events of a class touch', () => {
    fc.assert(
      fc.property(history, many(fc.integer({ min: 1, max: 12 })), (before, signals) => {
        const events = open(gather(before, signals, rules(), newId).events).map((event) => [...countiesOf(event)])
        for (const [index, mine] of events.entries())
          for (const other of events.slice(index + 1))
            expect(mine.some((a) => other.some((b) => touches(a, b)))).toBe(false)
      }),
    )
  })

  test('no signal is in two events, and none that was taken up is lost', () => {
    fc.assert(
      fc.property(history, many(fc.integer({ min: 1, max: 12 })), (before, signals) => {
        const keysOf = (events: readonly Event[]) => events.flatMap(({ sightings }) => [...sightings.keys()]).sort()
        const keys = keysOf(gather(before, signals, rules(), newId).events)
        expect(new Set(keys).size).toBe(keys.length)
        expect(keys).toEqual(expect.arrayContaining(keysOf(before)))
        expect(keys).toEqual(expect.arrayContaining(signals.map(({ key }) => key)))
      }),
    )
  })

  test('a clock that was days ahead for a while opens nothing twice', () => {
    fc.assert(
      fc.property(many(fc.integer({ min: 8, max: 12 })), fc.integer({ min: 1, max: 30 }), (signals, ahead) => {
        const told = gather([], signals, rules(6), newId).events
        // Seen from days ahead all has faded; then the clock is set right and the same is handed over.
        const faded = told.map((event): Event => ({ ...event, state: 'faded' }))
        const later = gather(faded, signals, rules(6 + ahead), newId)
        const back = gather(later.events, signals, rules(6), newId)
        expect([later.opened.size, back.opened.size, back.reopened.size]).toEqual([0, 0, 0])
        expect(back.events.length).toBe(told.length)
      }),
    )
  })

  const one = (county: string, n: number, grade: Grade | null = 'yellow', unit = 0): Sighting => ({
    key: `${county}${unit} ${dayAt(n)} r`,
    county,
    day: dayAt(n),
    grade,
  })
  const openOnly = (events: readonly Event[]) => events.map(({ state }) => state)

  test('a day more and a county beside are the same event; one between two makes them one, the oldest', () => {
    const first = gather([], [one('A', 1), one('C', 1)], rules(), newId)
    expect(first.opened.size).toBe(2)
    const [a] = first.events
    const joined = gather(first.events, [one('A', 2, 'orange'), one('B', 2)], rules(), newId)
    expect(joined.events.map(({ id }) => id)).toEqual([a!.id])
    expect([...joined.merged.values()]).toEqual([a!.id])
    expect([gradeOf(joined.events[0]!), spanOf(joined.events[0]!)]).toEqual([
      'orange',
      { first: dayAt(1), last: dayAt(2) },
    ])
  })

  test('what somebody has closed goes on in silence, and is opened again only by a higher grade', () => {
    const [event] = gather([], [one('A', 1)], rules(), newId).events
    const closed: Event[] = [{ ...event!, state: 'ended' }]
    const quietly = gather(closed, [one('A', 2), one('A', 2, 'blue', 1)], rules(), newId)
    expect([openOnly(quietly.events), quietly.opened.size, quietly.reopened.size]).toEqual([['ended'], 0, 0])
    const loud = gather(quietly.events, [one('A', 3, 'red')], rules(), newId)
    expect([openOnly(loud.events), [...loud.reopened]]).toEqual([['open'], [event!.id]])
    const later = gather(closed, [one('A', 9)], rules(), newId)
    expect(later.opened.size).toBe(1)
  })

  test('what faded by itself goes on as the same event when it comes back at once', () => {
    const [event] = gather([], [one('A', 1)], rules(), newId).events
    const faded: Event[] = [{ ...event!, state: 'faded' }]
    expect([...gather(faded, [one('A', 4)], rules(), newId).reopened]).toEqual([event!.id])
    expect(gather(faded, [one('A', 5)], rules(), newId).opened.size).toBe(1)
  })

  test('a day that is quiet after all is taken back; an old one opens nothing', () => {
    const { events } = gather([], [one('A', 1)], rules(), newId)
    expect(gradeOf(gather(events, [one('A', 1, null)], rules(), newId).events[0]!)).toBeNull()
    expect(gather([], [one('A', 2), one('B', 1, null)], rules(3), newId).events).toEqual([])
  })

  test('the sum of the classes tells only what no class has told of the county, around the day, at its grade or above', () => {
    fc.assert(
      fc.property(many(fc.integer({ min: 1, max: 12 })), many(fc.integer({ min: 1, max: 12 })), (sums, classes) => {
        const told = classes as { county: string; day: string; grade: Grade }[]
        const left = beyondClasses(sums, told, 3)
        for (const sum of sums) {
          const near = told.filter(
            ({ county, day }) =>
              county === sum.county && Math.abs(Number(day.slice(8)) - Number(sum.day.slice(8))) <= 3,
          )
          const highest = Math.max(-1, ...near.map(({ grade }) => gradeOrder.indexOf(grade)))
          expect(left.includes(sum)).toBe(highest < gradeOrder.indexOf(sum.grade!))
        }
      }),
    )
  })

  test('quiet is counted in days after the last one', () => {
    expect([isQuiet(dayAt(1), dayAt(4), 3), isQuiet(dayAt(1), dayAt(5), 3)]).toEqual([false, true])
  })
})

describe('deadlines', () => {
  const minutes = { blue: 1440, yellow: 240, orange: 60, red: 30 }
  const at = new Date('2026-03-01T00:00:00Z')
  test('come from the grade, and an upgrade never puts one off', () => {
    expect(dueAt(minutes, 'red', at).toISOString()).toBe('2026-03-01T00:30:00.000Z')
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), fc.date({ noInvalidDate: true }), (a, b) => {
        expect(earlier(a, b).getTime()).toBe(Math.min(a.getTime(), b.getTime()))
      }),
    )
    expect(earlier(null, at)).toBe(at)
  })
  test('lead from the office to the county to the city, and no further', () => {
    const levels: Record<string, string> = {
      '/P/': 'province',
      '/P/C/': 'city',
      '/P/C/X/': 'county',
      '/P/C/X/O/': 'office',
    }
    const levelOf = (path: string) => levels[path]
    const climb = (path: string | undefined): string[] => (path ? [path, ...climb(levelAbove(path, levelOf))] : [])
    expect(climb('/P/C/X/O/')).toEqual(['/P/C/X/O/', '/P/C/X/', '/P/C/'])
  })
  test('the common path contains every path, and nothing longer does', () => {
    const path = fc
      .array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 4 })
      .map((steps) => `/${steps.join('/')}/`)
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 5 }), (paths) => {
        const common = commonPath(paths)
        expect(paths.every((each) => each.startsWith(common))).toBe(true)
        const next = paths[0]!.slice(common.length).split('/')[0]
        if (next) expect(paths.every((each) => each.startsWith(`${common}${next}/`))).toBe(false)
      }),
    )
  })
})

describe('states', () => {
  test('a person can take a new one only once, and close none without a finding', () => {
    expect(after('new', 'take')).toEqual({ state: 'taken' })
    for (const state of ['taken', 'checking', 'found'] as const) expect(after(state, 'take')).toHaveProperty('refused')
    for (const state of ['new', 'taken', 'checking'] as const) expect(after(state, 'close')).toHaveProperty('refused')
    expect(after('found', 'close')).toEqual({ state: 'closed' })
  })
  test('nothing is done to what is over', () => {
    for (const state of ['closed', 'faded', 'merged'] as const)
      for (const action of ['take', 'assign', 'ask', 'refer', 'receipt', 'note', 'find', 'close'] as const)
        expect(after(state, action)).toHaveProperty('refused')
  })
  test('asking is checking, and takes a finding back by nobody', () => {
    expect([after('new', 'ask'), after('taken', 'refer'), after('found', 'ask')]).toEqual([
      { state: 'checking' },
      { state: 'checking' },
      { state: 'found' },
    ])
  })
})

describe('neighbours', () => {
  test('a zone without outline is the neighbour of the near ones, both ways; outlines decide between the others', () => {
    const near = touching(
      [
        { code: 'Z', lon: 118.6, lat: 24.9 },
        { code: 'X', lon: 118.65, lat: 24.95 },
        { code: 'Y', lon: 119.6, lat: 24.9 },
        { code: 'W', lon: 118.6, lat: 24.91 },
        { code: 'N', lon: null, lat: null },
      ],
      { X: ['Y'], Y: ['X'], W: [] },
    )
    expect([near('Z', 'X'), near('X', 'Z'), near('Z', 'Y'), near('X', 'Y'), near('X', 'W'), near('N', 'N')]).toEqual([
      true,
      true,
      false,
      true,
      false,
      true,
    ])
  })
  test('a degree of latitude is 111 km', () => {
    expect(distanceKm({ lon: 118, lat: 24 }, { lon: 118, lat: 25 })).toBeCloseTo(111.2, 0)
  })
})
