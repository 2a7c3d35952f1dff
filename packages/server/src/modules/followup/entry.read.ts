import { addDays, dayOf, startOfDay } from '@vigil/codes'
import {
  type FollowupItem,
  type followupOutcomes,
  type followupRoutes,
  followupStates,
  type QueryOf,
  type ResponseOf,
  receiptNo,
} from '@vigil/contract'
import { type RawBuilder, type Selectable, sql } from 'kysely'
import { type Caller, narrow, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, type Scope, type Tx } from '../../kernel/db/index.ts'
import { invalidField, notFound } from '../../kernel/error/problem.ts'
import type { EntryTable, SheetTable } from './followup.table.ts'
import type { Parts } from './parts.ts'
import { findPerson, maskPerson } from './person.ts'

type Row = Selectable<EntryTable>
type Routes = typeof followupRoutes
type ListQuery = QueryOf<Routes['followup.list']>

/** Persons of a column of the board. */
const boardItems = 20
/** Days for which closed ones stay on the board. */
const boardDays = 7

/** The scope of a question: the caller's, or an area within it. @throws Problem 404 outside it */
export function scopeOf({ reference }: Parts, caller: Caller, area: string | undefined): Scope {
  const own = scopeFor(caller, 'followup.read')
  if (area === undefined) return own
  const found = reference.area(area)
  if (!found) throw notFound('区划')
  return narrow(own, found.path)
}

/** How far a sheet has come that is sent by itself; null for one that is given by hand. */
export const deliveryOf = (sheet: Pick<Selectable<SheetTable>, 'delivery' | 'deliveryError'> | undefined) =>
  sheet?.delivery ? { state: sheet.delivery, error: sheet.deliveryError } : null

/** Entries as lists show them, masked; the keys of their months are loaded here. */
export async function itemsOf({ kernel, reference }: Parts, tx: Tx, rows: readonly Row[]): Promise<FollowupItem[]> {
  await kernel.vault.loadMonths(new Set(rows.map(({ keyMonth }) => keyMonth)))
  const sheets = [...new Set(rows.flatMap(({ sheetId }) => sheetId ?? []))]
  const known =
    sheets.length === 0
      ? []
      : await tx
          .selectFrom('followup.sheet')
          .select(['id', 'receiptAt', 'delivery', 'deliveryError'])
          .where('id', 'in', sheets)
          .execute()
  const sheetOf = new Map(known.map((sheet) => [sheet.id, sheet]))
  const now = kernel.clock.now()
  return rows.map((row) => ({
    id: row.id,
    number: receiptNo(row.id),
    areaCode: row.areaCode,
    areaName: reference.areaName(row.areaCode),
    documentType: row.documentType as FollowupItem['documentType'],
    ...maskPerson(findPerson(kernel.vault, row), row.documentType, (code) => reference.areaName(code)),
    causes: row.causes,
    grade: row.grade,
    state: row.state,
    dueAt: row.dueAt?.toISOString() ?? null,
    overdue: row.dueAt !== null && row.dueAt < now,
    openedAt: row.openedAt.toISOString(),
    lastAt: row.lastAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    outcome: row.outcome as FollowupItem['outcome'],
    reopened: row.reopened,
    assigneeId: row.assigneeId,
    assignee: row.assignee,
    sheetId: row.sheetId,
    receipt: row.sheetId !== null && (sheetOf.get(row.sheetId)?.receiptAt ?? null) !== null,
    delivery: deliveryOf(row.sheetId === null ? undefined : sheetOf.get(row.sheetId)),
    revision: row.revision,
  }))
}

export interface EntryFilter {
  readonly scope: Scope
  readonly state?: string | undefined
  readonly cause?: string | undefined
  readonly grade?: string | undefined
  readonly overdue?: boolean | undefined
  readonly assigneeId?: string | null | undefined
}

/** What a filter demands of `followup.entry e`: open entries unless closed ones are asked for. */
export function conditions(filter: EntryFilter, now: Date): RawBuilder<boolean> {
  const all = [
    filter.state === undefined ? sql`e.state <> 'closed'` : sql`e.state = ${filter.state}`,
    sql`e.path ^@ ANY (${[...filter.scope]}::text[])`,
  ]
  // Said again, so that the index of the open ones is used.
  if (filter.state !== undefined && filter.state !== 'closed') all.push(sql`e.state <> 'closed'`)
  if (filter.cause !== undefined) all.push(sql`${filter.cause} = ANY (e.causes)`)
  if (filter.grade !== undefined) all.push(sql`e.grade = ${filter.grade}`)
  if (filter.overdue) all.push(sql`e.due_at < ${now}`)
  if (filter.assigneeId !== undefined) all.push(sql`e.assignee_id IS NOT DISTINCT FROM ${filter.assigneeId}::uuid`)
  return sql<boolean>`${sql.join(all, sql` AND `)}`
}

/** Counts that are told exactly; above, a list says 约. */
const mostCounted = 10_000

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
function afterOf(cursor: string): { at: Date; id: string } {
  const [time = '', id = ''] = cursor.split('_')
  const at = new Date(Number(time))
  if (!/^\d{1,15}$/.test(time) || !uuid.test(id) || Number.isNaN(at.getTime()))
    throw invalidField('/query/cursor', '翻页标记无效')
  return { at, id }
}

/** A page of the list, by keyset: open ones by due time, the most urgent first; closed ones newest first. */
export async function listEntries(
  parts: Parts,
  caller: Caller,
  query: ListQuery,
): Promise<ResponseOf<Routes['followup.list']>> {
  const { area, state, cause, grade, overdue, mine } = query
  const scope = scopeOf(parts, caller, area)
  const after = query.cursor === undefined ? undefined : afterOf(query.cursor)
  const limit = query.limit ?? 50
  const closed = state === 'closed'
  const column = sql.ref(closed ? 'e.closedAt' : 'e.dueAt')
  const filter = {
    scope,
    state,
    cause,
    grade,
    overdue: overdue === '1',
    ...(mine === '1' && { assigneeId: caller.id }),
  }
  const where = conditions(filter, parts.kernel.clock.now())
  // Milliseconds: what the cursor holds of the time must be what the order goes by.
  const time = sql`date_trunc('milliseconds', ${column})`
  const beyond = after ? sql`AND (${time}, e.id) ${closed ? sql`<` : sql`>`} (${after.at}, ${after.id}::uuid)` : sql``
  const direction = closed ? sql`DESC` : sql`ASC`
  return readScope(parts.kernel.db, scope, async (tx) => {
    const { rows } = await sql<Row>`
      SELECT e.* FROM followup.entry e WHERE ${where} ${beyond}
      ORDER BY ${time} ${direction}, e.id ${direction} LIMIT ${limit + 1}`.execute(tx)
    const last = rows.length > limit ? rows[limit - 1]! : undefined
    const at = last && (closed ? last.closedAt : last.dueAt)
    return {
      items: await itemsOf(parts, tx, rows.slice(0, limit)),
      next: last && at ? `${at.getTime()}_${last.id}` : null,
      total: after ? null : await countEntries(tx, where),
    }
  })
}

async function countEntries(tx: Tx, where: RawBuilder<boolean>) {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM (SELECT FROM followup.entry e WHERE ${where} LIMIT ${mostCounted + 1}) AS counted`.execute(
    tx,
  )
  const count = rows[0]!.count
  return { count: Math.min(count, mostCounted), estimated: count > mostCounted }
}

/** The board of an area. */
export async function readBoard(
  parts: Parts,
  caller: Caller,
  area: string | undefined,
): Promise<ResponseOf<Routes['followup.board']>> {
  const scope = scopeOf(parts, caller, area)
  const now = parts.kernel.clock.now()
  const since = startOfDay(addDays(dayOf(now), 1 - boardDays))
  return readScope(parts.kernel.db, scope, async (tx) => {
    const inside = sql`e.path ^@ ANY (${[...scope]}::text[])`
    const counts = await sql<{ state: string; count: number; overdue: number }>`
      SELECT state, count(*) AS count, count(*) FILTER (WHERE due_at < ${now}) AS overdue
      FROM followup.entry e WHERE state <> 'closed' AND ${inside} GROUP BY state`.execute(tx)
    const outcomes = await sql<{ outcome: (typeof followupOutcomes)[number]; count: number }>`
      SELECT outcome, count(*) AS count FROM followup.entry e
      WHERE state = 'closed' AND closed_at >= ${since} AND ${inside} GROUP BY outcome ORDER BY 2 DESC`.execute(tx)
    const columns = []
    for (const state of followupStates) {
      const { rows } = await sql<Row>`
        SELECT e.* FROM followup.entry e WHERE state = ${state} AND ${inside}
          AND ${state === 'closed' ? sql`closed_at >= ${since}` : sql`state <> 'closed'`}
        ORDER BY ${state === 'closed' ? sql`closed_at DESC` : sql`due_at`}, id LIMIT ${boardItems}`.execute(tx)
      const figures = counts.rows.find((row) => row.state === state)
      columns.push({
        state,
        count: state === 'closed' ? outcomes.rows.reduce((sum, one) => sum + one.count, 0) : (figures?.count ?? 0),
        overdue: figures?.overdue ?? 0,
        items: await itemsOf(parts, tx, rows),
      })
    }
    return { columns, outcomes: outcomes.rows, asOf: now.toISOString() }
  })
}
