import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'

export interface Progress {
  /** Holders who have to count, and those who have counted all that they have. */
  readonly asked: number
  readonly answered: number
  /** Grams of which nobody knows where they are. */
  readonly unaccounted: number
}

export const noProgress: Progress = { asked: 0, answered: 0, unaccounted: 0 }

/**
 * How far recalls are: as `settleRecall` has it, in the database, so that a list need not load every line. Of what holders did not
 * find, the recalled share is rounded to the nearest gram, a half in favour of what was found.
 */
export async function progressOf(tx: Tx, ids: readonly string[]): Promise<Map<string, Progress>> {
  const { rows } = await sql<Progress & { id: string }>`
    WITH last AS (SELECT DISTINCT ON (recall_id, lot_id, holder_id) recall_id, lot_id, holder_id, grams FROM coldchain.recall_count
      WHERE recall_id = ANY(${ids}::uuid[]) ORDER BY recall_id, lot_id, holder_id, at DESC, id DESC),
    line AS (SELECT x.recall_id, x.holder_id, x.fate, x.grams, c.grams IS NOT NULL AS counted,
        div(2 * x.grams::numeric * least(c.grams, x.mass) + x.mass, 2 * x.mass) AS found
      FROM coldchain.recall_line x LEFT JOIN last c ON c.recall_id = x.recall_id AND c.lot_id = x.lot_id AND c.holder_id = x.holder_id
        AND x.fate = 'on-hand'
      WHERE x.recall_id = ANY(${ids}::uuid[]))
    SELECT recall_id AS id, (count(DISTINCT holder_id) FILTER (WHERE fate = 'on-hand'))::int AS asked,
      (count(DISTINCT holder_id) FILTER (WHERE fate = 'on-hand')
        - count(DISTINCT holder_id) FILTER (WHERE fate = 'on-hand' AND NOT counted))::int AS answered,
      coalesce(sum(CASE WHEN fate = 'unaccounted' THEN grams WHEN counted THEN grams - found END), 0)::bigint AS unaccounted
    FROM line GROUP BY recall_id`.execute(tx)
  return new Map(rows.map(({ id, ...progress }) => [id, progress]))
}
