import { daysBetween, isDay } from '@vigil/codes'
import type { coldchainRoutes, QueryOf, ResponseOf } from '@vigil/contract'
import { sql } from 'kysely'
import type { Caller } from '../../kernel/access/caller.ts'
import { readScope } from '../../kernel/db/index.ts'
import { invalidField } from '../../kernel/error/problem.ts'
import { chosenScope, type Parts } from './coldchain.parts.ts'

type Route = (typeof coldchainRoutes)['cold-chain.statistics']
type Answer = ResponseOf<Route>
const mostDays = 1096

const sums =
  sql.raw(`coalesce(sum(lots), 0)::int AS lots, coalesce(sum(boxes), 0)::int AS boxes, coalesce(sum(grams), 0)::bigint AS grams,
  coalesce(sum(released), 0)::int AS released, coalesce(sum(violations), 0)::int AS violations,
  coalesce(sum(withdrawn_grams), 0)::bigint AS withdrawn_grams`)

/**
 * Lots, cases, grams, releases, violations and grams taken off sale of a period, by county and by day. Read from the daily tallies, which
 * every command keeps in its own transaction: some thousand rows a year, whatever was traded.
 * @throws Problem 400 for days that are none or more than three years, 404 for an area outside
 */
export async function readStatistics(
  parts: Parts,
  caller: Caller,
  { from, to, area }: QueryOf<Route>,
): Promise<Answer> {
  if (!isDay(from) || !isDay(to) || from > to) throw invalidField('/from', '请选择起止日期')
  if (daysBetween(from, to) >= mostDays) throw invalidField('/to', '一次最多统计三年')
  const scope = chosenScope(parts, caller, area)
  return readScope(parts.kernel.db, scope, async (tx) => {
    const within = sql`FROM coldchain.tally WHERE day BETWEEN ${from} AND ${to}`
    const counties = await sql<Answer['total'] & { county: string }>`
      SELECT county, ${sums} ${within} GROUP BY county ORDER BY county LIMIT 400`.execute(tx)
    const days = await sql<Answer['days'][number]>`SELECT day, ${sums} ${within} GROUP BY day ORDER BY day`.execute(tx)
    const total = await sql<Answer['total']>`SELECT ${sums} ${within}`.execute(tx)
    return {
      counties: counties.rows.map(({ county, ...figures }) => ({
        ...{ areaCode: county, areaName: parts.reference.areaName(county) },
        ...figures,
      })),
      days: days.rows,
      total: total.rows[0]!,
    }
  })
}
