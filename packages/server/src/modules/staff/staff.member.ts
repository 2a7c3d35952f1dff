import { type Day, dayOf, isDay } from '@vigil/codes'
import type { Contract, QueryOf, ResponseOf, StaffMember } from '@vigil/contract'
import { type Caller, narrow, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { pickedScope, type Reference } from '../pharmacy/index.ts'
import { type Assessment, assess, endOfDay, type State } from './staff.domain.ts'
import { askWith, loadRules, loadWorkers, ruleFinder, type Worker } from './staff.facts.ts'
import { findPersonal, maskPersonal } from './staff.seal.ts'

/** A worker and how he stands on the day in question. */
export interface Standing {
  readonly worker: Worker
  readonly assessment: Assessment
}

const order: readonly State[] = ['overdue', 'due', 'soon', 'covered', 'exempt', 'free']

/** What sorts a list: urgency, due day, id; each of fixed width, so that text sorts as it should. */
export const sortKey = ({ worker, assessment }: Standing): string =>
  `${order.indexOf(assessment.state)}${assessment.dueOn ?? '9999-12-31'}${worker.id}`

/** Workers of the transaction's scope as they stand on a day, the most urgent first. */
export async function standings(
  tx: Tx,
  wanted: { day: Day; knownAt: Date | null; storeCode?: string | undefined; id?: string | undefined },
): Promise<Standing[]> {
  const { day, knownAt, storeCode, id } = wanted
  const ask = askWith(tx)
  const rules = ruleFinder(await loadRules(ask))
  const workers = await loadWorkers(ask, { from: day, to: day, storeCode, id })
  return workers
    .flatMap((worker) => {
      const assessment = assess(worker, rules(worker, day, knownAt), day, knownAt)
      return assessment ? [{ worker, assessment }] : []
    })
    .map((row) => ({ row, key: sortKey(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ row }) => row)
}

/** Time and outcome of the last test of each worker. */
async function lastTests(tx: Tx, ids: readonly string[], until: Date) {
  if (ids.length === 0) return new Map()
  const rows = await tx
    .selectFrom('staff.result')
    .distinctOn('memberId')
    .select(['memberId', 'sampledAt', 'outcome'])
    .where('memberId', 'in', [...ids])
    .where('voidAt', 'is', null)
    .where('sampledAt', '<=', until)
    .orderBy('memberId')
    .orderBy('sampledAt', 'desc')
    .execute()
  return new Map(rows.map((row) => [row.memberId, row]))
}

/** Workers as a screen shows them: masked. */
export async function present(
  kernel: Kernel,
  reference: Reference,
  tx: Tx,
  rows: readonly Standing[],
  day: Day,
): Promise<StaffMember[]> {
  await kernel.vault.loadMonths(rows.map(({ worker }) => worker.keyMonth))
  const last = await lastTests(
    tx,
    rows.map(({ worker }) => worker.id),
    endOfDay(day),
  )
  return rows.map(({ worker, assessment }) => {
    const test = last.get(worker.id)
    const store = reference.store(worker.storeCode)
    return {
      id: worker.id,
      storeCode: worker.storeCode,
      storeName: store?.name ?? worker.storeCode,
      areaName: reference.areaName(worker.areaCode),
      role: worker.role,
      ...maskPersonal(findPersonal(kernel.vault, worker), worker.documentType),
      joinedOn: worker.joinedOn,
      leftOn: worker.leftOn,
      state: assessment.state,
      covered: assessment.covered,
      dueOn: assessment.dueOn,
      lastSampledAt: test?.sampledAt.toISOString() ?? null,
      lastOutcome: test?.outcome ?? null,
      exemptUntil: assessment.exemptUntil,
    }
  })
}

/** All workers of a store as they stand on a day. */
export const findMembers = async (
  kernel: Kernel,
  reference: Reference,
  tx: Tx,
  wanted: Parameters<typeof standings>[1],
): Promise<StaffMember[]> => present(kernel, reference, tx, await standings(tx, wanted), wanted.day)

/**
 * One page of the workers of an area or store on a day, as known now or as known then.
 * @throws Problem 404 outside the caller's area, 400 for a day to come
 */
export async function listMembers(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  query: QueryOf<Contract['staff.list']>,
): Promise<ResponseOf<Contract['staff.list']>> {
  const today = dayOf(kernel.clock.now())
  const day = query.day ?? today
  if (!isDay(day) || day > today) throw invalidField('/query/day', '不能查询今天以后的日期')
  const store = query.store === undefined ? undefined : reference.store(query.store)
  if (query.store !== undefined && !store) throw notFound('药店')
  const scope = narrow(pickedScope(reference, scopeFor(caller, 'staff.read'), query.area), store?.path)
  const after = query.cursor === undefined ? '' : Buffer.from(query.cursor, 'base64url').toString()
  const limit = query.limit ?? 50
  return readScope(kernel.db, scope, async (tx) => {
    const rows = await standings(tx, { day, knownAt: query.asKnownThen ? endOfDay(day) : null, storeCode: store?.code })
    const chosen = rows.filter((row) => (!query.state || row.assessment.state === query.state) && sortKey(row) > after)
    const shown = chosen.slice(0, limit)
    const last = shown.at(-1)
    return {
      items: await present(kernel, reference, tx, shown, day),
      next: chosen.length > limit && last ? Buffer.from(sortKey(last)).toString('base64url') : null,
    }
  })
}

/** One worker with all tests and exemptions. @throws Problem 404 for one outside the caller's area */
export async function readMember(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  permission: 'staff.read' | 'staff.manage',
  id: string,
): Promise<ResponseOf<Contract['staff.read']>> {
  const day = dayOf(kernel.clock.now())
  return readScope(kernel.db, scopeFor(caller, permission), async (tx) => {
    const ask = askWith(tx)
    const [worker] = await loadWorkers(ask, { from: '2000-01-01', to: day, id })
    if (!worker || worker.voidAt) throw notFound('人员')
    const rules = ruleFinder(await loadRules(ask))
    const left = { state: 'free' as const, covered: false, dueOn: null, lastOn: null, exemptUntil: null }
    const assessment = assess(worker, rules(worker, day, null), day, null) ?? left
    const [member] = await present(kernel, reference, tx, [{ worker, assessment }], day)
    const results = await tx
      .selectFrom('staff.result')
      .selectAll()
      .where('memberId', '=', id)
      .orderBy('sampledAt', 'desc')
      .limit(200)
      .execute()
    const exemptions = await tx
      .selectFrom('staff.exemption')
      .selectAll()
      .where('memberId', '=', id)
      .orderBy('fromDay', 'desc')
      .limit(100)
      .execute()
    return {
      member: member!,
      recordedAt: worker.recordedAt.toISOString(),
      recordedBy: worker.recordedBy,
      results: results.map((row) => ({
        id: row.id,
        sampledAt: row.sampledAt.toISOString(),
        outcome: row.outcome,
        code: row.code,
        lab: row.lab,
        source: row.source,
        enteredAt: row.enteredAt.toISOString(),
        enteredBy: row.enteredBy,
        late: dayOf(row.enteredAt) > row.sampledOn,
        voidAt: row.voidAt?.toISOString() ?? null,
        voidReason: row.voidReason,
      })),
      exemptions: exemptions.map((row) => ({
        id: row.id,
        from: row.fromDay,
        to: row.toDay,
        reason: row.reason as ResponseOf<Contract['staff.read']>['exemptions'][number]['reason'],
        note: row.note,
        enteredAt: row.enteredAt.toISOString(),
        enteredBy: row.enteredBy,
        voidAt: row.voidAt?.toISOString() ?? null,
      })),
    }
  })
}
