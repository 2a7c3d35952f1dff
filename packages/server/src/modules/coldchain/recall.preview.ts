import type { ColdRecallPreview } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, systemScope } from '../../kernel/db/index.ts'
import { forbidden } from '../../kernel/error/problem.ts'
import type { Parts } from './coldchain.parts.ts'
import { chooseLots, type RecallSet } from './recall.choose.ts'
import { fates, recallOf } from './recall.domain.ts'
import { citiesOf, loadRecall } from './recall.load.ts'

/** What a recall of a set would affect, by the ledger as it is now; changes nothing. @throws Problem 400, 403, 404, 409 */
export async function previewRecall({ kernel }: Parts, caller: Caller, set: RecallSet): Promise<ColdRecallPreview> {
  if (scopeFor(caller, 'coldchain.inspect').length === 0) throw forbidden()
  return readScope(kernel.db, systemScope, async (tx) => {
    const { lots, unknown, elsewhere } = await chooseLots(tx, caller, set)
    const ids = lots.map(({ id }) => id)
    const { paths, made, ...input } = await loadRecall(tx, ids, citiesOf(lots))
    const { total, lines, byFate, problems } = recallOf(input)
    const { rows } = await sql<ColdRecallPreview['lots'][number]>`
      SELECT l.id, l.lot_no, l.goods_name, l.supplier_lot, h.name AS holder_name, (
        SELECT r.number FROM coldchain.recall_lot x JOIN coldchain.recall r ON r.id = x.recall_id
        WHERE x.lot_id = l.id AND r.kind = 'real' AND r.state = 'open' LIMIT 1) AS running
      FROM coldchain.lot l JOIN coldchain.holder h ON h.id = l.holder_id WHERE l.id = ANY(${ids}::uuid[]) ORDER BY l.id`.execute(
      tx,
    )
    const counting = new Set(lines.flatMap(({ fate, holder }) => (fate === 'on-hand' ? [holder] : [])))
    const holders = new Set(lines.flatMap(({ holder, to }) => (to === undefined ? [holder] : [holder, to])))
    return {
      ...{ lots: rows, made, total, unknown: [...unknown], elsewhere, problems: problems.length },
      ...{ holders: holders.size, counting: counting.size },
      byFate: fates.filter((fate) => byFate[fate] > 0).map((fate) => ({ fate, grams: byFate[fate] })),
    }
  })
}
