import { sql } from 'kysely'
import { levelsAbove } from '../../kernel/area/index.ts'
import { audit, inSystem } from './followup.system.ts'
import type { Parts } from './parts.ts'

/** Persons handled in one look, so that one transaction stays short. */
const atOnce = 500

/**
 * Tells those in charge of each area of the persons whose time has passed, and whom they were given to: once for each due
 * time, by whichever process comes first. Numbers only, since messages leave the house.
 * @returns persons of whom somebody was told
 */
export async function tellOverdue({ kernel, reference, tellNearest }: Parts): Promise<number> {
  const now = kernel.clock.now()
  return inSystem(kernel, async (tx) => {
    const rows = await tx
      .selectFrom('followup.entry')
      .select(['id', 'areaCode', 'state', 'assigneeId'])
      .where('state', '<>', 'closed')
      .where('dueAt', '<=', now)
      .where(sql<boolean>`told_due IS DISTINCT FROM due_at`)
      .orderBy('dueAt')
      .limit(atOnce)
      .forUpdate()
      .skipLocked()
      .execute()
    let persons = 0
    for (const [areaCode, list] of Map.groupBy(rows, (row) => row.areaCode)) {
      const area = reference.area(areaCode)
      const levels = levelsAbove(area?.path ?? '', (path) => reference.area(path.split('/').at(-2) ?? '')?.level)
      const handed = list.filter(({ state }) => state === 'handed').length
      const untaken = list.filter(({ state }) => state === 'new').length
      const parts = [
        ...(untaken > 0 ? [`无人承办 ${untaken} 人`] : []),
        ...(handed > 0 ? [`已转交未办结 ${handed} 人`] : []),
      ]
      const told = await tellNearest(
        tx,
        {
          kind: 'followup',
          grade: null,
          path: area?.path ?? '/',
          title: `${area?.name ?? areaCode} ${list.length} 人随访已超期`,
          text: `已过办理时限 ${list.length} 人${parts.length > 0 ? `，其中${parts.join('、')}` : ''}。请尽快办理并登记结果。`,
          url: `/followups?area=${areaCode}&overdue=1`,
          accounts: list.flatMap(({ assigneeId }) => (assigneeId ? [assigneeId] : [])),
          at: now,
        },
        levels,
      )
      if (told) persons += list.length
      await audit(tx, [
        {
          action: 'followup.overdue',
          object: `followup-area:${areaCode}`,
          path: area?.path ?? '/',
          areaCode,
          detail: { persons: list.length, to: told?.level ?? null, recipients: told?.recipients ?? 0 },
        },
      ])
    }
    if (rows.length > 0)
      await tx
        .updateTable('followup.entry')
        .set({ toldDue: sql<Date>`due_at` })
        .where(
          'id',
          'in',
          rows.map(({ id }) => id),
        )
        .execute()
    return persons
  })
}
