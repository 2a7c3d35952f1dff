import type { Scope } from '../../kernel/db/index.ts'
import type { AreaFacts, Store } from './reference.table.ts'
import type { Reference } from './reference.ts'

/** A line of a ranking: an area of the level below, or a store. */
export interface UnitBelow {
  readonly kind: 'area' | 'store'
  readonly code: string
  readonly name: string
  /** Everything that counts for it lies under this path. */
  readonly path: string
}

const inScope = (path: string, scope: Scope) => scope.some((root) => path.startsWith(root))

/**
 * What a ranking of an area lists, as far as the caller may see it: its areas, and the stores that belong to none of them;
 * only the stores of an office.
 */
export function unitsBelow(
  reference: Pick<Reference, 'areas' | 'stores'>,
  area: Pick<AreaFacts, 'code' | 'level' | 'path'>,
  scope: Scope,
): UnitBelow[] {
  const children: UnitBelow[] = [...reference.areas()]
    .filter(
      (child) =>
        child.parent === area.code && scope.some((root) => child.path.startsWith(root) || root.startsWith(child.path)),
    )
    .map(({ code, name, path }) => ({ kind: 'area', code, name, path }))
  if (area.level === 'province' || area.level === 'city') return children
  const direct = (store: Store) =>
    area.level === 'county' ? store.areaCode === area.code : store.path.startsWith(area.path)
  const stores: UnitBelow[] = [...reference.stores()]
    .filter((store) => direct(store) && inScope(store.path, scope))
    .map(({ code, name, path }) => ({ kind: 'store', code, name, path }))
  return area.level === 'county' ? [...children, ...stores] : stores
}
