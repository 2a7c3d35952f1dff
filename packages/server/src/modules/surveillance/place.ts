import type { UnitLevel } from '@vigil/contract'
import type { Reference } from '../pharmacy/index.ts'

/** A place whose demand is watched. */
export interface Place {
  readonly kind: UnitLevel
  readonly code: string
  readonly name: string
  readonly lon: number | null
  readonly lat: number | null
  readonly path: string
  readonly county: string
}

/** A county, office or store by its code. */
export function findPlace(reference: Reference, code: string): Place | undefined {
  const store = reference.store(code)
  if (store) return { kind: 'store', ...pick(store), county: store.county }
  const area = reference.area(code)
  if (area?.level === 'county') return { kind: 'county', ...pick(area), county: area.code }
  return area?.level === 'office' ? { kind: 'office', ...pick(area), county: area.parent ?? '' } : undefined
}

const pick = ({ code, name, lon, lat, path }: Omit<Place, 'kind' | 'county'>) => ({ code, name, lon, lat, path })
/** A place as it is answered. */
export const shown = ({ kind, code, name, lon, lat }: Place) => ({ kind, code, name, lon, lat })

/** The places one level down: counties of a city, offices and officeless stores of a county, stores of an office. */
export function childrenOf(reference: Reference, area: { code: string; level: string }): Place[] {
  const stores = (list: Iterable<{ areaCode: string; code: string }>) =>
    [...list].flatMap(({ areaCode, code }) => (areaCode === area.code ? [findPlace(reference, code)!] : []))
  if (area.level === 'office') return stores(reference.stores())
  const below = [...reference.areas()].filter(({ parent }) => parent === area.code)
  const places = below.flatMap(({ code }) => findPlace(reference, code) ?? [])
  return area.level === 'county' ? [...places, ...stores(reference.stores())] : places
}
