import { uuidv7 } from '@vigil/codes'
import { type City, drugs } from '@vigil/simulate'
import { sql } from 'kysely'
import type { Tx } from '../kernel/db/index.ts'
import type { Kernel } from '../kernel/kernel.ts'

/** Postgres array parameters of a list of objects, one per field. */
const column = <T, V>(list: readonly T[], pick: (item: T) => V): V[] => list.map(pick)

/** Offices of the synthetic city as areas below their counties. */
export async function insertOffices(tx: Tx, city: City): Promise<void> {
  const { offices } = city
  await sql`
    INSERT INTO area.area (code, name, level, parent, path, lon, lat, standard)
    SELECT o.code, o.name, 'office', o.county, a.path || o.code || '/', o.lon, o.lat, false
    FROM unnest(${column(offices, (o) => o.code)}::text[], ${column(offices, (o) => o.name)}::text[], ${column(offices, (o) => o.countyCode)}::text[],
      ${column(offices, (o) => o.lon)}::float8[], ${column(offices, (o) => o.lat)}::float8[]) AS o(code, name, county, lon, lat)
    JOIN area.area a ON a.code = o.county ON CONFLICT (code) DO NOTHING`.execute(tx)
}

/** Parties, premises and stores of the synthetic city. */
export async function insertStores(tx: Tx, city: City): Promise<void> {
  const { parties, stores } = city
  await sql`
    INSERT INTO party.party (id, name, credit_code, kind, area_code, path)
    SELECT p.id, p.name, p.credit_code, 'enterprise', p.area_code, a.path
    FROM unnest(${column(parties, () => uuidv7())}::uuid[], ${column(parties, (p) => p.name)}::text[], ${column(parties, (p) => p.creditCode)}::text[],
      ${column(parties, (p) => p.areaCode)}::text[]) AS p(id, name, credit_code, area_code)
    JOIN area.area a ON a.code = p.area_code ON CONFLICT DO NOTHING`.execute(tx)
  await sql`
    WITH s AS (
      SELECT s.*, a.path || s.code || '/' AS path, p.id AS party_id
      FROM unnest(${column(stores, (s) => s.code)}::text[], ${column(stores, (s) => s.name)}::text[], ${column(stores, (s) => s.address)}::text[],
        ${column(stores, (s) => s.licenceNo)}::text[], ${column(stores, (s) => (s.chain === null ? null : (city.chains[s.chain]?.name ?? null)))}::text[],
        ${column(stores, (s) => s.lon)}::float8[], ${column(stores, (s) => s.lat)}::float8[], ${column(stores, (s) => s.areaCode)}::text[],
        ${column(stores, (s) => s.officeCode)}::text[], ${column(stores, (s) => s.creditCode)}::text[], ${column(stores, () => uuidv7())}::uuid[])
        AS s(code, name, address, licence_no, chain, lon, lat, county, office, credit_code, premises_id)
      JOIN area.area a ON a.code = s.office LEFT JOIN party.party p ON p.credit_code = s.credit_code
    ), premises AS (
      INSERT INTO party.premises (id, party_id, name, address, lon, lat, area_code, path)
      SELECT premises_id, party_id, name, address, lon, lat, office, path FROM s WHERE party_id IS NOT NULL ON CONFLICT DO NOTHING RETURNING 1
    )
    INSERT INTO pharmacy.store (code, party_id, name, address, licence_no, phone, chain, lon, lat, county, area_code, path)
    SELECT code, party_id, name, address, licence_no, '0595-0' || lpad((abs(hashtext(code)::bigint) % 10000000)::text, 7, '0'), chain, lon, lat, county, office, path FROM s ON CONFLICT (code) DO NOTHING`.execute(
    tx,
  )
}

/** Fever clinics of the synthetic city. */
export async function insertClinics(tx: Tx, city: City): Promise<void> {
  const { clinics } = city
  await sql`
    INSERT INTO pharmacy.clinic (id, name, address, phone, lon, lat, area_code, path)
    SELECT c.id, c.name, c.address, c.phone, c.lon, c.lat, c.area_code, a.path
    FROM unnest(${column(clinics, () => uuidv7())}::uuid[], ${column(clinics, (c) => c.name)}::text[], ${column(clinics, (c) => c.address)}::text[], ${column(clinics, (c) => c.phone)}::text[],
      ${column(clinics, (c) => c.lon)}::float8[], ${column(clinics, (c) => c.lat)}::float8[], ${column(clinics, (c) => c.areaCode)}::text[]) AS c(id, name, address, phone, lon, lat, area_code)
    JOIN area.area a ON a.code = c.area_code ON CONFLICT DO NOTHING`.execute(tx)
}

/** Everything that sales of the city need: offices, stores, clinics, and the duty to register all four classes. */
export async function installCity(tx: Tx, city: City): Promise<void> {
  await insertOffices(tx, city)
  await insertStores(tx, city)
  await insertClinics(tx, city)
  await sql`INSERT INTO pharmacy.duty (id, area_code, path, classes, valid_from, note)
    SELECT ${uuidv7()}, code, path, ARRAY['antipyretic', 'cough', 'antibiotic', 'antiviral'], ${city.startDay}, '示范：四类药品实名登记' FROM area.area a
    WHERE code = ${city.code} AND NOT EXISTS (SELECT FROM pharmacy.duty d WHERE d.area_code = a.code AND d.valid_from <= ${city.startDay} AND d.valid_to IS NULL)`.execute(
    tx,
  )
}

/** Ids of the catalogue by the simulator's keys. @throws Error when a drug of the simulator is not in the catalogue */
export async function drugIds(kernel: Kernel): Promise<(key: string) => string> {
  const { rows } = await kernel.connections.system.query<{
    id: string
    generic: string
    form: string
    strength: string
  }>(`SELECT id, generic, form, strength FROM pharmacy.drug`)
  const byName = new Map(rows.map((row) => [`${row.generic}|${row.form}|${row.strength}`, row.id]))
  const byKey = new Map(
    drugs.map((drug) => [drug.key, byName.get(`${drug.genericName}|${drug.form}|${drug.strength}`)]),
  )
  return (key) => byKey.get(key) ?? fail(`drug ${key} of the simulator is not in the catalogue`)
}

const fail = (message: string): never => {
  throw new Error(message)
}
