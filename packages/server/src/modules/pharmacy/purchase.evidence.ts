import { type RawBuilder, sql } from 'kysely'

/** SQL of a store, a drug and a day, such as columns of a table that is joined. */
export interface StoreDrugDay {
  readonly store: RawBuilder<string>
  readonly drug: RawBuilder<string>
  readonly day: RawBuilder<string>
}

const idsAround = (day: RawBuilder<string>, id: RawBuilder<string>) =>
  sql`${id} >= vigil.uuid_floor((${day} - 4)::timestamp AT TIME ZONE 'Asia/Shanghai')
    AND ${id} < vigil.uuid_floor((${day} + 5)::timestamp AT TIME ZONE 'Asia/Shanghai')`

/** Packs of a drug that a store registered on a day, undone ones left out: by the store's key and the time in the ids. */
export const registeredPacks = ({ store, drug, day }: StoreDrugDay) => sql<number>`(
  SELECT coalesce(sum(i.quantity), 0)::int FROM pharmacy.purchase p, unnest(p.drug_ids, p.quantities) AS i(drug_id, quantity)
  WHERE p.store_code = ${store} AND p.day = ${day} AND p.status <> 'undone' AND i.drug_id = ${drug} AND ${idsAround(day, sql`p.id`)})`

/** Sales of a drug that were refused at a store on a day. */
export const refusedSales = ({ store, drug, day }: StoreDrugDay) => sql<number>`(
  SELECT count(*)::int FROM pharmacy.refusal r WHERE r.store_code = ${store} AND ${drug} = ANY(r.drug_ids)
    AND (r.at AT TIME ZONE 'Asia/Shanghai')::date = ${day} AND ${idsAround(day, sql`r.id`)})`
