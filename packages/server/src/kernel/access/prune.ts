import { systemScope, withScope } from '../db/index.ts'
import type { Kernel } from '../kernel.ts'
import { pruneAttempts } from './attempt.ts'
import { pruneSessions } from './session.ts'

/** Daily housekeeping: sessions that are over, and counts of failures that are forgotten. Safe to run at any time. */
export async function pruneAccess(kernel: Pick<Kernel, 'db' | 'clock'>): Promise<void> {
  const now = kernel.clock.now()
  await withScope(kernel.db, systemScope, async (tx) => {
    await pruneSessions(tx, now)
    await pruneAttempts(tx, now)
  })
}
