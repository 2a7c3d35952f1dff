import { dayOf, uuidv7 } from '@vigil/codes'
import type { BodyOf, complianceRoutes, Measure } from '@vigil/contract'
import type { Caller } from '../../kernel/access/caller.ts'
import { type CommandAudit, command } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import { conflict, invalidField, notFound } from '../../kernel/error/problem.ts'
import { type NewNotice, type NoticeAnswer, sendNotices, withdrawNotices } from '../notice/index.ts'
import type { ComplianceParts } from './compliance.loop.ts'
import {
  isNumbered,
  isOpen,
  type MeasureKind,
  noticeOf,
  numberOf,
  pointing,
  stateAfterReply,
} from './measure.domain.ts'
import { withReplies } from './measure.read.ts'
import { lockMeasure, type MeasureRow, takeNumbers, updateMeasure } from './measure.store.ts'
import { handlersAt } from './people.read.ts'

type Order = BodyOf<(typeof complianceRoutes)['compliance.act']>

/** Name of this module towards notices. */
export const noticeModule = 'compliance'
const mostReasons = 8
const dayMs = 86_400_000

const dayText = (day: string) => `${Number(day.slice(0, 4))}年${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`
/** An instant's day as people write it. */
export const dateText = (at: Date): string => dayText(dayOf(at))

const about = (row: Pick<MeasureRow, 'id' | 'path'>) => ({ object: `measure:${row.id}`, path: row.path })

interface Target {
  readonly code: string
  readonly path: string
  readonly rules: string[]
  readonly score: number | null
  readonly grade: MeasureRow['grade']
  readonly reasons: string[]
}

/** The stores that are to be told, with what points at them now. @throws Problem 404 when one is outside the scope */
async function targetsOf(tx: Tx, codes: readonly string[]): Promise<Target[]> {
  const stores = await tx
    .selectFrom('pharmacy.store as s')
    .leftJoin('compliance.store as c', 'c.storeCode', 's.code')
    .select(['s.code', 's.path', 'c.score', 'c.grade', 'c.parts'])
    .where('s.code', 'in', [...codes])
    .orderBy('s.code')
    .execute()
  if (stores.length < codes.length) throw notFound('药店')
  const evidence = await tx
    .selectFrom('compliance.evidence')
    .select(['storeCode', 'rule', 'text'])
    .where('storeCode', 'in', [...codes])
    .orderBy('position')
    .execute()
  return stores.map(({ code, path, score, grade, parts }) => {
    const rules = pointing(parts ?? [])
    const reasons = rules.flatMap((rule) =>
      evidence.filter((each) => each.storeCode === code && each.rule === rule).map(({ text }) => text),
    )
    return {
      code,
      path,
      rules,
      score: score === null ? null : Number(score),
      grade,
      reasons: reasons.slice(0, mostReasons),
    }
  })
}

/** Stores that have an open measure of the kind already: they are not told twice. */
async function alreadyOpen(tx: Tx, kind: MeasureKind, codes: readonly string[]): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('compliance.measure')
    .select('storeCode')
    .where('kind', '=', kind)
    .where('state', 'in', ['open', 'answered'])
    .where('storeCode', 'in', [...codes])
    .execute()
  return new Set(rows.map(({ storeCode }) => storeCode))
}

/** Who is to do it. @throws Problem 400 for an account that may not handle all of these stores */
async function inspectorAt(tx: Tx, targets: readonly Target[], id: string): Promise<{ id: string; name: string }> {
  const paths = targets.map(({ path }) => path)
  const [person] = await handlersAt(tx, paths, { id, limit: 1 })
  if (!person) throw invalidField('/assigneeId', '所选人员不能检查其中的药店，请重新选择或按区划分别交办')
  return person
}

async function tellStores(tx: Tx, caller: Caller, rows: readonly MeasureRow[], now: Date): Promise<void> {
  const notices = rows.flatMap((row): NewNotice[] => {
    const { kind, reasons, note, number, dueAt } = row
    const notice = noticeOf(kind, { reasons, note, number, due: dateText(dueAt) })
    if (!notice) return []
    const { questions, ...said } = notice
    const source = { module: noticeModule, id: row.id }
    const asked = questions && { questions: questions.map((question) => ({ ...question })) }
    return [{ ...said, ...asked, storeCode: row.storeCode, path: row.path, dueAt, source, by: caller.name, at: now }]
  })
  const { id: actorId, ip, userAgent, requestId } = caller
  await sendNotices(tx, notices, { actorId, ip, userAgent, requestId })
}

/**
 * Decides a measure for stores; those with an open one of the kind are passed over. What the counter must know is sent in
 * the same transaction.
 * @throws Problem 400 for a task without an inspector, or for one who may not act at a store, 404 for a store outside the caller's area, 409 when all have one already
 */
export async function act(
  parts: ComplianceParts,
  caller: Caller,
  order: Order,
): Promise<{ created: number; items: Measure[] }> {
  const { kernel } = parts
  const now = kernel.clock.now()
  const { assigneeId } = order
  if (order.kind === 'task' && !assigneeId) throw invalidField('/assigneeId', '请选择由谁检查', 'required')
  return command(kernel.db, caller, 'compliance.handle', async (tx, audit) => {
    const targets = await targetsOf(tx, order.storeCodes)
    const open = await alreadyOpen(tx, order.kind, order.storeCodes)
    const left = targets.filter(({ code }) => !open.has(code))
    if (left.length === 0) throw conflict('所选药店都已有办理中的同类处置', 'open-already')
    const inspector = assigneeId && (await inspectorAt(tx, left, assigneeId))
    const dueAt = new Date(now.getTime() + order.dueDays * dayMs)
    const year = Number(dayOf(now).slice(0, 4))
    const first = isNumbered(order.kind) ? await takeNumbers(tx, year, left.length) : 0
    const values = left.map((target, index) => ({
      id: uuidv7(),
      number: isNumbered(order.kind) ? numberOf(order.kind, year, first + index) : null,
      storeCode: target.code,
      path: target.path,
      kind: order.kind,
      rules: target.rules,
      score: target.score,
      grade: target.grade,
      reasons: target.reasons,
      note: order.note.trim(),
      ...(inspector ? { assignee: inspector.name, assigneeId: inspector.id } : { assignee: null }),
      dueAt,
      escalateAt: dueAt,
      createdAt: now,
      createdBy: caller.name,
    }))
    const rows = await tx.insertInto('compliance.measure').values(values).returningAll().execute()
    for (const row of rows)
      await audit({ action: 'compliance.act', ...about(row), detail: { store: row.storeCode, kind: row.kind } })
    await tellStores(tx, caller, rows, now)
    return { created: rows.length, items: await withReplies(parts, tx, rows) }
  })
}

type Record = (entry: CommandAudit) => Promise<void>

async function close(
  parts: ComplianceParts,
  caller: Caller,
  id: string,
  change: (row: MeasureRow, tx: Tx, audit: Record) => Promise<Partial<MeasureRow>>,
): Promise<Measure> {
  const now = parts.kernel.clock.now()
  return command(parts.kernel.db, caller, 'compliance.handle', async (tx, audit) => {
    const row = await lockMeasure(tx, id)
    if (!isOpen(row.state)) throw conflict('这项处置已经办结或撤销', 'closed')
    const changed = await change(row, tx, audit)
    const closed = await updateMeasure(tx, id, { ...changed, closedAt: now, closedBy: caller.name })
    // What the counter has not done yet is no longer asked of it.
    await withdrawNotices(tx, { module: noticeModule, id }, caller.name)
    return (await withReplies(parts, tx, [closed]))[0]!
  })
}

/** Closes a measure with its result, which feeds the record of the rules that pointed at the store. @throws Problem 404, 409 when closed */
export const settle = (
  parts: ComplianceParts,
  caller: Caller,
  id: string,
  given: { outcome: 'confirmed' | 'unfounded' | 'rectified'; result: string },
): Promise<Measure> =>
  close(parts, caller, id, async (row, _tx, audit) => {
    const result = given.result.trim()
    if (result === '') throw invalidField('/result', '请填写办理结果', 'required')
    await audit({ action: 'compliance.settle', ...about(row), detail: { kind: row.kind, outcome: given.outcome } })
    return { state: 'done', outcome: given.outcome, result }
  })

/** Takes a measure back. @throws Problem 404, 409 when closed */
export const cancel = (parts: ComplianceParts, caller: Caller, id: string, given: string): Promise<Measure> =>
  close(parts, caller, id, async (row, _tx, audit) => {
    const reason = given.trim()
    if (reason === '') throw invalidField('/reason', '请填写原因', 'required')
    await audit({ action: 'compliance.cancel', ...about(row), detail: { kind: row.kind, reason } })
    return { state: 'cancelled', result: reason }
  })

/** The counter signed or answered: the measure goes on, in the same transaction. */
export async function onReply(tx: Tx, answer: NoticeAnswer): Promise<void> {
  if (answer.needs === 'read') return
  const row = await lockMeasure(tx, answer.source.id)
  const state = stateAfterReply(row.kind)
  const closed = state === 'done' && { closedAt: answer.at, closedBy: '药店', outcome: null }
  await updateMeasure(tx, row.id, { state, answeredAt: answer.at, ...closed })
}
