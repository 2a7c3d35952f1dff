/** Outlines of a city's county-level units as GeoJSON (degrees), and which of them touch. `id` is the GB/T 2260 code. */
export interface Boundary {
  /** npm package that the outlines come from; `scripts/boundary.ts` makes the file. */
  readonly source: string
  readonly neighbours: Readonly<Record<string, readonly string[]>>
  readonly type: 'FeatureCollection'
  readonly features: readonly {
    readonly type: 'Feature'
    readonly id: string
    readonly properties: { readonly code: string; readonly name: string }
    readonly geometry: {
      readonly type: 'Polygon' | 'MultiPolygon'
      readonly coordinates: readonly unknown[]
    }
  }[]
}

type Load = () => Promise<{ default: unknown }>
const files: Readonly<Record<string, Load>> = {
  '140500': () => import('./cities/boundary/140500.json', { with: { type: 'json' } }),
  '141000': () => import('./cities/boundary/141000.json', { with: { type: 'json' } }),
  '350500': () => import('./cities/boundary/350500.json', { with: { type: 'json' } }),
  '430200': () => import('./cities/boundary/430200.json', { with: { type: 'json' } }),
}

/**
 * The outlines of a city's counties, loaded when asked for. A development zone has none: GB/T 2260 does not know it.
 * @param city six-digit code of the city
 * @returns undefined for a city whose file has not been made
 */
export async function findBoundary(city: string): Promise<Boundary | undefined> {
  return (await files[city]?.())?.default as Boundary | undefined
}
