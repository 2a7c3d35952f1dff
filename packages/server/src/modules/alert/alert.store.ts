import { type Day, dayOf, uuidv7 } from '@vigil/codes'
import type { AlertState, alertStepKinds } from '@vigil/contract'
import { type Selectable, sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import type { Event, Graded } from './alert.domain.ts'
import type { AlertTable, PolicyTable, SignalTable, UnitTable } from './alert.table.ts'

export type AlertRow = Selectable<AlertTable>
export type SignalRow = Selectable<SignalTable>
export type UnitRow = Selectable<UnitTable>
export type PolicyRow = Selectable<PolicyTable>

export const openStates: readonly AlertState[] = ['new', 'taken', 'checking', 'found']

/** The next number of a day; the day's row stays locked until `tx` ends. */
export async function takeNumber(tx: Tx, at: Date): Promise<string> {
  const day = dayOf(at)
  const { rows } = await sql<{ last: number }>`
    insert into alert.counter as c (day, last) values (${day}::date, 1)
    on conflict (day) do update set last = c.last + 1 returning last`.execute(tx)
  return `YJ-${day.replaceAll('-', '')}-${String(rows[0]!.last).padStart(4, '0')}`
}

/** Deadlines that count on a day. */
export async function policyAt(tx: Tx, day: Day): Promise<PolicyRow> {
  return tx
    .selectFrom('alert.policy')
    .selectAll()
    .where('validFrom', '<=', day)
    .orderBy('validFrom', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
}

/** An alert of the transaction's scope. @throws Problem 404 */
export async function getAlert(tx: Tx, id: string): Promise<AlertRow> {
  const row = await tx.selectFrom('alert.alert').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw notFound('预警')
  return row
}

/** An alert of the transaction's scope, locked until it ends. @throws Problem 404 */
export async function lockAlert(tx: Tx, id: string): Promise<AlertRow> {
  const row = await tx.selectFrom('alert.alert').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw notFound('预警')
  return row
}

export async function updateAlert(tx: Tx, id: string, change: Partial<Omit<AlertRow, 'id'>>): Promise<AlertRow> {
  return tx.updateTable('alert.alert').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
}

/** What single classes told of counties in these days, open or ended. */
export async function toldByClasses(tx: Tx, from: Day, to: Day): Promise<Omit<Graded, 'key'>[]> {
  const rows = await tx
    .selectFrom('alert.signal as s')
    .innerJoin('alert.unit as u', (join) =>
      join.onRef('u.alertId', '=', 's.alertId').onRef('u.kind', '=', 's.kind').onRef('u.code', '=', 's.code'),
    )
    .select(['u.county', 's.day', 's.grade'])
    .distinct()
    .where('s.class', '<>', 'all')
    .where('s.grade', 'is not', null)
    .where('s.day', '>=', from)
    .where('s.day', '<=', to)
    .execute()
  return rows.map(({ county, day, grade }) => ({ county, day, grade: grade! }))
}

/** Adds a line to an alert's history. */
export async function addStep(
  tx: Tx,
  alertId: string,
  step: { at: Date; actor: string; kind: (typeof alertStepKinds)[number]; text: string },
): Promise<void> {
  await tx
    .insertInto('alert.step')
    .values({ ...step, text: step.text.slice(0, 1000), id: uuidv7(), alertId })
    .execute()
}

export const signalKey = ({ kind, code, day, ruleId }: Pick<SignalRow, 'kind' | 'code' | 'day' | 'ruleId'>): string =>
  `${kind} ${code} ${day} ${ruleId}`

/** One process makes events at a time: two would open the same one twice. */
export const lockGathering = (tx: Tx): Promise<unknown> =>
  sql`select pg_advisory_xact_lock(hashtext('alert.gather'))`.execute(tx)

/**
 * The events that signals of these days may belong to: all open ones of a class, and those that ended within `reach` days of
 * the first. Their rows are locked.
 */
export async function loadEvents(
  tx: Tx,
  className: string,
  firstDay: Day,
  reach: number,
): Promise<{ events: Event[]; rows: Map<string, AlertRow>; signals: Map<string, SignalRow> }> {
  const rows = await tx
    .selectFrom('alert.alert')
    .selectAll()
    .where('class', '=', className)
    .where('state', '<>', 'merged')
    .where((eb) =>
      eb.or([
        eb('state', 'in', [...openStates]),
        eb('lastDay', '>=', sql<string>`${firstDay}::date - ${reach + 1}::int`),
      ]),
    )
    .orderBy('id')
    .forUpdate()
    .execute()
  const ids = rows.map(({ id }) => id)
  const signals = ids.length
    ? await tx.selectFrom('alert.signal').selectAll().where('alertId', 'in', ids).execute()
    : []
  const units = ids.length
    ? await tx
        .selectFrom('alert.unit')
        .select(['alertId', 'kind', 'code', 'county'])
        .where('alertId', 'in', ids)
        .execute()
    : []
  const counties = new Map(units.map(({ alertId, kind, code, county }) => [`${alertId} ${kind} ${code}`, county]))
  const events = rows.map(({ id, state }): Event => {
    const mine = signals.filter(({ alertId, grade }) => alertId === id && grade !== null)
    const sightings = new Map(
      mine.map((row): [string, Graded] => {
        const key = signalKey(row)
        const county = counties.get(`${id} ${row.kind} ${row.code}`) ?? ''
        return [key, { key, county, day: row.day, grade: row.grade! }]
      }),
    )
    return { id, state: state === 'faded' ? 'faded' : state === 'closed' ? 'ended' : 'open', sightings }
  })
  return {
    events,
    rows: new Map(rows.map((row) => [row.id, row])),
    signals: new Map(signals.map((row) => [signalKey(row), row])),
  }
}
