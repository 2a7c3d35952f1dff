import { DetectionError } from '../error.ts'
import { buildCircles } from './circle.ts'
import type { ScanCase, ScanOptions, ScanProblem, ScanSite } from './types.ts'

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

type Counted = {
  sites: ScanSite[]
  perSite: Float64Array
  byAge: { site: number; age: number; count: number }[]
  total: number
  lastDay: number
  maxDays: number
}

/**
 * Makes a space-time permutation scan ready. Sites and cases are put into an order of their own, so that the order in which
 * they are given changes nothing, random numbers included. Throws DetectionError for cases at unknown sites (its index),
 * counts or days that are not whole, and options out of range.
 */
export function preparePermutationScan(
  sites: readonly ScanSite[],
  cases: readonly ScanCase[],
  options: ScanOptions = {},
): ScanProblem {
  const counted = countCases(sites, cases, options)
  const { total, maxDays, byAge } = counted
  const factor = new Float64Array(maxDays)
  for (let length = 1; length <= maxDays; length++)
    factor[length - 1] = byAge.reduce((sum, { age, count }) => sum + (age < length ? count : 0), 0) / total
  const problem = assemble('permutation', counted, counted.perSite, factor, options)
  problem.caseSite = Int32Array.from(byAge.flatMap(({ site, count }) => new Array<number>(count).fill(site)))
  problem.ages = Int32Array.from(
    byAge
      .filter(({ age }) => age < maxDays)
      .flatMap(({ age, count }) => new Array<number>(count).fill(age))
      .sort((a, b) => a - b),
  )
  return problem
}

export type PoissonScanOptions = ScanOptions & {
  /** Days that the cases cover, `lastDay` included. */
  days: number
  /** Expected share of each day back from `lastDay`, e.g. for weekdays; equal unless told. */
  dayShare?: ArrayLike<number>
}

/**
 * Makes a prospective Poisson scan ready: `population` per site (or any number that cases are in proportion to under the
 * null), constant over time unless `dayShare` says otherwise. Throws DetectionError as `preparePermutationScan`.
 */
export function preparePoissonScan(
  sites: readonly (ScanSite & { population: number })[],
  cases: readonly ScanCase[],
  options: PoissonScanOptions,
): ScanProblem {
  const counted = countCases(sites, cases, options)
  const { maxDays, total } = counted
  if (!(Number.isInteger(options.days) && options.days >= maxDays))
    throw new DetectionError('option', 'days must be a whole number, at least maxDays')
  const early = counted.byAge.findIndex(({ age }) => age >= options.days)
  if (early >= 0) throw new DetectionError('option', 'a case lies before the days covered')
  const share = Float64Array.from({ length: options.days }, (_, age) => options.dayShare?.[age] ?? 1)
  const shares = share.reduce((a, b) => a + b, 0)
  const populationOf = new Map(sites.map(({ id, population }) => [id, population]))
  const weight = Float64Array.from(counted.sites, ({ id }) => populationOf.get(id)!)
  const bad = sites.findIndex(({ population }) => !(population >= 0 && population < Number.POSITIVE_INFINITY))
  if (bad >= 0) throw new DetectionError('negative', 'population must be a number from 0 on', bad)
  const population = weight.reduce((a, b) => a + b, 0)
  if (!(population > 0 && shares > 0)) throw new DetectionError('option', 'population and dayShare must not be all 0')
  const factor = new Float64Array(maxDays)
  let sum = 0
  for (let age = 0; age < maxDays; age++) {
    sum += share[age]! / shares
    factor[age] = (sum * total) / population
  }
  const problem = assemble('poisson', counted, weight, factor, options)
  let running = 0
  problem.cumulative = weight.map((value) => {
    running += value / population
    return running
  })
  problem.dayShare = share.slice(0, maxDays).map((value) => value / shares)
  return problem
}

function countCases(sites: readonly ScanSite[], cases: readonly ScanCase[], options: ScanOptions): Counted {
  const sorted = [...sites].sort((a, b) => a.x - b.x || a.y - b.y || compareText(a.id, b.id))
  const place = new Map(sorted.map(({ id }, index) => [id, index]))
  if (place.size < sites.length) throw new DetectionError('option', 'two sites have the same id')
  sites.forEach(({ x, y }, index) => {
    if (!(Number.isFinite(x) && Number.isFinite(y)))
      throw new DetectionError('not-finite', 'coordinates must be finite', index)
  })
  const maxDays = options.maxDays ?? 7
  if (!(Number.isInteger(maxDays) && maxDays >= 1)) throw new DetectionError('option', 'maxDays must be a whole number')
  const sum = new Map<string, { site: number; day: number; count: number }>()
  const perSite = new Float64Array(sorted.length)
  let total = 0
  let newest = Number.NEGATIVE_INFINITY
  cases.forEach(({ site: id, day, count = 1 }, index) => {
    const site = place.get(id)
    if (site === undefined) throw new DetectionError('option', `a case lies at an unknown site ${id}`, index)
    if (!Number.isInteger(day)) throw new DetectionError('not-finite', 'day must be a whole number', index)
    if (!(Number.isInteger(count) && count >= 0))
      throw new DetectionError('negative', 'count must be a whole number from 0 on', index)
    newest = Math.max(newest, day)
    perSite[site] = perSite[site]! + count
    total += count
    const entry = sum.get(`${site} ${day}`)
    if (entry) entry.count += count
    else sum.set(`${site} ${day}`, { site, day, count })
  })
  if (total < 2) throw new DetectionError('too-short', 'a scan needs two cases or more')
  const lastDay = options.lastDay ?? newest
  if (newest > lastDay) throw new DetectionError('option', 'a case lies after lastDay')
  const byAge = [...sum.values()]
    .map(({ site, day, count }) => ({ site, age: lastDay - day, count }))
    .sort((a, b) => a.site - b.site || a.age - b.age)
  return { sites: sorted, perSite, byAge, total, lastDay, maxDays }
}

function assemble(
  kind: ScanProblem['kind'],
  counted: Counted,
  weight: Float64Array,
  factor: Float64Array,
  options: ScanOptions,
): ScanProblem {
  const { sites, byAge, maxDays } = counted
  const { maxRadius = Number.POSITIVE_INFINITY, maxShare = 0.5, permutations = 999 } = options
  if (!(maxRadius >= 0)) throw new DetectionError('option', 'maxRadius must not be negative')
  if (!(maxShare > 0 && maxShare <= 1)) throw new DetectionError('option', 'maxShare must lie in (0, 1]')
  if (!(Number.isInteger(permutations) && permutations >= 0))
    throw new DetectionError('option', 'permutations must be a whole number')
  const total = weight.reduce((a, b) => a + b, 0)
  const circles = buildCircles(sites, weight, {
    radius: maxRadius,
    weight: maxShare * total,
    metric: options.metric ?? 'degrees',
  })
  const recent = new Int32Array(sites.length * maxDays)
  for (const { site, age, count } of byAge)
    for (let length = age; length < maxDays; length++)
      recent[site * maxDays + length] = recent[site * maxDays + length]! + count
  return {
    kind,
    ids: sites.map(({ id }) => id),
    ...circles,
    weight,
    factor,
    total: counted.total,
    recent,
    caseSite: new Int32Array(),
    ages: new Int32Array(),
    cumulative: new Float64Array(),
    dayShare: new Float64Array(),
    maxDays,
    lastDay: counted.lastDay,
    permutations,
    seed: options.seed ?? 1,
  }
}
