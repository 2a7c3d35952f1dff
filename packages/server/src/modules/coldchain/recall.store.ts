import { dayOf, uuidv7 } from '@vigil/codes'
import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import { conflict } from '../../kernel/error/problem.ts'
import type { LotRow } from './coldchain.table.ts'
import type { Recall } from './recall.domain.ts'
import type { RecallRow } from './recall.table.ts'

/** The recall in earnest that a lot is in and that is not closed; undefined when there is none. */
export async function runningRecall(tx: Tx, lotId: string): Promise<RecallRow | undefined> {
  return tx
    .selectFrom('coldchain.recallLot as l')
    .innerJoin('coldchain.recall as r', 'r.id', 'l.recallId')
    .selectAll('r')
    .where('l.lotId', '=', lotId)
    .where('r.kind', '=', 'real')
    .where('r.state', '<>', 'closed')
    .executeTakeFirst()
}

/** @throws Problem 409 while one of the lots is being recalled in earnest; a draft stops nobody */
export async function refuseRecalled(tx: Tx, lots: readonly string[]): Promise<void> {
  for (const id of lots) {
    const running = await runningRecall(tx, id)
    if (running?.state === 'open') throw conflict(`批次正在召回（${running.number}）`, 'recalled')
  }
}

/** The smallest subtree that holds all paths: whose affair a recall of lots of several places is. */
export function commonPath(paths: readonly string[]): string {
  const [first = '/', ...rest] = paths
  let steps = first.split('/')
  for (const path of rest) {
    const other = path.split('/')
    const differs = steps.findIndex((step, at) => step !== other[at])
    if (differs >= 0) steps = [...steps.slice(0, differs), '']
  }
  return steps.join('/')
}

/** Writes a recall as a draft. @returns its row */
export async function putDraft(
  tx: Tx,
  lots: readonly Pick<LotRow, 'id' | 'path'>[],
  recall: Pick<RecallRow, 'kind' | 'reason' | 'orderedBy'> & { readonly at: Date; readonly by: string },
): Promise<RecallRow> {
  const { kind, reason, orderedBy, at, by } = recall
  const { rows } = await sql<{ n: number }>`SELECT nextval('coldchain.recall_number') AS n`.execute(tx)
  const number = `${kind === 'real' ? 'CR' : 'CM'}${dayOf(at).replaceAll('-', '')}${String(rows[0]!.n).padStart(4, '0')}`
  const row = await tx
    .insertInto('coldchain.recall')
    .values({
      ...{ id: uuidv7(), number, kind, state: 'draft', reason: reason.trim(), orderedBy: orderedBy.trim() },
      ...{ path: commonPath(lots.map(({ path }) => path)), createdAt: at, createdBy: by },
      ...{ openedAt: null, openedBy: null, closedAt: null, closedBy: null, final: null, score: null },
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('coldchain.recallLot')
    .values(lots.map(({ id }) => ({ recallId: row.id, lotId: id })))
    .execute()
  return row
}

/** Writes where each gram is and who was told; one statement of each, whatever the number. @returns those who were told */
export async function putLines(
  tx: Tx,
  recallId: string,
  lines: Recall['lines'],
  paths: ReadonlyMap<string, string>,
  at: Date,
): Promise<{ id: string; path: string }[]> {
  const rows = lines.map(({ to, ...line }) => ({
    ...line,
    id: uuidv7(),
    toId: to ?? null,
    path: paths.get(line.holder),
  }))
  await sql`INSERT INTO coldchain.recall_line (id, recall_id, fate, lot_id, holder_id, to_id, dispatch, grams, mass, path)
    SELECT id, ${recallId}, fate, lot, holder, "toId", dispatch, grams, mass, path FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS r(id uuid, fate text, lot uuid, holder uuid, "toId" uuid, dispatch text, grams bigint, mass bigint, path text)`.execute(
    tx,
  )
  const told = [...new Set(rows.flatMap(({ holder, toId }) => (toId === null ? [holder] : [holder, toId])))]
  await sql`INSERT INTO coldchain.recall_notice (recall_id, holder_id, told_at, path)
    SELECT ${recallId}, id, ${at}, path FROM coldchain.holder WHERE id = ANY(${told}::uuid[])`.execute(tx)
  return told.map((id) => ({ id, path: paths.get(id)! }))
}
