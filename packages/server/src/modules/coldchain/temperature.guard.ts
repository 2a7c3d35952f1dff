import { uuidv7 } from '@vigil/codes'
import type { EpcisEvent, SensorElement } from '@vigil/epcis/document'
import { canonicalUri } from '@vigil/epcis/identifier'
import { sql } from 'kysely'
import { beyondScope, type Tx } from '../../kernel/db/index.ts'
import type { CapturedEvent, CaptureGuard } from '../epcis/index.ts'
import { type Reading, sensorReadings } from './temperature.domain.ts'

/** Temperatures of one device in one event. */
interface Sensed {
  readonly hash: string
  readonly device: string
  readonly readings: readonly Reading[]
  readonly uris: readonly string[]
  readonly place: string | null
}

/** What temperatures were taken of. */
interface Target {
  readonly lotId: string | null
  readonly boxUri: string | null
  readonly dispatchId: string | null
  readonly holderId: string | null
  readonly path: string
}

const canonical = (uri: string): string => canonicalUri(uri) ?? uri

const deviceOf = ({ sensorMetadata, sensorReport }: SensorElement): string =>
  sensorMetadata?.deviceID ?? sensorReport.find(({ deviceID }) => deviceID !== undefined)?.deviceID ?? ''

/** Things and classes that an event is about; what was used up to make others is not among them. */
function urisOf(event: EpcisEvent): string[] {
  const fields = event as unknown as Record<string, unknown>
  const list = (name: string) => (fields[name] ?? []) as readonly unknown[]
  const things = ['epcList', 'childEPCs', 'outputEPCList'].flatMap(list) as string[]
  const classes = ['quantityList', 'childQuantityList', 'outputQuantityList'].flatMap(list) as { epcClass: string }[]
  const parent = typeof fields.parentID === 'string' ? [fields.parentID] : []
  return [...new Set([...things, ...parent, ...classes.map(({ epcClass }) => epcClass)].map(canonical))]
}

function sensedIn({ hash, event }: CapturedEvent): Sensed[] {
  if (event.errorDeclaration !== undefined || event.sensorElementList === undefined) return []
  const place = event.bizLocation?.id ?? event.readPoint?.id
  const about = { hash, uris: urisOf(event), place: place === undefined ? null : canonical(place) }
  return [...Map.groupBy(event.sensorElementList, deviceOf)].flatMap(([device, elements]) => {
    const readings = sensorReadings(elements, Date.parse(event.eventTime))
    return readings.length === 0 ? [] : [{ ...about, device, readings }]
  })
}

interface Found {
  readonly uri: string
  readonly lotId: string
  readonly boxUri: string | null
  readonly holderId: string | null
  readonly path: string
}

/** Boxes that are named, stand on a pallet or in a vehicle that is named, and lots that are named, by key. */
async function findThings(tx: Tx, uris: readonly string[]): Promise<Map<string, Found[]>> {
  const { rows } = await sql<Found>`
    SELECT b.uri, b.lot_id, b.uri AS box_uri, b.holder_id, coalesce(h.path, l.path) AS path
      FROM coldchain.box b JOIN coldchain.lot l ON l.id = b.lot_id LEFT JOIN coldchain.holder h ON h.id = b.holder_id
      WHERE b.uri = ANY(${uris}::text[])
    UNION ALL SELECT b.parent_uri, b.lot_id, b.uri, b.holder_id, coalesce(h.path, l.path)
      FROM coldchain.box b JOIN coldchain.lot l ON l.id = b.lot_id LEFT JOIN coldchain.holder h ON h.id = b.holder_id
      WHERE b.parent_uri = ANY(${uris}::text[]) AND NOT b.gone
    UNION ALL SELECT uri, id, NULL, NULL, path FROM coldchain.lot WHERE uri = ANY(${uris}::text[])`.execute(tx)
  return Map.groupBy(rows, ({ uri }) => uri)
}

/** The way on which a lot was at a time; undefined when it was on none. */
async function wayAt(tx: Tx, lotId: string, at: number): Promise<{ id: string; path: string } | undefined> {
  const { rows } = await sql<{ id: string; path: string }>`
    SELECT id, from_path AS path FROM coldchain.dispatch
    WHERE lot_id = ${lotId} AND sent_at <= ${new Date(at)} AND (received_at IS NULL OR received_at >= ${new Date(at)})
    ORDER BY id DESC LIMIT 1`.execute(tx)
  return rows[0]
}

type Places = ReadonlyMap<string, { readonly id: string; readonly path: string }>

/** What was sensed: named boxes each by itself, named lots where they were, or else the place with all that lay there. */
async function targetsOf(
  tx: Tx,
  { uris, place, readings }: Sensed,
  things: ReadonlyMap<string, readonly Found[]>,
  places: Places,
): Promise<Target[]> {
  const holder = place === null ? undefined : places.get(place)
  const found = uris.flatMap((uri) => things.get(uri) ?? [])
  const boxes = new Map(found.flatMap((each) => (each.boxUri === null ? [] : [[each.boxUri, each] as const])))
  const targets: Target[] = [...boxes.values()].map(({ lotId, boxUri, holderId, path }) => ({
    ...{ lotId, boxUri, holderId, path, dispatchId: null },
  }))
  // A lot that is named beside its boxes is what they are of, not all of it.
  const told = new Set(targets.map(({ lotId }) => lotId))
  for (const { lotId, boxUri, path } of found) {
    if (boxUri !== null || told.has(lotId)) continue
    const way = holder ? undefined : await wayAt(tx, lotId, readings[0]!.at)
    const where = { holderId: holder?.id ?? null, dispatchId: way?.id ?? null }
    targets.push({ lotId, boxUri: null, ...where, path: holder?.path ?? way?.path ?? path })
  }
  if (uris.length === 0 && holder)
    targets.push({ lotId: null, boxUri: null, dispatchId: null, holderId: holder.id, path: holder.path })
  return targets
}

/** Keeps the temperatures of new events with the goods that they are about, whoever sends them. */
export const sensorGuard: CaptureGuard = async (tx, captured, { by }) => {
  const sensed = captured.flatMap(sensedIn)
  if (sensed.length === 0) return
  await beyondScope(tx, async () => {
    const things = await findThings(tx, [...new Set(sensed.flatMap(({ uris }) => uris))])
    const { rows: holders } = await sql<{ uri: string; id: string; path: string }>`
      SELECT location_uri AS uri, id, path FROM coldchain.holder
      WHERE location_uri = ANY(${[...new Set(sensed.flatMap(({ place }) => place ?? []))]}::text[])`.execute(tx)
    const places: Places = new Map(holders.map(({ uri, id, path }) => [uri, { id, path }]))
    const rows: object[] = []
    for (const each of sensed)
      for (const target of await targetsOf(tx, each, things, places))
        rows.push({
          ...{ ...target, id: uuidv7(), hash: each.hash, device: each.device },
          ...{ from: each.readings[0]!.at, to: each.readings.at(-1)!.at },
          readings: each.readings.map(({ at, tenths }) => [at, tenths]),
        })
    if (rows.length === 0) return
    await sql`INSERT INTO coldchain.sensor (id, event_hash, lot_id, box_uri, dispatch_id, holder_id, device, readings, from_at, to_at, path, at, by)
      SELECT id, hash, "lotId", "boxUri", "dispatchId", "holderId", device, readings, to_timestamp("from" / 1000.0), to_timestamp("to" / 1000.0), path, now(), ${by}
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id uuid, hash text, "lotId" uuid, "boxUri" text, "dispatchId" uuid,
        "holderId" uuid, device text, readings jsonb, "from" bigint, "to" bigint, path text)`.execute(tx)
  })
}
