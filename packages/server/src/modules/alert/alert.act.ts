import type { Alert, alertStepKinds } from '@vigil/contract'
import { type Caller, can } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { beyondScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, forbidden } from '../../kernel/error/problem.ts'
import { tellConsoles } from './alert.keep.ts'
import type { AlertParts } from './alert.parts.ts'
import { toAlerts } from './alert.show.ts'
import { type AlertRow, addStep, lockAlert, type UnitRow, updateAlert } from './alert.store.ts'
import { aboutAlert } from './alert.system.ts'
import { leadUnits } from './alert.words.domain.ts'
import { type Action, after } from './deadline.domain.ts'

/** What a person does with an alert, as it is kept and told. */
export interface Act {
  readonly action: Action
  /** Name in the audit log and in the history. */
  readonly audit: `alert.${string}`
  readonly step: (typeof alertStepKinds)[number]
  readonly text: string
  readonly change?: Partial<Omit<AlertRow, 'id'>>
  readonly detail?: Record<string, unknown>
  /** Only for those in whose area one of its leading units lies. */
  readonly judging?: boolean
}

/** Whether a caller may judge an alert of which he sees these units. */
export const mayJudge = (caller: Caller, units: readonly UnitRow[], widest: UnitRow['kind']): boolean =>
  units.some(({ kind, path }) => kind === widest && can(caller, 'alert.handle', path))

/** Kind of the widest units of an alert, of those too that the caller does not see. */
export async function widestKind(tx: Tx, alertId: string): Promise<UnitRow['kind']> {
  const units = await beyondScope(tx, () =>
    tx.selectFrom('alert.unit').select('kind').distinct().where('alertId', '=', alertId).execute(),
  )
  return leadUnits(units)[0]?.kind ?? 'store'
}

/**
 * One command of a person on an alert of his area: any of them is the first response when nobody has answered yet.
 * @param prepare writes what else belongs to it, under the lock of the alert
 * @throws Problem 404, 409 when the state does not allow it, 403 when only a wider level may judge
 */
export async function act(
  parts: AlertParts,
  caller: Caller,
  id: string,
  prepare: (tx: Tx, row: AlertRow, now: Date) => Promise<Act>,
): Promise<Alert> {
  const now = parts.kernel.clock.now()
  return command(parts.kernel.db, caller, 'alert.handle', async (tx, audit) => {
    const row = await lockAlert(tx, id)
    const { action, audit: name, step, text, change, detail, judging } = await prepare(tx, row, now)
    const next = after(row.state, action)
    if ('refused' in next) throw conflict(next.refused, 'state')
    const units = await tx.selectFrom('alert.unit').selectAll().where('alertId', '=', id).execute()
    if (judging && !mayJudge(caller, units, await widestKind(tx, id))) throw forbidden('该预警由县（市、区）作出结论')
    const first = row.answeredAt === null
    const changed = await updateAlert(tx, id, {
      ...change,
      state: next.state,
      ...(first && { answeredAt: now, answeredBy: caller.name, escalateAt: null }),
      ...(first && !row.assigneeId && action !== 'assign' && caller.kind === 'account'
        ? { assigneeId: caller.id, assignee: caller.name }
        : {}),
    })
    await addStep(tx, id, { at: now, actor: caller.name, kind: step, text })
    await audit({ action: name, ...aboutAlert(row), detail: { from: row.state, to: next.state, ...detail } })
    await tellConsoles(tx, changed, step, '')
    const [shown] = await toAlerts(tx, [changed])
    return shown!
  })
}
