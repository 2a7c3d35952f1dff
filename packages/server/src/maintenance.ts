import { addDays, dayOf } from '@vigil/codes'
import { pruneAccess } from './kernel/access/index.ts'
import type { Kernel } from './kernel/kernel.ts'
import { dropOldSheets, foldRollups } from './modules/pharmacy/index.ts'

const hourMs = 3_600_000

/** Partitions and data keys of this and the next month, made before the first sale of the month needs them. */
export async function prepareMonths(kernel: Kernel): Promise<void> {
  const today = dayOf(kernel.clock.now())
  for (const day of [today, addDays(today, 31)]) {
    await kernel.connections.system.query('SELECT vigil.ensure_month($1::date)', [`${day.slice(0, 7)}-01`])
    await kernel.vault.ensureMonth(day.slice(0, 7))
  }
}

async function sweep(kernel: Kernel): Promise<void> {
  const { system } = kernel.connections
  await pruneAccess(kernel)
  await system.query(`DELETE FROM pharmacy.lookup_hour WHERE hour < now() - interval '2 days'`)
  await foldRollups(kernel)
  await dropOldSheets(kernel)
  await kernel.files.sweep()
}

/** Hourly housekeeping; every process may run it. @returns stops it */
export function startMaintenance(kernel: Kernel, logError: (error: unknown) => void): () => void {
  const run = () =>
    void prepareMonths(kernel)
      .then(() => sweep(kernel))
      .catch(logError)
  const timer = setInterval(run, hourMs)
  run()
  return () => clearInterval(timer)
}
