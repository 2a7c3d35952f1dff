import type { partyRoutes, QueryOf, ResponseOf } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, narrow, scopeFor } from '../access/caller.ts'
import { findArea } from '../area/index.ts'
import { type Db, readScope } from '../db/index.ts'
import { invalidField, notFound } from '../error/problem.ts'

type List = (typeof partyRoutes)['party.list']

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const pattern = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/**
 * Market entities of an area, newest first, by keyset. `q` finds by name, credit code or licence number.
 * @throws Problem 404 for an area outside the caller's own, 400 for a cursor that is none
 */
export async function listParties(db: Db, caller: Caller, query: QueryOf<List>): Promise<ResponseOf<List>> {
  if (query.cursor !== undefined && !uuid.test(query.cursor)) throw invalidField('/query/cursor', '翻页标记无效')
  const area = query.area === undefined ? undefined : await findArea(db, query.area)
  if (query.area !== undefined && !area) throw notFound('区划')
  const limit = query.limit ?? 50
  return readScope(db, narrow(scopeFor(caller, 'party.read'), area?.path), async (tx) => {
    let select = tx
      .selectFrom('party.party as p')
      .innerJoin('area.area as a', 'a.code', 'p.areaCode')
      .select(['p.id', 'p.name', 'p.creditCode', 'p.kind', 'p.licenceNo', 'p.status', 'p.areaCode'])
      .select('a.name as areaName')
      .select(sql<number>`(select count(*) from party.premises where party_id = p.id)`.as('premises'))
      .orderBy('p.id', 'desc')
      .limit(limit + 1)
    const q = query.q?.trim()
    if (query.cursor !== undefined) select = select.where('p.id', '<', query.cursor)
    if (q)
      select = select.where((eb) =>
        eb.or([eb('p.name', 'ilike', pattern(q)), eb('p.creditCode', '=', q.toUpperCase()), eb('p.licenceNo', '=', q)]),
      )
    const rows = await select.execute()
    return { items: rows.slice(0, limit), next: rows.length > limit ? rows[limit - 1]!.id : null }
  })
}
