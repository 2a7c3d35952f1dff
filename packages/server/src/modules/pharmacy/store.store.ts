import { sql } from 'kysely'
import { beyondScope, type Db, systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import { conflict } from '../../kernel/error/problem.ts'
import { upsertParties } from '../../kernel/party/party.store.ts'
import './store.table.ts'

export interface NewStore {
  /** Own code, or null: known by credit code and address, else numbered. */
  readonly code: string | null
  readonly name: string
  readonly creditCode: string | null
  readonly licenceNo: string | null
  readonly address: string
  readonly phone: string | null
  readonly chain: string | null
  readonly lon: number | null
  readonly lat: number | null
  readonly county: string
  readonly areaCode: string
  readonly areaPath: string
}

interface Known {
  readonly code: string
  readonly areaCode: string
  readonly path: string
}

const chunk = 1000

/** What makes two rows without code the same store. */
export const storeKey = (creditCode: string, address: string): string => `${creditCode}\n${address}`

async function knownByCredit(tx: Tx, stores: readonly Pick<NewStore, 'creditCode'>[]): Promise<Map<string, Known>> {
  const codes = [...new Set(stores.map((store) => store.creditCode).filter((code) => code !== null))]
  if (codes.length === 0) return new Map()
  const { rows } = await sql<Known & { creditCode: string; address: string }>`
    SELECT s.code, s.area_code, s.path, s.address, p.credit_code FROM party.party p
    JOIN pharmacy.store s ON s.party_id = p.id WHERE p.credit_code = ANY(${codes}::text[])`.execute(tx)
  return new Map(rows.map((row) => [storeKey(row.creditCode, row.address), row]))
}

/** Stores of the whole installation that belong to the given credit codes, by credit code and address. */
export const findByCreditCode = (db: Db, stores: readonly NewStore[]): Promise<Map<string, Known>> =>
  withScope(db, systemScope, (tx) => knownByCredit(tx, stores))

/**
 * The next free numbers of a county: `P`, six digits of the county, five digits running. The county's numbers are locked
 * until the transaction ends.
 * @throws Problem 409 after number 99,999
 */
async function nextCodes(tx: Tx, county: string, count: number): Promise<string[]> {
  const prefix = `P${county}`
  const { rows } = await sql<{ last: number }>`
    SELECT coalesce(max(right(code, 5)::int), 0) AS last FROM pharmacy.store
    WHERE code ~ ${`^${prefix}[0-9]{5}$`}`.execute(tx)
  const last = rows[0]?.last ?? 0
  if (last + count > 99_999)
    throw conflict(`区县 ${county} 的药店编号已用完，请在文件中填写药店编号`, 'codes-exhausted')
  return Array.from({ length: count }, (_, index) => prefix + String(last + index + 1).padStart(5, '0'))
}

type Coded = NewStore & { readonly code: string }

/** Gives each store the code it has, or a new one. */
async function coded(tx: Tx, stores: readonly NewStore[]): Promise<Coded[]> {
  const counties = [...new Set(stores.filter((store) => store.code === null).map((store) => store.county))].sort()
  return beyondScope(tx, async () => {
    // In order, so that two imports never wait for each other.
    for (const county of counties)
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`pharmacy.store/${county}`}, 0))`.execute(tx)
    const known = await knownByCredit(tx, stores)
    const codeOf = (store: NewStore) =>
      store.code ?? (store.creditCode === null ? undefined : known.get(storeKey(store.creditCode, store.address))?.code)
    const fresh = new Map<string, string[]>()
    for (const county of counties) {
      const count = stores.filter((store) => store.county === county && codeOf(store) === undefined).length
      fresh.set(county, await nextCodes(tx, county, count))
    }
    return stores.map((store) => ({ ...store, code: codeOf(store) ?? fresh.get(store.county)?.shift() ?? '' }))
  })
}

/**
 * Adds stores or renews them by code; area and status of a known one stay, what a row leaves empty stays too. Five
 * thousand take about a second.
 * @returns the codes in the order given, and how many are new
 */
export async function upsertStores(tx: Tx, stores: readonly NewStore[]): Promise<{ codes: string[]; created: number }> {
  const all = await coded(tx, stores)
  let created = 0
  for (let from = 0; from < all.length; from += chunk) {
    const part = all.slice(from, from + chunk)
    const partyOf = await partiesOf(tx, part)
    const given = JSON.stringify(part.map((store, index) => ({ ...store, partyId: partyOf[index] })))
    const { rows } = await sql<{ fresh: boolean }>`
      INSERT INTO pharmacy.store AS s (code, party_id, name, address, licence_no, phone, chain, lon, lat, county, area_code, path)
      SELECT code, "partyId", name, address, "licenceNo", phone, chain, lon, lat, county, "areaCode", "areaPath" || code || '/'
      FROM jsonb_to_recordset(${given}::jsonb) AS r(code text, "partyId" uuid, name text, address text, "licenceNo" text,
        phone text, chain text, lon float8, lat float8, county text, "areaCode" text, "areaPath" text)
      ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, address = EXCLUDED.address, updated_at = now(),
        party_id = coalesce(EXCLUDED.party_id, s.party_id), licence_no = coalesce(EXCLUDED.licence_no, s.licence_no),
        phone = coalesce(EXCLUDED.phone, s.phone), chain = coalesce(EXCLUDED.chain, s.chain),
        lon = coalesce(EXCLUDED.lon, s.lon), lat = coalesce(EXCLUDED.lat, s.lat)
      RETURNING xmax = 0 AS fresh`.execute(tx)
    created += rows.filter((row) => row.fresh).length
  }
  return { codes: all.map((store) => store.code), created }
}

/** The entity of each store; undefined for those whose row names none. */
async function partiesOf(tx: Tx, stores: readonly Coded[]): Promise<(string | undefined)[]> {
  const named = stores.flatMap((store) =>
    store.creditCode === null ? [] : [{ ...store, creditCode: store.creditCode, path: store.areaPath }],
  )
  const ids = await upsertParties(tx, named)
  return stores.map((store) => (store.creditCode === null ? undefined : ids.shift()))
}
