import { queryOptions, useQuery } from '@tanstack/react-query'
import type { AreaNode } from '@vigil/contract'
import { call } from './api.ts'
import { keys, queryClient } from './query.ts'
import { meQuery } from './session.ts'

export interface AreaIndex {
  readonly nodes: readonly AreaNode[]
  readonly byCode: ReadonlyMap<string, AreaNode>
  readonly childrenOf: ReadonlyMap<string, readonly AreaNode[]>
  /** Tops of the own subtrees. */
  readonly roots: readonly AreaNode[]
}

/**
 * Index of the own areas.
 * @param tops areas of the own grants; what lies above them, which the server sends for its name only, is left out
 */
export function indexAreas(all: readonly AreaNode[], tops?: readonly string[]): AreaIndex {
  const nodes = tops ? all.filter(({ path }) => tops.some((top) => path.includes(`/${top}/`))) : all
  const byCode = new Map(nodes.map((node) => [node.code, node]))
  const childrenOf = new Map<string, AreaNode[]>()
  const roots: AreaNode[] = []
  for (const node of nodes) {
    if (!node.parent || !byCode.has(node.parent)) roots.push(node)
    else childrenOf.set(node.parent, [...(childrenOf.get(node.parent) ?? []), node])
  }
  return { nodes, byCode, childrenOf, roots }
}

/** Areas from the top of the own subtree down to `code`, as far as the account sees them. */
export function lineage(index: AreaIndex, code: string | undefined): AreaNode[] {
  const line: AreaNode[] = []
  for (let node = code ? index.byCode.get(code) : undefined; node && !line.includes(node); ) {
    line.unshift(node)
    node = node.parent ? index.byCode.get(node.parent) : undefined
  }
  return line
}

const none = indexAreas([])

export const areasQuery = queryOptions({
  queryKey: keys.areas,
  staleTime: 10 * 60_000,
  queryFn: async () => {
    const me = await queryClient.ensureQueryData(meQuery)
    const { items } = await call('area.tree')
    return indexAreas(
      items,
      me?.grants.map(({ areaCode }) => areaCode),
    )
  },
})

/** The own areas; empty until they have come. */
export const useAreas = (): AreaIndex => useQuery(areasQuery).data ?? none
