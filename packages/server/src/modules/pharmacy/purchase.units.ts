import type { ResolvedFilter } from './purchase.filter.ts'
import type { Reference } from './reference.ts'

/** Counties or stores that together hold all rows of a filter, and the column that names them. */
export interface Units {
  readonly column: 'county' | 'storeCode'
  readonly codes: string[]
  /** Counties in which the rows lie. */
  readonly counties: string[]
  /** The scope is made of whole counties. */
  readonly whole: boolean
}

/** Beyond it the stores of an area are more work than its county read by the area's path. */
const mostStores = 200

/**
 * The units through which a list looks for its newest rows: the store that was picked, the stores of an area within a
 * county, else counties. Together they hold every row of the filter's scope; the scope itself is demanded besides.
 */
export function searchUnits(
  reference: Pick<Reference, 'areas' | 'stores'>,
  filter: Pick<ResolvedFilter, 'scope' | 'store' | 'county'>,
): Units {
  if (filter.store) {
    const counties = filter.county === undefined ? [] : [filter.county]
    return { column: 'storeCode', codes: [filter.store], counties, whole: false }
  }
  const met = [...reference.areas()].filter(
    ({ level, path }) =>
      level === 'county' && filter.scope.some((root) => path.startsWith(root) || root.startsWith(path)),
  )
  const counties = met.map(({ code }) => code)
  const whole = filter.scope.every((root) => met.some(({ path }) => path.startsWith(root)))
  if (!whole) {
    const stores: string[] = []
    for (const { code, path } of reference.stores())
      if (filter.scope.some((root) => path.startsWith(root))) stores.push(code)
    if (stores.length <= mostStores) return { column: 'storeCode', codes: stores, counties, whole }
  }
  return { column: 'county', codes: counties, counties, whole }
}
