import { dayOf } from '@vigil/codes'
import { sql } from 'kysely'
import { systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { findPersonal, sealPersonal } from './staff.seal.ts'

const batchRows = 200
type Parts = Pick<Kernel, 'db' | 'vault' | 'clock'>

/** Seals a batch of present workers with the key of a month. @returns how many there were */
async function resealBatch(
  { vault }: Parts,
  tx: Tx,
  month: string,
  today: string,
  only: string | null,
): Promise<number> {
  const { rows } = await sql<{ id: string; keyMonth: string; sealed: Buffer }>`
    SELECT id, key_month, sealed FROM staff.member
    WHERE key_month < ${month} AND (${only}::text IS NULL OR key_month = ${only}) AND person_index IS NOT NULL
      AND void_at IS NULL AND (left_on IS NULL OR left_on > ${today})
    ORDER BY id LIMIT ${batchRows} FOR UPDATE SKIP LOCKED`.execute(tx)
  await vault.loadMonths(rows.map((row) => row.keyMonth))
  await vault.ensureMonth(month)
  for (const row of rows) {
    const personal = findPersonal(vault, row)
    const next = personal
      ? { keyMonth: month, sealed: sealPersonal(vault, month, row.id, personal) }
      : // Nothing can open it any more; without an index nobody looks at it again.
        { personIndex: null, mobileIndex: null, digest: null }
    await tx.updateTable('staff.member').set(next).where('id', '=', row.id).execute()
  }
  return rows.length
}

/**
 * Seals the data of everybody who is on a roster with the key of the current month, so that a destroyed month takes those
 * along who had left by its end, and nobody else.
 * @param month seals with this month's key unless it is the current one
 * @returns workers sealed anew
 */
export async function resealPresent(kernel: Parts): Promise<number> {
  const today = dayOf(kernel.clock.now())
  let sum = 0
  for (;;) {
    const done = await withScope(kernel.db, systemScope, (tx) =>
      resealBatch(kernel, tx, today.slice(0, 7), today, null),
    )
    sum += done
    if (done < batchRows) return sum
  }
}

/**
 * Before a month goes: whoever is still on a roster is sealed anew in the same transaction, then the keyed indexes of the
 * others are emptied. @returns rows emptied
 */
export async function forgetMonth(kernel: Parts, tx: Tx, month: string): Promise<number> {
  const today = dayOf(kernel.clock.now())
  while ((await resealBatch(kernel, tx, today.slice(0, 7), today, month)) === batchRows);
  const { numAffectedRows } = await sql`
    UPDATE staff.member SET person_index = NULL, mobile_index = NULL, digest = NULL
    WHERE key_month = ${month} AND person_index IS NOT NULL`.execute(tx)
  return Number(numAffectedRows ?? 0)
}
