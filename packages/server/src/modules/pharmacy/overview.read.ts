import { addDays, dayOf } from '@vigil/codes'
import type { Contract, Figures, Overview, QueryOf } from '@vigil/contract'
import { type Caller, narrow, scopeFor, within } from '../../kernel/access/caller.ts'
import { readScope, type Scope } from '../../kernel/db/index.ts'
import { forbidden, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { SharedAnswers } from '../../kernel/share/answers.ts'
import { countyOf } from './area.find.ts'
import { type Period, readDays, readReporting, readUnits, type Source, type Sums, together } from './overview.sums.ts'
import { assertPeriod } from './period.ts'
import type { AreaFacts, Store } from './reference.table.ts'
import type { Reference } from './reference.ts'

type Query = QueryOf<Contract['overview.read']>

interface Asked {
  readonly area: AreaFacts
  readonly store: Store | undefined
  readonly scope: Scope
  readonly name: Query['class']
  readonly period: Period
}

/** What is asked, and of which subtrees. @throws Problem 400, 403, 404 */
function askedOf(kernel: Kernel, reference: Reference, caller: Caller, query: Query): Asked {
  const own = scopeFor(caller, 'overview.read')
  if (own.length === 0) throw forbidden()
  assertPeriod(query, '/query')
  const code =
    query.area ??
    own[0]!
      .split('/')
      .filter(Boolean)
      .findLast((step) => reference.area(step))
  const area = code ? reference.area(code) : undefined
  const store = query.store ? reference.store(query.store) : undefined
  if (!area || (query.store && !store)) throw notFound('区划')
  const { from, to } = query
  const yesterday = addDays(dayOf(kernel.clock.now()), -1)
  return {
    area,
    store,
    scope: narrow(narrow(own, area.path), store?.path),
    name: query.class,
    period: { from, to, until: to < yesterday ? to : yesterday },
  }
}

/**
 * Figures, curve and ranking of an area and period, from rollups only. Buyers are counted once per person, day and county
 * (per store below the county); sums over days and counties add those counts. Those who ask the same of the same area share
 * one answer until something is told of that area.
 * @throws Problem 404 outside the caller's area
 */
export async function readOverview(
  kernel: Kernel,
  reference: Reference,
  shared: SharedAnswers<Overview>,
  caller: Caller,
  query: Query,
): Promise<Overview> {
  const asked = askedOf(kernel, reference, caller, query)
  const { area, store, scope, name, period } = asked
  const question = [area.code, store?.code, name, ...Object.values(period), reference.revision()].join(' ')
  return shared.ask(scope, question, () => read(kernel, reference, asked))
}

async function read(kernel: Kernel, reference: Reference, asked: Asked): Promise<Overview> {
  const { area, store, scope, name, period } = asked
  const belowCounty =
    area.level === 'office' || area.level === 'grid' || scope.some((path) => path.split('/').length > 5)
  const county = store?.county ?? countyOf(reference, area)
  const source: Source = { byStore: belowCounty || store !== undefined, county, storeCode: store?.code }
  const stores = storesIn(reference, scope)
  // Units of an area with a county are its stores, which say by themselves who has reported.
  const byStore = county !== undefined
  return readScope(kernel.db, scope, async (tx) => {
    const days = await readDays(tx, source, name, period)
    const unit = byStore ? 'store_code' : 'county'
    const units = store
      ? new Map<string, Sums>()
      : await readUnits(tx, { ...source, byStore: source.byStore || byStore }, unit, name ?? 'all', period)
    const reporting =
      byStore && name === undefined
        ? sellersOf(store ? new Map([[store.code, days.figures]]) : units)
        : await readReporting(tx, stores, period)
    return {
      area: { code: area.code, name: area.name, level: area.level },
      from: period.from,
      to: period.to,
      ...days,
      stores: countOf(stores, reporting),
      ranking: store ? [] : ranking(reference, asked, stores, units, reporting),
      asOf: kernel.clock.now().toISOString(),
    }
  })
}

const storesIn = (reference: Reference, scope: Scope): Store[] =>
  [...reference.stores()].filter(({ path, status }) => status !== 'closed' && scope.some((root) => within(path, root)))

const sellersOf = (units: ReadonlyMap<string, Figures>): Set<string> =>
  new Set([...units].flatMap(([code, { purchases }]) => (purchases > 0 ? [code] : [])))

const countOf = (stores: readonly Store[], reporting: ReadonlySet<string>): Overview['stores'] => ({
  total: stores.length,
  reporting: stores.reduce((count, { code }) => count + Number(reporting.has(code)), 0),
})

/** One level down: areas, beside them the stores that lie in none of them. */
function ranking(
  reference: Reference,
  { area, scope }: Asked,
  stores: readonly Store[],
  units: ReadonlyMap<string, Sums>,
  reporting: ReadonlySet<string>,
): Overview['ranking'] {
  const pathOf = (code: string) => (reference.store(code) ?? reference.area(code))?.path
  const placed = [...units].flatMap(([code, sums]) => {
    const path = pathOf(code)
    return path ? [{ path, sums }] : []
  })
  const children = [...reference.areas()].filter(
    ({ parent, path, level }) =>
      level !== 'grid' && parent === area.code && scope.some((root) => within(path, root) || within(root, path)),
  )
  const areas = children.map((child) => {
    const sums = together(placed.flatMap(({ path, sums }) => (within(path, child.path) ? [sums] : [])))
    return line(
      'area',
      child,
      sums,
      countOf(
        stores.filter(({ path }) => within(path, child.path)),
        reporting,
      ),
    )
  })
  const own =
    area.level === 'office' || area.level === 'grid' ? stores : stores.filter(({ areaCode }) => areaCode === area.code)
  const lines = own.map((store) => line('store', store, units.get(store.code), countOf([store], reporting)))
  return [...areas, ...lines].sort((a, b) => b.purchases - a.purchases || a.code.localeCompare(b.code))
}

function line(
  kind: 'area' | 'store',
  { code, name, lon, lat }: Pick<AreaFacts, 'code' | 'name' | 'lon' | 'lat'>,
  sums: Sums | undefined,
  stores: Overview['stores'],
): Overview['ranking'][number] {
  const { purchases = 0, buyers = 0, fever = 0, compared = 0, previous = 0 } = sums ?? {}
  return {
    kind,
    code,
    name,
    lon,
    lat,
    purchases,
    buyers,
    fever,
    compared,
    previous,
    stores: stores.total,
    reporting: stores.reporting,
  }
}
