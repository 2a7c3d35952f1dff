import { dayOf } from '@vigil/codes'
import { sql } from 'kysely'
import { systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import { createJoined, repeat } from '../../kernel/loop/index.ts'
import { isQuiet } from './alert.domain.ts'
import { tellConsoles } from './alert.keep.ts'
import type { AlertParts } from './alert.parts.ts'
import { type AlertRow, addStep, lockGathering, openStates, policyAt, updateAlert } from './alert.store.ts'
import { aboutAlert, audit, systemName } from './alert.system.ts'
import { duration, leadUnits, titleOf } from './alert.words.domain.ts'
import { dueAt, levelAbove } from './deadline.domain.ts'

/** Alerts handled in one look, so that one transaction stays short. */
const atOnce = 50

/** The background work of one process: what nobody answers goes to the next level, what is quiet fades. */
export interface AlertLoop {
  tick(): Promise<void>
  close(): Promise<void>
}

/**
 * Alerts whose deadline has passed, locked; those that another process is at are passed over. The lock is the lease: it
 * ends with the transaction, or with the process that died.
 */
const lockLate = (tx: Tx, now: Date): Promise<AlertRow[]> =>
  tx
    .selectFrom('alert.alert')
    .selectAll()
    .where('state', '=', 'new')
    .where('escalateAt', '<=', now)
    .orderBy('escalateAt')
    .limit(atOnce)
    .forUpdate()
    .skipLocked()
    .execute()

async function escalate(parts: AlertParts, tx: Tx, row: AlertRow, now: Date): Promise<void> {
  const { reference } = parts
  const areaAt = (path: string) => reference.area(path.split('/').at(-2) ?? '')
  const above = levelAbove(row.levelPath, (path) => areaAt(path)?.level)
  if (!above) {
    await updateAlert(tx, row.id, { escalateAt: null })
    return
  }
  const policy = await policyAt(tx, dayOf(now))
  const next = await updateAlert(tx, row.id, {
    levelPath: above,
    escalations: row.escalations + 1,
    escalateAt: dueAt(policy, row.grade, now),
  })
  const level = areaAt(above)?.name ?? ''
  const units = await tx.selectFrom('alert.unit').selectAll().where('alertId', '=', row.id).execute()
  const places = leadUnits(units).map(({ name }) => name)
  const title = titleOf(row, places, '预警逾期未响应')
  const waited = duration((now.getTime() - row.openedAt.getTime()) / 60_000)
  await addStep(tx, row.id, {
    at: now,
    actor: systemName,
    kind: 'escalated',
    text: `${waited}无人响应，已上报${level}`,
  })
  await audit(tx, { action: 'alert.escalate', ...aboutAlert(row), detail: { to: above, number: next.escalations } })
  await parts.tell(tx, {
    kind: 'alert',
    grade: row.grade,
    path: row.path,
    paths: units.map(({ path }) => path).slice(0, 40),
    escalatedTo: above,
    title,
    text: `发出已 ${waited}，无人响应，现上报${level}。\n编号：${row.number}`,
    url: `/alerts/${row.id}`,
    at: now,
  })
  await tellConsoles(tx, next, 'escalated', title)
}

/** Ends what has been quiet for some days: by itself when nobody took it, else with a mark for whoever is at it. */
async function fade(tx: Tx, now: Date): Promise<void> {
  const today = dayOf(now)
  const { quietDays } = await policyAt(tx, today)
  const rows = await tx
    .selectFrom('alert.alert')
    .selectAll()
    .where('state', 'in', [...openStates])
    .where('fadedAt', 'is', null)
    .where('lastDay', '<', sql<string>`${today}::date - ${quietDays}::int`)
    .limit(atOnce)
    .forUpdate()
    .skipLocked()
    .execute()
  for (const row of rows) {
    if (!isQuiet(row.lastDay, today, quietDays)) continue
    const untaken = row.state === 'new'
    const next = await updateAlert(tx, row.id, {
      fadedAt: now,
      ...(untaken && { state: 'faded', closedAt: now, escalateAt: null }),
    })
    const text = `已连续 ${quietDays} 天未再超出预期${untaken ? '，且无人受理，自行结束' : ''}`
    await addStep(tx, row.id, { at: now, actor: systemName, kind: 'faded', text })
    await audit(tx, { action: 'alert.fade', ...aboutAlert(row), detail: { quietDays } })
    await tellConsoles(tx, next, 'faded', '')
  }
}

/** One look: what is late goes up, what is quiet fades. Safe in several processes at once, and to be repeated. */
export async function lookAfter(parts: AlertParts): Promise<void> {
  const { kernel } = parts
  const now = kernel.clock.now()
  await withScope(kernel.db, systemScope, async (tx) => {
    for (const row of await lockLate(tx, now)) await escalate(parts, tx, row, now)
  })
  await withScope(kernel.db, systemScope, async (tx) => {
    await lockGathering(tx)
    await fade(tx, now)
  })
}

/** Starts the loop. @param everyMs pause between two looks; 0: only `tick` looks */
export function startAlerts(parts: AlertParts, logError: (error: unknown) => void, everyMs: number): AlertLoop {
  const looking = createJoined(() => lookAfter(parts))
  const end = repeat(everyMs, looking.now, logError)
  return {
    tick: looking.now,
    close: async () => {
      end()
      await looking.settled()
    },
  }
}
