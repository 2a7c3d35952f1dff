import type pg from 'pg'
import type { AuditInput } from '../../kernel/audit/index.ts'
import { rollupCtes } from './purchase.rollup.ts'
import type { PurchaseRow } from './purchase.writer.ts'

const statement = `
WITH input AS (
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::date[], $9::timestamptz[],
    $10::text[], $11::bytea[], $12::bytea[], $13::text[], $14::bytea[], $15::text[], $16::int[], $17::text[], $18::smallint[], $19::bool[],
    $20::text[], $21::bool[], $22::bool[], $23::uuid[], $24::bytea[], $25::int[])
  AS t(id, county, county_path, store_code, area_code, path, sold_at, day, received_at, document_type, person_index, mobile_index, key_month, sealed,
    classes, units, symptoms, temperature_tenths, fever, clinic_ids, proxy, offline, account_id, digest, request)
), line AS (
  SELECT * FROM unnest($26::uuid[], $27::smallint[], $28::uuid[], $29::text[], $30::int[]) AS t(purchase_id, line, drug_id, class, quantity)
), taken AS MATERIALIZED (
  -- The key holds the county; an id is nevertheless used once in all counties.
  SELECT id FROM pharmacy.purchase WHERE id = ANY ($1::uuid[])
), ins AS (
  INSERT INTO pharmacy.purchase (id, county, store_code, area_code, path, sold_at, day, received_at, document_type, person_index, mobile_index,
    key_month, sealed, classes, units, symptoms, temperature_tenths, fever, clinic_ids, proxy, offline, account_id, digest)
  SELECT i.id, county, store_code, area_code, path, sold_at, day, received_at, document_type, person_index, mobile_index, key_month, sealed,
    string_to_array(classes, ','), units, string_to_array(symptoms, ','), temperature_tenths, fever, string_to_array(clinic_ids, ',')::uuid[],
    proxy, offline, account_id, digest FROM input i
  WHERE NOT EXISTS (SELECT FROM taken WHERE taken.id = i.id)
  ON CONFLICT (id, county) DO NOTHING
  RETURNING id
), new AS (
  SELECT i.* FROM input i JOIN ins USING (id)
), item AS (
  INSERT INTO pharmacy.purchase_item (purchase_id, county, line, drug_id, class, quantity)
  SELECT l.purchase_id, n.county, l.line, l.drug_id, l.class, l.quantity FROM line l JOIN new n ON n.id = l.purchase_id
  RETURNING 1
), mark AS (
  SELECT n.county, n.county_path, n.store_code, n.path, n.day, c.class, n.person_index, 1 AS sign, c.units, n.fever
  FROM new n JOIN (SELECT purchase_id, class, sum(quantity)::int AS units FROM line GROUP BY 1, 2) c ON c.purchase_id = n.id
  UNION ALL
  SELECT county, county_path, store_code, path, day, 'all', person_index, 1, units, fever FROM new
), ${rollupCtes}, log AS (
  INSERT INTO audit.entry (actor_id, actor, action, outcome, object, area_code, path, ip, user_agent, request_id, detail)
  SELECT a.actor_id, a.actor, a.action, a.outcome, a.object, a.area_code, a.path, a.ip, a.user_agent, a.request_id,
    a.detail || jsonb_build_object('registered', coalesce(r.registered, 0))
  FROM unnest($31::int[], $32::uuid[], $33::text[], $34::text[], $35::text[], $36::text[], $37::text[], $38::text[], $39::text[], $40::text[], $41::text[], $42::jsonb[])
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
  const lines = rows.flatMap(({ row }) => row.lines.map((line, index) => ({ id: row.id, index, line })))
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
    plain(rows.map(({ request }) => request)),
    plain(lines.map((l) => l.id)),
    plain(lines.map((l) => l.index)),
    plain(lines.map((l) => l.line.drugId)),
    lines.map((l) => l.line.class),
    plain(lines.map((l) => l.line.quantity)),
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
 * Writes purchases, items, rollups and audit rows of several requests in one statement and so in one transaction.
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
