import { dayOf } from '@vigil/codes'
import { measureKindNames } from '@vigil/contract'
import { systemCaller } from '../../kernel/access/caller.ts'
import { inForce, levelsAbove } from '../../kernel/area/index.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf } from '../../kernel/command/command.ts'
import { systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import { type Message, tellNearest } from '../channel/index.ts'
import type { ComplianceParts } from './compliance.loop.ts'
import type { MeasureRow } from './measure.store.ts'
import { afterTold, daysAfter, defaultUpDays, nextStep } from './overdue.domain.ts'

/** Measures handled in one look, so that one transaction stays short. */
const atOnce = 500
/** Stores that a message names. */
const named = 6
const system = systemCaller('逾期督办', [])

/** Measures that are overdue and of which a level is to be told now, locked; those that another process is at are passed over. */
const lockOverdue = (tx: Tx, now: Date): Promise<MeasureRow[]> =>
  tx
    .selectFrom('compliance.measure')
    .selectAll()
    .where('state', '=', 'open')
    .where('escalateAt', '<=', now)
    .orderBy('escalateAt')
    .limit(atOnce)
    .forUpdate()
    .skipLocked()
    .execute()

interface Group {
  readonly levels: readonly string[]
  readonly rows: MeasureRow[]
}

/** Measures by the level that is next. */
function groupsOf({ purchases }: ComplianceParts, rows: readonly MeasureRow[]): Group[] {
  const { reference } = purchases
  const levelOf = (path: string) => reference.area(path.split('/').at(-2) ?? '')?.level
  const groups = new Map<string, Group>()
  for (const row of rows) {
    // The last step of the path is the store itself.
    const levels = levelsAbove(row.path, levelOf).slice(row.escalations)
    const key = levels[0] ?? ''
    const group = groups.get(key)
    if (group) group.rows.push(row)
    else groups.set(key, { levels, rows: [row] })
  }
  return [...groups.values()]
}

function messageOf({ purchases }: ComplianceParts, { levels, rows }: Group, now: Date): Omit<Message, 'level'> {
  const { reference } = purchases
  const path = levels[0] ?? '/'
  const area = reference.area(path.split('/').at(-2) ?? '')
  const kinds = Map.groupBy(rows, ({ kind }) => kind)
  const lines = [...kinds].map(([kind, list]) => {
    const next = nextStep[kind]
    const then = next ? `建议下一步：${measureKindNames[next]}` : '请催办或改派'
    return `${measureKindNames[kind]} ${list.length} 项，${then}`
  })
  const names = rows.slice(0, named).map(({ storeCode }) => reference.store(storeCode)?.name ?? storeCode)
  const more = rows.length > named ? `等 ${rows.length} 家` : ''
  return {
    kind: 'compliance',
    grade: null,
    path,
    title: `${area?.name ?? ''} ${rows.length} 项药店规范处置逾期`,
    text: `${lines.join('\n')}\n药店：${names.join('、')}${more}`,
    url: `/compliance-measures?${area ? `area=${area.code}&` : ''}state=overdue`,
    accounts: rows.flatMap(({ assigneeId }) => (assigneeId ? [assigneeId] : [])),
    at: now,
  }
}

/**
 * What nobody has done in time is told of at the store's own area, then, as the rule in force there says, level by level up
 * to the city. A measure is told of once at each level, by whichever process comes first.
 * @returns measures of which somebody was told
 */
export async function escalateOverdue(parts: ComplianceParts): Promise<number> {
  const { kernel } = parts
  const now = kernel.clock.now()
  return withScope(kernel.db, systemScope, async (tx) => {
    const rows = await lockOverdue(tx, now)
    if (rows.length === 0) return 0
    const rules = await tx.selectFrom('compliance.overdueRule').selectAll().execute()
    let escalated = 0
    for (const group of groupsOf(parts, rows)) {
      const { levels } = group
      const told = await tellNearest(tx, messageOf(parts, group, now), levels)
      if (told) escalated += group.rows.length
      for (const row of group.rows) {
        const upDays = inForce(rules, row.path, dayOf(now))?.upDays ?? defaultUpDays
        const { through, inDays } = afterTold(levels, told && levels.indexOf(told.level), upDays)
        await tx
          .updateTable('compliance.measure')
          .set({
            escalations: row.escalations + through,
            escalatedAt: now,
            // Nobody there wants messages: it still stands in the list of that level.
            escalatedTo: told?.level ?? levels[0] ?? row.path,
            escalateAt: inDays === null ? null : daysAfter(now, inDays),
          })
          .where('id', '=', row.id)
          .execute()
      }
      await record(
        tx,
        ...group.rows.map(({ id, path }) =>
          auditOf(system, {
            action: 'compliance.escalate',
            object: `measure:${id}`,
            path,
            detail: { to: told?.level ?? null, recipients: told?.recipients ?? 0 },
          }),
        ),
      )
    }
    return escalated
  })
}
