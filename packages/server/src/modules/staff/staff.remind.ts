import { addDays, type Day, dayOf, startOfDay } from '@vigil/codes'
import { sql } from 'kysely'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { sendNotices, withdrawNotices } from '../notice/index.ts'
import type { Reference } from '../pharmacy/index.ts'
import { standings } from './staff.member.ts'

/** Time of day from which counters are reminded, in ms after midnight in Shanghai. */
const fromMs = 8 * 3_600_000
const setting = 'staff.reminded'

interface Due {
  soon: number
  due: number
  overdue: number
  path: string
}

const textOf = ({ soon, due, overdue }: Due): string => {
  const parts = [
    ...(overdue ? [`已逾期 ${overdue} 人`] : []),
    ...(due ? [`今日到期 ${due} 人`] : []),
    ...(soon ? [`即将到期 ${soon} 人`] : []),
  ]
  return `本店从业人员检测：${parts.join('，')}。请在“人员检测”中查看名单，安排采样并登记结果；离岗或休假的请及时登记。`
}

/**
 * Reminds the counters once a day of who is due, overdue or will be so in the days of warning; yesterday's reminder goes.
 * Of several processes one does it.
 * @returns stores reminded; undefined when it is too early or done
 */
export async function remind(kernel: Kernel, reference: Reference): Promise<number | undefined> {
  const now = kernel.clock.now()
  const day: Day = dayOf(now)
  if (now.getTime() < startOfDay(day).getTime() + fromMs) return undefined
  return withScope(kernel.db, systemScope, async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext(${setting}))`.execute(tx)
    const before = await tx.selectFrom('vigil.setting').select('value').where('name', '=', setting).executeTakeFirst()
    if ((before?.value as { day?: string } | undefined)?.day === day) return undefined
    await sql`INSERT INTO vigil.setting (name, value) VALUES (${setting}, ${JSON.stringify({ day })}::jsonb)
      ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value, updated_at = now()`.execute(tx)
    const stores = new Map<string, Due>()
    for (const { worker, assessment } of await standings(tx, { day, knownAt: null })) {
      const { state } = assessment
      if (state !== 'soon' && state !== 'due' && state !== 'overdue') continue
      if (reference.store(worker.storeCode)?.status !== 'active') continue
      const found = stores.get(worker.storeCode) ?? { soon: 0, due: 0, overdue: 0, path: worker.path }
      found[state]++
      stores.set(worker.storeCode, found)
    }
    const source = (of: Day) => ({ module: 'staff', id: of })
    await withdrawNotices(tx, source(addDays(day, -1)), '系统')
    await sendNotices(
      tx,
      [...stores].map(([storeCode, due]) => ({
        storeCode,
        path: due.path,
        kind: 'staff' as const,
        title: `人员检测提醒：${due.overdue + due.due + due.soon} 人`,
        body: textOf(due),
        needs: 'read' as const,
        dueAt: null,
        source: source(day),
        by: '系统',
        at: now,
      })),
    )
    return stores.size
  })
}
