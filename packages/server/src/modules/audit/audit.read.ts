import { addDays, isDay, startOfDay } from '@vigil/codes'
import type { auditRoutes, QueryOf, ResponseOf } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { type Db, readScope } from '../../kernel/db/index.ts'
import { invalidField } from '../../kernel/error/problem.ts'

type List = (typeof auditRoutes)['audit.list']

const pattern = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`

function dayField(name: 'from' | 'to', day: string | undefined): string | undefined {
  if (day === undefined) return day
  if (!isDay(day)) throw invalidField(`/query/${name}`, '日期格式应为 YYYY-MM-DD')
  // The day after it must exist too.
  if (day < '2000-01-01' || day > '2099-12-31')
    throw invalidField(`/query/${name}`, '日期应在 2000-01-01 至 2099-12-31 之间')
  return day
}

/**
 * The log of the caller's areas, newest first, by keyset over the running number. `action` names one action or a group
 * (`purchase` finds `purchase.reveal`), `actor` is part of a name, the days are of Asia/Shanghai.
 * @throws Problem 400 for a day or cursor that is none
 */
export async function listEntries(db: Db, caller: Caller, query: QueryOf<List>): Promise<ResponseOf<List>> {
  const from = dayField('from', query.from)
  const to = dayField('to', query.to)
  if (query.cursor !== undefined && !/^[0-9]{1,15}$/.test(query.cursor))
    throw invalidField('/query/cursor', '翻页标记无效')
  const limit = query.limit ?? 50
  return readScope(db, scopeFor(caller, 'audit.read'), async (tx) => {
    let select = tx
      .selectFrom('audit.entry as e')
      .select(['e.seq', 'e.at', 'e.actor', 'e.actorId', 'e.action', 'e.outcome', 'e.object', 'e.areaCode', 'e.ip'])
      .select(['e.requestId', 'e.detail'])
      .select(sql<boolean>`exists (select from audit.leaf l where l.seq = e.seq)`.as('sealed'))
      .orderBy('e.seq', 'desc')
      .limit(limit + 1)
    if (query.cursor !== undefined) select = select.where('e.seq', '<', Number(query.cursor))
    const { action, actor, outcome } = query
    if (action)
      select = select.where((eb) =>
        eb.or([eb('e.action', '=', action), sql<boolean>`starts_with(e.action, ${`${action}.`})`]),
      )
    if (actor) select = select.where('e.actor', 'ilike', pattern(actor))
    if (outcome) select = select.where('e.outcome', '=', outcome)
    if (from) select = select.where('e.at', '>=', startOfDay(from))
    if (to) select = select.where('e.at', '<', startOfDay(addDays(to, 1)))
    const rows = await select.execute()
    return {
      items: rows.slice(0, limit).map((row) => ({ ...row, at: row.at.toISOString() })),
      next: rows.length > limit ? String(rows[limit - 1]!.seq) : null,
    }
  })
}
