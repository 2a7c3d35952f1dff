import type { Generated } from 'kysely'

export type AreaLevel = 'province' | 'city' | 'county' | 'office' | 'grid'

export interface AreaTable {
  code: string
  name: string
  level: AreaLevel
  parent: string | null
  /** Codes from the province down, `/350000/350500/350582/`: a subtree is a prefix. */
  path: string
  /** Degrees, WGS 84. */
  lon: number | null
  lat: number | null
  /** False for units that GB/T 2260 does not list. */
  standard: boolean
  updatedAt: Generated<Date>
}

declare module '../db/database.ts' {
  interface Database {
    'area.area': AreaTable
  }
}
