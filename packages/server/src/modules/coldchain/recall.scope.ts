import type { ColdRecall, ColdRecallDetail } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, systemScope } from '../../kernel/db/index.ts'
import type { Parts } from './coldchain.parts.ts'
import { holdersIn, ofBusiness } from './holder.scope.ts'

type Line = ColdRecallDetail['lines'][number]

const byFateOf = (lines: readonly Line[]): ColdRecallDetail['byFate'] =>
  [...Map.groupBy(lines, ({ fate }) => fate)].map(([fate, group]) => ({
    fate,
    grams: group.reduce((sum, { grams }) => sum + grams, 0),
  }))

/**
 * A recall as single businesses see it: lines, notices, counts and disposals of their own, and sums of these. Where the recall
 * began in a warehouse, the warehouse still learns nothing of the others.
 */
export function narrowRecall(whole: ColdRecallDetail, mine: ReadonlyMap<string, string>): ColdRecallDetail {
  const names = new Set(mine.values())
  const lines = whole.lines.filter(
    ({ holderId, toName }) => mine.has(holderId) || (toName !== null && names.has(toName)),
  )
  const sum = (some: readonly Line[]) => some.reduce((total, { grams }) => total + grams, 0)
  const notices = whole.notices.filter(({ holderId }) => mine.has(holderId)).map((notice) => ({ ...notice, told: [] }))
  return {
    ...whole,
    ...{ total: sum(lines), accounted: sum(lines.filter(({ fate }) => fate !== 'unaccounted')) },
    ...{
      confirmed: sum(lines.filter(({ confirmed }) => confirmed)),
      byFate: byFateOf(lines),
      now: null,
      lines,
      notices,
    },
    ...{ asked: notices.length, answered: notices.filter(({ waiting }) => !waiting).length },
    ...{ outcome: '', problems: [], mock: null },
    counts: whole.counts.filter(({ holderName }) => names.has(holderName)),
    disposals: whole.disposals.filter(({ holderName }) => names.has(holderName)),
  }
}

/** A recall as the caller may see it: as it is for an area, its own part for a business. */
export async function recallFor(parts: Parts, caller: Caller, whole: ColdRecallDetail): Promise<ColdRecallDetail> {
  const scope = scopeFor(caller, ['coldchain.read', 'coldchain.operate', 'coldchain.inspect'])
  if (!ofBusiness(parts, scope)) return whole
  const holders = await readScope(parts.kernel.db, systemScope, (tx) => holdersIn(tx, scope))
  return narrowRecall(whole, new Map(holders.map(({ id, name }) => [id, name])))
}

type Sums = Pick<ColdRecall, 'id' | 'total' | 'accounted' | 'asked' | 'answered'>

/** A page of recalls as the caller may see it: sums of a business are those of its own lines. */
export async function recallsFor<P extends { items: ColdRecall[] }>(parts: Parts, caller: Caller, page: P): Promise<P> {
  const scope = scopeFor(caller, 'coldchain.read')
  if (!ofBusiness(parts, scope)) return page
  return readScope(parts.kernel.db, systemScope, async (tx) => {
    const holders = (await holdersIn(tx, scope)).map(({ id }) => id)
    const { rows } = await sql<Sums>`
      SELECT r.id, coalesce(sum(x.grams), 0)::bigint AS total, coalesce(sum(x.grams) FILTER (WHERE x.fate <> 'unaccounted'), 0)::bigint AS accounted,
        count(DISTINCT x.holder_id) FILTER (WHERE x.fate = 'on-hand')::int AS asked,
        count(DISTINCT x.holder_id) FILTER (WHERE x.fate = 'on-hand' AND EXISTS (SELECT FROM coldchain.recall_count c
          WHERE c.recall_id = r.id AND c.holder_id = x.holder_id))::int AS answered
      FROM unnest(${page.items.map(({ id }) => id)}::uuid[]) AS r(id)
      LEFT JOIN coldchain.recall_line x ON x.recall_id = r.id AND x.holder_id = ANY(${holders}::uuid[]) GROUP BY r.id`.execute(
      tx,
    )
    const sums = new Map(rows.map((row) => [row.id, row]))
    return { ...page, items: page.items.map((recall) => ({ ...recall, ...sums.get(recall.id) })) }
  })
}
