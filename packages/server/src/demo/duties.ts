import { systemScope, withScope } from '../kernel/db/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Pharmacy } from '../modules/pharmacy/index.ts'
import { findCity } from './demo.ts'
import { checkInStores, openStores } from './opening.ts'
import { fillRosters } from './staff.ts'

const mark = 'demo.duties'
/** Pause between two looks at who has checked in by now, in ms. */
const everyMs = 60_000

async function once(kernel: Kernel, work: () => Promise<void>): Promise<void> {
  const done = await withScope(kernel.db, systemScope, (tx) =>
    tx.selectFrom('vigil.setting').select('name').where('name', '=', mark).executeTakeFirst(),
  )
  if (done) return
  await work()
  await withScope(kernel.db, systemScope, (tx) =>
    tx
      .insertInto('vigil.setting')
      .values({ name: mark, value: JSON.stringify({ done: kernel.clock.now().toISOString() }) })
      .onConflict((same) => same.doNothing())
      .execute(),
  )
}

/**
 * Daily duties of the demo city's stores: their check-ins of the past days and, as their time comes, of today; rosters and
 * tests of a share of them. @returns ends it
 */
export function startDemoDuties(kernel: Kernel, pharmacy: Pharmacy, logError: (error: unknown) => void): () => void {
  const { reference } = pharmacy.purchases
  let ended = false
  let timer: NodeJS.Timeout | undefined
  const begin = async () => {
    const found = await findCity(kernel)
    if (!found) return
    const { city, startDay } = found
    await once(kernel, async () => {
      await openStores(kernel, city, startDay)
      await fillRosters(kernel, reference, city, startDay)
    })
    let since: Date | undefined
    const step = async () => {
      const now = kernel.clock.now()
      await checkInStores(kernel, reference, city, { startDay, since })
      since = now
      if (!ended) timer = setTimeout(() => void step().catch((error) => ended || logError(error)), everyMs)
    }
    await step()
  }
  void begin().catch((error) => ended || logError(error))
  return () => {
    ended = true
    clearTimeout(timer)
  }
}
