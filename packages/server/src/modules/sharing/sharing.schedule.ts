import type { Tx } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { dueAfter, periodOf } from './schedule.domain.ts'
import { type DestinationRow, insertDelivery, lockDue } from './sharing.store.ts'
import { aboutDelivery, audit, inSystem } from './sharing.system.ts'

/** Destinations that are scheduled in one transaction. */
const batch = 20
/** Due times that were missed longer ago, in ms, are not made up for. */
const longestMissed = 31 * 86_400_000

/** Days that a due destination covers now; undefined when there is nothing new, or when the last ones are still on their way. */
async function nextPeriod(tx: Tx, destination: DestinationRow, now: Date) {
  const missed = destination.nextAt && now.getTime() - destination.nextAt.getTime() < longestMissed
  // Each day of its own file: days missed while the server was off are made up for, one due time after the other.
  if (destination.cover === 'yesterday')
    return periodOf(parts(destination), undefined, (missed && destination.nextAt) || now)
  const open = await tx
    .selectFrom('sharing.delivery')
    .select('id')
    .where('destinationId', '=', destination.id)
    .where('kind', '=', 'scheduled')
    .where('status', 'in', ['preparing', 'waiting', 'held'])
    .limit(1)
    .executeTakeFirst()
  if (open) return undefined
  const last = await tx
    .selectFrom('sharing.delivery')
    .select(['toDay as to', 'createdAt as madeAt'])
    .where('destinationId', '=', destination.id)
    .where('kind', '<>', 'test')
    .where('acknowledgedAt', 'is not', null)
    .orderBy('toDay', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return periodOf(parts(destination), last, now)
}

const parts = ({ schedule, cover, createdAt }: DestinationRow) => ({ schedule, cover, setUpAt: createdAt })

/**
 * Orders the deliveries whose time has come. The due time moves on in the same transaction, under the destination's lock,
 * so that two processes cannot both answer it. @returns how many were ordered
 */
export async function schedule(kernel: Kernel): Promise<number> {
  const now = kernel.clock.now()
  return inSystem(kernel, async (tx) => {
    let ordered = 0
    for (const destination of await lockDue(tx, now, batch)) {
      const { nextAt, cover } = destination
      const period = await nextPeriod(tx, destination, now)
      const recent = nextAt && now.getTime() - nextAt.getTime() < longestMissed
      const from = cover === 'yesterday' && recent ? nextAt : now
      await tx
        .updateTable('sharing.destination')
        .set({ nextAt: dueAfter(destination.schedule, from) })
        .where('id', '=', destination.id)
        .execute()
      if (!period) continue
      const order = {
        kind: 'scheduled',
        fromDay: period.from,
        toDay: period.to,
        slotAt: nextAt,
        createdBy: '定时推送',
      } as const
      const delivery = await insertDelivery(tx, destination, order, now)
      await audit(tx, {
        action: 'sharing.schedule',
        ...aboutDelivery(delivery),
        detail: { ...period, destination: destination.id },
      })
      ordered++
    }
    return ordered
  })
}
