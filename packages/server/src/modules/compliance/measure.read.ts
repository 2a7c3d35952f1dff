import type { complianceRoutes, Measure, QueryOf, ResponseOf } from '@vigil/contract'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { invalidField } from '../../kernel/error/problem.ts'
import { noticesOf } from '../notice/index.ts'
import { pickedScope } from '../pharmacy/index.ts'
import type { ComplianceParts } from './compliance.loop.ts'
import { isOverdue } from './measure.domain.ts'
import type { MeasureRow } from './measure.store.ts'
import { nextStep } from './overdue.domain.ts'

type Routes = typeof complianceRoutes
const openStates = ['open', 'answered'] as const

const iso = (date: Date | null): string | null => date?.toISOString() ?? null

/** Measures as they are shown, with what the counters sent back. */
export async function withReplies(parts: ComplianceParts, tx: Tx, rows: readonly MeasureRow[]): Promise<Measure[]> {
  const { kernel, purchases } = parts
  const now = kernel.clock.now()
  const notices = await noticesOf(
    kernel,
    tx,
    'compliance',
    rows.map(({ id }) => id),
  )
  return rows.map((row) => {
    const store = purchases.reference.store(row.storeCode)
    const notice = notices.get(row.id)
    const asked = new Map(notice?.questions.map(({ code, text }) => [code, text]))
    const replied = notice?.state === 'done'
    const { path: _path, grade: _grade, escalateAt: _at, escalations: _count, escalatedAt, escalatedTo, ...shown } = row
    const overdue = isOverdue(row, now)
    return {
      ...shown,
      score: row.score === null ? null : Number(row.score),
      storeName: store?.name ?? row.storeCode,
      areaName: store ? purchases.reference.areaName(store.areaCode) : '',
      overdue,
      proposal: overdue ? nextStep[row.kind] : null,
      escalated: escalatedAt && {
        at: escalatedAt.toISOString(),
        areaName: purchases.reference.areaName((escalatedTo ?? '').split('/').at(-2) ?? ''),
      },
      dueAt: row.dueAt.toISOString(),
      createdAt: row.createdAt.toISOString(),
      answeredAt: iso(row.answeredAt),
      closedAt: iso(row.closedAt),
      reply: replied
        ? {
            signedBy: notice.signedBy,
            lines: notice.replies.map(({ code, value }) => `${asked.get(code) ?? code}：${value}`),
          }
        : null,
    }
  })
}

/** Measures of an area, newest first. @throws Problem 404 outside the caller's area */
export async function listMeasures(
  parts: ComplianceParts,
  caller: Caller,
  filter: QueryOf<Routes['compliance.measures']>,
): Promise<ResponseOf<Routes['compliance.measures']>> {
  const { kernel, purchases } = parts
  const limit = filter.limit ?? 50
  const scope = pickedScope(purchases.reference, scopeFor(caller, 'compliance.read'), filter.area)
  return readScope(kernel.db, scope, async (tx) => {
    let query = tx
      .selectFrom('compliance.measure')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(limit + 1)
    if (filter.kind) query = query.where('kind', '=', filter.kind)
    if (filter.state === 'open') query = query.where('state', 'in', openStates)
    if (filter.state === 'done') query = query.where('state', 'in', ['done', 'cancelled'])
    if (filter.state === 'overdue') query = query.where('state', '=', 'open').where('dueAt', '<', kernel.clock.now())
    if (filter.cursor !== undefined) {
      if (!/^[0-9a-f-]{36}$/.test(filter.cursor)) throw invalidField('/cursor', '翻页标记无效')
      query = query.where('id', '<', filter.cursor)
    }
    const rows = await query.execute()
    const late = await tx
      .selectFrom('compliance.measure')
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .where('state', '=', 'open')
      .where('dueAt', '<', kernel.clock.now())
      .executeTakeFirstOrThrow()
    const items = await withReplies(parts, tx, rows.slice(0, limit))
    return { items, next: rows.length > limit ? items.at(-1)!.id : null, overdue: Number(late.count) }
  })
}
