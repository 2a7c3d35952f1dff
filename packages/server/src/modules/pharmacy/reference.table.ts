import type { ClinicFacts } from './clinic.domain.ts'
import type { Drug } from './drug.domain.ts'
import type { DutyFacts } from './duty.domain.ts'
import type { StoreFacts } from './purchase.domain.ts'

export const referenceKinds = ['area', 'store', 'drug', 'duty', 'clinic'] as const
/** The tables of which every process keeps a copy. */
export type ReferenceKind = (typeof referenceKinds)[number]

export interface AreaFacts {
  readonly code: string
  readonly name: string
  readonly level: 'province' | 'city' | 'county' | 'office' | 'grid'
  readonly parent: string | null
  readonly path: string
  /** Degrees, WGS 84; null where no centre is known. */
  readonly lon: number | null
  readonly lat: number | null
}

export type Store = StoreFacts & {
  readonly address: string
  readonly phone: string | null
  readonly chain: string | null
  /** Degrees, WGS 84. */
  readonly lon: number | null
  readonly lat: number | null
}

export interface ReferenceRows {
  area: AreaFacts
  store: Store
  drug: Omit<Drug, 'name'>
  duty: DutyFacts & { readonly id: string }
  clinic: ClinicFacts
}

/** Table and columns of each kind; `key` is what `codes` of a notification name. */
export const referenceTables: Record<ReferenceKind, { table: string; key: string; columns: string }> = {
  area: { table: 'area.area', key: 'code', columns: 'code, name, level, parent, path, lon, lat' },
  store: {
    table: 'pharmacy.store',
    key: 'code',
    columns: 'code, name, county, area_code AS "areaCode", path, status, address, phone, chain, lon, lat',
  },
  drug: {
    table: 'pharmacy.drug',
    key: 'id',
    columns: `id, class, generic, brand, form, strength, maker, approval_no AS "approvalNo", ean13,
      trace_prefix AS "tracePrefix", active`,
  },
  duty: { table: 'pharmacy.duty', key: 'id', columns: 'id, path, classes, valid_from AS "from", valid_to AS "to"' },
  clinic: { table: 'pharmacy.clinic', key: 'id', columns: 'id, name, address, phone, lon, lat, active' },
}
