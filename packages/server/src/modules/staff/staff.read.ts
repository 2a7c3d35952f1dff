import { setImmediate as turn } from 'node:timers/promises'
import { addDays, type Day, dayOf, daysBetween, isDay } from '@vigil/codes'
import type { Contract, OwnStaff, QueryOf, StaffCoverage } from '@vigil/contract'
import { type Caller, scopeFor, wholeScope } from '../../kernel/access/caller.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { forbidden, invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { pickedScope, type Reference, type Store, unitsBelow } from '../pharmacy/index.ts'
import {
  assess,
  count,
  endOfDay,
  type Figures,
  lateFacts,
  noFigures,
  ruleAt,
  settledAt,
  sumOf,
} from './staff.domain.ts'
import { askWith, loadRules, loadWorkers, ruleFinder, type Worker } from './staff.facts.ts'
import { findMembers } from './staff.member.ts'

const longestDays = 92
/** Workers after which the event loop has a turn: sales are registered meanwhile. */
const turnWorkers = 200

/** A period that ends today at the latest. @throws Problem 400 */
function pastPeriod(query: { from: Day; to: Day }, today: Day): { from: Day; to: Day } {
  const { from } = query
  const to = query.to > today ? today : query.to
  if (!isDay(from) || !isDay(query.to) || query.to < from) throw invalidField('/query/to', '结束日期早于开始日期')
  if (from > to) throw invalidField('/query/from', '不能查询今天以后的日期')
  if (daysBetween(from, to) >= longestDays) throw invalidField('/query/from', `一次最多查询 ${longestDays} 天`)
  return { from, to }
}

interface DayCount {
  day: Day
  required: number
  covered: number
  knownRequired: number
  knownCovered: number
}

/** Counts all workers on all days of a period, twice: by what is known now, and by what was known when each day ended. */
async function countDays(workers: readonly Worker[], rules: ReturnType<typeof ruleFinder>, from: Day, to: Day) {
  const days: (DayCount & { end: Date })[] = Array.from({ length: daysBetween(from, to) + 1 }, (_, index) => {
    const day = addDays(from, index)
    return { day, end: endOfDay(day), required: 0, covered: 0, knownRequired: 0, knownCovered: 0 }
  })
  const byStore = new Map<string, Figures>()
  const known = noFigures()
  const late = { members: 0, results: 0, exemptions: 0, departures: 0 }
  for (const [index, worker] of workers.entries()) {
    if (index % turnWorkers === turnWorkers - 1) await turn()
    const settled = settledAt(worker)
    for (const each of days) {
      const last = each.day === to
      const rule = rules(worker, each.day, null)
      const now = assess(worker, rule, each.day, null)
      if (now && now.state !== 'free' && now.state !== 'exempt') {
        each.required++
        if (now.covered) each.covered++
      }
      const ruleThen = rules(worker, each.day, each.end)
      const same = settled <= each.end.getTime() && ruleThen === rule
      const then = same ? now : assess(worker, ruleThen, each.day, each.end)
      if (then && then.state !== 'free' && then.state !== 'exempt') {
        each.knownRequired++
        if (then.covered) each.knownCovered++
      }
      if (!last) continue
      if (now) {
        const figures = byStore.get(worker.storeCode) ?? noFigures()
        count(figures, now)
        byStore.set(worker.storeCode, figures)
      }
      if (then) count(known, then)
    }
    const facts = lateFacts(worker, to)
    late.members += facts.member ? 1 : 0
    late.departures += facts.left ? 1 : 0
    late.results += facts.tests
    late.exemptions += facts.exemptions
  }
  return { curve: days.map(({ end: _end, ...day }): DayCount => day), byStore, known, late }
}

const shareOf = ({ required, covered }: Figures): number => (required === 0 ? 1 : covered / required)

/**
 * Coverage of an area by day, as known now and as it was known when each day ended, and by the level below on the last day.
 * @throws Problem 404 outside the caller's area, 400 for a period that is not past or longer than a quarter
 */
export async function readCoverage(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  query: QueryOf<Contract['staff.coverage']>,
): Promise<StaffCoverage> {
  const own = scopeFor(caller, 'staff.read')
  if (own.length === 0) throw forbidden()
  const now = kernel.clock.now()
  const { from, to } = pastPeriod(query, dayOf(now))
  const code = query.area ?? own[0]!.split('/').findLast((step) => reference.area(step))
  const area = code === undefined ? undefined : reference.area(code)
  if (!area) throw notFound('区划')
  const scope = pickedScope(reference, own, area.code)
  const { workers, rules } = await readScope(kernel.db, scope, (tx) => load(tx, { from, to }))
  const { curve, byStore, known, late } = await countDays(workers, rules, from, to)
  const stores = [...byStore].flatMap(([store, figures]) => {
    const path = reference.store(store)?.path
    return path === undefined ? [] : [{ path, figures }]
  })
  const under = (path: string) => stores.filter((row) => row.path.startsWith(path)).map(({ figures }) => figures)
  const ranking = unitsBelow(reference, area, scope).flatMap(({ kind, code: unit, name, path }) => {
    const rows = under(path)
    return kind === 'store' && rows.length === 0 ? [] : [{ kind, code: unit, name, ...sumOf(rows) }]
  })
  const active = [...reference.stores()].filter(
    ({ status, path }) => status === 'active' && scope.some((root) => path.startsWith(root)),
  )
  return {
    area: { code: area.code, name: area.name },
    from,
    to,
    figures: sumOf(byStore.values()),
    known,
    late,
    curve,
    ranking: ranking.toSorted(
      (a, b) => shareOf(a) - shareOf(b) || b.required - a.required || a.code.localeCompare(b.code),
    ),
    without: active.filter((store) => !byStore.has(store.code)).length,
    asOf: now.toISOString(),
  }
}

async function load(tx: Tx, wanted: Parameters<typeof loadWorkers>[1]) {
  const ask = askWith(tx)
  return { workers: await loadWorkers(ask, wanted), rules: ruleFinder(await loadRules(ask)) }
}

/** Cycles that bind the caller's areas, newest first. */
export async function listRules(kernel: Kernel, reference: Reference, caller: Caller) {
  const scope = wholeScope(caller)
  const rows = await kernel.db
    .selectFrom('staff.rule')
    .selectAll()
    .orderBy('validFrom', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows
    .filter((row) => scope.some((path) => row.path.startsWith(path) || path.startsWith(row.path)))
    .map(({ path: _path, validFrom, createdAt, ...row }) => ({
      ...row,
      from: validFrom,
      areaName: reference.areaName(row.areaCode),
      createdAt: createdAt.toISOString(),
    }))
}

/** The people of the caller's own store, the most urgent first. */
export async function ownStaff(kernel: Kernel, reference: Reference, caller: Caller, store: Store): Promise<OwnStaff> {
  const day = dayOf(kernel.clock.now())
  const { items, cycleDays } = await readScope(kernel.db, scopeFor(caller, 'staff.own'), async (tx) => {
    const rules = await loadRules(askWith(tx))
    return {
      items: await findMembers(kernel, reference, tx, { day, knownAt: null, storeCode: store.code }),
      cycleDays: ruleAt(rules, store.path, day, null)?.cycleDays ?? null,
    }
  })
  return { day, cycleDays, items }
}
