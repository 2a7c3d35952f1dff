import { addDays, type Day, daysBetween } from '@vigil/codes'
import type { Backtest, WatchedClass } from '@vigil/contract'
import type { Tx } from '../../kernel/db/index.ts'
import { type Cell, cellAt, numbersOf } from './pack.domain.ts'
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

/**
 * Months of units as the rules in force have them, in one keyed read. Where several rules watch a unit and class, the one
 * that was set up first speaks for it.
 */
export async function monthsOf(
  tx: Tx,
  units: readonly string[],
  classes: readonly WatchedClass[],
  from: Day,
  to: Day,
): Promise<MonthRow[]> {
  if (units.length === 0) return []
  const months: Day[] = []
  for (let month = monthOf(from); month <= to; month = monthOf(addDays(month, 32))) months.push(month)
  const rows = await tx
    .selectFrom('surveillance.month as m')
    .innerJoin('surveillance.rule as r', 'r.id', 'm.ruleId')
    .select(['m.unit', 'm.class', 'm.ruleId', 'm.version', 'm.month', 'm.days', 'r.createdAt'])
    .where('m.unit', 'in', [...units])
    .where('m.class', 'in', [...classes])
    .where('m.month', 'in', months)
    .where('r.activeVersion', 'is not', null)
    .orderBy('r.createdAt')
    .orderBy('r.id')
    .orderBy('m.month')
    .execute()
  const speaks = new Map<string, string>()
  return rows.filter((row) => {
    const key = `${row.unit}|${row.class}`
    const rule = speaks.get(key) ?? row.ruleId
    speaks.set(key, rule)
    return rule === row.ruleId
  })
}

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
