import type { Backtest, BacktestResult } from '@vigil/contract'
import type { Selectable } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import type { StudyTable } from './surveillance.table.ts'

export type StudyRow = Selectable<StudyTable>

/** Newest back-test of a version, finished ones only when asked. */
export async function backtestRow(
  tx: Tx,
  ruleId: string,
  version: number,
  finished = false,
): Promise<StudyRow | undefined> {
  let select = tx
    .selectFrom('surveillance.study')
    .selectAll()
    .where('kind', '=', 'backtest')
    .where('ruleId', '=', ruleId)
    .where('version', '=', version)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
  if (finished) select = select.where('state', '=', 'done')
  return select.executeTakeFirst()
}

/** What all studies show of themselves. */
export const studyOf = (row: StudyRow) => ({
  id: row.id,
  state: row.state,
  done: row.done,
  total: row.total,
  error: row.error,
  createdAt: row.createdAt.toISOString(),
  createdBy: row.createdBy,
  finishedAt: row.finishedAt?.toISOString() ?? null,
})

/** A back-test as it is answered. */
export const toBacktest = (row: StudyRow): Backtest => ({
  ...studyOf(row),
  ruleId: row.ruleId ?? '',
  version: row.version ?? 0,
  result: row.result as BacktestResult | null,
})
