import { addDays, type Day, daysBetween } from '@vigil/codes'
import type { Backtest, WatchedClass } from '@vigil/contract'
import type { Tx } from '../../kernel/db/index.ts'
import { type Cell, cellAt, columns, emptyMonth, isRunning, numbersOf } from './pack.domain.ts'
import { backtestRow, toBacktest } from './study.read.ts'

export interface SeriesDay extends Cell {
  readonly day: Day
  readonly ruleId: string
  readonly ruleVersion: number
}

/** The first day of a day's month. */
export const monthOf = (day: Day): Day => `${day.slice(0, 7)}-01`

interface MonthRow {
  readonly unit: string
  readonly class: string
  readonly ruleId: string
  readonly version: number
  readonly month: Day
  readonly days: Buffer
}

interface Asked {
  readonly units: readonly string[]
  readonly classes: readonly WatchedClass[]
  /** Rules in force, the one that was set up first in front. */
  readonly rules: readonly string[]
}

/** Lays the running days over their months; a day that is over in its month stays. */
async function layRunning(
  tx: Tx,
  { units, classes, rules }: Asked,
  from: Day,
  to: Day,
  months: MonthRow[],
): Promise<MonthRow[]> {
  const rows = await tx
    .selectFrom('surveillance.running')
    .select(['unit', 'class', 'ruleId', 'version', 'day', 'cell'])
    .where('unit', 'in', units)
    .where('class', 'in', classes)
    .where('ruleId', 'in', rules)
    .where('day', '>=', from)
    .where('day', '<=', to)
    .execute()
  if (rows.length === 0) return months
  const keyOf = (row: Omit<MonthRow, 'version' | 'days'>) => `${row.unit}|${row.class}|${row.ruleId}|${row.month}`
  const all = new Map(months.map((row) => [keyOf(row), row]))
  for (const { day, cell, ...row } of rows) {
    const month = monthOf(day)
    const key = keyOf({ ...row, month })
    const days = all.get(key)?.days ?? emptyMonth()
    const at = daysBetween(month, day) * columns
    const code = numbersOf(days)[at + columns - 1]!
    if (!Number.isNaN(code) && !isRunning(code)) continue
    cell.copy(days, at * 4)
    all.set(key, { ...row, month, days })
  }
  return [...all.values()]
}

/**
 * Months of units as the rules in force have them, with the running day, in keyed reads. Where several rules watch a unit
 * and class, the one that was set up first speaks for it.
 */
export async function monthsOf(
  tx: Tx,
  units: readonly string[],
  classes: readonly WatchedClass[],
  from: Day,
  to: Day,
): Promise<MonthRow[]> {
  const inForce = tx.selectFrom('surveillance.rule').select('id').where('activeVersion', 'is not', null)
  const rules = (await inForce.orderBy('createdAt').orderBy('id').execute()).map(({ id }) => id)
  if (units.length === 0 || rules.length === 0) return []
  const dates: Day[] = []
  for (let month = monthOf(from); month <= to; month = monthOf(addDays(month, 32))) dates.push(month)
  const months = await tx
    .selectFrom('surveillance.month')
    .select(['unit', 'class', 'ruleId', 'version', 'month', 'days'])
    .where('unit', 'in', units)
    .where('class', 'in', classes)
    .where('ruleId', 'in', rules)
    .where('month', 'in', dates)
    .execute()
  const rows = await layRunning(tx, { units, classes, rules }, from, to, months)
  const order = new Map(rules.map((id, at) => [id, at]))
  rows.sort(
    (a, b) => order.get(a.ruleId)! - order.get(b.ruleId)! || compare(a.month, b.month) || compare(a.unit, b.unit),
  )
  const speaks = new Map<string, string>()
  return rows.filter((row) => {
    const key = `${row.unit}|${row.class}`
    const rule = speaks.get(key) ?? row.ruleId
    speaks.set(key, rule)
    return rule === row.ruleId
  })
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Days of a month's row within a period, oldest first. */
export function daysOf({ month, days, ruleId, version }: MonthRow, from: Day, to: Day): SeriesDay[] {
  const numbers = numbersOf(days)
  const first = Math.max(0, daysBetween(month, from))
  const last = Math.min(30, daysBetween(month, to))
  const list: SeriesDay[] = []
  for (let at = first; at <= last; at++) {
    const cell = cellAt(numbers, at)
    if (cell) list.push({ day: addDays(month, at), ruleId, ruleVersion: version, ...cell })
  }
  return list
}

/** Days of a county, office or store from `from` to `to` with observed count, expectation, band and grade. */
export async function seriesOf(
  tx: Tx,
  unitCode: string,
  watched: WatchedClass,
  from: Day,
  to: Day,
): Promise<SeriesDay[]> {
  const rows = await monthsOf(tx, [unitCode], [watched], from, to)
  return rows.flatMap((row) => daysOf(row, from, to))
}

/** Newest finished back-test of a rule version, with its measured false-alarm rate; null when there is none. */
export async function backtestOf(tx: Tx, ruleId: string, version: number): Promise<Backtest | null> {
  const row = await backtestRow(tx, ruleId, version, true)
  return row ? toBacktest(row) : null
}
