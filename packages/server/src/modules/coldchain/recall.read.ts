import type { ColdRecall, ColdRecallDetail, coldchainRoutes, QueryOf } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor, within } from '../../kernel/access/caller.ts'
import { readScope, type Scope, systemScope, type Tx } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import { chosenScope, type Parts } from './coldchain.parts.ts'
import { fates, type RecallProblem } from './recall.domain.ts'
import { type MockResult, type SettledRecall, scoreMock, settleRecall } from './recall.settle.domain.ts'
import type { RecallRow } from './recall.table.ts'

type SeenRecall = RecallRow & { readonly lots: ColdRecall['lots'] }

const lotsOf = sql<
  ColdRecall['lots']
>`(SELECT jsonb_agg(jsonb_build_object('id', l.id, 'lotNo', l.lot_no, 'goodsName', l.goods_name) ORDER BY l.id)
  FROM coldchain.recall_lot x JOIN coldchain.lot l ON l.id = x.lot_id WHERE x.recall_id = r.id)`

/** Recalls of a scope, and those of which its holders were told. */
const concerns = (scope: Scope) => sql<boolean>`(r.path ^@ ANY(${[...scope]}::text[])
  OR EXISTS (SELECT FROM coldchain.recall_notice n WHERE n.recall_id = r.id AND n.path ^@ ANY(${[...scope]}::text[])))`

const shownRecall = (row: SeenRecall): ColdRecall => ({
  ...{ id: row.id, number: row.number, kind: row.kind, state: row.state, reason: row.reason },
  ...{ orderedBy: row.orderedBy, lots: row.lots, total: row.totalGrams, createdAt: row.createdAt.toISOString() },
  ...{ openedAt: row.openedAt?.toISOString() ?? null, closedAt: row.closedAt?.toISOString() ?? null },
})

/** Recalls that concern the caller's area, newest first. */
export async function listRecalls(
  parts: Parts,
  caller: Caller,
  { area, lot, state, cursor, limit = 50 }: QueryOf<(typeof coldchainRoutes)['cold-recall.list']>,
): Promise<{ items: ColdRecall[]; next: string | null }> {
  const scope = chosenScope(parts, caller, area)
  const rows = await readScope(parts.kernel.db, systemScope, (tx) => {
    let select = tx
      .selectFrom('coldchain.recall as r')
      .selectAll('r')
      .select(lotsOf.as('lots'))
      .where(concerns(scope))
      .orderBy('r.id', 'desc')
      .limit(limit + 1)
    if (state !== undefined) select = select.where('r.state', '=', state)
    if (cursor !== undefined) select = select.where('r.id', '<', cursor)
    if (lot !== undefined)
      select = select.where('r.id', 'in', (eb) =>
        eb.selectFrom('coldchain.recallLot').select('recallId').where('lotId', '=', lot),
      )
    return select.execute()
  })
  return { items: rows.slice(0, limit).map(shownRecall), next: rows.length > limit ? rows[limit - 1]!.id : null }
}

interface Named {
  readonly lotNo: string
  readonly holderName: string
}
interface Placed {
  readonly path: string
}
type Count = Named & Placed & { lotId: string; holderId: string; grams: number; note: string; at: Date; by: string }
type Disposal = Named & Placed & { grams: number; orderNo: string; at: Date }

/** A recall with everything known of it, to the gram. */
export interface WholeRecall {
  readonly row: SeenRecall
  readonly settled: SettledRecall
  readonly counts: readonly Count[]
  readonly disposals: readonly Disposal[]
  readonly notices: readonly { readonly holderId: string; readonly toldAt: Date; readonly path: string }[]
  readonly problems: readonly RecallProblem[]
  readonly mock: MockResult | null
  /** Names and places of lots and holders by id. */
  readonly names: ReadonlyMap<string, string>
  readonly paths: ReadonlyMap<string, string>
}

/** What was destroyed by order of the recalled goods from the call until the end. */
async function disposalsOf(tx: Tx, { id, openedAt, closedAt }: RecallRow): Promise<Disposal[]> {
  const { rows } = await sql<Disposal>`
    SELECT -m.grams AS grams, o.number AS order_no, m.at, m.path, h.name AS holder_name, l.lot_no
    FROM (SELECT lot_id FROM coldchain.recall_line WHERE recall_id = ${id} UNION SELECT lot_id FROM coldchain.recall_lot WHERE recall_id = ${id}) x
    JOIN coldchain.destroy_order o ON o.lot_id = x.lot_id AND o.at >= ${openedAt}::timestamptz AND o.at <= coalesce(${closedAt}::timestamptz, 'infinity')
    JOIN coldchain.movement m ON m.order_id = o.id JOIN coldchain.holder h ON h.id = m.holder_id JOIN coldchain.lot l ON l.id = m.lot_id
    ORDER BY m.id`.execute(tx)
  return rows
}

/** Loads a recall by key; the transaction must see the whole country. @throws Problem 404 when it does not concern the scope */
export async function loadWhole(tx: Tx, scope: Scope, id: string): Promise<WholeRecall> {
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
    .select(['holderId', 'toldAt', 'path'])
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
  const holders = [...new Set(notices.map(({ holderId }) => holderId))]
  const lots = [...new Set([...lines.map(({ lotId }) => lotId), ...row.problems.map(({ lot }) => lot)])]
  const { rows: named } = await sql<{ id: string; name: string; path: string }>`
    SELECT id, name, path FROM coldchain.holder WHERE id = ANY(${holders}::uuid[])
    UNION ALL SELECT id, lot_no, path FROM coldchain.lot WHERE id = ANY(${lots}::uuid[])`.execute(tx)
  const times = { startedAt: row.openedAt?.getTime() ?? 0, endedAt: row.closedAt?.getTime() ?? 0 }
  return {
    ...{ row, settled, counts, notices, problems: row.problems },
    disposals: row.openedAt === null ? [] : await disposalsOf(tx, row),
    mock: row.kind === 'mock' && row.closedAt !== null ? scoreMock(settled, times) : null,
    names: new Map(named.map(({ id: key, name }) => [key, name])),
    paths: new Map(named.map(({ id: key, path }) => [key, path])),
  }
}

/** What a scope may see of a recall: all of one of its own area, of another only what its own holders have. */
function shownDetail(whole: WholeRecall, scope: Scope): ColdRecallDetail {
  const { row, settled, counts, notices, disposals, problems, names, paths, mock } = whole
  const sees = (path: string | undefined) => path !== undefined && scope.some((root) => within(path, root))
  const all = sees(row.path)
  const mine = (path: string | undefined) => all || sees(path)
  const name = (id: string) => names.get(id) ?? ''
  const waiting = new Set(settled.waitingFor)
  return {
    ...shownRecall(row),
    outcome: row.outcome,
    byFate: fates.filter((fate) => settled.byFate[fate] > 0).map((fate) => ({ fate, grams: settled.byFate[fate] })),
    lines: settled.lines
      .filter(({ holder, to }) => mine(paths.get(holder)) || (to !== undefined && mine(paths.get(to))))
      .map(({ fate, lot, holder, to, grams, mass, confirmed }) => ({
        ...{ fate, lotId: lot, lotNo: name(lot), holderId: holder, holderName: name(holder) },
        ...{ toName: to === undefined ? null : name(to), grams, mass, confirmed },
      })),
    ...{ accounted: settled.accounted, confirmed: settled.confirmed },
    notices: notices
      .filter(({ path }) => mine(path))
      .map(({ holderId, toldAt }) => ({
        ...{ holderId, holderName: name(holderId), toldAt: toldAt.toISOString(), waiting: waiting.has(holderId) },
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
      .map(({ holderName, lotNo, grams, orderNo, at }) => ({
        holderName,
        lotNo,
        grams,
        orderNo,
        at: at.toISOString(),
      })),
    problems: all ? problems.map(({ rule, lot, grams }) => ({ rule, lotNo: name(lot), grams })) : [],
    mock,
  }
}

/** A recall that concerns the caller's area. @throws Problem 404 */
export async function readRecall({ kernel }: Parts, caller: Caller, id: string): Promise<ColdRecallDetail> {
  const scope = scopeFor(caller, ['coldchain.read', 'coldchain.operate', 'coldchain.inspect'])
  return readScope(kernel.db, systemScope, async (tx) => shownDetail(await loadWhole(tx, scope, id), scope))
}
