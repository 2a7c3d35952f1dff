import { queryOptions, useQuery } from '@tanstack/react-query'
import type { AreaNode } from '@vigil/contract'
import { call } from './api.ts'
import { keys } from './query.ts'

export interface AreaIndex {
  readonly nodes: readonly AreaNode[]
  readonly byCode: ReadonlyMap<string, AreaNode>
  readonly childrenOf: ReadonlyMap<string, readonly AreaNode[]>
  /** Tops of the own subtrees. */
  readonly roots: readonly AreaNode[]
}

/** Index of the areas that the account sees. */
export function indexAreas(nodes: readonly AreaNode[]): AreaIndex {
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
  queryFn: async () => indexAreas((await call('area.tree')).items),
})

/** The own areas; empty until they have come. */
export const useAreas = (): AreaIndex => useQuery(areasQuery).data ?? none
