import type { ColdTemperature } from '@vigil/contract'
import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import type { Limit, Reading } from './temperature.domain.ts'
import { shownRecord } from './temperature.shown.ts'
import { type Stay, staysOf } from './temperature.stay.domain.ts'

/** Events that are looked through at most for one lot, the newest. */
const mostEvents = 20_000

interface Row {
  readonly id: string
  readonly boxUri: string | null
  readonly dispatchId: string | null
  readonly holderId: string | null
  readonly lotId: string | null
  readonly device: string
  readonly readings: readonly (readonly [number, number])[]
  readonly path: string
  readonly at: Date
  readonly by: string
}

/** When a lot was at each of its holders. */
async function staysByHolder(tx: Tx, lotId: string, now: Date): Promise<Map<string, Stay[]>> {
  const moved = await tx
    .selectFrom('coldchain.movement')
    .select(['holderId', 'at', 'grams'])
    .where('lotId', '=', lotId)
    .where('grams', '<>', 0)
    .orderBy('at')
    .orderBy('id')
    .execute()
  const movements = Map.groupBy(moved, ({ holderId }) => holderId)
  return new Map(
    [...movements].map(([id, list]) => [
      id,
      staysOf(
        list.map(({ at, grams }) => ({ at: at.getTime(), grams })),
        now.getTime(),
      ),
    ]),
  )
}

/** Temperatures of the lot itself, and of the places while some of it lay there; by key and time. */
async function readRows(tx: Tx, lotId: string, stays: ReadonlyMap<string, readonly Stay[]>): Promise<Row[]> {
  const spans = [...stays].flatMap(([holder, list]) =>
    list.map(({ from, to }) => ({ holder, from: new Date(from), to: new Date(to) })),
  )
  const { rows } = await sql<Row>`
    SELECT * FROM (
      SELECT id, box_uri, dispatch_id, holder_id, lot_id, device, readings, path, at, by FROM coldchain.sensor WHERE lot_id = ${lotId}
      UNION SELECT s.id, s.box_uri, s.dispatch_id, s.holder_id, s.lot_id, s.device, s.readings, s.path, s.at, s.by
      FROM jsonb_to_recordset(${JSON.stringify(spans)}::jsonb) AS w(holder uuid, "from" timestamptz, "to" timestamptz)
        JOIN coldchain.sensor s ON s.lot_id IS NULL AND s.holder_id = w.holder AND s.from_at BETWEEN w."from" AND w."to"
    ) AS found ORDER BY id DESC LIMIT ${mostEvents}`.execute(tx)
  return rows
}

interface Facts {
  readonly holders: ReadonlyMap<string, string>
  readonly boxes: ReadonlyMap<string, number>
  readonly ways: ReadonlyMap<string, Stay & { readonly name: string }>
}

async function readFacts(tx: Tx, rows: readonly Row[], now: Date): Promise<Facts> {
  const named = (pick: (row: Row) => string | null) => [...new Set(rows.flatMap((row) => pick(row) ?? []))]
  const { rows: holders } = await sql<{ id: string; name: string }>`
    SELECT id, name FROM coldchain.holder WHERE id = ANY(${named((row) => row.holderId)}::uuid[])`.execute(tx)
  const { rows: boxes } = await sql<{ uri: string; grams: number }>`
    SELECT uri, grams FROM coldchain.box WHERE uri = ANY(${named((row) => row.boxUri)}::text[])`.execute(tx)
  const { rows: ways } = await sql<{ id: string; sentAt: Date; receivedAt: Date | null; grams: number; name: string }>`
    SELECT d.id, d.sent_at, d.received_at, d.grams, f.name || ' → ' || t.name AS name FROM coldchain.dispatch d
    JOIN coldchain.holder f ON f.id = d.from_id JOIN coldchain.holder t ON t.id = d.to_id
    WHERE d.id = ANY(${named((row) => row.dispatchId)}::uuid[])`.execute(tx)
  const ended = (at: Date | null) => (at ?? now).getTime()
  return {
    holders: new Map(holders.map(({ id, name }) => [id, name])),
    boxes: new Map(boxes.map(({ uri, grams }) => [uri, grams])),
    ways: new Map(
      ways.map(({ id, sentAt, receivedAt, grams, name }) => [
        id,
        { from: sentAt.getTime(), to: ended(receivedAt), grams, name },
      ]),
    ),
  }
}

/** Each instant once: of two readings the one farther up counts. */
function joined(rows: readonly Row[]): Reading[] {
  const warmest = new Map<number, number>()
  for (const { readings } of rows)
    for (const [at, tenths] of readings) warmest.set(at, Math.max(tenths, warmest.get(at) ?? tenths))
  return [...warmest].map(([at, tenths]) => ({ at, tenths })).sort((a, b) => a.at - b.at)
}

/**
 * What sensors of captured events say of a lot: a record for each of its boxes, ways and places, and device, the newest first; each judged
 * like a logger's file. @param sees whether the caller may see what lies under a path @param most records at most
 */
export async function sensorRecords(
  tx: Tx,
  lotId: string,
  limit: Limit | null,
  { sees, most, now }: { readonly sees: (path: string) => boolean; readonly most: number; readonly now: Date },
): Promise<ColdTemperature[]> {
  const stays = await staysByHolder(tx, lotId, now)
  const rows = (await readRows(tx, lotId, stays)).filter(({ path }) => sees(path))
  const { holders, boxes, ways } = await readFacts(tx, rows, now)
  const keyOf = ({ boxUri, dispatchId, holderId, lotId: lot, device }: Row) =>
    [boxUri, boxUri === null ? dispatchId : '', boxUri === null ? holderId : '', lot === null, device].join(' ')
  const records = [...Map.groupBy(rows, keyOf).values()].slice(0, most)
  return records.map((group) => {
    const [{ id, boxUri, dispatchId, holderId, lotId: lot, device, at, by }] = group as [Row, ...Row[]]
    const readings = joined(group)
    const way = dispatchId === null ? undefined : ways.get(dispatchId)
    // A sensor in a box is wherever the box is.
    const own = { from: readings[0]!.at, to: readings.at(-1)!.at, grams: boxes.get(boxUri ?? '') ?? 0 }
    const beside = boxUri !== null ? [own] : way ? [way] : (stays.get(holderId ?? '') ?? [])
    const what = boxUri !== null ? `箱 ${boxUri.split('/').at(-1)}` : way ? '在途' : lot === null ? '场所' : '批次'
    const about = {
      ...{ id, filename: `传感器（${what}）`, serial: device === '' ? null : device.slice(0, 100), by },
      ...{ holderName: way?.name ?? holders.get(holderId ?? '') ?? '', at: at.toISOString(), problems: [], refused: 0 },
    }
    return shownRecord(about, readings, beside, limit)
  })
}
