import { allAreas, demoCities } from '@vigil/codes/areas'
import type { Tx } from '../db/index.ts'
import { type AreaRow, putAreas } from './area.store.ts'
import type { AreaLevel } from './area.table.ts'

const levels: readonly AreaLevel[] = ['province', 'city', 'county']

/** The units of GB/T 2260 with the local units and centres of the known cities; parents before children. */
export function standardAreas(): AreaRow[] {
  const rows = new Map<string, Omit<AreaRow, 'path'>>()
  for (const { code, name, level, parent, standard } of allAreas())
    rows.set(code, { code, name, level, parent: parent ?? null, lon: null, lat: null, standard })
  for (const city of demoCities) {
    const known = rows.get(city.code)
    if (known) rows.set(city.code, { ...known, lon: city.lon, lat: city.lat })
    for (const { code, name, lon, lat, standard } of city.counties)
      rows.set(code, { code, name, level: 'county', parent: city.code, lon, lat, standard })
    // The list of a known city is complete: a unit of GB/T 2260 that it does not administer (金门县) holds no stores.
    const administered = new Set(city.counties.map(({ code }) => code))
    for (const row of [...rows.values()])
      if (row.parent === city.code && !administered.has(row.code)) rows.delete(row.code)
  }
  const path = (code: string | null): string => {
    const row = code === null ? undefined : rows.get(code)
    return row ? `${path(row.parent)}${row.code}/` : '/'
  }
  const all = [...rows.values()].map((row) => ({ ...row, path: path(row.code) }))
  return levels.flatMap((level) => all.filter((row) => row.level === level))
}

/**
 * Brings the areas of the whole country into the database, one statement per level; what is there and right stays
 * untouched, offices and grids always. @returns areas added or changed
 */
export async function seedAreas(tx: Tx): Promise<number> {
  const rows = standardAreas()
  let changed = 0
  for (const level of levels)
    changed += await putAreas(
      tx,
      rows.filter((row) => row.level === level),
    )
  return changed
}
