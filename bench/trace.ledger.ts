import { createHash } from 'node:crypto'
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

/** Tables with the columns that are filled. */
export const columns = {
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
export type Table = keyof typeof columns
export const tables = Object.keys(columns) as Table[]
/** The n-th id of a kind of rows, in order of n. */
export const uuid = (kind: number, n: number): string =>
  `0193${kind.toString(16).padStart(4, '0')}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
const hashOf = (seq: number): string => createHash('sha256').update(`event ${seq}`).digest('hex')

/** Where the next filling goes on. */
export interface Filled {
  readonly seq: number
  readonly lots: number
}

export interface Lot {
  readonly id: string
  readonly uri: string
  readonly root: string
}

/** Writes what happened, as lines of COPY for every table that the server would have written. */
export class Ledger {
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
