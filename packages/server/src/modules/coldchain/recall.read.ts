import type { ColdRecall, ColdRecallDetail, coldchainRoutes, QueryOf } from '@vigil/contract'
import { type Selectable, sql } from 'kysely'
import { type Caller, scopeFor, within } from '../../kernel/access/caller.ts'
import { type Database, readScope, type Scope, systemScope, type Tx } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import { chosenScope, type Parts } from './coldchain.parts.ts'
import { type Fate, fates, type RecallProblem } from './recall.domain.ts'
import { linesNow, recallNow } from './recall.now.ts'
import { noProgress, type Progress, progressOf } from './recall.progress.ts'
import { fatesNow, type SettledRecall, settleRecall } from './recall.settle.domain.ts'
import type { RecallRow } from './recall.table.ts'
import { type Tellings, tellingsOf } from './recall.tell.ts'

type SeenRecall = RecallRow & { readonly lots: ColdRecall['lots'] }

const lotsOf = sql<
  ColdRecall['lots']
>`(SELECT jsonb_agg(jsonb_build_object('id', l.id, 'lotNo', l.lot_no, 'goodsName', l.goods_name) ORDER BY l.id)
  FROM coldchain.recall_lot x JOIN coldchain.lot l ON l.id = x.lot_id WHERE x.recall_id = r.id)`

/** Recalls of a scope, and those of which its holders were told. */
const concerns = (scope: Scope) => sql<boolean>`(r.path ^@ ANY(${[...scope]}::text[])
  OR EXISTS (SELECT FROM coldchain.recall_notice n WHERE n.recall_id = r.id AND n.path ^@ ANY(${[...scope]}::text[])))`

const shownRecall = (row: SeenRecall, { asked, answered, unaccounted }: Progress): ColdRecall => ({
  ...{ id: row.id, number: row.number, kind: row.kind, state: row.state, reason: row.reason },
  ...{ orderedBy: row.orderedBy, lots: row.lots, total: row.totalGrams, createdAt: row.createdAt.toISOString() },
  ...{ asked, answered, accounted: row.totalGrams - unaccounted },
  ...{ openedAt: row.openedAt?.toISOString() ?? null, closedAt: row.closedAt?.toISOString() ?? null },
  mock: row.score,
})

/** Recalls that concern the caller's area, newest first. */
export async function listRecalls(
  parts: Parts,
  caller: Caller,
  { area, lot, kind, state, cursor, limit = 50 }: QueryOf<(typeof coldchainRoutes)['cold-recall.list']>,
): Promise<{ items: ColdRecall[]; next: string | null }> {
  const scope = chosenScope(parts, caller, area)
  return readScope(parts.kernel.db, systemScope, async (tx) => {
    let select = tx
      .selectFrom('coldchain.recall as r')
      .selectAll('r')
      .select(lotsOf.as('lots'))
      .where(concerns(scope))
      .orderBy('r.id', 'desc')
      .limit(limit + 1)
    if (kind !== undefined) select = select.where('r.kind', '=', kind)
    if (state !== undefined) select = select.where('r.state', '=', state)
    if (cursor !== undefined) select = select.where('r.id', '<', cursor)
    if (lot !== undefined)
      select = select.where('r.id', 'in', (eb) =>
        eb.selectFrom('coldchain.recallLot').select('recallId').where('lotId', '=', lot),
      )
    const rows = await select.execute()
    const page = rows.slice(0, limit)
    const progress = await progressOf(
      tx,
      page.map(({ id }) => id),
    )
    return {
      items: page.map((row) => shownRecall(row, progress.get(row.id) ?? noProgress)),
      next: rows.length > limit ? page.at(-1)!.id : null,
    }
  })
}

/** Recalls with their progress, by id; the transaction must see the whole country. */
export async function recallsById(tx: Tx, ids: readonly string[]): Promise<Map<string, ColdRecall>> {
  const rows = await tx
    .selectFrom('coldchain.recall as r')
    .selectAll('r')
    .select(lotsOf.as('lots'))
    .where('r.id', '=', sql<string>`ANY(${[...ids]}::uuid[])`)
    .execute()
  const progress = await progressOf(tx, ids)
  return new Map(rows.map((row) => [row.id, shownRecall(row, progress.get(row.id) ?? noProgress)]))
}

interface Named {
  readonly lotNo: string
  readonly holderName: string
}
interface Placed {
  readonly path: string
}
type Count = Named & Placed & { lotId: string; holderId: string; grams: number; note: string; at: Date; by: string }
type Disposal = Named &
  Placed &
  Pick<ColdRecallDetail['disposals'][number], 'id' | 'grams' | 'orderNo' | 'witness' | 'files'> & { at: Date }
type NoticeRow = Selectable<Database['coldchain.recallNotice']>

/** A recall with everything known of it, to the gram. */
export interface WholeRecall {
  readonly row: SeenRecall
  readonly settled: SettledRecall
  readonly counts: readonly Count[]
  readonly disposals: readonly Disposal[]
  readonly notices: readonly NoticeRow[]
  /** Grams by fate as they are now, or were when it was closed; null for a draft and an exercise. */
  readonly now: Readonly<Record<Fate, number>> | null
  readonly problems: readonly RecallProblem[]
  /** Names and places of lots and holders by id. */
  readonly names: ReadonlyMap<string, string>
  readonly paths: ReadonlyMap<string, string>
}

/** What was destroyed by order of the recalled goods from the call until the end. */
async function disposalsOf(tx: Tx, { id, openedAt, closedAt }: RecallRow): Promise<Disposal[]> {
  const { rows } = await sql<Disposal>`
    SELECT d.id, -m.grams AS grams, o.number AS order_no, coalesce(d.witness, '') AS witness, m.at, m.path, h.name AS holder_name, l.lot_no,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'filename', f.filename, 'mediaType', f.media_type, 'sha256', f.sha256)
        ORDER BY f.id), '[]') FROM coldchain.disposal_file f WHERE f.disposal_id = d.id) AS files
    FROM (SELECT lot_id FROM coldchain.recall_line WHERE recall_id = ${id} UNION SELECT lot_id FROM coldchain.recall_lot WHERE recall_id = ${id}) x
    JOIN coldchain.destroy_order o ON o.lot_id = x.lot_id AND o.at >= ${openedAt}::timestamptz AND o.at <= coalesce(${closedAt}::timestamptz, 'infinity')
    JOIN coldchain.movement m ON m.order_id = o.id JOIN coldchain.holder h ON h.id = m.holder_id JOIN coldchain.lot l ON l.id = m.lot_id
    LEFT JOIN coldchain.disposal d ON d.order_id = o.id
    ORDER BY m.id`.execute(tx)
  return rows
}

/** Grams by fate now, by the ledger as it is and what holders have counted; of what was closed, as it was then. */
async function nowOf(
  tx: Tx,
  { id, kind, state, final, lots }: SeenRecall,
  settled: SettledRecall,
  fresh: boolean,
): Promise<WholeRecall['now']> {
  if (kind === 'mock' || state !== 'open') return final
  const ids = lots.map((lot) => lot.id)
  return fatesNow(await (fresh ? linesNow(tx, ids) : recallNow(tx, id, ids)), settled.missing)
}

/**
 * Loads a recall by key; the transaction must see the whole country.
 * @param fresh in a transaction that may have written: nothing that is remembered then counts
 * @throws Problem 404 when it does not concern the scope
 */
export async function loadWhole(tx: Tx, scope: Scope, id: string, fresh = false): Promise<WholeRecall> {
  const row = await tx
    .selectFrom('coldchain.recall as r')
    .selectAll('r')
    .select(lotsOf.as('lots'))
    .where('r.id', '=', id)
    .where(concerns(scope))
    .executeTakeFirst()
  if (!row) throw notFound('召回')
  const lines = await tx
    .selectFrom('coldchain.recallLine')
    .selectAll()
    .where('recallId', '=', id)
    .orderBy('id')
    .execute()
  const { rows: counts } = await sql<Count>`
    SELECT c.lot_id, c.holder_id, c.grams, c.note, c.at, c.by, c.path, h.name AS holder_name, l.lot_no FROM coldchain.recall_count c
    JOIN coldchain.holder h ON h.id = c.holder_id JOIN coldchain.lot l ON l.id = c.lot_id WHERE c.recall_id = ${id} ORDER BY c.id`.execute(
    tx,
  )
  const notices = await tx
    .selectFrom('coldchain.recallNotice')
    .selectAll()
    .where('recallId', '=', id)
    .orderBy('holderId')
    .execute()
  const settled = settleRecall(
    {
      total: row.totalGrams,
      lines: lines.map(({ fate, lotId, holderId, toId, dispatch, grams, mass }) => ({
        ...{ fate, lot: lotId, holder: holderId, grams, mass },
        ...(toId === null ? {} : { to: toId }),
        ...(dispatch === null ? {} : { dispatch }),
      })),
    },
    counts.map(({ lotId, holderId, grams, at }) => ({ lot: lotId, holder: holderId, grams, at: at.getTime() })),
  )
  const holders = notices.map(({ holderId }) => holderId)
  if (row.collectorId !== null) holders.push(row.collectorId)
  const lots = [...new Set([...lines.map(({ lotId }) => lotId), ...row.problems.map(({ lot }) => lot)])]
  const { rows: named } = await sql<{ id: string; name: string; path: string }>`
    SELECT id, name, path FROM coldchain.holder WHERE id = ANY(${[...new Set(holders)]}::uuid[])
    UNION ALL SELECT id, lot_no, path FROM coldchain.lot WHERE id = ANY(${lots}::uuid[])`.execute(tx)
  return {
    ...{ row, settled, counts, notices, problems: row.problems },
    now: await nowOf(tx, row, settled, fresh),
    disposals: row.openedAt === null ? [] : await disposalsOf(tx, row),
    names: new Map(named.map(({ id: key, name }) => [key, name])),
    paths: new Map(named.map(({ id: key, path }) => [key, path])),
  }
}

const shownFates = (byFate: Readonly<Record<Fate, number>>) =>
  fates.filter((fate) => byFate[fate] > 0).map((fate) => ({ fate, grams: byFate[fate] }))

/** What a scope may see of a recall: all of one of its own area, of another only what its own holders have. */
function shownDetail(whole: WholeRecall, scope: Scope, told: Tellings): ColdRecallDetail {
  const { row, settled, now, counts, notices, disposals, problems, names, paths } = whole
  const sees = (path: string | undefined) => path !== undefined && scope.some((root) => within(path, root))
  const all = sees(row.path)
  const mine = (path: string | undefined) => all || sees(path)
  const name = (id: string) => names.get(id) ?? ''
  const waiting = new Set(settled.waitingFor)
  return {
    ...shownRecall(row, {
      asked: settled.asked.length,
      answered: settled.asked.length - settled.waitingFor.length,
      unaccounted: settled.byFate.unaccounted,
    }),
    outcome: row.outcome,
    collector: row.collectorId === null ? null : { id: row.collectorId, name: name(row.collectorId) },
    byFate: shownFates(settled.byFate),
    now: now && shownFates(now),
    lines: settled.lines
      .filter(({ holder, to }) => mine(paths.get(holder)) || (to !== undefined && mine(paths.get(to))))
      .map(({ fate, lot, holder, to, grams, mass, confirmed }) => ({
        ...{ fate, lotId: lot, lotNo: name(lot), holderId: holder, holderName: name(holder) },
        ...{ toName: to === undefined ? null : name(to), grams, mass, confirmed },
      })),
    confirmed: settled.confirmed,
    notices: notices
      .filter(({ path }) => mine(path))
      .map(({ holderId, toldAt, remindedAt, reminders }) => ({
        ...{ holderId, holderName: name(holderId), toldAt: toldAt.toISOString(), waiting: waiting.has(holderId) },
        ...{ remindedAt: remindedAt?.toISOString() ?? null, reminders, told: told.get(holderId) ?? [] },
      })),
    counts: counts
      .filter(({ path }) => mine(path))
      .map(({ holderName, lotNo, grams, note, at, by }) => ({
        holderName,
        lotNo,
        grams,
        note,
        at: at.toISOString(),
        by,
      })),
    disposals: disposals
      .filter(({ path }) => mine(path))
      .map(({ path: _, at, ...disposal }) => ({ ...disposal, at: at.toISOString() })),
    problems: all ? problems.map(({ rule, lot, grams }) => ({ rule, lotNo: name(lot), grams })) : [],
  }
}

/** A recall that concerns the caller's area. @throws Problem 404 */
export async function readRecall({ kernel }: Parts, caller: Caller, id: string): Promise<ColdRecallDetail> {
  const scope = scopeFor(caller, ['coldchain.read', 'coldchain.operate', 'coldchain.inspect'])
  return readScope(kernel.db, systemScope, async (tx) =>
    shownDetail(await loadWhole(tx, scope, id), scope, await tellingsOf(tx, id)),
  )
}
