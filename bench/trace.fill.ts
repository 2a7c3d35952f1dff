import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { checkDigit } from '@vigil/epcis/identifier'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { boxUri, localGtin, lotUri } from '../packages/server/src/modules/coldchain/label.domain.ts'

/** Somebody of the simulated trade. */
export interface Holder {
  readonly id: string
  readonly kind: 'warehouse' | 'processor' | 'shop'
  readonly code: string
  readonly uri: string
  readonly place: string
  readonly area: string
  readonly path: string
}

/** Events of an ordinary import, from its entry to the counters of 30 shops. */
export const eventsOfImport = 100
/** Events behind one that the bench recalls. */
export const eventsOfLarge = 10_000

const columns = {
  'epcis.event':
    'seq, hash, path, type, action, event_time, record_time, biz_step, disposition, read_point, biz_location, doc',
  'epcis.thing': 'seq, path, value, role, is_class, quantity, uom',
  'epcis.fact': 'seq, path, name, value',
  'coldchain.lot':
    'id, uri, gtin, lot_no, goods_name, kind, origin, owner_id, holder_id, path, releases, created_at, created_by',
  'coldchain.lot_root': 'lot_id, root_id',
  'coldchain.release': 'id, lot_id, number, kind, evidence, digest, reason, path, at, by',
  'coldchain.movement': 'id, lot_id, holder_id, kind, grams, event_hash, at, other_id, dispatch_id, path',
  'coldchain.balance': 'lot_id, holder_id, grams, path, since, moved_at',
  'coldchain.flow': 'id, from_lot, to_lot, grams, holder_id, event_hash, at',
  'coldchain.dispatch':
    'id, uri, lot_id, from_id, to_id, returned, grams, sent_at, received_at, received_grams, from_path, to_path',
  'coldchain.sample':
    'id, code, lot_id, subject, grams, result, lab, report_no, result_at, result_by, path, taken_at, taken_by',
  'coldchain.box': 'uri, lot_id, grams, holder_id, created_at',
} as const
type Table = keyof typeof columns
const tables = Object.keys(columns) as Table[]
/** Rows that travel in one piece, of the largest table. */
const batch = 20_000

const uuid = (kind: number, n: number): string =>
  `0193${kind.toString(16).padStart(4, '0')}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
const hashOf = (seq: number): string => createHash('sha256').update(`event ${seq}`).digest('hex')

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

/** Where the next filling goes on. */
export interface Filled {
  readonly seq: number
  readonly lots: number
}

interface Lot {
  readonly id: string
  readonly uri: string
  readonly root: string
}

/** Writes what happened, as lines of COPY for every table that the server would have written. */
class Ledger {
  readonly #lines = Object.fromEntries(tables.map((table) => [table, ''])) as Record<Table, string>
  readonly #stock = new Map<string, { lot: Lot; holder: Holder; grams: number; since: string; moved: string }>()
  #start = 0
  #seq: number
  #rows: number
  #lots: number
  #time = 0
  events = 0
  constructor({ seq, lots }: Filled) {
    this.#seq = seq
    // Each event has at most four rows with numbers of their own.
    this.#rows = seq * 4
    this.#lots = lots
  }

  /** Where it goes on after this. */
  get filled(): Filled {
    return { seq: this.#seq, lots: this.#lots }
  }

  /** What follows begins then; milliseconds since 1970. */
  begin(start: number): void {
    this.#start = start
    this.#time = 0
  }

  #add(table: Table, ...values: readonly (string | number | null)[]): void {
    this.#lines[table] += `${values.map((value) => value ?? '\\N').join('\t')}\n`
  }

  #event(
    step: string,
    holder: Holder,
    things: readonly { value: string; role: string; grams?: number }[],
    advice?: string,
  ): { hash: string; at: string } {
    const seq = ++this.#seq
    this.events++
    this.#time += 600_000
    const at = new Date(this.#start + this.#time).toISOString()
    const hex = hashOf(seq)
    const hash = `ni:///sha-256;${hex}?ver=CBV2.0`
    const made = step === 'commissioning'
    const classOf = (role: string) =>
      things
        .filter((each) => each.role === role)
        .map(({ value, grams = 0 }) => ({ epcClass: value, quantity: grams / 1000, uom: 'KGM' }))
    const doc = {
      type: made ? 'TransformationEvent' : 'ObjectEvent',
      eventTime: at,
      eventTimeZoneOffset: '+08:00',
      ...(made
        ? { inputQuantityList: classOf('input'), outputQuantityList: classOf('output') }
        : { action: 'OBSERVE', quantityList: classOf('epc') }),
      bizStep: step,
      disposition: 'in_progress',
      readPoint: { id: holder.place },
      ...(advice && { bizTransactionList: [{ type: 'desadv', bizTransaction: advice }] }),
      eventID: hash,
      recordTime: at,
    }
    this.#add(
      'epcis.event',
      ...[seq, `\\\\x${hex}`, holder.path, doc.type, made ? null : 'OBSERVE', at, at, step, 'in_progress'],
      ...[holder.place, null, JSON.stringify(doc)],
    )
    for (const { value, role, grams } of things)
      this.#add('epcis.thing', seq, holder.path, value, role, 't', grams === undefined ? null : grams / 1000, 'KGM')
    if (advice) this.#add('epcis.fact', seq, holder.path, 'bizTransaction/desadv', advice)
    return { hash, at }
  }

  #move(
    lot: Lot,
    holder: Holder,
    kind: string,
    grams: number,
    { hash, at }: { hash: string; at: string },
    other?: Holder,
    dispatch?: string,
  ): void {
    const id = uuid(2, ++this.#rows)
    const path = `${holder.path}${holder.code}/`
    this.#add(
      'coldchain.movement',
      id,
      lot.id,
      holder.id,
      kind,
      grams,
      hash,
      at,
      other?.id ?? null,
      dispatch ?? null,
      path,
    )
    const key = `${lot.id} ${holder.id}`
    const known = this.#stock.get(key) ?? { lot, holder, grams: 0, since: at, moved: at }
    this.#stock.set(key, { ...known, grams: known.grams + grams, moved: at })
  }

  #lot(kind: 'imported' | 'made', holder: Holder, at: string, root?: string): Lot {
    const n = ++this.#lots
    const id = uuid(3, n)
    const gtin = localGtin(n % 1000)
    const number = `L${n.toString(36)}`
    const lot = { id, uri: lotUri(gtin, number), root: root ?? id }
    const origin = kind === 'imported' ? '巴西 SIF 4507' : null
    const path = `${holder.path}${holder.code}/`
    this.#add(
      'coldchain.lot',
      ...[id, lot.uri, gtin, number, '冷冻去骨牛前八件套', kind, origin, holder.id, holder.id, path],
      ...[kind === 'imported' ? 1 : 0, at, 'bench'],
    )
    this.#add('coldchain.lot_root', id, lot.root)
    if (kind === 'imported') {
      this.#add('coldchain.release', uuid(4, n), id, 1, 'release', '[]', '', '', path, at, 'bench')
      for (const [k, subject] of ['goods', 'packaging', 'vehicle'].entries()) {
        const found = ['negative', '疾控中心', `R${n}`, at, 'bench'] as const
        this.#add('coldchain.sample', uuid(7, n * 3 + k), `${number}-${k}`, id, subject, 0, ...found, path, at, 'bench')
      }
    }
    this.#add('coldchain.box', boxUri(gtin, `BENCH${n.toString(36)}`), id, 20_000, holder.id, at)
    return lot
  }

  enter(holder: Holder, grams: number): Lot {
    const at = new Date(this.#start + this.#time).toISOString()
    const lot = this.#lot('imported', holder, at)
    const event = this.#event('receiving', holder, [{ value: lot.uri, role: 'epc', grams }])
    this.#move(lot, holder, 'enter', grams, event)
    return lot
  }

  /** Ships and receives: two events. */
  send(lot: Lot, from: Holder, to: Holder, grams: number): void {
    const id = uuid(5, ++this.#rows)
    const advice = `urn:vigil:advice:${id}`
    const things = [{ value: lot.uri, role: 'epc', grams }]
    const out = this.#event('shipping', from, things, advice)
    this.#move(lot, from, 'ship', -grams, out, to, id)
    const back = this.#event('receiving', to, things, advice)
    this.#move(lot, to, 'receive', grams, back, from, id)
    const paths = [from, to].map(({ path, code }) => `${path}${code}/`)
    this.#add('coldchain.dispatch', id, advice, lot.id, from.id, to.id, 'f', grams, out.at, back.at, grams, ...paths)
  }

  /** Makes another lot of all that a holder has; a fiftieth is lost. */
  make(lot: Lot, holder: Holder, grams: number): Lot {
    const at = new Date(this.#start + this.#time).toISOString()
    const lost = Math.floor(grams / 50)
    const made = this.#lot('made', holder, at, lot.root)
    const things = [
      { value: lot.uri, role: 'input', grams },
      { value: made.uri, role: 'output', grams: grams - lost },
    ]
    const event = this.#event('commissioning', holder, things)
    this.#move(lot, holder, 'use', -grams, event)
    this.#move(made, holder, 'make', grams - lost, event)
    const flow = (to: string | null, mass: number) =>
      this.#add('coldchain.flow', uuid(6, ++this.#rows), lot.id, to, mass, holder.id, event.hash, event.at)
    flow(made.id, grams - lost)
    flow(null, lost)
    return made
  }

  sell(lot: Lot, holder: Holder, grams: number): void {
    const event = this.#event('retail_selling', holder, [{ value: lot.uri, role: 'epc', grams }])
    this.#move(lot, holder, 'sell', -grams, event)
  }

  /** Lines that have gathered, with the stock that is left; begins anew. */
  take(): Record<Table, string> {
    for (const { lot, holder, grams, since, moved } of this.#stock.values())
      this.#add('coldchain.balance', lot.id, holder.id, grams, `${holder.path}${holder.code}/`, since, moved)
    this.#stock.clear()
    const lines = { ...this.#lines }
    for (const table of tables) this.#lines[table] = ''
    return lines
  }
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
