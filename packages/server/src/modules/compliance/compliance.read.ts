import { maskDocument, maskMobile, maskName } from '@vigil/codes'
import type { complianceRoutes, EvidenceEntry, QueryOf, ResponseOf, StoreScore } from '@vigil/contract'
import { type Selectable, type SelectQueryBuilder, sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { beyondScope, type Database, readScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, invalidField, notFound } from '../../kernel/error/problem.ts'
import { pickedScope, type Reference, recordsNow } from '../pharmacy/index.ts'
import type { ComplianceParts } from './compliance.loop.ts'
import type { StoreScoreTable } from './compliance.table.ts'
import { isOverdue } from './measure.domain.ts'
import { withReplies } from './measure.read.ts'
import { type RuleName, ruleDefinitions } from './rule.domain.ts'
import { runOf } from './run.store.ts'

type Routes = typeof complianceRoutes
type Filter = QueryOf<Routes['compliance.list']>
type ScoreRow = Selectable<StoreScoreTable>

const iso = (date: Date | null): string | null => date?.toISOString() ?? null
const ruleName = (rule: string) => ruleDefinitions[rule as RuleName]?.name ?? rule
const openStates = ['open', 'answered'] as const

/** Scores as they are shown, with the measures that are under way. */
export async function withMeasures(
  tx: Tx,
  reference: Reference,
  rows: readonly ScoreRow[],
  now: Date,
): Promise<StoreScore[]> {
  if (rows.length === 0) return []
  const open = await tx
    .selectFrom('compliance.measure')
    .select(['storeCode', 'kind', 'state', 'dueAt'])
    .where(
      'storeCode',
      'in',
      rows.map(({ storeCode }) => storeCode),
    )
    .where('state', 'in', openStates)
    .orderBy('id')
    .execute()
  return rows.map((row) => {
    const store = reference.store(row.storeCode)
    const own = open.filter(({ storeCode }) => storeCode === row.storeCode)
    return {
      storeCode: row.storeCode,
      storeName: store?.name ?? row.storeCode,
      areaName: reference.areaName(store?.areaCode ?? row.county),
      countyName: reference.areaName(row.county),
      chain: store?.chain ?? null,
      score: Number(row.score),
      grade: row.grade,
      parts: row.parts,
      entries: row.entries,
      from: row.fromDay,
      to: row.toDay,
      gradedAt: iso(row.gradedAt),
      judgedAt: row.judgedAt.toISOString(),
      open: own.map(({ kind, state, dueAt }) => ({ kind, state, overdue: isOverdue({ state, dueAt }, now) })),
    }
  })
}

interface Cursor {
  readonly score: number
  readonly code: string
}
const cursorText = ({ score, code }: Cursor) => Buffer.from(`${score} ${code}`).toString('base64url')
function readCursor(text: string): Cursor {
  const match = /^(\d+(?:\.\d+)?) ([0-9A-Z-]+)$/.exec(Buffer.from(text, 'base64url').toString())
  if (!match) throw invalidField('/cursor', '翻页标记无效')
  return { score: Number(match[1]), code: match[2]! }
}

type Stores = SelectQueryBuilder<Database, 'compliance.store', object>

function filtered(query: Stores, filter: Filter, now: Date): Stores {
  const { grade, rule, measure, q } = filter
  let next = query
  if (grade === 'any') next = next.where('grade', 'is not', null)
  else if (grade === 'none') next = next.where('grade', 'is', null)
  else if (grade) next = next.where('grade', '=', grade)
  if (rule) next = next.where(sql<boolean>`parts @> ${JSON.stringify([{ rule }])}::jsonb`)
  if (measure) {
    const own = sql`select 1 from compliance.measure m where m.store_code = compliance.store.store_code
      and m.state in ('open', 'answered')`
    if (measure === 'none') next = next.where(sql<boolean>`not exists (${own})`)
    else if (measure === 'any') next = next.where(sql<boolean>`exists (${own})`)
    else if (measure === 'overdue')
      next = next.where(sql<boolean>`exists (${own} and m.state = 'open' and m.due_at < ${now})`)
    else next = next.where(sql<boolean>`exists (${own} and m.kind = ${measure})`)
  }
  const wanted = q?.trim()
  if (wanted) {
    const like = `%${wanted.replace(/[\\%_]/g, '\\$&')}%`
    next = next.where(
      sql<boolean>`exists (select 1 from pharmacy.store s where s.code = compliance.store.store_code
        and (s.name ilike ${like} or s.code ilike ${like} or s.chain ilike ${like}))`,
    )
  }
  return next
}

/** Stores of an area with their scores, worst first. @throws Problem 404 outside the caller's area, 400 for a broken cursor */
export async function listStores(
  parts: ComplianceParts,
  caller: Caller,
  filter: Filter,
): Promise<ResponseOf<Routes['compliance.list']>> {
  const { kernel, purchases } = parts
  const now = kernel.clock.now()
  const limit = filter.limit ?? 50
  const scope = pickedScope(purchases.reference, scopeFor(caller, 'compliance.read'), filter.area)
  return readScope(kernel.db, scope, async (tx) => {
    const base = () => filtered(tx.selectFrom('compliance.store') as Stores, filter, now)
    let query = base()
      .selectAll()
      .orderBy('score')
      .orderBy('storeCode')
      .limit(limit + 1)
    if (filter.cursor !== undefined) {
      const { score, code } = readCursor(filter.cursor)
      query = query.where(sql<boolean>`(score, store_code) > (${score}::numeric, ${code})`)
    }
    const rows = (await query.execute()) as ScoreRow[]
    const counts = { blue: 0, yellow: 0, orange: 0, red: 0, none: 0 }
    const graded = await (tx.selectFrom('compliance.store') as Stores)
      .select((eb) => ['grade', eb.fn.countAll<number>().as('count')])
      .groupBy('grade')
      .execute()
    for (const { grade, count } of graded) counts[grade ?? 'none'] = Number(count)
    const late = await filtered(tx.selectFrom('compliance.store') as Stores, { measure: 'overdue' }, now)
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow()
    const items = await withMeasures(tx, purchases.reference, rows.slice(0, limit), now)
    const last = items.at(-1)
    // Runs are of the whole installation mostly: how far one is says nothing of any store.
    const run = await beyondScope(tx, () =>
      tx.selectFrom('compliance.run').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst(),
    )
    return {
      items,
      next: rows.length > limit && last ? cursorText({ score: last.score, code: last.storeCode }) : null,
      counts: { ...counts, overdue: Number(late.count) },
      run: run ? runOf(run) : null,
    }
  })
}

/** Score of a store in the transaction's scope. @throws Problem 404 outside it, 409 before the store was judged */
export async function getScore(tx: Tx, code: string): Promise<ScoreRow> {
  const row = await tx.selectFrom('compliance.store').selectAll().where('storeCode', '=', code).executeTakeFirst()
  if (row) return row
  const known = await tx.selectFrom('pharmacy.store').select('code').where('code', '=', code).executeTakeFirst()
  if (!known) throw notFound('药店')
  throw conflict('这家药店还没有核查过：每天凌晨 3 时起核查，有登记后半小时内也会核查', 'not-judged')
}

/** One store with everything that is known of its conduct. @throws Problem 404 outside the caller's area, 409 before it was judged */
export async function readStore(
  parts: ComplianceParts,
  caller: Caller,
  code: string,
): Promise<ResponseOf<Routes['compliance.store']>> {
  const { kernel, purchases } = parts
  return readScope(kernel.db, scopeFor(caller, 'compliance.read'), async (tx) => {
    const row = await getScore(tx, code)
    const [store] = await withMeasures(tx, purchases.reference, [row], kernel.clock.now())
    const evidence = await tx
      .selectFrom('compliance.evidence')
      .selectAll()
      .where('storeCode', '=', code)
      .orderBy('rule')
      .orderBy('position')
      .execute()
    const measures = await tx
      .selectFrom('compliance.measure')
      .selectAll()
      .where('storeCode', '=', code)
      .orderBy('id', 'desc')
      .limit(50)
      .execute()
    const dismissals = await tx
      .selectFrom('compliance.dismissal')
      .selectAll()
      .where('storeCode', '=', code)
      .orderBy('id', 'desc')
      .limit(20)
      .execute()
    const days = await tx
      .selectFrom('compliance.scoreDay')
      .selectAll()
      .where('storeCode', '=', code)
      .orderBy('day', 'desc')
      .limit(90)
      .execute()
    return {
      store: store!,
      evidence: evidence.map(({ rule, key, text, fromDay, toDay, count, purchaseIds }) => ({
        rule,
        key,
        text,
        from: fromDay,
        to: toDay,
        count,
        entries: purchaseIds.length,
      })),
      measures: await withReplies(parts, tx, measures),
      dismissals: dismissals.map(({ rule, reason, byName, at, untilDay }) => ({
        rule,
        name: ruleName(rule),
        reason,
        by: byName,
        at: at.toISOString(),
        until: untilDay,
      })),
      days: days.reverse().map(({ day, score, grade }) => ({ day, score: Number(score), grade })),
    }
  })
}

/** The entries of an evidence row, masked. @throws Problem 404 when it is not there or outside the caller's area */
export async function readEntries(
  parts: ComplianceParts,
  caller: Caller,
  code: string,
  { rule, key }: { rule: string; key: string },
): Promise<EvidenceEntry[]> {
  const { kernel, purchases } = parts
  return readScope(kernel.db, scopeFor(caller, 'purchase.read'), async (tx) => {
    const row = await tx
      .selectFrom('compliance.evidence')
      .select('purchaseIds')
      .where('storeCode', '=', code)
      .where('rule', '=', rule)
      .where('key', '=', key)
      .executeTakeFirst()
    if (!row) throw notFound('证据')
    const records = [...(await recordsNow(kernel, tx, row.purchaseIds)).values()]
    return records
      .sort((a, b) => a.soldAt.getTime() - b.soldAt.getTime())
      .map(({ id, soldAt, receivedAt, documentType, personal, lines }) => ({
        id,
        soldAt: soldAt.toISOString(),
        receivedAt: receivedAt.toISOString(),
        name: personal ? maskName(personal.name) : null,
        documentNumber: personal ? maskDocument(documentType as never, personal.documentNumber) : null,
        mobile: personal ? maskMobile(personal.mobile) : null,
        drugs: lines
          .map(({ drugId, quantity }) => `${purchases.reference.drug(drugId)?.name ?? ''}×${quantity}`)
          .join('、')
          .slice(0, 600),
      }))
  })
}
