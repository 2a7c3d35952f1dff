import { addDays, type Day, dayOf, daysBetween } from '@vigil/codes'
import type {
  DayState,
  QueryOf,
  ResponseOf,
  surveillanceRoutes,
  UnitLevel,
  UnitState,
  WatchedClass,
} from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, narrow, scopeFor, within } from '../../kernel/access/index.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { forbidden, invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import { sharesOf } from './profile.domain.ts'
import { reasonOf } from './reason.domain.ts'
import { daysOf, monthsOf, type SeriesDay } from './series.read.ts'

type Routes = typeof surveillanceRoutes
/** Longest period of a series. */
const longestDays = 800

interface Place {
  readonly kind: UnitLevel
  readonly code: string
  readonly name: string
  readonly lon: number | null
  readonly lat: number | null
  readonly path: string
  readonly county: string
}

/** A county, office or store by its code. */
function findPlace(reference: Reference, code: string): Place | undefined {
  const store = reference.store(code)
  if (store) return { kind: 'store', ...pick(store), county: store.county }
  const area = reference.area(code)
  if (area?.level === 'county') return { kind: 'county', ...pick(area), county: area.code }
  return area?.level === 'office' ? { kind: 'office', ...pick(area), county: area.parent ?? '' } : undefined
}

const pick = ({ code, name, lon, lat, path }: Omit<Place, 'kind' | 'county'>) => ({ code, name, lon, lat, path })
const shown = ({ kind, code, name, lon, lat }: Place) => ({ kind, code, name, lon, lat })

function toState(place: Place, watched: WatchedClass, { ruleId, ruleVersion, ...cell }: SeriesDay): DayState {
  return { ...cell, reason: reasonOf({ name: place.name, class: watched, kind: place.kind }, cell) }
}

async function ruleNames(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tx
    .selectFrom('surveillance.rule')
    .select(['id', 'name'])
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** The places one level down: counties of a city, offices and officeless stores of a county, stores of an office. */
function childrenOf(reference: Reference, area: { code: string; level: string }): Place[] {
  const stores = (list: Iterable<{ areaCode: string; code: string }>) =>
    [...list].flatMap(({ areaCode, code }) => (areaCode === area.code ? [findPlace(reference, code)!] : []))
  if (area.level === 'office') return stores(reference.stores())
  const below = [...reference.areas()].filter(({ parent }) => parent === area.code)
  const places = below.flatMap(({ code }) => findPlace(reference, code) ?? [])
  return area.level === 'county' ? [...places, ...stores(reference.stores())] : places
}

/** State of an area and of the units one level down, the most conspicuous first. @throws Problem 403, 404 */
export async function readStates(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  query: QueryOf<Routes['surveillance.states']>,
  ready: boolean,
): Promise<ResponseOf<Routes['surveillance.states']>> {
  const own = scopeFor(caller, 'overview.read')
  if (own.length === 0) throw forbidden()
  const asked =
    query.area ??
    own[0]!
      .split('/')
      .filter(Boolean)
      .findLast((code) => reference.area(code))
  const area = asked ? reference.area(asked) : undefined
  if (!area) throw notFound('区划')
  const scope = narrow(own, area.path)
  const day = query.day ?? dayOf(kernel.clock.now())
  const watched = query.class ?? 'all'
  const place = findPlace(reference, area.code)
  const children = childrenOf(reference, area).filter(({ path }) => scope.some((root) => within(path, root)))
  const places = place ? [place, ...children] : children
  return readScope(kernel.db, scope, async (tx) => {
    const rows = await monthsOf(
      tx,
      places.map(({ code }) => code),
      [watched],
      day,
      day,
    )
    const names = await ruleNames(tx, [...new Set(rows.map(({ ruleId }) => ruleId))])
    const stateOf = (one: Place): UnitState => {
      const row = rows.find(({ unit }) => unit === one.code)
      const [cell] = row ? daysOf(row, day, day) : []
      const rule = row ? { id: row.ruleId, name: names.get(row.ruleId) ?? '', version: row.version } : null
      return { ...shown(one), class: watched, rule, state: cell ? toState(one, watched, cell) : null }
    }
    return {
      day,
      ready,
      own: place ? stateOf(place) : null,
      children: children.map(stateOf).toSorted((a, b) => rankOf(b) - rankOf(a) || a.code.localeCompare(b.code)),
    }
  })
}

const order = { blue: 1, yellow: 2, orange: 3, red: 4 } as const
const rankOf = ({ state }: UnitState): number =>
  state ? (state.grade ? order[state.grade] * 1000 : 0) + (state.score ?? -100) : -1000

/** The place of a code, if it lies in the caller's area. @throws Problem 404 otherwise */
function placeFor(reference: Reference, caller: Caller, code: string): { place: Place; scope: readonly string[] } {
  const place = findPlace(reference, code)
  if (!place) throw notFound('区划或药店')
  return { place, scope: narrow(scopeFor(caller, 'overview.read'), place.path) }
}

/** Days of a unit with expected band and grade. @throws Problem 400 for an impossible period, 404 outside the area */
export async function readSeries(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  { unit, class: watched, from, to }: QueryOf<Routes['surveillance.series']>,
): Promise<ResponseOf<Routes['surveillance.series']>> {
  if (to < from) throw invalidField('/query/to', '结束日期早于开始日期')
  if (daysBetween(from, to) >= longestDays) throw invalidField('/query/to', `期间最长 ${longestDays} 天`)
  const { place, scope } = placeFor(reference, caller, unit)
  return readScope(kernel.db, scope, async (tx) => {
    const rows = await monthsOf(tx, [unit], [watched], from, to)
    const days = rows.flatMap((row) => daysOf(row, from, to))
    const last = rows.at(-1)
    const names = await ruleNames(tx, last ? [last.ruleId] : [])
    const rule = last ? { id: last.ruleId, name: names.get(last.ruleId) ?? '', version: last.version } : null
    return { ...shown(place), class: watched, rule, days: days.map((cell) => toState(place, watched, cell)) }
  })
}

/** The running day of a unit by hour: sales as they were made, and what is expected of each hour. @throws Problem 404 */
export async function readToday(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  { unit, class: watched }: QueryOf<Routes['surveillance.hours']>,
): Promise<ResponseOf<Routes['surveillance.hours']>> {
  const { place, scope } = placeFor(reference, caller, unit)
  const now = kernel.clock.now()
  const day = dayOf(now)
  const hourNow = Math.floor((now.getTime() + 8 * 3_600_000) / 3_600_000) % 24
  return readScope(kernel.db, scope, async (tx) => {
    const [cell] = (await monthsOf(tx, [unit], [watched], day, day)).flatMap((row) => daysOf(row, day, day))
    const [profile] = await profileOf(tx, place.county)
    const observed = await hoursOf(tx, place, watched, day)
    const shares = sharesOf(profile?.shares ?? [])
    // What is expected so far is for the share of the day that was over when it was judged.
    const share = cell ? cell.completeness : 0
    const whole = cell?.expected != null && share > 0 ? cell.expected / share : null
    return {
      ...shown(place),
      class: watched,
      day,
      hours: shares.map((part, hour) => ({
        hour,
        share: part,
        observed: hour <= hourNow ? (observed.get(hour) ?? 0) : null,
        expected: whole === null ? null : whole * part,
      })),
      state: cell ? toState(place, watched, cell) : null,
    }
  })
}

async function profileOf(tx: Tx, county: string): Promise<{ shares: number[] }[]> {
  return tx.selectFrom('surveillance.profile').select('shares').where('county', '=', county).execute()
}

async function hoursOf(tx: Tx, place: Place, watched: WatchedClass, day: Day): Promise<Map<number, number>> {
  const only = watched === 'all' ? sql`` : sql`AND ${watched} = ANY (classes)`
  // An id bears the time of the sale, within days: the bound keeps the look to the partitions of these days.
  const { rows } = await sql<{ hour: number; sales: number }>`
    SELECT extract(hour FROM sold_at AT TIME ZONE 'Asia/Shanghai')::int AS hour, count(*)::int AS sales
    FROM pharmacy.purchase WHERE county = ${place.county} AND day = ${day}::date AND path ^@ ${place.path}
      AND id >= vigil.uuid_floor(${addDays(day, -7)}::date) AND status <> 'undone' ${only} GROUP BY 1`.execute(tx)
  return new Map(rows.map(({ hour, sales }) => [hour, sales]))
}
