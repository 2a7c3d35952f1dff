import { dayOf } from '@vigil/codes'
import { sql } from 'kysely'
import { beyondScope, type Tx } from '../../kernel/db/index.ts'
import type { HolderRow } from './coldchain.table.ts'

export interface Tally {
  readonly lots?: number
  /** Cases: boxes that entered. */
  readonly boxes?: number
  readonly grams?: number
  readonly released?: number
  readonly violations?: number
  readonly withdrawnGrams?: number
}

/** Adds to the figures of a holder's area and day, in the transaction of what they count. */
export async function tally(
  tx: Tx,
  { path, code }: Pick<HolderRow, 'path' | 'code'>,
  at: Date,
  { lots = 0, boxes = 0, grams = 0, released = 0, violations = 0, withdrawnGrams = 0 }: Tally,
): Promise<void> {
  const area = path.slice(0, -code.length - 1)
  const county = area.split('/')[3] ?? ''
  await beyondScope(tx, () =>
    sql`INSERT INTO coldchain.tally AS t (county, path, day, lots, boxes, grams, released, violations, withdrawn_grams)
      VALUES (${county}, ${area}, ${dayOf(at)}, ${lots}, ${boxes}, ${grams}, ${released}, ${violations}, ${withdrawnGrams})
      ON CONFLICT (path, day) DO UPDATE SET lots = t.lots + excluded.lots, boxes = t.boxes + excluded.boxes, grams = t.grams + excluded.grams,
        released = t.released + excluded.released, violations = t.violations + excluded.violations,
        withdrawn_grams = t.withdrawn_grams + excluded.withdrawn_grams`.execute(tx),
  )
}
