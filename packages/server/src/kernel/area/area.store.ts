import { sql } from 'kysely'
import type { Tx } from '../db/index.ts'
import type { AreaTable } from './area.table.ts'

export type AreaRow = Omit<AreaTable, 'updatedAt'>

/**
 * Adds areas or mends their names and centres, in one statement; a centre is never lost, unchanged rows stay as they are.
 * @returns areas added or changed
 */
export async function putAreas(tx: Tx, rows: readonly AreaRow[]): Promise<number> {
  if (rows.length === 0) return 0
  const column = <K extends keyof AreaRow>(key: K) => rows.map((row) => row[key])
  const result = await sql`
    insert into area.area as a (code, name, level, parent, path, lon, lat, standard)
    select * from unnest(${column('code')}::text[], ${column('name')}::text[], ${column('level')}::text[],
      ${column('parent')}::text[], ${column('path')}::text[], ${column('lon')}::float8[], ${column('lat')}::float8[],
      ${column('standard')}::boolean[])
    on conflict (code) do update set name = excluded.name, lon = coalesce(excluded.lon, a.lon),
      lat = coalesce(excluded.lat, a.lat), standard = excluded.standard, updated_at = now()
    where (a.name, a.standard) is distinct from (excluded.name, excluded.standard)
      or (excluded.lon is not null and (a.lon, a.lat) is distinct from (excluded.lon, excluded.lat))`.execute(tx)
  return Number(result.numAffectedRows ?? 0)
}
