import { addDays, dayOf, daysBetween } from '@vigil/codes'
import type { AlertPoint, AlertStore, alertRoutes, QueryOf, RuleRecord } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { beyondScope, readScope, type Tx } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import type { AlertParts } from './alert.parts.ts'
import { type AlertRow, getAlert, type SignalRow, type UnitRow } from './alert.store.ts'
import { ruleRecords } from './record.read.ts'

/** Days shown before the first day of an event, and compared with for what is usual. */
const before = 56
const usualDays = 28
const shownStores = 20
type Class = Parameters<AlertParts['seriesOf']>[2]

/** Rules behind an alert: what became of their alerts so far, and what the back-test of their version measured. */
export async function rulesOf(
  { backtestOf }: AlertParts,
  tx: Tx,
  signals: readonly SignalRow[],
  level: UnitRow['kind'],
): Promise<RuleRecord[]> {
  const versions = new Map(signals.map((signal) => [`${signal.ruleId} ${signal.ruleVersion}`, signal]))
  const rules = [...versions.values()].map(({ ruleId, ruleVersion, ruleName }) => ({ ruleId, ruleVersion, ruleName }))
  // Figures of a rule are the city's; they name no place.
  return beyondScope(tx, async () => {
    const records = await ruleRecords(tx, rules)
    return Promise.all(
      records.map(async (record) => {
        const result = (await backtestOf(tx, record.ruleId, record.ruleVersion))?.result
        const own = result?.levels.find((each) => each.level === level)
        return {
          ...record,
          falseAlarmRate: own?.fpr ?? result?.fpr ?? null,
          falsePerCountyWeek: result?.falsePerCountyWeek ?? null,
          detection: own?.pod ?? null,
          delayDays: own?.delay ?? null,
        }
      }),
    )
  })
}

/**
 * Stores of an alert's counties by what they sold beyond the usual in its days: the mean of the four weeks before, for as
 * many days. Reads the stores' daily figures of these days, and no sale.
 */
export async function contributors(
  { reference }: AlertParts,
  tx: Tx,
  row: AlertRow,
  units: readonly UnitRow[],
): Promise<AlertStore[]> {
  const counties = [...new Set(units.map(({ county }) => county))]
  const roots = units.map(({ path }) => path)
  if (counties.length === 0) return []
  const days = daysBetween(row.firstDay, row.lastDay) + 1
  const { rows } = await sql<{ code: string; observed: number; usual: number }>`
    select store_code as code, coalesce(sum(purchases) filter (where day >= ${row.firstDay}::date), 0)::float8 as observed,
      coalesce(sum(purchases) filter (where day < ${row.firstDay}::date), 0)::float8 * ${days} / ${usualDays} as usual
    from pharmacy.rollup_store_day
    where county = any (${counties}::text[]) and class = ${row.class} and path ^@ any (${roots}::text[])
      and day between ${addDays(row.firstDay, -usualDays)}::date and ${row.lastDay}::date
    group by store_code`.execute(tx)
  const signalled = new Set(units.filter(({ kind }) => kind === 'store').map(({ code }) => code))
  const excess = rows.map((each) => ({ ...each, excess: each.observed - each.usual }))
  const sum = excess.reduce((total, each) => total + Math.max(0, each.excess), 0)
  return excess
    .filter((each) => each.excess > 0 || signalled.has(each.code))
    .sort((a, b) => b.excess - a.excess || (a.code < b.code ? -1 : 1))
    .slice(0, shownStores)
    .map(({ code, observed, usual, excess: more }) => {
      const store = reference.store(code)
      return {
        code,
        name: store?.name ?? code,
        areaName: store ? reference.areaName(store.areaCode) : '',
        observed,
        usual: Math.round(usual * 10) / 10,
        excess: Math.round(more * 10) / 10,
        share: sum > 0 ? Math.max(0, more) / sum : 0,
        signalled: signalled.has(code),
      }
    })
}

/** The series of a unit of an alert, eight weeks before it until now. @throws Problem 404 outside the area */
export async function readSeries(
  { kernel, seriesOf }: AlertParts,
  caller: Caller,
  id: string,
  { kind, code }: QueryOf<(typeof alertRoutes)['alert.series']>,
): Promise<{ points: AlertPoint[] }> {
  return readScope(kernel.db, scopeFor(caller, 'alert.read'), async (tx) => {
    const row = await getAlert(tx, id)
    const unit = await tx
      .selectFrom('alert.unit')
      .select('code')
      .where('alertId', '=', id)
      .where('kind', '=', kind)
      .where('code', '=', code)
      .executeTakeFirst()
    if (!unit) throw notFound('区划')
    const signals = await tx
      .selectFrom('alert.signal')
      .selectAll()
      .where('alertId', '=', id)
      .where('kind', '=', kind)
      .where('code', '=', code)
      .orderBy('day')
      .execute()
    const from = addDays(row.firstDay, -before)
    const today = dayOf(kernel.clock.now())
    const after = addDays(row.lastDay, 14)
    const series = await seriesOf(tx, code, row.class as Class, from, after < today ? after : today)
    const points = new Map<string, AlertPoint>()
    for (const { day, observed, expected, lower, upper, grade, completeness } of series)
      points.set(day, { day, observed, expected, lower, upper, grade, completeness })
    // What was told stands as it was told, also when the state has moved on or another rule speaks for the unit.
    for (const { day, observed, expected, lower, upper, grade, completeness } of signals)
      points.set(day, { day, observed, expected, lower, upper, grade, completeness })
    return { points: [...points.values()].sort((a, b) => (a.day < b.day ? -1 : 1)) }
  })
}
