import type { ColdStock, ColdTask, coldchainRoutes, ResponseOf } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, systemScope, type Tx } from '../../kernel/db/index.ts'
import type { Parts } from './coldchain.parts.ts'
import type { DeclarationRow, DocumentRow } from './coldchain.table.ts'
import { troublesOf } from './declaration.store.ts'
import { byUrgency, declarationTasks } from './desk.domain.ts'
import { gapNames } from './gap.domain.ts'
import { gapsOfHolders, namedGaps } from './gap.read.ts'
import { holdersIn } from './holder.scope.ts'
import { type SeenLot, seenLots, shownLot } from './lot.read.ts'
import { loadRules } from './rule.read.ts'

type Routes = typeof coldchainRoutes
const mostTasks = 300
const mostLots = 500

type Waiting = DeclarationRow & {
  readonly producedOn: string
  readonly expiresOn: string
  readonly goodsName: string
  readonly ownerName: string
  readonly warehouseName: string
  readonly said: ('consignor' | 'warehouse')[]
}

/** What the declarations that wait ask of some businesses. */
async function ofDeclarations(tx: Tx, ids: readonly string[], now: number): Promise<ColdTask[]> {
  const { rows } = await sql<Waiting>`
    SELECT d.*, l.produced_on, l.expires_on, l.goods_name, o.name AS owner_name, w.name AS warehouse_name,
      ARRAY(SELECT DISTINCT f.side FROM coldchain.figure f WHERE f.declaration_id = d.id) AS said
    FROM coldchain.declaration d JOIN coldchain.lot l ON l.id = d.lot_id
    JOIN coldchain.holder o ON o.id = d.owner_id JOIN coldchain.holder w ON w.id = d.warehouse_id
    WHERE d.state IN ('declared', 'disputed') AND (d.owner_id = ANY(${ids}::uuid[]) OR d.warehouse_id = ANY(${ids}::uuid[]))
    ORDER BY d.slot_at LIMIT ${mostTasks}`.execute(tx)
  const documents = await tx
    .selectFrom('coldchain.document')
    .selectAll()
    .where('declarationId', '=', sql<string>`ANY(${rows.map(({ id }) => id)}::uuid[])`)
    .orderBy('id')
    .execute()
  const papers: Map<string, DocumentRow[]> = Map.groupBy(documents, ({ declarationId }) => declarationId)
  const rules = await loadRules(tx)
  const mine = new Set(ids)
  return rows.flatMap((row) =>
    declarationTasks(
      {
        ...row,
        said: new Set(row.said),
        slotAt: row.slotAt.getTime(),
        problems: troublesOf(row, row, papers.get(row.id) ?? [], rules),
      },
      mine,
      now,
    ),
  )
}

type OnTheWay = {
  uri: string
  id: string
  toId: string
  lotNo: string
  goodsName: string
  fromName: string
  grams: number
  sentAt: Date
}

/** Goods that were sent to some businesses and are not received. */
async function ofDispatches(tx: Tx, ids: readonly string[]): Promise<ColdTask[]> {
  const { rows } = await sql<OnTheWay>`
    SELECT d.uri, d.id, d.to_id, l.lot_no, l.goods_name, f.name AS from_name, d.grams - d.lost_grams AS grams, d.sent_at
    FROM coldchain.dispatch d JOIN coldchain.lot l ON l.id = d.lot_id JOIN coldchain.holder f ON f.id = d.from_id
    WHERE d.to_id = ANY(${ids}::uuid[]) AND d.received_at IS NULL AND d.grams > d.lost_grams ORDER BY d.sent_at LIMIT ${mostTasks}`.execute(
    tx,
  )
  return rows.map((row) => ({
    ...{ kind: 'receive', holderId: row.toId, id: row.id, dispatch: row.uri, ref: row.lotNo, goodsName: row.goodsName },
    ...{ otherName: row.fromName, grams: row.grams, at: row.sentAt.toISOString(), detail: '' },
  }))
}

type Called = {
  id: string
  holderId: string
  number: string
  goodsName: string
  grams: number
  openedAt: Date
  reason: string
}

/** Recalls that are open and of which some businesses have not counted all they had. */
async function ofRecalls(tx: Tx, ids: readonly string[]): Promise<ColdTask[]> {
  const { rows } = await sql<Called>`
    SELECT r.id, x.holder_id, r.number, r.opened_at, r.reason, min(l.goods_name) AS goods_name, sum(x.mass)::bigint AS grams
    FROM coldchain.recall_notice n JOIN coldchain.recall r ON r.id = n.recall_id AND r.state = 'open'
    JOIN coldchain.recall_line x ON x.recall_id = r.id AND x.holder_id = n.holder_id AND x.fate = 'on-hand'
    JOIN coldchain.lot l ON l.id = x.lot_id
    WHERE n.holder_id = ANY(${ids}::uuid[]) AND NOT EXISTS (SELECT FROM coldchain.recall_count c
      WHERE c.recall_id = r.id AND c.holder_id = x.holder_id AND c.lot_id = x.lot_id)
    GROUP BY r.id, x.holder_id ORDER BY r.id`.execute(tx)
  return rows.map((row) => ({
    ...{
      kind: 'recall',
      holderId: row.holderId,
      id: row.id,
      dispatch: null,
      ref: row.number,
      goodsName: row.goodsName,
    },
    ...{ otherName: null, grams: row.grams, at: row.openedAt.toISOString(), detail: row.reason.slice(0, 200) },
  }))
}

/** Violations found at some businesses and not settled. */
async function ofViolations(tx: Tx, ids: readonly string[]): Promise<ColdTask[]> {
  const { rows } = await sql<{
    id: string
    holderId: string
    code: string
    goodsName: string | null
    grams: number | null
    at: Date
  }>`
    SELECT v.id, v.holder_id, v.code, l.goods_name, v.grams, v.at FROM coldchain.violation v
    LEFT JOIN coldchain.lot l ON l.id = v.lot_id
    WHERE v.holder_id = ANY(${ids}::uuid[]) AND v.state <> 'closed' ORDER BY v.id DESC LIMIT 100`.execute(tx)
  return rows.map((row) => ({
    ...{ kind: 'violation', holderId: row.holderId, id: row.id, dispatch: null, ref: row.code.slice(-60) },
    ...{ goodsName: row.goodsName ?? '', otherName: null, grams: row.grams, at: row.at.toISOString(), detail: '' },
  }))
}

/** Gaps in the way of goods; what was sent to the business itself is told as something to receive. */
async function ofGaps(tx: Tx, ids: readonly string[], now: number): Promise<ColdTask[]> {
  const mine = new Set(ids)
  const gaps = (await gapsOfHolders(tx, ids, now)).filter(({ holder }) => mine.has(holder)).slice(0, 100)
  const named = await namedGaps(tx, gaps, now)
  return named.map((gap, index) => ({
    ...{ kind: 'gap', holderId: gaps[index]!.holder, id: gap.lotId, dispatch: null, ref: gap.lotNo },
    ...{
      goodsName: gap.goodsName,
      otherName: gap.otherName,
      grams: gap.grams,
      at: gap.due,
      detail: gapNames[gap.kind],
    },
  }))
}

/** For whom the caller acts, and what waits for them. */
export async function readDesk(
  { kernel, reference }: Parts,
  caller: Caller,
): Promise<ResponseOf<Routes['cold-desk.me']>> {
  const scope = scopeFor(caller, 'coldchain.operate')
  const now = kernel.clock.now().getTime()
  // All is asked for by the ids of the own businesses; a recall or an entry elsewhere is theirs to know of, too.
  return readScope(kernel.db, systemScope, async (tx) => {
    const holders = await holdersIn(tx, scope)
    const ids = holders.map(({ id }) => id)
    const tasks = [
      ...(await ofRecalls(tx, ids)),
      ...(await ofDeclarations(tx, ids, now)),
      ...(await ofDispatches(tx, ids)),
      ...(await ofViolations(tx, ids)),
      ...(await ofGaps(tx, ids, now)),
    ]
    const { rows } = await sql<{ grams: number; lots: number }>`
      SELECT coalesce(sum(grams), 0)::bigint AS grams, count(DISTINCT lot_id)::int AS lots FROM coldchain.balance
      WHERE holder_id = ANY(${ids}::uuid[]) AND grams > 0`.execute(tx)
    return {
      holders: holders.map(({ id, code, name, kind, uri, address, areaCode }) => ({
        ...{ id, code, name, kind, uri, address },
        areaName: reference.areaName(areaCode),
      })),
      tasks: byUrgency(tasks).slice(0, mostTasks),
      ...rows[0]!,
    }
  })
}

type Held = {
  lotId: string
  holderId: string
  holderName: string
  grams: number
  since: Date
  boxes: number
  certificateId: string | null
}

/** What lies at the caller's businesses, and what is theirs in the warehouse that it entered, by lot, the newest lots first. */
export async function readStock({ kernel }: Parts, caller: Caller, holder: string | undefined): Promise<ColdStock[]> {
  const scope = scopeFor(caller, 'coldchain.operate')
  return readScope(kernel.db, systemScope, async (tx) => {
    const holders = (await holdersIn(tx, scope)).filter(({ id }) => holder === undefined || id === holder)
    const own = holders.map(({ id }) => id)
    const { rows: held } = await sql<Held>`
      SELECT b.lot_id, b.holder_id, (SELECT name FROM coldchain.holder h WHERE h.id = b.holder_id) AS holder_name, b.grams, b.since,
        (SELECT count(*)::int FROM coldchain.box x WHERE x.lot_id = b.lot_id AND x.holder_id = b.holder_id AND NOT x.gone) AS boxes,
        (SELECT c.id FROM coldchain.certificate c WHERE c.lot_id = b.lot_id AND c.province IS NULL
          AND (c.to_id IS NULL OR c.to_id = b.holder_id OR b.holder_id = (SELECT l.holder_id FROM coldchain.lot l WHERE l.id = b.lot_id))
          ORDER BY c.to_id = b.holder_id DESC NULLS LAST, c.id DESC LIMIT 1) AS certificate_id
      FROM (SELECT lot_id, holder_id FROM coldchain.balance WHERE holder_id = ANY(${own}::uuid[]) AND grams > 0
        UNION SELECT lot_id, warehouse_id FROM coldchain.declaration WHERE owner_id = ANY(${own}::uuid[]) AND state = 'entered') AS k
      JOIN coldchain.balance b ON b.lot_id = k.lot_id AND b.holder_id = k.holder_id AND b.grams > 0
      ORDER BY b.lot_id DESC LIMIT ${mostLots}`.execute(tx)
    const ids = [...new Set(held.map(({ lotId }) => lotId))]
    const { rows } = await seenLots(sql`(SELECT unnest(${ids}::uuid[]) AS id)`).execute(tx)
    const lots = new Map<string, SeenLot>(rows.map((lot) => [lot.id, lot]))
    return held.map(({ lotId, since, ...rest }) => ({
      ...rest,
      lot: shownLot(lots.get(lotId)!),
      since: since.toISOString(),
    }))
  })
}
