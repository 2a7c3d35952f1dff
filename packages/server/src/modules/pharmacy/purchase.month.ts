import { dayOf, uuidv7Time } from '@vigil/codes'
import type { Kernel } from '../../kernel/kernel.ts'
import { VaultError } from '../../kernel/vault/index.ts'

/** Months whose partitions exist, per database pool: asked once each. */
const known = new WeakMap<object, Set<string>>()

/**
 * Makes sure that the data keys and the monthly partitions of the rows exist before they are written.
 * @returns months whose key was destroyed: nothing can be stored for them any more
 */
export async function ensureMonths(
  kernel: Kernel,
  rows: readonly { keyMonth: string; id: string }[],
): Promise<Set<string>> {
  const shredded = new Set<string>()
  for (const month of new Set(rows.map((row) => row.keyMonth)))
    await kernel.vault.ensureMonth(month).catch((error) => {
      if (!(error instanceof VaultError) || error.code !== 'shredded') throw error
      shredded.add(month)
    })
  const pool = kernel.connections.system
  const done = known.get(pool) ?? new Set()
  known.set(pool, done)
  for (const month of new Set(rows.map((row) => dayOf(new Date(uuidv7Time(row.id))).slice(0, 7)))) {
    if (done.has(month)) continue
    await pool.query('SELECT vigil.ensure_month($1::date)', [`${month}-01`])
    done.add(month)
  }
  return shredded
}
