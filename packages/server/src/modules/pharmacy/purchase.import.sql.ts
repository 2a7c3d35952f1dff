import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import type { Line } from './purchase.domain.ts'
import { unitsByClass } from './purchase.lines.ts'
import { rollupCtes } from './purchase.rollup.ts'
import type { PurchaseRow } from './purchase.writer.ts'

// Texts of arrays are put together here: the driver's own way of writing them costs as much as the rest of a chunk.
const plain = (values: readonly (string | number | boolean | null)[]): string =>
  `{${values.map((value) => value ?? 'NULL').join(',')}}`
const quoted = (values: readonly string[]): string => `{"${values.join('","')}"}`
/** Bytes of an index or digest of the vault. */
const keyBytes = 16

/**
 * Writes sales of one chunk with their rollups in one statement, which is what a registration does for one request.
 * Whatever is the same for all rows of a store or of the chunk travels once, and all bytes as one value, from which each row
 * takes its own: as an array they would be written and read as hexadecimal text. Rows should come in order of their id.
 * @param given ids that stood in the file: of these it is not sure that the id belongs to this county alone
 * @returns ids that were not there before
 */
export async function insertImported(
  tx: Tx,
  rows: readonly PurchaseRow[],
  given: readonly string[],
): Promise<Set<string>> {
  const [first] = rows
  if (!first) return new Set()
  const stores = [...new Map(rows.map((row) => [row.storeCode, row])).values()]
  const starts: number[] = []
  let start = 1
  for (const { sealed } of rows) {
    starts.push(start)
    start += sealed.length
  }
  const keys = Buffer.concat(rows.flatMap((row) => [row.personIndex, row.mobileIndex, row.digest]))
  if (keys.length !== rows.length * 3 * keyBytes) throw new Error('an index has another length than the vault gives')
  const marks = rows.flatMap((row, at) => [...unitsByClass(row)].map(([name, units]) => ({ n: at + 1, name, units })))
  const perLine = (of: (line: Line) => string | number) => quoted(rows.map((row) => row.lines.map(of).join(',')))
  const result = await sql<{ id: string }>`
WITH shop AS (
  SELECT * FROM unnest(${quoted(stores.map((row) => row.storeCode))}::text[], ${quoted(stores.map((row) => row.county))}::text[], ${quoted(stores.map((row) => row.countyPath))}::text[],
    ${quoted(stores.map((row) => row.areaCode))}::text[], ${quoted(stores.map((row) => row.path))}::text[]) AS t(store_code, county, county_path, area_code, path)
), bytes AS (
  SELECT ${Buffer.concat(rows.map((row) => row.sealed))}::bytea AS sealed, ${keys}::bytea AS keys
), input AS (
  SELECT r.*, s.county, s.county_path, s.area_code, s.path, substr(b.sealed, sealed_at, sealed_length) AS sealed, substr(b.keys, (n * 48 - 47)::int, 16) AS person_index,
    substr(b.keys, (n * 48 - 31)::int, 16) AS mobile_index, substr(b.keys, (n * 48 - 15)::int, 16) AS digest
  FROM bytes b, unnest(${plain(rows.map((row) => row.id))}::uuid[], ${quoted(rows.map((row) => row.storeCode))}::text[],
    ${plain(rows.map((row) => row.soldAt.toISOString()))}::timestamptz[], ${plain(rows.map((row) => row.day))}::date[], ${plain(rows.map((row) => row.documentType))}::text[],
    ${plain(rows.map((row) => row.keyMonth))}::text[],
    ${plain(starts)}::int[], ${plain(rows.map((row) => row.sealed.length))}::int[], ${quoted(rows.map((row) => row.classes.join(',')))}::text[], ${plain(rows.map((row) => row.units))}::int[],
    ${quoted(rows.map((row) => row.symptoms.join(',')))}::text[], ${plain(rows.map((row) => row.temperatureTenths))}::smallint[], ${plain(rows.map((row) => row.fever))}::bool[],
    ${quoted(rows.map((row) => row.clinicIds.join(',')))}::text[], ${plain(rows.map((row) => row.proxy))}::bool[],
    ${perLine((line) => line.drugId)}::text[], ${perLine((line) => line.class)}::text[], ${perLine((line) => line.quantity)}::text[]) WITH ORDINALITY
  AS r(id, store_code, sold_at, day, document_type, key_month, sealed_at, sealed_length, classes, units, symptoms, temperature_tenths, fever,
    clinic_ids, proxy, drug_ids, drug_classes, quantities, n) JOIN shop s USING (store_code)
), taken AS MATERIALIZED (
  SELECT id FROM pharmacy.purchase WHERE id = ANY (${plain(given)}::uuid[])
), ins AS (
  INSERT INTO pharmacy.purchase (id, county, store_code, area_code, path, sold_at, day, received_at, document_type, person_index, mobile_index,
    key_month, sealed, classes, units, symptoms, temperature_tenths, fever, clinic_ids, proxy, offline, account_id, digest,
    drug_ids, drug_classes, quantities)
  SELECT i.id, county, store_code, area_code, path, sold_at, day, ${first.receivedAt}::timestamptz, document_type, person_index, mobile_index, key_month, sealed,
    string_to_array(classes, ','), units, string_to_array(symptoms, ','), temperature_tenths, fever, string_to_array(clinic_ids, ',')::uuid[],
    proxy, false, ${first.accountId}::uuid, digest, string_to_array(drug_ids, ',')::uuid[], string_to_array(drug_classes, ','), string_to_array(quantities, ',')::int[]
  FROM input i
  WHERE NOT EXISTS (SELECT FROM taken WHERE taken.id = i.id) ORDER BY i.id
  ON CONFLICT (id, county) DO NOTHING
  RETURNING id
), new AS (
  SELECT i.* FROM input i JOIN ins USING (id)
), drug AS (
  INSERT INTO pharmacy.purchase_drug (drug_id, county, purchase_id, path)
  SELECT d.id, n.county, n.id, n.path FROM new n, unnest(string_to_array(n.drug_ids, ',')::uuid[]) AS d(id)
  RETURNING 1
), mark AS (
  SELECT n.county, n.county_path, n.store_code, n.path COLLATE "C" AS path, n.day, m.class, n.person_index, 1 AS sign, m.units, n.fever
  FROM unnest(${plain(marks.map(({ n }) => n))}::int[], ${plain(marks.map(({ name }) => name))}::text[], ${plain(marks.map(({ units }) => units))}::int[]) AS m(n, class, units)
  JOIN new n USING (n)
), ${sql.raw(rollupCtes)}
SELECT id FROM ins`.execute(tx)
  return new Set(result.rows.map((row) => row.id))
}

/** Which of the ids are stored, and for which store. */
export async function findImported(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; storeCode: string }>`
    SELECT id, store_code FROM pharmacy.purchase WHERE id = ANY (${plain(ids)}::uuid[])`.execute(tx)
  return new Map(rows.map((row) => [row.id, row.storeCode]))
}
