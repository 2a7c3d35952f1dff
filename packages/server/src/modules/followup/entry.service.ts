import { uuidv7 } from '@vigil/codes'
import type { BodyOf, FollowupItem, followupRoutes, PurchaseClear } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { type CommandAudit, command } from '../../kernel/command/command.ts'
import { beyondScope, readScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, invalidField, notFound } from '../../kernel/error/problem.ts'
import { VaultError } from '../../kernel/vault/index.ts'
import { sealText } from './detail.read.ts'
import type { EntryRow } from './detect.known.ts'
import { type Action, hoursAfter, stateAfter } from './entry.domain.ts'
import { itemsOf } from './entry.read.ts'
import type { EventDetail } from './followup.table.ts'
import type { Parts } from './parts.ts'
import { clearPerson, findPerson } from './person.ts'
import { loadRules } from './rules.service.ts'

type Routes = typeof followupRoutes
type Body<K extends keyof Routes> = BodyOf<Routes[K]>

const refusals: Readonly<Record<Action, string>> = {
  take: '该对象已办结，不能再承办；如有新情况请重新随访',
  note: '该对象已办结，不能再登记；如有新情况请重新随访',
  'hand-over': '该对象已办结，不能转交；如有新情况请重新随访',
  close: '该对象已办结',
  reopen: '该对象尚未办结',
}

/** The entry, locked. @throws Problem 404 outside the area, 409 when it was changed since or its state forbids the action */
export async function lockFor(
  tx: Tx,
  id: string,
  action: Action,
  revision?: number,
): Promise<{ row: EntryRow; state: EntryRow['state'] }> {
  const row = await tx.selectFrom('followup.entry').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw notFound('随访对象')
  if (revision !== undefined && row.revision !== revision) throw conflict('该对象刚被他人更改，请刷新后再试', 'stale')
  const state = stateAfter(row.state, action)
  if (state === undefined) throw conflict(refusals[action], 'state')
  return { row, state }
}

/** Object and place of an audit row about an entry. */
export const about = ({ id, path, areaCode }: EntryRow): Pick<CommandAudit, 'object' | 'path' | 'areaCode'> => ({
  object: `followup:${id}`,
  path,
  areaCode,
})

/** Adds to the timeline; what was typed is sealed. */
export async function addEvent(
  parts: Pick<Parts, 'kernel'>,
  tx: Tx,
  row: EntryRow,
  actor: string,
  kind: string,
  { text, ...detail }: EventDetail & { text?: string },
): Promise<void> {
  const at = parts.kernel.clock.now()
  const id = uuidv7(at.getTime())
  const typed = text?.trim()
  if (typed)
    await parts.kernel.vault.ensureMonth(row.keyMonth).catch((error) => {
      if (error instanceof VaultError && error.code === 'shredded')
        throw conflict('该对象的个人信息已按期限销毁，不能再登记文字；可不填说明直接办结', 'shredded')
      throw error
    })
  await tx
    .insertInto('followup.event')
    .values({
      id,
      entryId: row.id,
      path: row.path,
      at,
      actor,
      kind,
      detail: JSON.stringify(detail),
      ...(typed && { keyMonth: row.keyMonth, sealed: sealText(parts, row.keyMonth, id, typed) }),
    })
    .execute()
}

async function change(parts: Parts, tx: Tx, row: EntryRow, set: Partial<EntryRow>): Promise<FollowupItem> {
  const next = await tx
    .updateTable('followup.entry')
    .set({ ...set, revision: row.revision + 1 })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return (await itemsOf(parts, tx, [next]))[0]!
}

/** Active persons who may handle follow-ups at a path. Their names only. */
export async function peopleAt(tx: Tx, path: string): Promise<{ id: string; name: string }[]> {
  const { rows } = await beyondScope(tx, () =>
    sql<{ id: string; name: string }>`
      SELECT a.id, a.display_name AS name FROM access.account a
      WHERE a.kind = 'person' AND a.status = 'active' AND EXISTS (
        SELECT FROM access.grant g JOIN access.role r ON r.code = g.role_code
        WHERE g.account_id = a.id AND ${path} ^@ g.path AND 'followup.handle' = ANY (r.permissions))
      ORDER BY length(a.path) DESC, a.display_name LIMIT 100`.execute(tx),
  )
  return rows
}

/** Who may be given a person. @throws Problem 404 outside the area */
export async function readPeople({ kernel }: Parts, caller: Caller, id: string) {
  return readScope(kernel.db, scopeFor(caller, 'followup.handle'), async (tx) => {
    const row = await tx.selectFrom('followup.entry').select('path').where('id', '=', id).executeTakeFirst()
    if (!row) throw notFound('随访对象')
    return peopleAt(tx, row.path)
  })
}

/** Takes a person in hand, or gives it to somebody who may handle it there. */
export async function take(
  parts: Parts,
  caller: Caller,
  id: string,
  body: Body<'followup.take'>,
): Promise<FollowupItem> {
  return command(parts.kernel.db, caller, 'followup.handle', async (tx, audit) => {
    const { row, state } = await lockFor(tx, id, 'take', body.revision)
    const given = body.assigneeId !== undefined && body.assigneeId !== caller.id
    const person = given
      ? (await peopleAt(tx, row.path)).find((one) => one.id === body.assigneeId)
      : { id: caller.id, name: caller.name }
    if (!person) throw invalidField('/assigneeId', '该人员不能承办此对象')
    await addEvent(parts, tx, row, caller.name, given ? 'assigned' : 'taken', given ? { about: person.name } : {})
    await audit({ action: 'followup.take', ...about(row), detail: { assignee: person.id, from: row.state } })
    return change(parts, tx, row, { state, assigneeId: person.id, assignee: person.name })
  })
}

/** Notes a call or a visit. */
export async function note(
  parts: Parts,
  caller: Caller,
  id: string,
  body: Body<'followup.note'>,
): Promise<FollowupItem> {
  if (body.text.trim() === '') throw invalidField('/text', '请填写随访情况', 'required')
  return command(parts.kernel.db, caller, 'followup.handle', async (tx, audit) => {
    const { row, state } = await lockFor(tx, id, 'note')
    await addEvent(parts, tx, row, caller.name, 'noted', { text: body.text })
    await audit({ action: 'followup.note', ...about(row) })
    return change(parts, tx, row, { state })
  })
}

/** Closes with what was found. Without an assignee, whoever closes it was at it. */
export async function close(
  parts: Parts,
  caller: Caller,
  id: string,
  body: Body<'followup.close'>,
): Promise<FollowupItem> {
  const now = parts.kernel.clock.now()
  if (body.outcome === 'other' && body.note.trim() === '') throw invalidField('/note', '请说明结果', 'required')
  return command(parts.kernel.db, caller, 'followup.handle', async (tx, audit) => {
    const { row, state } = await lockFor(tx, id, 'close', body.revision)
    await addEvent(parts, tx, row, caller.name, 'closed', { outcome: body.outcome, text: body.note })
    await audit({
      action: 'followup.close',
      ...about(row),
      detail: { outcome: body.outcome, from: row.state, overdue: row.dueAt !== null && row.dueAt < now },
    })
    const by = row.assignee === null ? { assigneeId: caller.id, assignee: caller.name } : {}
    return change(parts, tx, row, { ...by, state, outcome: body.outcome, closedAt: now, dueAt: null })
  })
}

/** Takes up a closed one again. @throws Problem 409 when the person has another open one meanwhile */
export async function reopen(
  parts: Parts,
  caller: Caller,
  id: string,
  body: Body<'followup.reopen'>,
): Promise<FollowupItem> {
  const { kernel, reference } = parts
  const now = kernel.clock.now()
  return command(kernel.db, caller, 'followup.handle', async (tx, audit) => {
    const { row, state } = await lockFor(tx, id, 'reopen', body.revision)
    if (!row.personIndex) throw conflict('该对象的个人信息已按期限销毁，不能重新随访', 'shredded')
    const person = row.personIndex
    const other = await beyondScope(tx, () =>
      tx
        .selectFrom('followup.entry')
        .select('id')
        .where('personIndex', '=', person)
        .where('state', '<>', 'closed')
        .executeTakeFirst(),
    )
    if (other) throw conflict('此人已有未办结的随访', 'open')
    const { rules } = (await loadRules(tx, reference)).at(row.path)
    await addEvent(parts, tx, row, caller.name, 'reopened', { text: body.reason })
    await audit({ action: 'followup.reopen', ...about(row) })
    const dueAt = hoursAfter(now, Math.min(...row.causes.map((kind) => rules[kind].dueHours)))
    return change(parts, tx, row, {
      state,
      dueAt,
      closedAt: null,
      outcome: null,
      sheetId: null,
      reopened: row.reopened + 1,
    })
  })
}

/** Clear text of one person for a stated purpose; it is recorded in the same transaction or does not happen. */
export async function reveal(
  parts: Parts,
  caller: Caller,
  id: string,
  body: Body<'followup.reveal'>,
): Promise<PurchaseClear> {
  const { kernel } = parts
  return command(kernel.db, caller, 'purchase.reveal', async (tx, audit) => {
    const row = await tx.selectFrom('followup.entry').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw notFound('随访对象')
    await kernel.vault.loadMonths([row.keyMonth])
    const person = findPerson(kernel.vault, row)
    if (!person) throw conflict('该对象的个人信息已按期限销毁', 'shredded')
    await addEvent(parts, tx, row, caller.name, 'revealed', {})
    await audit({ action: 'followup.reveal', ...about(row), detail: { purpose: body.purpose, reason: body.reason } })
    return clearPerson(person, row.documentType)
  })
}
