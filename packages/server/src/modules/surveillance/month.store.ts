import { setImmediate as turn } from 'node:timers/promises'
import { addDays, type Day, daysBetween } from '@vigil/codes'
import { watchedClasses } from '@vigil/contract'
import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import { type Changed, changesOf } from './change.domain.ts'
import type { EngineResult, EngineSetup } from './engine.types.ts'
import {
  codeOf,
  columns,
  emptyMonth,
  gradeCode,
  isRunning,
  monthBytes,
  numbersOf,
  untestedCode,
} from './pack.domain.ts'
import { type RunningDays, type RunningRow, resultKey, runningOf, saveRunning, seriesKey } from './running.store.ts'
import { monthOf } from './series.read.ts'

/** Rows in one statement. */
const batch = 4000
/** Results after which others have a turn: a county's first evaluation has thousands, and counters must not wait for it. */
const turnResults = 40

/** Days back from the running day of which changes are told; older ones are kept, and no news. */
export const newsDays = 14

interface Row {
  readonly unit: string
  readonly class: string
  readonly ruleId: string
  readonly month: Day
  readonly version: number
  readonly days: Buffer
  readonly result: EngineResult
}

/** A month as it is kept, and the version of the rule that wrote it. */
interface Kept {
  readonly version: number
  readonly numbers: Float32Array
}

const keyOf = (series: string, month: Day) => `${series}|${month}`

async function existing(tx: Tx, setup: EngineSetup, results: readonly EngineResult[], since: Day) {
  const found = new Map<string, Kept>()
  const units = [...new Set(results.map(({ unit }) => setup.units[unit]!.code))]
  const rules = [...new Set(results.map(({ rule }) => setup.rules[rule]!.id))]
  for (let at = 0; at < units.length; at += 200) {
    const rows = await tx
      .selectFrom('surveillance.month')
      .select(['unit', 'class', 'ruleId', 'month', 'version', 'days'])
      .where('unit', 'in', units.slice(at, at + 200))
      .where('class', 'in', [...watchedClasses])
      .where('ruleId', 'in', rules)
      .where('month', '>=', since)
      .execute()
    for (const row of rows)
      found.set(keyOf(seriesKey(row.unit, row.class, row.ruleId), row.month), {
        version: row.version,
        numbers: numbersOf(row.days),
      })
  }
  return found
}

/** Lays a result's days that are over across the months that they touch. */
function* laid(setup: EngineSetup, result: EngineResult, before: ReadonlyMap<string, Kept>, today: Day) {
  const { code } = setup.units[result.unit]!
  const rule = setup.rules[result.rule]!
  const name = watchedClasses[result.class]!
  const first = addDays(setup.first, result.from)
  const count = result.numbers.length / columns - (runningOf(result) ? 1 : 0)
  if (count === 0) return
  const last = addDays(first, count - 1)
  const series = resultKey(setup, result)
  for (let month = monthOf(first); month <= last; month = monthOf(addDays(month, 32))) {
    const days = emptyMonth()
    const numbers = numbersOf(days)
    const kept = before.get(keyOf(series, month))
    const old = kept?.numbers
    if (old) numbers.set(old)
    let same = kept?.version === rule.version
    const from = Math.max(0, daysBetween(month, first))
    const to = Math.min(daysBetween(month, last), daysBetween(month, addDays(monthOf(addDays(month, 32)), -1)))
    for (let at = from; at <= to; at++) {
      const place = (daysBetween(first, month) + at) * columns
      const cell = result.numbers.subarray(place, place + columns)
      // A later start of learning takes no verdict back.
      if (old && isVerdict(old[at * columns + 7]!) && isTooShort(cell[7]!) && old[at * columns] === cell[0]) continue
      for (let i = 0; same && i < columns; i++) same = Object.is(numbers[at * columns + i], cell[i])
      numbers.set(cell, at * columns)
    }
    // A clock that was ahead leaves days behind that are not over yet.
    const end = daysBetween(month, today)
    for (let at = Math.max(0, end); at < monthBytes / 4 / columns; at++) {
      if (same) same = Number.isNaN(numbers[at * columns + 7]!)
      numbers.fill(Number.NaN, at * columns, (at + 1) * columns)
    }
    if (!same) yield { unit: code, class: name, ruleId: rule.id, month, version: rule.version, days, result }
  }
}

/** A day that is over and was tested. */
const isVerdict = (code: number): boolean => !Number.isNaN(code) && !isRunning(code) && code >> 3 === 0

/** A day that is over and lies too near the start of learning. */
const isTooShort = (code: number): boolean => code === codeOf(0, untestedCode('too-short'), false)

async function upsert(tx: Tx, setup: EngineSetup, rows: readonly Row[]): Promise<void> {
  for (let at = 0; at < rows.length; at += batch) {
    const part = rows.slice(at, at + batch)
    const column = (pick: (row: Row) => string | number) => part.map(pick)
    // All months in one parameter, which travels as bytes: an array of them would travel as text of twice the length.
    const days = Buffer.concat(part.map((row) => row.days))
    await sql`
      INSERT INTO surveillance.month AS m (unit, class, rule_id, month, kind, county, path, version, days)
      SELECT unit, class, rule_id, month, kind, ${setup.county}, path, version, substring(${days}::bytea FROM (place::int - 1) * ${monthBytes} + 1 FOR ${monthBytes})
      FROM unnest(${column((row) => row.unit)}::text[], ${column((row) => row.class)}::text[], ${column((row) => row.ruleId)}::uuid[],
        ${column((row) => row.month)}::date[], ${column((row) => setup.units[row.result.unit]!.kind)}::text[],
        ${column((row) => setup.units[row.result.unit]!.path)}::text[], ${column((row) => row.version)}::int[])
        WITH ORDINALITY AS r(unit, class, rule_id, month, kind, path, version, place)
      ON CONFLICT (unit, class, rule_id, month) DO UPDATE SET days = EXCLUDED.days, version = EXCLUDED.version, path = EXCLUDED.path`.execute(
      tx,
    )
  }
}

/**
 * Keeps what an engine has found: only what differs from what is there is written, so that the same evaluation again writes
 * nothing. The running day has a table of its own; months are read and written for results with other days, and for the
 * first of a day.
 * @param running running days as they are kept, which this brings up to date
 * @returns changes of the last days, which are what others are told of
 */
export async function saveResults(
  tx: Tx,
  setup: EngineSetup,
  results: readonly EngineResult[],
  today: Day,
  running: RunningDays,
): Promise<Changed[]> {
  if (results.length === 0) return []
  const newsFrom = addDays(today, 1 - newsDays)
  const isBrief = (result: EngineResult) =>
    result.numbers.length === columns &&
    runningOf(result) !== undefined &&
    running.get(resultKey(setup, result))?.day === today
  const [brief, long] = [results.filter(isBrief), results.filter((result) => !isBrief(result))]
  const first = long.reduce((least, { from }) => Math.min(least, from), Number.POSITIVE_INFINITY)
  const touched = long.length > 0 ? addDays(setup.first, first) : today
  const before = await existing(tx, setup, long, monthOf(touched < newsFrom ? touched : newsFrom))
  const months: Row[] = []
  const cells: RunningRow[] = []
  const changes: Changed[] = []
  for (const [at, result] of brief.entries()) {
    if (at % turnResults === 0) await turn()
    const cell = runningOf(result)!
    const { uneasy, numbers } = running.get(resultKey(setup, result))!
    cells.push({ result, uneasy, cell })
    changes.push(...changesOf(result, setup.first, today, today, () => numbers, uneasy))
  }
  for (const [at, result] of long.entries()) {
    if (at % turnResults === 0) await turn()
    const series = resultKey(setup, result)
    const kept = running.get(series)
    const keptAt = (day: Day) =>
      cellOf(before.get(keyOf(series, monthOf(day)))?.numbers, day) ?? (kept?.day === day ? kept.numbers : undefined)
    months.push(...laid(setup, result, before, today))
    const cell = runningOf(result)
    if (cell) cells.push({ result, uneasy: isUneasy(result, setup.first, newsFrom, today, keptAt), cell })
    changes.push(...changesOf(result, setup.first, newsFrom, today, keptAt))
  }
  await upsert(tx, setup, months)
  await saveRunning(tx, setup, cells, running, today)
  return changes
}

/** Whether a day before today of which others are told has a grade. */
function isUneasy(
  result: EngineResult,
  first: Day,
  from: Day,
  today: Day,
  kept: (day: Day) => Float32Array | undefined,
): boolean {
  const start = addDays(first, result.from)
  for (let day = from; day < today; day = addDays(day, 1)) {
    const at = daysBetween(start, day) * columns
    const code = at < 0 ? kept(day)?.[columns - 1] : result.numbers[at + columns - 1]
    if (code !== undefined && gradeCode(code) > 0) return true
  }
  return false
}

/** A day's numbers within its month. */
const cellOf = (month: Float32Array | undefined, day: Day): Float32Array | undefined => {
  if (!month) return undefined
  const at = daysBetween(monthOf(day), day) * columns
  return Number.isNaN(month[at + 7]!) ? undefined : month.subarray(at, at + columns)
}

/** Forgets what a rule that is no longer in force has said: its versions and back-tests stay. */
export async function forgetRule(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('surveillance.month').where('ruleId', '=', id).execute()
  await tx.deleteFrom('surveillance.running').where('ruleId', '=', id).execute()
}
