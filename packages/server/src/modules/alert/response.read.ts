import { daysBetween } from '@vigil/codes'
import {
  alertGradeNames,
  type alertResponseRoutes,
  type QueryOf,
  type ResponseOf,
  type ResponseRow,
} from '@vigil/contract'
import type { CompiledQuery } from 'kysely'
import { type Caller, narrow, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, type Scope, type Tx } from '../../kernel/db/index.ts'
import { invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Reference } from '../pharmacy/index.ts'
import type { AlertParts } from './alert.parts.ts'
import { responseFigures, responseRows, responseTable } from './response.sql.ts'

type Route = (typeof alertResponseRoutes)['alert.response']
const longestDays = 731

/** A row as the database has it. */
export interface FigureRow {
  key: string
  name: string | null
  alerts: number
  answered: number
  median: number | null
  p90: number | null
  inTime: number | null
  judged: number
  foundTrue: number
}

/** Figures of a group; rates are null where nothing was counted. @param countyWeeks counties × weeks that it covers */
export function toResponse(row: FigureRow, name: string, countyWeeks: number): ResponseRow {
  const { key, alerts, answered, median, p90, inTime, judged, foundTrue } = row
  return {
    key,
    name,
    alerts,
    answered,
    medianMinutes: median,
    p90Minutes: p90,
    inTime,
    judged,
    true: foundTrue,
    trueRate: judged > 0 ? foundTrue / judged : null,
    perCountyWeek: countyWeeks > 0 ? alerts / countyWeeks : null,
  }
}

/** Counties that lie in the scope, or hold it. */
export function countiesIn(reference: Reference, scope: Scope): number {
  const counties = [...reference.areas()].filter(({ level }) => level === 'county')
  return counties.filter(({ path }) => scope.some((root) => path.startsWith(root) || root.startsWith(path))).length
}

const run = async (tx: Tx, text: string, values: readonly unknown[]): Promise<FigureRow[]> => {
  const query = { sql: text, parameters: values, query: { kind: 'RawNode' } } as unknown as CompiledQuery<FigureRow>
  return (await tx.executeQuery(query)).rows
}

/**
 * How fast the alerts of a period were answered and how many were true, in all and by groups.
 * @throws Problem 404 outside the area, 400 for an impossible period
 */
export async function readResponse(
  { kernel, reference }: Pick<AlertParts, 'kernel' | 'reference'>,
  caller: Caller,
  { from, to, area, by }: QueryOf<Route>,
): Promise<ResponseOf<Route>> {
  if (to < from) throw invalidField('/query/to', '结束日期早于开始日期')
  if (daysBetween(from, to) >= longestDays) throw invalidField('/query/to', `一次最多查看 ${longestDays} 天`)
  const path = area === undefined ? undefined : reference.area(area)?.path
  if (area !== undefined && path === undefined) throw notFound('区划')
  const scope = narrow(scopeFor(caller, 'alert.read'), path)
  const counties = countiesIn(reference, scope)
  const weeks = (daysBetween(from, to) + 1) / 7
  const values = [from, to, [...scope], kernel.clock.now()]
  return readScope(kernel.db, scope, async (tx) => {
    const [total] = await run(tx, `SELECT '' AS key, '' AS name, ${responseFigures} FROM (${responseRows}) r`, values)
    const rows = await run(tx, responseTable(by), values)
    const names = (row: FigureRow) =>
      by === 'grade' ? alertGradeNames[row.key as keyof typeof alertGradeNames] : (row.name ?? row.key)
    const covered = { county: weeks, grade: counties * weeks, rule: counties * weeks, week: counties }
    return {
      total: toResponse(total!, '合计', counties * weeks),
      rows: rows.map((row) => toResponse(row, names(row), covered[by])),
      counties,
      weeks,
    }
  })
}
