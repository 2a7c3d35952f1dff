import { once } from 'node:events'
import { checkDigit } from '@vigil/epcis/identifier'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { columns, type Filled, type Holder, Ledger, type Lot, type Table, tables, uuid } from './trace.ledger.ts'

/** Events of an ordinary import, from its entry to the counters of 30 shops. */
export const eventsOfImport = 100
/** Events behind one that the bench recalls. */
export const eventsOfLarge = 10_000

/** Events that travel in one piece. */
const batch = 20_000

/** Businesses of a city: warehouses in each county, processors, and shops. They are nobody's parties. */
export async function installHolders(
  owner: pg.ClientBase,
  counties: readonly { readonly code: string; readonly path: string }[],
): Promise<Holder[]> {
  const holders = Array.from({ length: 2000 }, (_, n): Holder => {
    const { code: area, path } = counties[n % counties.length]!
    const digits = `69000${String(n).padStart(7, '0')}`
    const gln = digits + checkDigit(digits)
    const kind = n < counties.length ? 'warehouse' : n < 212 ? 'processor' : 'shop'
    return {
      ...{ id: uuid(1, n), kind, code: `H${n}`, area, path },
      ...{ uri: `https://id.gs1.org/417/${gln}`, place: `https://id.gs1.org/414/${gln}` },
    }
  })
  await owner.query('SET session_replication_role = replica')
  await owner.query(
    `INSERT INTO coldchain.holder (id, party_id, code, name, credit_code, kind, address, uri, location_uri, capacity_grams, slots_per_hour,
       area_code, path, created_at, created_by)
     SELECT id, id, code, '经营者' || code, code, kind, '', uri, place, CASE kind WHEN 'warehouse' THEN 1e12 END, CASE kind WHEN 'warehouse' THEN 4 END,
       area, path || code || '/', now(), 'bench'
     FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, code text, kind text, uri text, place text, area text, path text)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(holders)],
  )
  return holders
}

/** An ordinary import: 10 processors, each with 3 shops. @returns the imported lot and one that was made of it */
function ordinary(ledger: Ledger, n: number, by: Record<Holder['kind'], readonly Holder[]>): [Lot, Lot] {
  const at = <T>(list: readonly T[], k: number) => list[k % list.length]!
  const warehouse = at(by.warehouse, n)
  const lot = ledger.enter(warehouse, 1_000_000)
  let last = lot
  for (let i = 0; i < 10; i++) {
    const processor = at(by.processor, n * 7 + i)
    ledger.send(lot, warehouse, processor, 100_000)
    last = ledger.make(lot, processor, 100_000)
    for (let k = 0; k < 3; k++) {
      const shop = at(by.shop, n * 13 + i * 3 + k)
      ledger.send(last, processor, shop, 30_000)
      if (i * 3 + k < 9) ledger.sell(last, shop, 10_000)
    }
  }
  return [lot, last]
}

/** One that went far: 200 processors, 400 lots of the second generation, 4,000 ways to shops; 10,000 events in all. */
function large(ledger: Ledger, n: number, by: Record<Holder['kind'], readonly Holder[]>): [Lot, Lot] {
  const at = <T>(list: readonly T[], k: number) => list[k % list.length]!
  const warehouse = at(by.warehouse, n)
  const began = ledger.events
  const lot = ledger.enter(warehouse, 400_000_000)
  let last = lot
  for (let i = 0; i < 200; i++) {
    const processor = at(by.processor, i)
    ledger.send(lot, warehouse, processor, 2_000_000)
    const made = ledger.make(lot, processor, 2_000_000)
    for (let j = 0; j < 2; j++) {
      const other = at(by.processor, i + 1 + j)
      ledger.send(made, processor, other, 900_000)
      last = ledger.make(made, other, 900_000)
      for (let k = 0; k < 10; k++) ledger.send(last, other, at(by.shop, n + (i * 2 + j) * 10 + k), 80_000)
    }
  }
  const shop = at(by.shop, n + 3999)
  while (ledger.events - began < eventsOfLarge) ledger.sell(last, shop, 100)
  return [lot, last]
}

/**
 * Fills the store of events and the ledger with imports by COPY, always the same ones. Hashes are not those of the events:
 * nothing here asks for them. @param larges imports of 10,000 events to begin with
 */
export async function fillTrade(
  pool: pg.Pool,
  holders: readonly Holder[],
  { from, events, larges }: { readonly from: Filled; readonly events: number; readonly larges: number },
): Promise<Filled> {
  const by = Object.groupBy(holders, ({ kind }) => kind) as Record<Holder['kind'], Holder[]>
  const first = Date.UTC(2024, 10, 1)
  const imports = Math.max(0, Math.round((events - larges * eventsOfLarge) / eventsOfImport))
  const ledger = new Ledger(from)
  let sending: Promise<unknown> = Promise.resolve()
  const flush = async () => {
    const lines = ledger.take()
    await sending
    // While PostgreSQL takes these, the next ones are made.
    sending = Promise.all(tables.map((table) => copy(pool, table, lines[table])))
    sending.catch(() => undefined)
  }
  let sent = 0
  for (let n = 0; n < larges + imports; n++) {
    ledger.begin(first + Math.floor((n / (larges + imports)) * 730) * 86_400_000)
    if (n < larges) large(ledger, n, by)
    else ordinary(ledger, n, by)
    if (ledger.events - sent < batch) continue
    sent = ledger.events
    await flush()
    process.stderr.write(`\r  ${ledger.filled.seq} events`)
  }
  await flush()
  await sending
  process.stderr.write('\n')
  return ledger.filled
}

async function copy(pool: pg.Pool, table: Table, text: string): Promise<void> {
  if (text === '') return
  const client = await pool.connect()
  try {
    // What the triggers would write is written here; keys are sound by making.
    await client.query(`SET session_replication_role = replica`)
    const stream = client.query(copyFrom(`COPY ${table} (${columns[table]}) FROM STDIN`))
    stream.end(text)
    await once(stream, 'finish')
  } finally {
    client.release()
  }
}
