import type { Alert, AlertDetail, alertRoutes, QueryOf } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, narrow, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { invalidField, notFound } from '../../kernel/error/problem.ts'
import { mayJudge, widestKind } from './alert.act.ts'
import { unsealAnswer } from './alert.answer.ts'
import { gradeOrder } from './alert.domain.ts'
import { contributors, rulesOf } from './alert.evidence.ts'
import type { AlertParts } from './alert.parts.ts'
import { toAlerts, toUnits } from './alert.show.ts'
import { type AlertRow, getAlert, openStates } from './alert.store.ts'

type Routes = typeof alertRoutes
type ListQuery = QueryOf<Routes['alert.list']>

const states: Readonly<Record<NonNullable<ListQuery['state']>, readonly string[]>> = {
  open: openStates,
  new: ['new'],
  ended: ['closed', 'faded', 'merged'],
  all: [...openStates, 'closed', 'faded', 'merged'],
}

/** Alerts of the caller's area, the newest first. @throws Problem 404 outside the area, 400 for a cursor that is none */
export async function listAlerts(
  { kernel, reference }: AlertParts,
  caller: Caller,
  query: ListQuery,
): Promise<{ items: Alert[]; next: string | null }> {
  if (query.cursor !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(query.cursor))
    throw invalidField('/query/cursor', '翻页标记无效')
  const path = query.area === undefined ? undefined : reference.area(query.area)?.path
  if (query.area !== undefined && path === undefined) throw notFound('区划')
  const limit = query.limit ?? 50
  return readScope(kernel.db, narrow(scopeFor(caller, 'alert.read'), path), async (tx) => {
    let select = tx
      .selectFrom('alert.alert')
      .selectAll()
      .where('state', 'in', [...states[query.state ?? 'all']] as AlertRow['state'][])
      .orderBy('id', 'desc')
      .limit(limit + 1)
    if (query.grade) select = select.where('grade', '=', query.grade)
    if (query.class) select = select.where('class', '=', query.class)
    if (query.finding) select = select.where('finding', '=', query.finding)
    if (query.from) select = select.where('lastDay', '>=', query.from)
    if (query.to) select = select.where('firstDay', '<=', query.to)
    if (query.cursor !== undefined) select = select.where('id', '<', query.cursor)
    const rows = await select.execute()
    return {
      items: await toAlerts(tx, rows.slice(0, limit)),
      next: rows.length > limit ? rows[limit - 1]!.id : null,
    }
  })
}

/** How many alerts of the caller's area wait for somebody. */
export async function countAlerts({ kernel }: AlertParts, caller: Caller) {
  const now = kernel.clock.now()
  return readScope(kernel.db, scopeFor(caller, 'alert.read'), async (tx) => {
    const rows = await tx
      .selectFrom('alert.alert')
      .select((eb) => [
        'state',
        'grade',
        eb.fn.countAll<number>().as('count'),
        sql<number>`count(*) filter (where state = 'new' and due_at <= ${now})`.as('late'),
      ])
      .where('state', 'in', [...openStates])
      .groupBy(['state', 'grade'])
      .execute()
    const sum = (list: readonly { count: number }[]) => list.reduce((total, { count }) => total + Number(count), 0)
    const waiting = rows.filter(({ state }) => state === 'new')
    return {
      waiting: sum(waiting),
      open: sum(rows),
      late: rows.reduce((total, { late }) => total + Number(late), 0),
      worst: [...gradeOrder].reverse().find((grade) => waiting.some((row) => row.grade === grade)) ?? null,
    }
  })
}

/** Other alerts of the same class whose units the caller sees, of the year before. */
async function earlierOf(tx: Tx, row: AlertRow): Promise<AlertRow[]> {
  return tx
    .selectFrom('alert.alert as a')
    .selectAll('a')
    .where('a.class', '=', row.class)
    .where('a.id', '<>', row.id)
    .where('a.state', '<>', 'merged')
    .where('a.lastDay', '>=', sql<string>`${row.firstDay}::date - 366`)
    .where('a.firstDay', '<=', row.lastDay)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('alert.unit as u')
          .innerJoin('alert.unit as v', 'v.county', 'u.county')
          .select('u.code')
          .whereRef('u.alertId', '=', 'a.id')
          .where('v.alertId', '=', row.id),
      ),
    )
    .orderBy('a.id', 'desc')
    .limit(10)
    .execute()
}

/** One alert with its evidence and all that was done. @throws Problem 404 outside the area */
export async function readAlert(parts: AlertParts, caller: Caller, id: string): Promise<AlertDetail> {
  const { kernel } = parts
  return readScope(kernel.db, scopeFor(caller, 'alert.read'), async (tx) => {
    const row = await getAlert(tx, id)
    const units = await tx.selectFrom('alert.unit').selectAll().where('alertId', '=', id).orderBy('path').execute()
    const signals = await tx.selectFrom('alert.signal').selectAll().where('alertId', '=', id).execute()
    const steps = await tx.selectFrom('alert.step').selectAll().where('alertId', '=', id).orderBy('id').execute()
    const questions = await tx
      .selectFrom('alert.question')
      .selectAll()
      .where('alertId', '=', id)
      .orderBy('id')
      .execute()
    const referrals = await tx
      .selectFrom('alert.referral')
      .selectAll()
      .where('alertId', '=', id)
      .orderBy('id')
      .execute()
    const [alert] = await toAlerts(tx, [row])
    return {
      alert: alert!,
      units: toUnits(units, signals),
      rules: await rulesOf(parts, tx, signals, alert!.places[0]?.kind ?? 'county'),
      stores: await contributors(parts, tx, row, units),
      steps: steps.map((step) => ({
        id: step.id,
        at: step.at.toISOString(),
        actor: step.actor,
        kind: step.kind as AlertDetail['steps'][number]['kind'],
        text: step.text,
      })),
      questions: questions.map((question) => ({
        id: question.id,
        storeCode: question.storeCode,
        storeName: question.storeName,
        text: question.text,
        askedAt: question.askedAt.toISOString(),
        askedBy: question.askedBy,
        dueAt: question.dueAt.toISOString(),
        answer: question.sealedAnswer ? unsealAnswer(kernel.vault, question.id, question.sealedAnswer) : null,
        answeredAt: question.answeredAt?.toISOString() ?? null,
      })),
      referrals: referrals.map((referral) => ({
        id: referral.id,
        recipient: referral.recipient,
        text: referral.text,
        sentAt: referral.sentAt.toISOString(),
        sentBy: referral.sentBy,
        receipt: referral.receipt,
        receivedAt: referral.receivedAt?.toISOString() ?? null,
      })),
      earlier: await toAlerts(tx, await earlierOf(tx, row)),
      mayJudge: mayJudge(caller, units, await widestKind(tx, id)),
    }
  })
}
