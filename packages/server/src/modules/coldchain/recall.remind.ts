import { sql } from 'kysely'
import { systemCaller } from '../../kernel/access/caller.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf } from '../../kernel/command/command.ts'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import type { Parts } from './coldchain.parts.ts'
import { remindAt } from './recall.remind.domain.ts'
import { tellHolders } from './recall.tell.ts'

const system = systemCaller('召回催办', [])

interface Silent {
  readonly recallId: string
  readonly holderId: string
  readonly toldAt: Date
  readonly remindedAt: Date | null
}

/**
 * Reminds holders of running recalls who have goods on hand by the books and have not counted. Each is reminded once whatever the
 * number of processes: who comes second waits for the first and finds it done. @returns how many were reminded
 */
export async function remindHolders({ kernel }: Pick<Parts, 'kernel'>): Promise<number> {
  return withScope(kernel.db, systemScope, async (tx) => {
    const at = kernel.clock.now()
    const recalls = await tx
      .selectFrom('coldchain.recall')
      .selectAll()
      .where('state', '=', 'open')
      .orderBy('id')
      .forUpdate()
      .execute()
    if (recalls.length === 0) return 0
    const { rows } = await sql<Silent>`
      SELECT n.recall_id, n.holder_id, n.told_at, n.reminded_at FROM coldchain.recall_notice n
      WHERE n.recall_id = ANY(${recalls.map(({ id }) => id)}::uuid[]) AND EXISTS (
        SELECT FROM coldchain.recall_line x WHERE x.recall_id = n.recall_id AND x.holder_id = n.holder_id AND x.fate = 'on-hand'
          AND NOT EXISTS (SELECT FROM coldchain.recall_count c WHERE c.recall_id = x.recall_id AND c.holder_id = x.holder_id AND c.lot_id = x.lot_id))`.execute(
      tx,
    )
    const due = rows.filter((silent) => remindAt(silent) <= at)
    for (const recall of recalls) {
      const holders = due.flatMap(({ recallId, holderId }) => (recallId === recall.id ? [holderId] : []))
      if (holders.length === 0) continue
      const lots = await tx
        .selectFrom('coldchain.recallLot as x')
        .innerJoin('coldchain.lot as l', 'l.id', 'x.lotId')
        .select(['l.goodsName', 'l.lotNo'])
        .where('x.recallId', '=', recall.id)
        .execute()
      const names = lots.map(({ goodsName, lotNo }) => `${goodsName} ${lotNo}`)
      await tellHolders(tx, recall, { holders, lots: names, at, again: true })
      await sql`UPDATE coldchain.recall_notice SET reminded_at = ${at}, reminders = reminders + 1
        WHERE recall_id = ${recall.id} AND holder_id = ANY(${holders}::uuid[])`.execute(tx)
      const detail = { number: recall.number, holders: holders.length }
      const about = { object: `cold-recall:${recall.id}`, path: recall.path }
      await record(tx, auditOf(system, { action: 'coldchain.remind-recall', ...about, detail }))
    }
    return due.length
  })
}
