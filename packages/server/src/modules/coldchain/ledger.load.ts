import { uuidv7 } from '@vigil/codes'
import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import {
  type Book,
  type BoxFacts,
  type DispatchFacts,
  type LedgerStep,
  type LotFacts,
  type OrderFacts,
  stockKey,
} from './ledger.book.ts'
import { gtinOf } from './ledger.gather.domain.ts'
import { hop, type WayBack } from './recall.way.domain.ts'
import { loadRules, ruleAt } from './rule.read.ts'

/** The book of some events, and where each holder in it is. */
export interface LoadedBook extends Book {
  readonly paths: ReadonlyMap<string, string>
}

interface Named {
  readonly uris: string[]
  readonly gtins: string[]
  readonly parties: string[]
  readonly documents: string[]
  readonly advices: string[]
}

const unique = (list: readonly (string | null | undefined)[]): string[] => [
  ...new Set(list.filter((each): each is string => typeof each === 'string')),
]

function namedIn(steps: readonly LedgerStep[]): Named {
  const uris = unique(
    steps.flatMap(({ things, inputs, outputs, parent }) => [
      parent,
      ...[...things, ...inputs, ...outputs].map(({ uri }) => uri),
    ]),
  )
  return {
    uris,
    gtins: unique(uris.map(gtinOf)),
    parties: unique(steps.flatMap(({ possession, place }) => [possession.from, possession.to, place])),
    documents: unique(steps.flatMap(({ documents }) => documents)),
    advices: unique(steps.map(({ advice }) => advice)),
  }
}

const uuidIn = (uri: string): string[] => /^urn:uuid:([0-9a-f-]{36})$/.exec(uri)?.slice(1) ?? []

/** Ids of the known lots that events name, by themselves or by boxes and pallets; undefined when nothing of theirs is known here. */
async function findLots(tx: Tx, { uris, gtins }: Named): Promise<string[] | undefined> {
  const { rows } = await sql<{ id: string | null }>`
    SELECT id FROM coldchain.lot WHERE uri = ANY(${uris}::text[])
    UNION SELECT lot_id FROM coldchain.box WHERE uri = ANY(${uris}::text[])
    UNION SELECT lot_id FROM coldchain.box WHERE parent_uri = ANY(${uris}::text[])
    UNION SELECT NULL FROM coldchain.goods WHERE gtin = ANY(${gtins}::text[])`.execute(tx)
  return rows.length === 0 ? undefined : rows.flatMap(({ id }) => id ?? [])
}

/** Locks lots and the imported lots in them until the end of the transaction. */
export const lockLots = async (tx: Tx, ids: readonly string[]): Promise<void> =>
  void (await sql`SELECT coldchain.lock_lots(${ids}::uuid[])`.execute(tx))

/**
 * Locks the lots that events name and loads what is needed to judge them, all by key. The transaction must see the whole country.
 * @returns undefined when the events name nothing of the cold chain
 */
export async function loadBook(tx: Tx, steps: readonly LedgerStep[]): Promise<LoadedBook | undefined> {
  const named = namedIn(steps)
  const ids = await findLots(tx, named)
  if (ids === undefined) return undefined
  await lockLots(tx, ids)
  const holders = await tx
    .selectFrom('coldchain.holder')
    .select(['id', 'uri', 'locationUri', 'path'])
    .where((eb) =>
      eb.or([
        eb('uri', '=', sql<string>`ANY(${named.parties}::text[])`),
        eb('locationUri', '=', sql<string>`ANY(${named.parties}::text[])`),
      ]),
    )
    .execute()
  const dispatches = await loadDispatches(
    tx,
    ids,
    named,
    holders.map(({ id }) => id),
  )
  const others = await tx
    .selectFrom('coldchain.holder')
    .select(['id', 'path'])
    .where('id', 'in', [uuidv7(), ...dispatches.flatMap(({ fromId, toId }) => [fromId, toId])])
    .execute()
  const lots = await loadLots(tx, ids)
  const released = await loadReleased(tx, lots)
  const paths = new Map([...holders, ...others].map(({ id, path }) => [id, path]))
  const rules = await loadRules(tx)
  return {
    lots: new Map(lots.map((lot) => [lot.uri, lot])),
    lotsById: new Map(lots.map((lot) => [lot.id, lot])),
    boxes: await loadBoxes(tx, ids, named, dispatches),
    holders: new Map(holders.flatMap(({ id, uri, locationUri }) => [[uri, id] as const, [locationUri, id] as const])),
    gtins: await loadGtins(tx, named.gtins),
    released,
    recalled: await loadRecalled(tx, lots, released, [...paths.keys()]),
    dispatches,
    orders: await loadOrders(tx, named.documents.flatMap(uuidIn)),
    stock: await loadStock(tx, ids, [...paths.keys()]),
    tolerance: (holderId, time) => ruleAt(rules, paths.get(holderId) ?? '/', new Date(time)).tolerancePpm,
    newId: uuidv7,
    movements: [],
    flows: [],
    made: [],
    joined: [],
    touched: new Set(),
    paths,
  }
}

async function loadLots(tx: Tx, ids: readonly string[]): Promise<LotFacts[]> {
  const { rows } = await sql<LotFacts & { entryUri: string | null; entryGrams: number | null }>`
    SELECT l.id, l.uri, l.kind, l.holder_id, l.expires_on,
      ARRAY(SELECT root_id FROM coldchain.lot_root r WHERE r.lot_id = l.id) AS roots,
      'urn:uuid:' || coalesce(d.id, c.id) AS entry_uri, coalesce(d.entered_grams, c.grams) AS entry_grams,
      EXISTS (SELECT FROM coldchain.movement m WHERE m.lot_id = l.id AND m.kind = 'enter') AS entered
    FROM coldchain.lot l
    LEFT JOIN coldchain.declaration d ON d.lot_id = l.id AND d.state = 'entered'
    LEFT JOIN coldchain.certificate c ON c.lot_id = l.id AND c.province IS NOT NULL
    WHERE l.id = ANY(${ids}::uuid[])`.execute(tx)
  return rows.map(({ entryUri, entryGrams, ...lot }) => ({
    ...lot,
    entry: entryUri === null || entryGrams === null ? null : { uri: entryUri, grams: entryGrams },
  }))
}

async function loadDispatches(tx: Tx, ids: readonly string[], { advices }: Named, to: readonly string[]) {
  const { rows } = await sql<DispatchFacts & { sent: Date; arrived: Date | null }>`
    SELECT id, uri, lot_id, from_id, to_id, returned, grams, lost_grams AS lost, received_grams AS received, sent_at AS sent,
      received_at AS arrived
    FROM coldchain.dispatch WHERE uri = ANY(${advices}::text[]) AND lot_id = ANY(${ids}::uuid[])
    UNION SELECT id, uri, lot_id, from_id, to_id, returned, grams, lost_grams, received_grams, sent_at, received_at
    FROM coldchain.dispatch WHERE to_id = ANY(${to}::uuid[]) AND received_at IS NULL AND lot_id = ANY(${ids}::uuid[])`.execute(
    tx,
  )
  return rows.map(
    ({ sent, arrived, ...row }): DispatchFacts => ({
      ...row,
      sentAt: sent.getTime(),
      receivedAt: arrived?.getTime() ?? null,
    }),
  )
}

async function loadBoxes(tx: Tx, ids: readonly string[], { uris }: Named, ways: readonly DispatchFacts[]) {
  const dispatched = ways.map(({ uri }) => uri)
  const { rows } = await sql<BoxFacts>`
    SELECT b.uri, b.lot_id, b.grams, b.parent_uri AS parent, b.holder_id, b.dispatch_uri, b.gone FROM coldchain.box b
    WHERE b.uri = ANY(${uris}::text[]) OR b.parent_uri = ANY(${uris}::text[])
      OR (b.dispatch_uri = ANY(${dispatched}::text[]) AND b.lot_id = ANY(${ids}::uuid[]))`.execute(tx)
  return new Map(rows.map((box) => [box.uri, box]))
}

async function loadGtins(tx: Tx, gtins: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ gtin: string }>`
    SELECT gtin FROM coldchain.goods WHERE gtin = ANY(${gtins}::text[])
    UNION SELECT given FROM unnest(${gtins}::text[]) AS given
      WHERE EXISTS (SELECT FROM coldchain.lot WHERE gtin = given AND kind <> 'made')`.execute(tx)
  return new Set(rows.map(({ gtin }) => gtin))
}

async function loadReleased(tx: Tx, lots: readonly LotFacts[]): Promise<Set<string>> {
  const roots = lots.flatMap((lot) => lot.roots)
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM coldchain.lot WHERE id = ANY(${roots}::uuid[]) AND releases % 2 = 1`.execute(tx)
  return new Set(rows.map(({ id }) => id))
}

/** Ways that lots may take which a recall freezes; nothing is asked while all are released. */
async function loadRecalled(
  tx: Tx,
  lots: readonly LotFacts[],
  released: ReadonlySet<string>,
  holders: readonly string[],
): Promise<Map<string, WayBack>> {
  const shut = lots.filter(({ roots }) => roots.some((root) => !released.has(root))).map(({ id }) => id)
  if (shut.length === 0) return new Map()
  const { rows: recalls } = await sql<{ id: string; collectorId: string | null }>`
    SELECT lot.id, r.collector_id FROM unnest(${shut}::uuid[]) AS lot(id), coldchain.recalls_of(lot.id) AS r`.execute(
    tx,
  )
  const { rows: sent } = await sql<{ lotId: string; fromId: string; toId: string }>`
    SELECT DISTINCT lot_id, from_id, to_id FROM coldchain.dispatch WHERE lot_id = ANY(${recalls.map(({ id }) => id)}::uuid[])
      AND to_id = ANY(${holders}::uuid[]) AND received_at IS NOT NULL`.execute(tx)
  return new Map(
    recalls.map(({ id }) => [
      id,
      {
        collectors: new Set(recalls.flatMap((each) => (each.id === id ? (each.collectorId ?? []) : []))),
        sent: new Set(sent.flatMap(({ lotId, fromId, toId }) => (lotId === id ? hop(fromId, toId) : []))),
      },
    ]),
  )
}

async function loadOrders(tx: Tx, ids: readonly string[]): Promise<Map<string, OrderFacts>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<OrderFacts>`
    SELECT o.id, o.lot_id, o.grams + coalesce((SELECT sum(m.grams) FROM coldchain.movement m WHERE m.order_id = o.id), 0)::bigint AS grams
    FROM coldchain.destroy_order o WHERE o.id = ANY(${ids}::uuid[])`.execute(tx)
  return new Map(rows.map((order) => [`urn:uuid:${order.id}`, order]))
}

async function loadStock(tx: Tx, lots: readonly string[], holders: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ lotId: string; holderId: string; grams: number }>`
    SELECT lot_id, holder_id, grams FROM coldchain.balance
    WHERE lot_id = ANY(${lots}::uuid[]) AND holder_id = ANY(${holders}::uuid[])`.execute(tx)
  return new Map(rows.map(({ lotId, holderId, grams }) => [stockKey(lotId, holderId), grams]))
}
