import { addDays, type Day, dayOf, daysBetween } from '@vigil/codes'
import type { DayState, QueryOf, ResponseOf, surveillanceRoutes, WatchedClass } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, narrow, scopeFor } from '../../kernel/access/index.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import { cityDay } from './city.domain.ts'
import { childrenOf, findPlace, type Place, shown } from './place.ts'
import { sharesOf } from './profile.domain.ts'
import { daysOf, monthsOf, type SeriesDay } from './series.read.ts'
import { ruleNames, toState } from './state.read.ts'
import type { SharedWatch } from './state.share.ts'

type Routes = typeof surveillanceRoutes
/** Longest period of a series. */
const longestDays = 800

/** What a series is of: a place that is watched itself, or a city by its counties. */
interface Region {
  readonly shown: Omit<ReturnType<typeof shown>, 'kind'> & { readonly kind: Place['kind'] | 'city' }
  readonly path: string
  /** The places whose days are kept: itself, or the counties. */
  readonly places: readonly Place[]
  /** A day from those of the places; not empty. */
  state(watched: WatchedClass, days: readonly SeriesDay[]): DayState
}

/** The region of a code, if it lies in the caller's area, a city as a whole. @throws Problem 404 otherwise */
function regionFor(reference: Reference, caller: Caller, code: string): Region & { scope: readonly string[] } {
  const own = scopeFor(caller, 'overview.read')
  const place = findPlace(reference, code)
  if (place)
    return {
      ...{ shown: shown(place), path: place.path, places: [place], scope: narrow(own, place.path) },
      state: (watched, [day]) => toState(place, watched, day!),
    }
  const area = reference.area(code)
  if (area?.level !== 'city') throw notFound('区划或药店')
  const scope = narrow(own, area.path)
  // The sum of a part of its counties would pass for the city's.
  if (!scope.includes(area.path)) throw notFound('区划或药店')
  const { name, lon, lat, path } = area
  return {
    ...{ shown: { kind: 'city', code, name, lon, lat }, path, places: childrenOf(reference, area), scope },
    state: (watched, days) => ({ ...cityDay(name, watched, days), day: days[0]!.day }),
  }
}

/** Days of a region with expected band and grade. @throws Problem 400 for an impossible period, 404 outside the area */
export async function readSeries(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  { unit, class: watched, from, to }: QueryOf<Routes['surveillance.series']>,
  shared: SharedWatch['series'],
): Promise<ResponseOf<Routes['surveillance.series']>> {
  if (to < from) throw invalidField('/query/to', '结束日期早于开始日期')
  if (daysBetween(from, to) >= longestDays) throw invalidField('/query/to', `期间最长 ${longestDays} 天`)
  const region = regionFor(reference, caller, unit)
  const read = async (tx: Tx) => {
    const rows = await monthsOf(tx, codesOf(region), [watched], from, to)
    const cells = rows.flatMap((row) => daysOf(row, from, to))
    const days = [...Map.groupBy(cells, ({ day }) => day)].sort(([a], [b]) => (a < b ? -1 : 1))
    const last = rows.at(-1)
    const names = await ruleNames(tx, last ? [last.ruleId] : [])
    const rule = last ? { id: last.ruleId, name: names.get(last.ruleId) ?? '', version: last.version } : null
    return { ...region.shown, class: watched, rule, days: days.map(([, list]) => region.state(watched, list)) }
  }
  const question = JSON.stringify([unit, watched, from, to])
  return shared.ask(region.scope, question, () => readScope(kernel.db, region.scope, read))
}

const codesOf = ({ places }: Region): string[] => places.map(({ code }) => code)

/** The running day of a region by hour: sales as they were made, and what is expected of each hour. @throws Problem 404 */
export async function readToday(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  { unit, class: watched }: QueryOf<Routes['surveillance.hours']>,
  shared: SharedWatch['hours'],
): Promise<ResponseOf<Routes['surveillance.hours']>> {
  const region = regionFor(reference, caller, unit)
  const now = kernel.clock.now()
  const day = dayOf(now)
  const hourNow = Math.floor((now.getTime() + 8 * 3_600_000) / 3_600_000) % 24
  const read = async (tx: Tx) => {
    const rows = await monthsOf(tx, codesOf(region), [watched], day, day)
    const counties = [...new Set(region.places.map(({ county }) => county))]
    const profiles = await profilesOf(tx, counties)
    const observed = await hoursOf(tx, region.path, counties, watched, day)
    const cells: SeriesDay[] = []
    const expected = new Array<number>(24).fill(0)
    const usual = new Array<number>(24).fill(0)
    let known = 0
    for (const { code, county } of region.places) {
      const row = rows.find((one) => one.unit === code)
      const [cell] = row ? daysOf(row, day, day) : []
      if (cell) cells.push(cell)
      const shares = sharesOf(profiles.get(county) ?? [])
      // What is expected so far is for the share of the day that was over when it was judged.
      const whole = cell?.expected != null && cell.completeness > 0 ? cell.expected / cell.completeness : null
      if (whole !== null) known++
      for (const [hour, share] of shares.entries()) {
        expected[hour]! += (whole ?? 0) * share
        usual[hour]! += share / region.places.length
      }
    }
    return {
      ...region.shown,
      class: watched,
      day,
      hours: usual.map((share, hour) => ({
        hour,
        share,
        observed: hour <= hourNow ? (observed.get(hour) ?? 0) : null,
        expected: known === 0 ? null : expected[hour]!,
      })),
      state: cells.length > 0 ? region.state(watched, cells) : null,
    }
  }
  const question = JSON.stringify([unit, watched, day, hourNow])
  return shared.ask(region.scope, question, () => readScope(kernel.db, region.scope, read))
}

async function profilesOf(tx: Tx, counties: readonly string[]): Promise<Map<string, number[]>> {
  if (counties.length === 0) return new Map()
  const rows = await tx
    .selectFrom('surveillance.profile')
    .select(['county', 'shares'])
    .where('county', 'in', [...counties])
    .execute()
  return new Map(rows.map(({ county, shares }) => [county, shares]))
}

async function hoursOf(
  tx: Tx,
  path: string,
  counties: readonly string[],
  watched: WatchedClass,
  day: Day,
): Promise<Map<number, number>> {
  const only = watched === 'all' ? sql`` : sql`AND ${watched} = ANY (classes)`
  // An id bears the time of the sale, within days: the bound keeps the look to the partitions of these days.
  const { rows } = await sql<{ hour: number; sales: number }>`
    SELECT extract(hour FROM sold_at AT TIME ZONE 'Asia/Shanghai')::int AS hour, count(*)::int AS sales
    FROM pharmacy.purchase WHERE county = ANY (${[...counties]}::text[]) AND day = ${day}::date AND path ^@ ${path}
      AND id >= vigil.uuid_floor(${addDays(day, -7)}::date) AND status <> 'undone' ${only} GROUP BY 1`.execute(tx)
  return new Map(rows.map(({ hour, sales }) => [hour, sales]))
}
