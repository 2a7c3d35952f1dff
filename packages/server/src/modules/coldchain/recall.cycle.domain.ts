import type { RecallFlow } from './recall.domain.ts'

/** Circles among lots, each as the lots around it; a lot put back into itself is none. Depth first, without recursion: a chain may be long. */
export function cyclesOf(flows: readonly RecallFlow[]): string[][] {
  const next = new Map<string, Set<string>>()
  for (const { from, to } of flows)
    if (from !== null && to !== null && from !== to) next.set(from, (next.get(from) ?? new Set()).add(to))
  const done = new Set<string>()
  const cycles: string[][] = []
  for (const start of next.keys()) {
    const trail: { lot: string; rest: string[] }[] = []
    const way = new Map<string, number>()
    const enter = (lot: string): void => {
      way.set(lot, trail.length)
      trail.push({ lot, rest: [...(next.get(lot) ?? [])] })
    }
    if (!done.has(start)) enter(start)
    while (trail.length > 0) {
      const top = trail.at(-1)!
      const lot = top.rest.shift()
      if (lot === undefined) {
        trail.pop()
        way.delete(top.lot)
        done.add(top.lot)
        continue
      }
      const at = way.get(lot)
      if (at !== undefined) cycles.push(trail.slice(at).map((each) => each.lot))
      else if (!done.has(lot)) enter(lot)
    }
  }
  return cycles
}
