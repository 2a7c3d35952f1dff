import type pg from 'pg'
import type { AuditInput } from '../../kernel/audit/index.ts'
import { unitsByClass } from './purchase.lines.ts'
import { rollupCtes } from './purchase.rollup.ts'
import type { PurchaseRow } from './purchase.writer.ts'

const statement = `
WITH input AS (
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::date[], $9::timestamptz[],
    $10::text[], $11::bytea[], $12::bytea[], $13::text[], $14::bytea[], $15::text[], $16::int[], $17::text[], $18::smallint[], $19::bool[],
    $20::text[], $21::bool[], $22::bool[], $23::uuid[], $24::bytea[], $25::text[], $26::text[], $27::text[], $28::int[]) WITH ORDINALITY
  AS t(id, county, county_path, store_code, area_code, path, sold_at, day, received_at, document_type, person_index, mobile_index, key_month, sealed,
    classes, units, symptoms, temperature_tenths, fever, clinic_ids, proxy, offline, account_id, digest, drug_ids, drug_classes, quantities, request, n)
), taken AS MATERIALIZED (
  -- The key holds the county; an id is nevertheless used once in all counties.
  SELECT id FROM pharmacy.purchase WHERE id = ANY ($1::uuid[])
), ins AS (
  INSERT INTO pharmacy.purchase (id, county, store_code, area_code, path, sold_at, day, received_at, document_type, person_index, mobile_index,
    key_month, sealed, classes, units, symptoms, temperature_tenths, fever, clinic_ids, proxy, offline, account_id, digest,
    drug_ids, drug_classes, quantities)
  SELECT i.id, county, store_code, area_code, path, sold_at, day, received_at, document_type, person_index, mobile_index, key_month, sealed,
    string_to_array(classes, ','), units, string_to_array(symptoms, ','), temperature_tenths, fever, string_to_array(clinic_ids, ',')::uuid[],
    proxy, offline, account_id, digest, string_to_array(drug_ids, ',')::uuid[], string_to_array(drug_classes, ','), string_to_array(quantities, ',')::int[]
  FROM input i
  WHERE NOT EXISTS (SELECT FROM taken WHERE taken.id = i.id)
  ON CONFLICT (id, county) DO NOTHING
  RETURNING id
), new AS (
  SELECT i.* FROM input i JOIN ins USING (id)
), drug AS (
  INSERT INTO pharmacy.purchase_drug (drug_id, county, purchase_id, path)
  SELECT d.id, n.county, n.id, n.path FROM new n, unnest(string_to_array(n.drug_ids, ',')::uuid[]) AS d(id)
  RETURNING 1
), mark AS (
  SELECT n.county, n.county_path, n.store_code, n.path, n.day, m.class, n.person_index, 1 AS sign, m.units, n.fever
  FROM unnest($29::int[], $30::text[], $31::int[]) AS m(n, class, units) JOIN new n USING (n)
), ${rollupCtes}, log AS (
  INSERT INTO audit.entry (actor_id, actor, action, outcome, object, area_code, path, ip, user_agent, request_id, detail)
  SELECT a.actor_id, a.actor, a.action, a.outcome, a.object, a.area_code, a.path, a.ip, a.user_agent, a.request_id,
    a.detail || jsonb_build_object('registered', coalesce(r.registered, 0))
  FROM unnest($32::int[], $33::uuid[], $34::text[], $35::text[], $36::text[], $37::text[], $38::text[], $39::text[], $40::text[], $41::text[], $42::text[], $43::jsonb[])
    AS a(request, actor_id, actor, action, outcome, object, area_code, path, ip, user_agent, request_id, detail)
  LEFT JOIN (SELECT request, count(*) AS registered FROM new GROUP BY 1) r USING (request)
  RETURNING 1
)
SELECT id FROM ins`

/** Array literal of texts that need no quoting: ids, numbers, days, instants. */
const plain = (values: readonly (string | number | boolean | null)[]): string =>
  `{${values.map((value) => value ?? 'NULL').join(',')}}`
const instants = (values: readonly Date[]): string => plain(values.map((value) => value.toISOString()))
const bytes = (values: readonly Buffer[]): string =>
  values.length === 0 ? '{}' : `{"\\\\x${values.map((value) => value.toString('hex')).join('","\\\\x')}"}`

/**
 * Turns rows into one array per column: one parameter each, whatever the number of rows. What is plain by its type is
 * written as a literal here, which costs a third of what the driver needs for the same array.
 */
function columns(batch: readonly { rows: readonly PurchaseRow[]; audit: AuditInput }[]): unknown[] {
  const rows = batch.flatMap(({ rows }, request) => rows.map((row) => ({ row, request })))
  const of = <T>(pick: (row: PurchaseRow) => T) => rows.map(({ row }) => pick(row))
  const marks = rows.flatMap(({ row }, at) =>
    [...unitsByClass(row)].map(([name, units]) => ({ n: at + 1, name, units })),
  )
  const audits = batch.map(({ audit }) => audit)
  return [
    plain(of((r) => r.id)),
    of((r) => r.county),
    of((r) => r.countyPath),
    of((r) => r.storeCode),
    of((r) => r.areaCode),
    of((r) => r.path),
    instants(of((r) => r.soldAt)),
    plain(of((r) => r.day)),
    instants(of((r) => r.receivedAt)),
    of((r) => r.documentType),
    bytes(of((r) => r.personIndex)),
    bytes(of((r) => r.mobileIndex)),
    of((r) => r.keyMonth),
    bytes(of((r) => r.sealed)),
    of((r) => r.classes.join(',')),
    plain(of((r) => r.units)),
    of((r) => r.symptoms.join(',')),
    plain(of((r) => r.temperatureTenths)),
    plain(of((r) => r.fever)),
    of((r) => r.clinicIds.join(',')),
    plain(of((r) => r.proxy)),
    plain(of((r) => r.offline)),
    plain(of((r) => r.accountId)),
    bytes(of((r) => r.digest)),
    of((r) => r.lines.map((line) => line.drugId).join(',')),
    of((r) => r.lines.map((line) => line.class).join(',')),
    of((r) => r.lines.map((line) => line.quantity).join(',')),
    plain(rows.map(({ request }) => request)),
    plain(marks.map((mark) => mark.n)),
    marks.map((mark) => mark.name),
    plain(marks.map((mark) => mark.units)),
    plain(audits.map((_, request) => request)),
    plain(audits.map((a) => a.actorId)),
    audits.map((a) => a.actor),
    audits.map((a) => a.action),
    audits.map((a) => a.outcome),
    audits.map((a) => a.object),
    audits.map((a) => a.areaCode),
    audits.map((a) => a.path),
    audits.map((a) => a.ip),
    audits.map((a) => a.userAgent),
    audits.map((a) => a.requestId),
    audits.map((a) => JSON.stringify(a.detail)),
  ]
}

/**
 * Writes purchases, rollups and audit rows of several requests in one statement and so in one transaction.
 * @returns ids that were not there before
 */
export async function insertPurchases(
  pool: pg.Pool,
  batch: readonly { rows: readonly PurchaseRow[]; audit: AuditInput }[],
): Promise<Set<string>> {
  const result = await pool.query<{ id: string }>({
    name: 'pharmacy.purchase.insert',
    text: statement,
    values: columns(batch),
  })
  return new Set(result.rows.map((row) => row.id))
}
