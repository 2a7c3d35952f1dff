import type { Day } from '@vigil/codes'
import { sql } from 'kysely'
import type { Db } from '../../kernel/db/index.ts'
import { idBounds } from './purchase.filter.ts'

/** A store's day as the rollups have it. */
export interface StoreDay {
  readonly county: string
  readonly storeCode: string
  readonly day: Day
  readonly purchases: number
  readonly buyers: number
  readonly units: number
  readonly fever: number
}

/** Totals of the days since `from`, of some counties or of some stores. The transaction must see them. */
export async function storeDays(
  db: Db,
  from: Day,
  among: { readonly counties: readonly string[] } | { readonly stores: readonly { county: string; code: string }[] },
): Promise<StoreDay[]> {
  const columns = sql`r.county, r.store_code, r.day, r.purchases, r.buyers, r.units, r.fever`
  const { rows } =
    'counties' in among
      ? await sql<StoreDay>`
          SELECT ${columns} FROM pharmacy.rollup_store_day r
          WHERE r.county = ANY(${[...among.counties]}::text[]) AND r.day >= ${from}::date AND r.class = 'all'`.execute(
          db,
        )
      : await sql<StoreDay>`
          SELECT ${columns} FROM unnest(${among.stores.map(({ county }) => county)}::text[],
            ${among.stores.map(({ code }) => code)}::text[]) AS s (county, code)
          JOIN pharmacy.rollup_store_day r ON r.county = s.county AND r.store_code = s.code AND r.class = 'all'
          WHERE r.day >= ${from}::date`.execute(db)
  return rows
}

/** Keyed indexes of everybody who bought on some days of some stores, undone entries included. */
export async function buyersOf(db: Db, days: readonly Pick<StoreDay, 'storeCode' | 'day'>[]): Promise<Buffer[]> {
  if (days.length === 0) return []
  const sorted = days.map(({ day }) => day).sort()
  const { first, end } = idBounds(sorted[0]!, sorted.at(-1)!)
  const { rows } = await sql<{ personIndex: Buffer }>`
    SELECT DISTINCT p.person_index FROM unnest(${days.map(({ storeCode }) => storeCode)}::text[],
      ${days.map(({ day }) => day)}::date[]) AS d (store, day)
    CROSS JOIN LATERAL (SELECT person_index FROM pharmacy.purchase
      WHERE store_code = d.store AND day = d.day AND id >= ${first} AND id < ${end} AND person_index IS NOT NULL) p`.execute(
    db,
  )
  return rows.map(({ personIndex }) => personIndex)
}

/** Ids and buyers of the corrected and undone entries of some stores since `from`. */
export async function changedPurchases(
  db: Db,
  stores: readonly { readonly county: string; readonly code: string }[],
  from: Day,
): Promise<{ id: string; personIndex: Buffer | null }[]> {
  const { first } = idBounds(from, from)
  const { rows } = await sql<{ id: string; personIndex: Buffer | null }>`
    SELECT id, person_index FROM pharmacy.purchase
    WHERE status <> 'valid' AND county = ANY(${[...new Set(stores.map(({ county }) => county))]}::text[])
      AND store_code = ANY(${stores.map(({ code }) => code)}::text[]) AND day >= ${from}::date AND id >= ${first}`.execute(
    db,
  )
  return rows
}

/** A purchase of a person found by keyed index; what is personal stays sealed. */
export interface PersonPurchase {
  readonly person: Buffer
  readonly id: string
  readonly county: string
  readonly storeCode: string
  readonly soldAt: Date
  readonly receivedAt: Date
  readonly day: Day
  readonly status: 'valid' | 'corrected' | 'undone'
  readonly documentType: string
  readonly mobileIndex: Buffer | null
  readonly keyMonth: string
  readonly classes: string[]
  readonly symptoms: string[]
  readonly temperatureTenths: number | null
  readonly proxy: boolean
}

/** Purchases that are read of one person at most: more are a program's or a store's, not a person's. */
const mostPerPerson = 60

/** The newest purchases of some persons since `from`, by the index of persons, in one statement. */
export async function purchasesOfPersons(db: Db, persons: readonly Buffer[], from: Day): Promise<PersonPurchase[]> {
  if (persons.length === 0) return []
  const { first } = idBounds(from, from)
  const { rows } = await sql<PersonPurchase>`
    SELECT k.person, p.* FROM unnest(${[...persons]}::bytea[]) AS k (person) CROSS JOIN LATERAL (
      SELECT id, county, store_code, sold_at, received_at, day, status, document_type, mobile_index, key_month, classes,
        symptoms, temperature_tenths, proxy
      FROM pharmacy.purchase WHERE person_index = k.person AND id >= ${first} AND day >= ${from}::date
      ORDER BY id DESC LIMIT ${mostPerPerson}) p`.execute(db)
  return rows
}

/** Sales that are read of one mobile at most. */
const mostPerMobile = 300

/** Who bought with each of some mobiles since `from`, by the index of mobiles. */
export async function buyersByMobile(
  db: Db,
  mobiles: readonly Buffer[],
  from: Day,
): Promise<{ mobile: Buffer; person: Buffer }[]> {
  if (mobiles.length === 0) return []
  const { first } = idBounds(from, from)
  const { rows } = await sql<{ mobile: Buffer; person: Buffer }>`
    SELECT DISTINCT k.mobile, p.person_index AS person FROM unnest(${[...mobiles]}::bytea[]) AS k (mobile)
    CROSS JOIN LATERAL (
      SELECT person_index FROM pharmacy.purchase
      WHERE mobile_index = k.mobile AND id >= ${first} AND day >= ${from}::date AND status <> 'undone'
      ORDER BY id DESC LIMIT ${mostPerMobile}) p
    WHERE p.person_index IS NOT NULL`.execute(db)
  return rows
}

/** Whose some purchases are now, and whether they still count; by primary key. */
export async function ownersOf(
  db: Db,
  ids: readonly string[],
): Promise<Map<string, { personIndex: Buffer | null; undone: boolean }>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; personIndex: Buffer | null; undone: boolean }>`
    SELECT id, person_index, status = 'undone' AS undone FROM pharmacy.purchase WHERE id = ANY(${[...ids]}::uuid[])`.execute(
    db,
  )
  return new Map(rows.map((row) => [row.id, row]))
}
