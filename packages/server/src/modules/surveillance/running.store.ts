import { setImmediate as turn } from 'node:timers/promises'
import type { Day } from '@vigil/codes'
import { watchedClasses } from '@vigil/contract'
import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import type { EngineResult, EngineSetup } from './engine.types.ts'
import { cellBytes, columns, isRunning, numbersOf } from './pack.domain.ts'

/** Rows in one statement. */
const batch = 500
/** Units in one question. */
const unitsAtOnce = 500

/** The running day of a unit, class and rule as it is kept. */
export interface RunningCell {
  readonly day: Day
  readonly version: number
  /** One of the days before that others are told of had a grade. */
  readonly uneasy: boolean
  readonly numbers: Float32Array
}

/** A running day to be kept. */
export interface RunningRow {
  readonly result: EngineResult
  readonly uneasy: boolean
  readonly cell: Float32Array
}

/** Running days of a county by series. One process writes them, so that it need not read them again. */
export type RunningDays = Map<string, RunningCell>

/** Unit, class and rule in one text. */
export const seriesKey = (unit: string, name: string, rule: string): string => `${unit}|${name}|${rule}`

/** The same of a result. */
export const resultKey = (setup: EngineSetup, { unit, class: name, rule }: EngineResult): string =>
  seriesKey(setup.units[unit]!.code, watchedClasses[name]!, setup.rules[rule]!.id)

/** The eight numbers of the running day, with which every result ends; undefined for one of days that are over. */
export function runningOf({ numbers }: EngineResult): Float32Array | undefined {
  const cell = numbers.subarray(numbers.length - columns)
  return isRunning(cell[columns - 1]!) ? cell : undefined
}

/** Running days of the series that have results. */
export async function keptRunning(tx: Tx, setup: EngineSetup, results: readonly EngineResult[]): Promise<RunningDays> {
  const found: RunningDays = new Map()
  const units = [...new Set(results.map(({ unit }) => setup.units[unit]!.code))]
  const rules = [...new Set(results.map(({ rule }) => setup.rules[rule]!.id))]
  for (let at = 0; at < units.length; at += unitsAtOnce) {
    const rows = await tx
      .selectFrom('surveillance.running')
      .select(['unit', 'class', 'ruleId', 'day', 'version', 'uneasy', 'cell'])
      .where('unit', 'in', units.slice(at, at + unitsAtOnce))
      .where('ruleId', 'in', rules)
      .execute()
    for (const { unit, class: name, ruleId, cell, ...row } of rows)
      found.set(seriesKey(unit, name, ruleId), { ...row, numbers: numbersOf(cell) })
  }
  return found
}

/** Keeps running days that differ from what is there, there and in `kept`. */
export async function saveRunning(
  tx: Tx,
  setup: EngineSetup,
  rows: readonly RunningRow[],
  kept: RunningDays,
  today: Day,
): Promise<void> {
  const other = rows.filter(({ result, uneasy, cell }) => {
    const key = resultKey(setup, result)
    const { version } = setup.rules[result.rule]!
    const old = kept.get(key)
    const same = old?.day === today && old.uneasy === uneasy && old.version === version
    if (same && cell.every((value, i) => Object.is(value, old.numbers[i]))) return false
    kept.set(key, { day: today, version, uneasy, numbers: cell.slice() })
    return true
  })
  for (let at = 0; at < other.length; at += batch) {
    await turn()
    const part = other.slice(at, at + batch)
    const column = <T>(pick: (row: RunningRow) => T) => part.map(pick)
    // All cells in one parameter, which travels as bytes: an array of them would travel as text of twice the length.
    const cells = Buffer.concat(part.map(({ cell }) => Buffer.from(cell.buffer, cell.byteOffset, cellBytes)))
    await sql`
      INSERT INTO surveillance.running (unit, class, rule_id, day, path, version, uneasy, cell)
      SELECT unit, class, rule_id, ${today}::date, path, version, uneasy, substring(${cells}::bytea FROM (place::int - 1) * ${cellBytes} + 1 FOR ${cellBytes})
      FROM unnest(${column(({ result }) => setup.units[result.unit]!.code)}::text[], ${column(({ result }) => watchedClasses[result.class]!)}::text[],
        ${column(({ result }) => setup.rules[result.rule]!.id)}::uuid[], ${column(({ result }) => setup.units[result.unit]!.path)}::text[],
        ${column(({ result }) => setup.rules[result.rule]!.version)}::int[], ${column(({ uneasy }) => uneasy)}::boolean[])
        WITH ORDINALITY AS r(unit, class, rule_id, path, version, uneasy, place)
      ON CONFLICT (unit, class, rule_id) DO UPDATE
        SET day = EXCLUDED.day, path = EXCLUDED.path, version = EXCLUDED.version, uneasy = EXCLUDED.uneasy, cell = EXCLUDED.cell`.execute(
      tx,
    )
  }
}
