import { addDays, type Day, dayOf } from '@vigil/codes'
import { type Contract, drugClasses, type Figures, type Overview, type QueryOf } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, narrow, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, type Scope, type Tx } from '../../kernel/db/index.ts'
import { forbidden, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { countyOf } from './area.find.ts'
import { assertPeriod } from './period.ts'
import type { Reference } from './reference.ts'

type Query = QueryOf<Contract['overview.read']>
interface Sums {
  purchases: number
  buyers: number
  units: number
  fever: number
}
const zero: Figures = { purchases: 0, buyers: 0, units: 0, fever: 0 }

/** Where the figures come from: county rollups when whole counties are asked, else the stores' own. */
interface Source {
  readonly scope: Scope
  readonly byStore: boolean
  readonly storeCode: string | undefined
  /** The county that everything asked lies in; the stores' rollups are keyed by it. */
  readonly county: string | undefined
}

const table = (source: Source) => (source.byStore ? sql`pharmacy.rollup_store_day` : sql`pharmacy.rollup_county_day`)
const where = (source: Source) =>
  sql`path ^@ ANY (${[...source.scope]}::text[])${source.county ? sql` AND county = ${source.county}` : sql``}${source.storeCode ? sql` AND store_code = ${source.storeCode}` : sql``}`
const sums = sql`coalesce(sum(purchases), 0)::int AS purchases, coalesce(sum(buyers), 0)::int AS buyers, coalesce(sum(units), 0)::int AS units, coalesce(sum(fever), 0)::int AS fever`

async function figures(tx: Tx, source: Source, name: string, from: Day, to: Day): Promise<Figures> {
  const { rows } =
    await sql<Sums>`SELECT ${sums} FROM ${table(source)} WHERE ${where(source)} AND class = ${name} AND day BETWEEN ${from} AND ${to}`.execute(
      tx,
    )
  return rows[0] ?? zero
}

async function curve(
  tx: Tx,
  source: Source,
  classes: readonly string[],
  from: Day,
  to: Day,
): Promise<Overview['curve']> {
  const { rows } = await sql<
    Sums & { day: string; class: string }
  >`SELECT day, class, ${sums} FROM ${table(source)} WHERE ${where(source)} AND class = ANY (${[...classes]}::text[]) AND day BETWEEN ${from} AND ${to} GROUP BY day, class ORDER BY day, class`.execute(
    tx,
  )
  return rows as Overview['curve']
}

/** Stores in the scope, and those that registered at least one sale in the period. */
async function storeCounts(
  tx: Tx,
  scope: Scope,
  from: Day,
  to: Day,
): Promise<Map<string, { areaCode: string; total: number; reporting: number }>> {
  const { rows } = await sql<{ county: string; areaCode: string; total: number; reporting: number }>`
    SELECT s.county, s.area_code AS "areaCode", count(*)::int AS total, count(r.one)::int AS reporting
    FROM pharmacy.store s LEFT JOIN LATERAL (
      SELECT 1 AS one FROM pharmacy.rollup_store_day r
      WHERE r.county = s.county AND r.store_code = s.code AND r.class = 'all' AND r.day BETWEEN ${from} AND ${to} AND r.purchases > 0 LIMIT 1
    ) r ON true
    WHERE s.path ^@ ANY (${[...scope]}::text[]) AND s.status <> 'closed' GROUP BY 1, 2`.execute(tx)
  return new Map(rows.map((row) => [row.areaCode, row]))
}

/** `until` is the last day that is over: the running day is left out of comparisons, or every morning would look like a fall. */
interface Period {
  readonly from: Day
  readonly to: Day
  readonly until: Day
}

interface Ranked extends Sums {
  code: string
  compared: number
  previous: number
}

/** Figures by the unit one level down; `unit` is the column that names it. */
async function rank(
  tx: Tx,
  source: Source,
  unit: 'county' | 'area_code' | 'store_code',
  name: string,
  { from, to, until }: Period,
): Promise<Map<string, Ranked>> {
  const from2 = addDays(from, -7)
  const until2 = addDays(until, -7)
  const key = unit === 'area_code' ? sql`s.area_code` : sql.ref(`r.${unit}`)
  const join = unit === 'area_code' ? sql`JOIN pharmacy.store s ON s.code = r.store_code` : sql``
  const { rows } = await sql<Ranked>`
    SELECT ${key} AS code, coalesce(sum(r.purchases) FILTER (WHERE r.day BETWEEN ${from} AND ${to}), 0)::int AS purchases,
      coalesce(sum(r.buyers) FILTER (WHERE r.day BETWEEN ${from} AND ${to}), 0)::int AS buyers,
      coalesce(sum(r.units) FILTER (WHERE r.day BETWEEN ${from} AND ${to}), 0)::int AS units,
      coalesce(sum(r.fever) FILTER (WHERE r.day BETWEEN ${from} AND ${to}), 0)::int AS fever,
      coalesce(sum(r.purchases) FILTER (WHERE r.day BETWEEN ${from} AND ${until}), 0)::int AS compared,
      coalesce(sum(r.purchases) FILTER (WHERE r.day BETWEEN ${from2} AND ${until2}), 0)::int AS previous
    FROM ${table(source)} r ${join}
    WHERE r.path ^@ ANY (${[...source.scope]}::text[])${source.county ? sql` AND r.county = ${source.county}` : sql``} AND r.class = ${name} AND r.day BETWEEN ${from2} AND ${to} GROUP BY 1`.execute(
    tx,
  )
  return new Map(rows.map((row) => [row.code, row]))
}

/**
 * Figures, curve and ranking of an area and period, from rollups only. Buyers are counted once per person, day and county
 * (per store below the county); sums over days and counties add those counts.
 * @throws Problem 404 outside the caller's area
 */
export async function readOverview(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  query: Query,
): Promise<Overview> {
  const own = scopeFor(caller, 'overview.read')
  if (own.length === 0) throw forbidden()
  assertPeriod(query, '/query')
  const asked =
    query.area ??
    own[0]!
      .split('/')
      .filter(Boolean)
      .findLast((code) => reference.area(code))
  const area = asked ? reference.area(asked) : undefined
  const store = query.store ? reference.store(query.store) : undefined
  if (!area || (query.store && !store)) throw notFound('区划')
  const scope = narrow(narrow(own, area.path), store?.path)
  const belowCounty =
    area.level === 'office' ||
    area.level === 'grid' ||
    store !== undefined ||
    scope.some((path) => path.split('/').length > 5)
  const source: Source = {
    scope,
    byStore: belowCounty,
    storeCode: store?.code,
    county: store?.county ?? countyOf(reference, area),
  }
  const name = query.class ?? 'all'
  const yesterday = addDays(dayOf(kernel.clock.now()), -1)
  const period: Period = { from: query.from, to: query.to, until: query.to < yesterday ? query.to : yesterday }
  return readScope(kernel.db, scope, async (tx) => {
    const counts = await storeCounts(tx, scope, query.from, query.to)
    const stores = [...counts.values()].reduce(
      (sum, row) => ({ total: sum.total + row.total, reporting: sum.reporting + row.reporting }),
      { total: 0, reporting: 0 },
    )
    return {
      area: { code: area.code, name: area.name, level: area.level },
      from: query.from,
      to: query.to,
      figures: await figures(tx, source, name, query.from, query.to),
      compared: await figures(tx, source, name, query.from, period.until),
      previous: await figures(tx, source, name, addDays(query.from, -7), addDays(period.until, -7)),
      stores,
      curve: await curve(tx, source, query.class ? [query.class] : drugClasses, query.from, query.to),
      ranking: store
        ? []
        : await ranking(tx, reference, area, { ...source, storeCode: undefined }, name, period, counts),
      asOf: kernel.clock.now().toISOString(),
    }
  })
}

async function ranking(
  tx: Tx,
  reference: Reference,
  area: { code: string; level: string; path: string },
  source: Source,
  name: string,
  period: Period,
  counts: Map<string, { areaCode: string; total: number; reporting: number }>,
): Promise<Overview['ranking']> {
  const stores = [...reference.stores()].filter(
    (store) => source.scope.some((path) => store.path.startsWith(path)) && store.status !== 'closed',
  )
  const storeLines = async (list: typeof stores) => {
    if (list.length === 0) return []
    const ranked = await rank(tx, { ...source, byStore: true }, 'store_code', name, period)
    return list.map((store) => {
      const row = ranked.get(store.code)
      return line('store', store, row, { total: 1, reporting: (row?.purchases ?? 0) > 0 ? 1 : 0 })
    })
  }
  if (area.level === 'office' || area.level === 'grid') return sorted(await storeLines(stores))
  const children = [...reference.areas()].filter(
    (child) =>
      child.parent === area.code &&
      source.scope.some((path) => child.path.startsWith(path) || path.startsWith(child.path)),
  )
  if (area.level === 'county') {
    const ranked = await rank(tx, { ...source, byStore: true }, 'area_code', name, period)
    const offices = children.map((child) => line('area', child, ranked.get(child.code), counts.get(child.code)))
    // A county may hold stores that belong to none of its offices yet: they stand beside the offices.
    return sorted([...offices, ...(await storeLines(stores.filter((store) => store.areaCode === area.code)))])
  }
  const ranked = await rank(tx, source, 'county', name, period)
  const below = (path: string) =>
    [...ranked].filter(([code]) => reference.area(code)?.path.startsWith(path)).map(([, row]) => row)
  const under = (path: string) =>
    [...counts].filter(([code]) => reference.area(code)?.path.startsWith(path)).map(([, row]) => row)
  return sorted(
    children.map((child) =>
      line(
        'area',
        child,
        total(below(child.path)),
        under(child.path).reduce(
          (sum, row) => ({ total: sum.total + row.total, reporting: sum.reporting + row.reporting }),
          { total: 0, reporting: 0 },
        ),
      ),
    ),
  )
}

function total(rows: readonly Ranked[]): Ranked | undefined {
  const first = rows[0]
  if (!first) return undefined
  const sum = { ...first }
  for (const row of rows.slice(1)) {
    sum.purchases += row.purchases
    sum.buyers += row.buyers
    sum.fever += row.fever
    sum.compared += row.compared
    sum.previous += row.previous
  }
  return sum
}

function line(
  kind: 'area' | 'store',
  unit: { code: string; name: string; lon: number | null; lat: number | null },
  row: Ranked | undefined,
  stores: { total: number; reporting: number } | undefined,
): Overview['ranking'][number] {
  return {
    kind,
    code: unit.code,
    name: unit.name,
    lon: unit.lon,
    lat: unit.lat,
    purchases: row?.purchases ?? 0,
    buyers: row?.buyers ?? 0,
    fever: row?.fever ?? 0,
    compared: row?.compared ?? 0,
    previous: row?.previous ?? 0,
    stores: stores?.total ?? 0,
    reporting: stores?.reporting ?? 0,
  }
}

const sorted = (list: Overview['ranking']): Overview['ranking'] =>
  list.toSorted((a, b) => b.purchases - a.purchases || a.code.localeCompare(b.code))
