import { addDays } from '@vigil/codes'
import { findBoundary } from '@vigil/codes/boundary'
import type { RuleSettings } from '@vigil/contract'
import { type City, countColumns, countsOfDay, drugClasses, type Mention, type ScoredAlert } from '@vigil/simulate'
import {
  type Event,
  type Grade,
  gather,
  gradeOrder,
  gradeRank,
  isQuiet,
  type Sighting,
} from '../packages/server/src/modules/alert/alert.domain.ts'
import { touching } from '../packages/server/src/modules/alert/neighbour.domain.ts'
import { CountyEngine } from '../packages/server/src/modules/surveillance/engine.ts'
import type { EngineCounts, EngineUnit } from '../packages/server/src/modules/surveillance/engine.types.ts'
import { columns, gradeCode } from '../packages/server/src/modules/surveillance/pack.domain.ts'

/** Quiet days after which an event is over: the first policy of an installation. */
const quietDays = 3

export type NamedRule = { readonly id: string; readonly settings: RuleSettings }

/** What a rule said on a judged day: `day` counts from the first of the city. */
export interface Told {
  readonly rule: string
  readonly kind: EngineUnit['kind']
  readonly code: string
  readonly county: string
  readonly class: Mention['class']
  readonly day: number
  readonly grade: Grade
}

/** Counts of a city's stores over all its days: by store, class and day. */
function countsOf(city: City): Uint32Array[] {
  const series = city.stores.map(() => new Uint32Array(countColumns * city.days))
  for (let day = 0; day < city.days; day++) {
    const counts = countsOfDay(city, day)
    for (let at = 0; at < counts.length; at++)
      series[Math.floor(at / countColumns)]![(at % countColumns) * city.days + day] = counts[at]!
  }
  return series
}

function unitsOf(city: City, countyIndex: number): EngineUnit[] {
  const { code, firstStore, storeCount } = city.counties[countyIndex]!
  const own = `/${city.code}/${code}/`
  const stores = city.stores.slice(firstStore, firstStore + storeCount)
  const offices = [...new Set(stores.map(({ officeCode }) => officeCode))]
  return [
    { kind: 'county', code, path: own, office: null },
    ...offices.map((office): EngineUnit => ({ kind: 'office', code: office, path: `${own}${office}/`, office: null })),
    ...stores.map(
      ({ code: store, officeCode }): EngineUnit => ({
        kind: 'store',
        code: store,
        path: `${own}${officeCode}/${store}/`,
        office: officeCode,
      }),
    ),
  ]
}

/** Runs rules over a city by the product's engine, each day judged by the days before it. @returns graded days from `from` on */
export function watchCity(city: City, rules: readonly NamedRule[], from: number): Told[] {
  const series = countsOf(city)
  const names = [...drugClasses, 'all'] as const
  return city.counties.flatMap(({ code: county, firstStore, storeCount }, countyIndex) => {
    const units = unitsOf(city, countyIndex)
    const counts = city.stores.slice(firstStore, firstStore + storeCount).flatMap((store) =>
      names.map(
        (_, at): EngineCounts => ({
          store: store.code,
          class: at,
          days: Array.from({ length: city.days }, (_, day) => day),
          counts: series[store.index]!.subarray(at * city.days, (at + 1) * city.days),
        }),
      ),
    )
    const path = units[0]!.path
    const engine = new CountyEngine({
      county,
      first: city.startDay,
      units,
      rules: rules.map(({ id, settings }) => ({ id, name: id, version: 1, path, since: 0, settings })),
    })
    const results = engine.run({ counts, through: city.days - 1, share: 0.001 })
    return results.flatMap((result) => {
      const unit = units[result.unit]!
      const told: Told[] = []
      for (let day = Math.max(from, result.from); day < city.days; day++) {
        const grade = gradeOrder[gradeCode(result.numbers[(day - result.from) * columns + 7]!) - 1]
        const rule = rules[result.rule]!.id
        if (grade)
          told.push({ rule, kind: unit.kind, code: unit.code, county, class: names[result.class]!, day, grade })
      }
      return told
    })
  })
}

/** Which of a city's counties touch, as the product has it. */
export async function neighboursOf(city: City): Promise<(a: string, b: string) => boolean> {
  return touching(city.counties, (await findBoundary(city.code))?.neighbours ?? {})
}

/**
 * Makes alerts of what rules said, day after day as the product does: whatever nobody was told of before is one alert, and
 * one that joins an older one later counts as well, for somebody had it before him.
 * @param least grade from which a day counts
 */
export function alertsOf(
  city: City,
  told: readonly Told[],
  touches: (a: string, b: string) => boolean,
  least: Grade = 'blue',
): ScoredAlert[] {
  const graded = told.filter(({ grade }) => gradeRank(grade) >= gradeRank(least))
  return [...new Set(graded.map((one) => one.class))].flatMap((name) => {
    const byDay = Map.groupBy(
      graded.filter((one) => one.class === name),
      ({ day }) => day,
    )
    const ended: Event[] = []
    let events: Event[] = []
    let next = 0
    const ids = () => String(next++).padStart(9, '0')
    for (const day of [...byDay.keys()].sort((a, b) => a - b)) {
      const today = addDays(city.startDay, day)
      const isOver = ({ sightings }: Event) =>
        isQuiet(
          [...sightings.values()]
            .map((one) => one.day)
            .sort()
            .at(-1)!,
          today,
          quietDays,
        )
      ended.push(...events.filter(isOver))
      events = events.filter((event) => !isOver(event))
      const sightings = byDay.get(day)!.map(
        ({ rule, kind, code, county, grade }): Sighting => ({
          key: `${kind} ${code} ${today} ${rule}`,
          county,
          day: today,
          grade,
        }),
      )
      const before = new Map(events.map((event) => [event.id, event]))
      const after = gather(events, sightings, { touches, quietDays, earliest: addDays(today, -quietDays) }, ids)
      for (const id of after.merged.keys()) if (before.has(id)) ended.push(before.get(id)!)
      events = [...after.events]
    }
    const place = new Map(Array.from({ length: city.days }, (_, day) => [addDays(city.startDay, day), day]))
    return [...ended, ...events].map(({ sightings }) => ({
      mentions: [...sightings.values()].map(({ county, day }) => ({ county, class: name, day: place.get(day)! })),
    }))
  })
}
