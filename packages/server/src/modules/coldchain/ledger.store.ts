import { dayOf, uuidv7 } from '@vigil/codes'
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import type { BoxFacts, DispatchFacts, LotFacts } from './ledger.book.ts'
import type { LoadedBook } from './ledger.load.ts'

/** Rows as one JSON parameter, so that their number is not bound by that of parameters. */
const recordset = (rows: readonly object[], columns: string): RawBuilder<unknown> =>
  sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(${sql.raw(columns)})`

const isBox = (each: BoxFacts | DispatchFacts): each is BoxFacts => 'parent' in each

/** Stores what came to be in a book: lots, ways, movements, flows, and where boxes are. One statement of each, whatever the number. */
export async function storeBook(tx: Tx, book: LoadedBook, by: string, at: Date): Promise<void> {
  await storeLots(tx, book, by, at)
  const touched = [...book.touched]
  await storeDispatches(
    tx,
    book,
    touched.filter((each): each is DispatchFacts => !isBox(each)),
  )
  await storeMovements(tx, book)
  if (book.flows.length > 0)
    await sql`INSERT INTO coldchain.flow (id, from_lot, to_lot, grams, holder_id, event_hash, at)
      SELECT id, "from", "to", grams, "holderId", hash, to_timestamp(time / 1000.0) FROM ${recordset(
        book.flows.map((flow) => ({ ...flow, id: uuidv7() })),
        `id uuid, "from" uuid, "to" uuid, grams bigint, "holderId" uuid, hash text, time bigint`,
      )}`.execute(tx)
  const boxes = touched.filter(isBox)
  if (boxes.length > 0)
    await sql`UPDATE coldchain.box b SET parent_uri = r.parent, holder_id = r."holderId", dispatch_uri = r."dispatchUri", gone = r.gone
      FROM ${recordset(boxes, `uri text, parent text, "holderId" uuid, "dispatchUri" text, gone boolean`)} WHERE b.uri = r.uri`.execute(
      tx,
    )
  await stepOff(tx, boxes)
}

/** A box that was sent without the rest of its pallet stands on it no more: the pallet's code must not stand for it. */
async function stepOff(tx: Tx, boxes: readonly BoxFacts[]): Promise<void> {
  const sent = boxes.flatMap(({ uri, parent, dispatchUri }) => (parent !== null && dispatchUri !== null ? [uri] : []))
  if (sent.length === 0) return
  await sql`UPDATE coldchain.box b SET parent_uri = NULL WHERE b.uri = ANY(${sent}::text[]) AND EXISTS (
    SELECT FROM coldchain.box rest WHERE rest.parent_uri = b.parent_uri AND NOT rest.gone
      AND rest.dispatch_uri IS DISTINCT FROM b.dispatch_uri)`.execute(tx)
}

async function storeLots(tx: Tx, { made, joined, paths }: LoadedBook, by: string, at: Date): Promise<void> {
  if (made.length > 0) {
    const rows = made.map((lot) => ({ ...lot, ...keyOf(lot), path: paths.get(lot.holderId), day: dayOf(at) }))
    await sql`INSERT INTO coldchain.lot (id, uri, gtin, lot_no, goods_id, goods_name, kind, produced_on, expires_on, holder_id, path, created_at, created_by)
      SELECT r.id, r.uri, r.gtin, r."lotNo", g.id, coalesce(g.name, r.gtin), 'made', r.day, r."expiresOn", r."holderId", r.path, ${at}, ${by}
      FROM ${recordset(rows, `id uuid, uri text, gtin text, "lotNo" text, day date, "expiresOn" date, "holderId" uuid, path text`)}
      LEFT JOIN coldchain.goods g ON g.gtin = r.gtin`.execute(tx)
  }
  const roots = [...made.flatMap(({ id, roots }) => roots.map((rootId) => ({ lotId: id, rootId }))), ...joined]
  if (roots.length > 0)
    await sql`INSERT INTO coldchain.lot_root (lot_id, root_id) SELECT "lotId", "rootId"
      FROM ${recordset(roots, `"lotId" uuid, "rootId" uuid`)} ON CONFLICT DO NOTHING`.execute(tx)
}

/** GTIN and lot number of a lot's canonical URI. */
function keyOf({ uri }: LotFacts): { gtin: string; lotNo: string } {
  const [, gtin, lotNo] = /\/01\/(\d{14})\/10\/([^/?]+)$/.exec(uri)!
  return { gtin: gtin!, lotNo: decodeURIComponent(lotNo!) }
}

async function storeDispatches(tx: Tx, { paths }: LoadedBook, ways: readonly DispatchFacts[]): Promise<void> {
  if (ways.length === 0) return
  const rows = ways.map((way) => ({ ...way, fromPath: paths.get(way.fromId), toPath: paths.get(way.toId) }))
  await sql`INSERT INTO coldchain.dispatch (id, uri, lot_id, from_id, to_id, returned, grams, lost_grams, sent_at, received_at, received_grams, from_path, to_path)
    SELECT id, uri, "lotId", "fromId", "toId", returned, grams, lost, to_timestamp("sentAt" / 1000.0), to_timestamp("receivedAt" / 1000.0),
      received, "fromPath", "toPath" FROM ${recordset(
        rows,
        `id uuid, uri text, "lotId" uuid, "fromId" uuid, "toId" uuid, returned boolean, grams bigint, lost bigint, "sentAt" bigint,
         "receivedAt" bigint, received bigint, "fromPath" text, "toPath" text`,
      )}
    ON CONFLICT (uri, lot_id) DO UPDATE SET lost_grams = excluded.lost_grams, received_at = excluded.received_at,
      received_grams = excluded.received_grams`.execute(tx)
}

async function storeMovements(tx: Tx, { movements, paths }: LoadedBook): Promise<void> {
  if (movements.length === 0) return
  const rows = movements.map((movement) => ({ ...movement, id: uuidv7(), path: paths.get(movement.holderId) }))
  await sql`INSERT INTO coldchain.movement (id, lot_id, holder_id, kind, grams, event_hash, at, other_id, dispatch_id, order_id, path)
    SELECT id, "lotId", "holderId", kind, grams, hash, to_timestamp(time / 1000.0), "otherId", "dispatchId", "orderId", path FROM ${recordset(
      rows,
      `id uuid, "lotId" uuid, "holderId" uuid, kind text, grams bigint, hash text, time bigint, "otherId" uuid, "dispatchId" uuid,
       "orderId" uuid, path text`,
    )}`.execute(tx)
}
