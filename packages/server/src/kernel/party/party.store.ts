import { uuidv7 } from '@vigil/codes'
import { sql } from 'kysely'
import { beyondScope, type Tx } from '../db/index.ts'
import './party.table.ts'

/** A market entity at one of its addresses. */
export interface PartyAt {
  /** GB 32100, checked. */
  readonly creditCode: string
  readonly name: string
  readonly licenceNo: string | null
  readonly address: string
  readonly lon: number | null
  readonly lat: number | null
  readonly areaCode: string
  readonly path: string
}

/** Kind of entity by the registering body in the credit code: 91 enterprise, 92 sole trader (GB 32100-2015, table 1). */
export function partyKind(creditCode: string): 'enterprise' | 'sole-trader' | 'other' {
  if (creditCode.startsWith('91')) return 'enterprise'
  return creditCode.startsWith('92') ? 'sole-trader' : 'other'
}

const columns = `id uuid, "creditCode" text, kind text, name text, "licenceNo" text, address text,
  lon float8, lat float8, "areaCode" text, path text`

/**
 * Adds entities by credit code and premises by entity and address, or renews what is known of them. An entity that is
 * registered outside the transaction's scope is linked, not changed.
 * @returns the id of each one's entity, in the order given
 */
export async function upsertParties(tx: Tx, parties: readonly PartyAt[]): Promise<string[]> {
  if (parties.length === 0) return []
  const given = JSON.stringify(parties.map((party) => ({ ...party, id: uuidv7(), kind: partyKind(party.creditCode) })))
  const rows = sql`jsonb_to_recordset(${given}::jsonb) AS r(${sql.raw(columns)})`
  await sql`
    INSERT INTO party.party (id, name, credit_code, kind, licence_no, area_code, path)
    SELECT DISTINCT ON (r."creditCode") r.id, r.name, r."creditCode", r.kind, r."licenceNo", r."areaCode", r.path FROM ${rows}
    ORDER BY r."creditCode", r.id ON CONFLICT (credit_code) DO NOTHING`.execute(tx)
  // A chain has one entity and many shops: only an entity at a single address takes over name and licence.
  await sql`
    UPDATE party.party p SET name = n.name, licence_no = coalesce(n.licence_no, p.licence_no), updated_at = now()
    FROM (SELECT r."creditCode" AS credit_code, min(r.name) AS name, min(r."licenceNo") AS licence_no FROM ${rows}
      GROUP BY 1 HAVING count(*) = 1) n
    WHERE p.credit_code = n.credit_code
      AND (p.name, p.licence_no) IS DISTINCT FROM (n.name, coalesce(n.licence_no, p.licence_no))
      AND NOT EXISTS (SELECT FROM party.premises m, ${rows} WHERE m.party_id = p.id AND r."creditCode" = p.credit_code
        AND m.address <> r.address)`.execute(tx)
  const codes = [...new Set(parties.map((party) => party.creditCode))]
  const found = await beyondScope(tx, () =>
    sql<{ id: string; code: string }>`
      SELECT id, credit_code AS code FROM party.party WHERE credit_code = ANY(${codes}::text[])`.execute(tx),
  )
  const idOf = new Map(found.rows.map((row) => [row.code, row.id]))
  const ids = parties.map((party) => {
    const id = idOf.get(party.creditCode)
    if (id === undefined) throw new Error('a party vanished within its transaction')
    return id
  })
  await upsertPremises(
    tx,
    parties.map((party, index) => ({ ...party, partyId: ids[index] ?? '' })),
  )
  return ids
}

async function upsertPremises(tx: Tx, parties: readonly (PartyAt & { partyId: string })[]): Promise<void> {
  const given = JSON.stringify(parties.map((party) => ({ ...party, id: uuidv7() })))
  const rows = sql`jsonb_to_recordset(${given}::jsonb) AS r(id uuid, "partyId" uuid, name text, address text, lon float8,
    lat float8, "areaCode" text, path text)`
  await sql`
    INSERT INTO party.premises (id, party_id, name, address, lon, lat, area_code, path)
    SELECT r.id, r."partyId", r.name, r.address, r.lon, r.lat, r."areaCode", r.path FROM ${rows}
    ORDER BY r.id ON CONFLICT (party_id, address) DO NOTHING`.execute(tx)
  await sql`
    UPDATE party.premises m SET name = r.name, lon = coalesce(r.lon, m.lon), lat = coalesce(r.lat, m.lat), updated_at = now()
    FROM ${rows} WHERE m.party_id = r."partyId" AND m.address = r.address
      AND (m.name, m.lon, m.lat) IS DISTINCT FROM (r.name, coalesce(r.lon, m.lon), coalesce(r.lat, m.lat))`.execute(tx)
}
