import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import { type Recall, recallOf } from './recall.domain.ts'
import { citiesOf, downstreamOf, loadRecall } from './recall.load.ts'

type Lines = Pick<Recall, 'lines'>

/** Recalls that this process remembers; as many are hardly open at once. */
const most = 8
const known = new Map<string, { readonly mark: string; readonly now: Lines }>()

/** Where each gram of some lots is by the ledger as it is. */
export async function linesNow(tx: Tx, lots: readonly string[]): Promise<Lines> {
  const rows = await tx
    .selectFrom('coldchain.lot')
    .select('path')
    .where('id', '=', sql<string>`ANY(${[...lots]}::uuid[])`)
    .execute()
  const { lines } = recallOf(await loadRecall(tx, lots, citiesOf(rows)))
  return { lines }
}

/**
 * What the ledger of lots has come to. Movements and flows are only ever added, what is received stays so, and losses on the way only
 * grow: of two committed states with the same numbers, both have the same rows.
 */
async function markOf(tx: Tx, lots: readonly string[]): Promise<string> {
  const ids = await downstreamOf(tx, lots)
  const { rows } = await sql<{ mark: string }>`
    SELECT concat_ws(' ', (SELECT count(*) FROM coldchain.movement WHERE lot_id = ANY(${ids}::uuid[])),
      (SELECT count(*) FROM coldchain.flow WHERE from_lot = ANY(${ids}::uuid[])),
      (SELECT concat_ws(' ', count(*), count(received_at), sum(lost_grams)) FROM coldchain.dispatch WHERE lot_id = ANY(${ids}::uuid[]))) AS mark`.execute(
    tx,
  )
  return rows[0]!.mark
}

/**
 * The same for an open recall, worked out anew only when its ledger has moved since it was last asked: people leave its page open. Only for
 * transactions that have written nothing: what is rolled back must not be remembered.
 */
export async function recallNow(tx: Tx, recallId: string, lots: readonly string[]): Promise<Lines> {
  const mark = await markOf(tx, lots)
  const last = known.get(recallId)
  const now = last?.mark === mark ? last.now : await linesNow(tx, lots)
  known.delete(recallId)
  known.set(recallId, { mark, now })
  const [oldest] = known.keys()
  if (known.size > most) known.delete(oldest!)
  return now
}
