import { addDays, type Day, dayOf, daysBetween } from '@vigil/codes'
import { type ScanCluster, type WatchedClass, watchedClasses } from '@vigil/contract'
import { sql } from 'kysely'
import { readScope, systemScope } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import { addTallies, resultOf } from './backtest.domain.ts'
import { type LevelTally, longestDelay } from './backtest.ts'
import { readCounts } from './counts.read.ts'
import type { EnginePool } from './engine.pool.ts'
import { type FoundCluster, permutations, permutationsPerStep, type ScanInput } from './scan.ts'
import { quarterOf, setupsOf } from './setup.ts'
import type { StudyRow } from './study.read.ts'
import { advanceStudy } from './study.store.ts'

export interface StudyParts {
  readonly kernel: Kernel
  readonly reference: Reference
  readonly pool: EnginePool
}

/** Why a study cannot be made, in Chinese, for the person who asked for it. */
export class StudyRefused extends Error {}
/** Another process has the study, or this one ends: it is left as it is. */
export class StudyLeft extends Error {}

/** Days of sales that a scan compares. */
export const scanDays = 28

async function step(
  parts: StudyParts,
  study: StudyRow,
  signal: AbortSignal,
  done: number,
  total: number,
  partial: unknown,
) {
  if (!(await advanceStudy(parts.kernel.connections.systemDb, study, { done, total, partial })) || signal.aborted)
    throw new StudyLeft('the study was left')
}

/** Tries a rule version on the history of every county of its area, one county a step. @throws StudyRefused without history */
async function backtest(parts: StudyParts, study: StudyRow, signal: AbortSignal) {
  const { kernel, reference, pool } = parts
  const db = kernel.connections.systemDb
  const { seed, today } = study.options as { seed: number; today: Day }
  const { settings, path } = await db
    .selectFrom('surveillance.version')
    .selectAll()
    .where('ruleId', '=', study.ruleId)
    .where('version', '=', study.version)
    .executeTakeFirstOrThrow()
  const rule = { id: study.ruleId!, name: '', path, version: study.version!, settings }
  const setups = setupsOf(reference, [rule], today).toSorted((a, b) => a.county.localeCompare(b.county))
  let tallies = (study.partial as unknown as LevelTally[] | null) ?? []
  for (let done = study.done; done < setups.length; done++) {
    const setup = setups[done]!
    const counts = await readScope(kernel.db, systemScope, (tx) =>
      readCounts(tx, setup.county, setup.first, setup.first),
    )
    const through = daysBetween(setup.first, today) - 1
    tallies = addTallies(tallies, await pool.study<LevelTally[]>('backtest', { setup, counts, through, seed }))
    await step(parts, study, signal, done + 1, setups.length, tallies)
  }
  if (!tallies.some(({ series }) => series > 0))
    throw new StudyRefused('可判断的历史天数不足，请在积累更多数据后再回测，或减少起步天数')
  const from = await firstDay(kernel, path, quarterOf(addDays(today, -settings.historyDays)))
  return resultOf(tallies, { seed, from, to: addDays(today, -1) }, longestDelay)
}

/** First day of which anything is known in an area, not before `from`. */
export async function firstDay(kernel: Kernel, path: string, from: Day): Promise<Day> {
  const { rows } = await readScope(kernel.db, systemScope, (tx) =>
    sql<{
      day: Day | null
    }>`SELECT min(day) AS day FROM pharmacy.rollup_county_day WHERE day >= ${from}::date AND (path ^@ ${path} OR ${path} ^@ path)`.execute(
      tx,
    ),
  )
  return rows[0]?.day ?? from
}

async function scanInput({ kernel, reference }: StudyParts, study: StudyRow): Promise<ScanInput> {
  const { day, class: watched } = study.options as { day: Day; class: WatchedClass }
  const sites = [...reference.stores()].flatMap(({ code, path, lon, lat }) =>
    path.startsWith(study.path) && lon !== null && lat !== null ? [{ id: code, x: lon, y: lat }] : [],
  )
  const known = new Set(sites.map(({ id }) => id))
  const from = addDays(day, 1 - scanDays)
  const { rows } = await readScope(kernel.db, systemScope, (tx) =>
    sql<{ store: string; day: number; count: number }>`
    SELECT store_code AS store, day - ${from}::date AS day, purchases AS count FROM pharmacy.rollup_store_day
    WHERE path ^@ ${study.path} AND class = ${watched} AND day BETWEEN ${from}::date AND ${day}::date AND purchases > 0
      AND county = ANY (${[...new Set([...reference.stores()].map(({ county }) => county))]}::text[])`.execute(tx),
  )
  const cases = rows.flatMap(({ store, day: at, count }) => (known.has(store) ? [{ site: store, day: at, count }] : []))
  if (cases.length < 20) throw new StudyRefused('所选区划近四周的登记太少，无法扫描')
  return { sites, cases, lastDay: scanDays - 1, seed: daysBetween('2020-01-01', day) }
}

/** Looks for clusters, some replications a step. @throws StudyRefused with too few sales */
async function scan(parts: StudyParts, study: StudyRow, signal: AbortSignal) {
  const input = await scanInput(parts, study)
  const maxima = [...((study.partial as unknown as number[] | null) ?? [])]
  while (maxima.length < permutations) {
    const from = maxima.length
    const to = Math.min(permutations, from + permutationsPerStep)
    maxima.push(...(await parts.pool.study<number[]>('scan', { ...input, from, to })))
    await step(parts, study, signal, to, permutations, maxima)
  }
  const found = await parts.pool.study<FoundCluster[]>('scan', { ...input, maxima })
  const { day } = study.options as { day: Day }
  return {
    clusters: found.map((cluster, at) => named(parts.reference, input, cluster, addDays(day, 1 - scanDays), at + 1)),
  }
}

function named(
  reference: Reference,
  { cases }: ScanInput,
  cluster: FoundCluster,
  first: Day,
  rank: number,
): ScanCluster {
  const centre = reference.store(cluster.center)!
  const own = new Map<string, number>()
  for (const { site, day, count } of cases)
    if (day >= cluster.from && day <= cluster.to) own.set(site, (own.get(site) ?? 0) + count)
  const stores = cluster.sites.flatMap((code) => {
    const store = reference.store(code)
    if (!store) return []
    return [{ code, name: store.name, areaName: reference.areaName(store.areaCode), observed: own.get(code) ?? 0 }]
  })
  return {
    rank,
    centre: { code: centre.code, name: centre.name, lon: centre.lon ?? 0, lat: centre.lat ?? 0 },
    radiusKm: Math.max(0, cluster.radius),
    from: addDays(first, cluster.from),
    to: addDays(first, cluster.to),
    observed: cluster.cases,
    expected: cluster.expected,
    p: cluster.p,
    stores: stores.toSorted((a, b) => b.observed - a.observed || a.code.localeCompare(b.code)),
  }
}

/** Makes a study, from where it was left. @throws StudyRefused, StudyLeft @returns its result */
export const makeStudy = (parts: StudyParts, study: StudyRow, signal: AbortSignal): Promise<object> =>
  study.kind === 'backtest' ? backtest(parts, study, signal) : scan(parts, study, signal)

/** The day whose end the nightly scan waits for: yesterday, from two o'clock on. */
export function nightlyDay(now: Date): Day | undefined {
  const hour = new Date(now.getTime() + 8 * 3_600_000).getUTCHours()
  return hour >= 2 ? addDays(dayOf(now), -1) : undefined
}

/** Class of the nightly scan: what is bought first. */
export const nightlyClass = watchedClasses[0]
