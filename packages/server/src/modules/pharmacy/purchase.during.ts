import { sql } from 'kysely'
import type { Reference } from './reference.ts'

/** Drugs at a place in a time: `from` included, `to` not. */
export interface Time {
  /** Comes back with what was found. */
  readonly key: string
  readonly drugIds: readonly string[]
  /** Subtree of areas. */
  readonly path: string
  readonly from: Date
  readonly to: Date
}

/** A line of a sale that was made in one of the times. */
export interface SaleDuring {
  readonly key: string
  readonly purchaseId: string
  readonly storeCode: string
  readonly areaCode: string
  readonly soldAt: Date
  readonly offline: boolean
  readonly drugId: string
  readonly quantity: number
}

/**
 * The query for lines of sales of some drugs in some times, undone ones left out; row-level security keeps them to the
 * scope. Each drug and county is looked up by its key and the time in the ids, so that it costs what it finds.
 */
export function salesDuring(reference: Pick<Reference, 'stores'>, times: readonly Time[]) {
  const counties = new Map<string, Set<string>>(times.map(({ path }) => [path, new Set()]))
  for (const store of reference.stores())
    for (const [path, codes] of counties) if (store.path.startsWith(path)) codes.add(store.county)
  const asked = times.map((time) => ({ ...time, counties: [...(counties.get(time.path) ?? [])] }))
  // OFFSET keeps the planner from reading all sales to join them.
  return sql<SaleDuring>`
    SELECT DISTINCT t.key, p.id AS "purchaseId", p.store_code AS "storeCode", p.area_code AS "areaCode", p.sold_at AS "soldAt",
      p.offline, i.drug_id AS "drugId", p.quantities[array_position(p.drug_ids, i.drug_id)] AS quantity
    FROM jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
      AS t(key text, "drugIds" uuid[], path text, counties text[], "from" timestamptz, "to" timestamptz)
    CROSS JOIN unnest(t."drugIds") AS d(id) CROSS JOIN unnest(t.counties) AS c(code)
    CROSS JOIN LATERAL (
      SELECT * FROM pharmacy.purchase_drug WHERE drug_id = d.id AND county = c.code
        AND purchase_id >= vigil.uuid_floor(t."from" - interval '3 days')
        AND purchase_id < vigil.uuid_floor(t."to" + interval '3 days') OFFSET 0
    ) AS i
    JOIN pharmacy.purchase p ON p.id = i.purchase_id AND p.county = i.county
    WHERE p.sold_at >= t."from" AND p.sold_at < t."to" AND p.status <> 'undone' AND p.path ^@ t.path`
}
