import type { Tx } from '../../kernel/db/index.ts'
import { announce } from '../../kernel/live/index.ts'
import type { Signal } from '../surveillance/index.ts'
import { type Event, type Grade, gradeOf, gradeRank, spanOf } from './alert.domain.ts'
import type { AlertParts } from './alert.parts.ts'
import {
  type AlertRow,
  addStep,
  type PolicyRow,
  signalKey,
  takeNumber,
  type UnitRow,
  updateAlert,
} from './alert.store.ts'
import { aboutAlert, audit, systemName } from './alert.system.ts'
import { duration, leading, leadUnits, titleOf } from './alert.words.domain.ts'
import { commonPath, dueAt, earlier } from './deadline.domain.ts'

type Unit = Pick<UnitRow, 'kind' | 'code' | 'name' | 'path'>

export interface Change {
  readonly event: Event
  /** What was handed over of it now. */
  readonly signals: readonly Signal[]
  readonly policy: PolicyRow
  readonly now: Date
}

/** Keeps signals and their units with an alert. */
async function keepSignals(tx: Tx, alertId: string, signals: readonly Signal[]): Promise<void> {
  if (signals.length === 0) return
  const units = new Map(signals.map(({ unit }) => [`${unit.kind} ${unit.code}`, unit]))
  await tx
    .insertInto('alert.unit')
    .values(
      [...units.values()].map(({ kind, code, name, path, county }) => ({ alertId, kind, code, name, path, county })),
    )
    .onConflict((conflict) => conflict.columns(['alertId', 'kind', 'code']).doNothing())
    .execute()
  const rows = new Map(
    signals.map(({ unit, ...signal }) => {
      const row = { ...signal, alertId, kind: unit.kind, code: unit.code, path: unit.path }
      return [signalKey(row), row]
    }),
  )
  await tx
    .insertInto('alert.signal')
    .values([...rows.values()])
    .onConflict((conflict) =>
      conflict.columns(['class', 'kind', 'code', 'day', 'ruleId']).doUpdateSet((eb) => ({
        alertId: eb.ref('excluded.alertId'),
        ruleVersion: eb.ref('excluded.ruleVersion'),
        ruleName: eb.ref('excluded.ruleName'),
        observed: eb.ref('excluded.observed'),
        expected: eb.ref('excluded.expected'),
        lower: eb.ref('excluded.lower'),
        upper: eb.ref('excluded.upper'),
        score: eb.ref('excluded.score'),
        p: eb.ref('excluded.p'),
        grade: eb.ref('excluded.grade'),
        reason: eb.ref('excluded.reason'),
        completeness: eb.ref('excluded.completeness'),
      })),
    )
    .execute()
}

/** Units all of whose signals a new computation has taken back belong to it no more. */
async function dropQuietUnits(tx: Tx, alertId: string): Promise<void> {
  await tx
    .deleteFrom('alert.unit as u')
    .where('u.alertId', '=', alertId)
    .where(({ exists, not, selectFrom }) =>
      not(
        exists(
          selectFrom('alert.signal as s')
            .select('s.code')
            .where('s.alertId', '=', alertId)
            .where('s.grade', 'is not', null)
            .whereRef('s.kind', '=', 'u.kind')
            .whereRef('s.code', '=', 'u.code'),
        ),
      ),
    )
    .execute()
}

const unitsOf = (tx: Tx, alertId: string) =>
  tx.selectFrom('alert.unit').selectAll().where('alertId', '=', alertId).orderBy('path').execute()

/** The area whose people answer first: that of the widest unit, and of the first of several. */
function levelOf({ reference }: AlertParts, units: readonly Unit[]): string {
  const [unit] = leadUnits(units)
  const path = unit?.path ?? '/'
  return unit?.kind === 'store' ? (reference.area(reference.store(unit.code)?.areaCode ?? '')?.path ?? path) : path
}

/** Places that a heading names. */
const placesOf = (units: readonly Unit[]): string[] => leadUnits(units).map(({ name }) => name)

/** Tells the open consoles of an alert. */
export async function tellConsoles(tx: Tx, row: AlertRow, change: string, title: string): Promise<void> {
  const units = await unitsOf(tx, row.id)
  const { id, number, grade, state } = row
  const paths = [...new Set([row.path, ...units.filter(({ kind }) => kind !== 'store').map(({ path }) => path)])]
  await announce(tx, {
    event: 'alert',
    permission: 'alert.read',
    paths,
    data: { id, number, grade, state, change, title, openedAt: row.openedAt.toISOString() },
  })
}

async function tellPeople(
  parts: AlertParts,
  tx: Tx,
  row: AlertRow,
  { now, change, reason }: { now: Date; change: 'opened' | 'upgraded'; reason: string },
): Promise<void> {
  const units = await unitsOf(tx, row.id)
  const title = titleOf(row, placesOf(units), change === 'opened' ? '预警' : '预警升级')
  const minutes = Math.max(0, row.dueAt.getTime() - now.getTime()) / 60_000
  await parts.tell(tx, {
    kind: 'alert',
    grade: row.grade,
    path: row.path,
    paths: [...new Set(units.map(({ path }) => path))].slice(0, 40),
    title,
    text: `${reason}\n编号：${row.number}\n请在 ${duration(minutes)} 内响应。`,
    url: `/alerts/${row.id}`,
    at: now,
  })
  await tellConsoles(tx, row, change, title)
}

/** Opens an alert for an event that nobody was told of yet. */
export async function openAlert(parts: AlertParts, tx: Tx, className: string, change: Change): Promise<void> {
  const { event, signals, policy, now } = change
  const grade = gradeOf(event)
  const span = spanOf(event)
  if (!grade || !span) return
  const due = dueAt(policy, grade, now)
  const number = await takeNumber(tx, now)
  const units = [...new Map(signals.map(({ unit }) => [unit.path, unit])).values()]
  const path = commonPath(units.map((unit) => unit.path))
  const row = await tx
    .insertInto('alert.alert')
    .values({
      id: event.id,
      number,
      class: className,
      path,
      grade,
      state: 'new',
      firstDay: span.first,
      lastDay: span.last,
      openedAt: now,
      dueAt: due,
      answeredAt: null,
      answeredBy: null,
      escalateAt: due,
      levelPath: levelOf(parts, units),
      assigneeId: null,
      assignee: null,
      finding: null,
      explanation: null,
      foundAt: null,
      closedAt: null,
      fadedAt: null,
      mergedInto: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await keepSignals(tx, event.id, signals)
  const reason =
    leading(signals.map(({ unit, ...rest }) => ({ ...rest, kind: unit.kind, code: unit.code })))?.reason ?? ''
  await addStep(tx, event.id, { at: now, actor: systemName, kind: 'opened', text: reason })
  await audit(tx, { action: 'alert.open', ...aboutAlert(row), detail: { grade, class: className } })
  await tellPeople(parts, tx, row, { now, change: 'opened', reason })
}

/** Follows an event: more days, more places, a higher grade, or nothing left of it after a new computation. */
export async function grow(
  parts: AlertParts,
  tx: Tx,
  row: AlertRow,
  change: Change & { readonly more: boolean; readonly reopened: boolean },
): Promise<void> {
  const { event, signals, policy, now, reopened, more } = change
  await keepSignals(tx, row.id, signals)
  const grade = gradeOf(event)
  const span = spanOf(event)
  const step = (kind: 'grew' | 'upgraded' | 'reopened' | 'faded', text: string) =>
    addStep(tx, row.id, { at: now, actor: systemName, kind, text })
  if (!grade || !span) return vanish(tx, row, now, step)
  // Whoever has taken it goes on seeing where it was.
  if (row.state === 'new') await dropQuietUnits(tx, row.id)
  const units = await unitsOf(tx, row.id)
  const path = commonPath(units.map((unit) => unit.path))
  const rises = gradeRank(grade) > gradeRank(row.grade)
  const due = dueAt(policy, grade, now)
  const waiting = row.state === 'new'
  const level = levelOf(parts, units)
  const next = await updateAlert(tx, row.id, {
    grade,
    path,
    firstDay: span.first,
    lastDay: span.last,
    ...(level.length < row.levelPath.length && waiting && { levelPath: level }),
    ...(span.last > row.lastDay && { fadedAt: null }),
    ...(rises && waiting && { dueAt: earlier(row.dueAt, due), escalateAt: earlier(row.escalateAt, due) }),
    ...(reopened && {
      state: 'new',
      dueAt: due,
      escalateAt: due,
      answeredAt: null,
      answeredBy: null,
      closedAt: null,
      fadedAt: null,
      levelPath: level,
    }),
  })
  const sorted = signals.map(({ unit, ...rest }) => ({ ...rest, kind: unit.kind, code: unit.code }))
  const reason = leading(sorted.filter(({ grade: own }) => own !== null))?.reason ?? ''
  if (reopened) await step('reopened', reason)
  else if (rises) await step('upgraded', reason)
  else if (more || span.last > row.lastDay) await step('grew', reason)
  if (reopened || rises) {
    await audit(tx, {
      action: reopened ? 'alert.reopen' : 'alert.upgrade',
      ...aboutAlert(next),
      detail: { from: row.grade satisfies Grade, to: grade },
    })
    if (next.state === 'new' || rises)
      await tellPeople(parts, tx, next, { now, change: reopened ? 'opened' : 'upgraded', reason })
  } else if (more || span.last > row.lastDay) await tellConsoles(tx, next, 'grew', '')
}

/** A new computation has taken all signals back. */
async function vanish(
  tx: Tx,
  row: AlertRow,
  now: Date,
  step: (kind: 'faded', text: string) => Promise<void>,
): Promise<void> {
  if (row.state === 'closed' || row.state === 'faded' || row.fadedAt) return
  await step('faded', '重新计算后，各日均未超出预期')
  const next = await updateAlert(tx, row.id, {
    fadedAt: now,
    ...(row.state === 'new' && { state: 'faded', escalateAt: null, closedAt: now }),
  })
  await audit(tx, { action: 'alert.fade', ...aboutAlert(next), detail: { recomputed: true } })
  await tellConsoles(tx, next, 'faded', '')
}

const progress = { new: 0, faded: 0, merged: 0, taken: 1, checking: 2, found: 3, closed: 3 } as const

/** Two events have turned out to be one: what was done for the younger goes on in the older. */
export async function mergeAlert(tx: Tx, from: string, into: string, now: Date): Promise<void> {
  const rows = await tx.selectFrom('alert.alert').selectAll().where('id', 'in', [from, into]).execute()
  const younger = rows.find(({ id }) => id === from)!
  const older = rows.find(({ id }) => id === into)!
  await tx
    .insertInto('alert.unit')
    .columns(['alertId', 'kind', 'code', 'name', 'county', 'path'])
    .expression((eb) =>
      eb
        .selectFrom('alert.unit')
        .select((row) => [row.val(into).as('alertId'), 'kind', 'code', 'name', 'county', 'path'])
        .where('alertId', '=', from),
    )
    .onConflict((conflict) => conflict.columns(['alertId', 'kind', 'code']).doNothing())
    .execute()
  await tx.updateTable('alert.signal').set({ alertId: into }).where('alertId', '=', from).execute()
  await tx.updateTable('alert.question').set({ alertId: into }).where('alertId', '=', from).execute()
  await tx.updateTable('alert.referral').set({ alertId: into }).where('alertId', '=', from).execute()
  await updateAlert(tx, from, { state: 'merged', mergedInto: into, escalateAt: null, closedAt: now })
  const units = await unitsOf(tx, into)
  const ahead = progress[younger.state] > progress[older.state]
  const next = await updateAlert(tx, into, {
    path: commonPath(units.map(({ path }) => path)),
    ...(ahead && {
      state: younger.state,
      answeredAt: older.answeredAt ?? younger.answeredAt,
      answeredBy: older.answeredBy ?? younger.answeredBy,
      escalateAt: null,
      assigneeId: older.assigneeId ?? younger.assigneeId,
      assignee: older.assignee ?? younger.assignee,
      finding: younger.finding,
      explanation: younger.explanation,
      foundAt: younger.foundAt,
    }),
  })
  const step = { at: now, actor: systemName, kind: 'merged' } as const
  await addStep(tx, into, { ...step, text: `预警 ${younger.number} 与本预警相邻且同期，已并入` })
  await addStep(tx, from, { ...step, text: `已并入预警 ${older.number}，请在那里处置` })
  await audit(tx, { action: 'alert.merge', ...aboutAlert(next), detail: { from: younger.number } })
  await tellConsoles(tx, next, 'merged', '')
}
