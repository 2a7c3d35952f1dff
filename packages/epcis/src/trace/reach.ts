import type { TraceGraph, Transformation } from './graph.ts'

/** `forward`: what a thing went into. `backward`: what went into it. */
export type Direction = 'forward' | 'backward'

/** From what, into what, by which transformation or packing event. */
export interface Link {
  readonly from: string
  readonly to: string
  readonly by: 'transform' | 'aggregate' | 'associate'
  readonly ids: readonly string[]
}

/** All that is reached from a thing. */
export interface Reach {
  readonly things: ReadonlySet<string>
  readonly links: readonly Link[]
  /** Circles among transformations, each as the things around it, the first not repeated; links into a thing on the way are not followed. */
  readonly cycles: readonly (readonly string[])[]
}

/**
 * What a thing went into, or what went into it. Transformations are followed all the way. Containers and carriers are named but what else
 * was in them is not reached: packing does not mix. A container as the start stands for all that was ever in it.
 */
export function reach(graph: TraceGraph, start: string, direction: Direction): Reach {
  const state: State = { graph, direction, things: new Set([start]), links: [], cycles: [], way: new Map() }
  const starts = new Set([start, ...contentsOf(graph, start)])
  for (const each of starts) {
    state.things.add(each)
    if (each !== start) state.links.push(...packing(graph, each).filter(({ to }) => to === start))
  }
  const done = new Set<string>()
  for (const each of starts) walk(state, each, done)
  const known = new Set(state.links.map(({ from, to, by }) => `${from} ${to} ${by}`))
  // The set grows on the way: containers of containers come into it.
  for (const thing of state.things)
    for (const link of packing(graph, thing)) {
      if (known.has(`${link.from} ${link.to} ${link.by}`)) continue
      known.add(`${link.from} ${link.to} ${link.by}`)
      state.things.add(link.to)
      state.links.push(link)
    }
  return { things: state.things, links: state.links, cycles: state.cycles }
}

interface State {
  readonly graph: TraceGraph
  readonly direction: Direction
  readonly things: Set<string>
  readonly links: Link[]
  readonly cycles: string[][]
  /** Things between the start and here, in order. */
  readonly way: Map<string, number>
}

/** Depth first, without recursion: a chain may be as long as memory. */
function walk({ graph, direction, things, links, cycles, way }: State, start: string, done: Set<string>): void {
  if (done.has(start)) return
  const trail: { thing: string; next: [string, Transformation][]; at: number }[] = []
  const enter = (thing: string): void => {
    things.add(thing)
    way.set(thing, trail.length)
    trail.push({ thing, next: neighbours(graph, thing, direction), at: 0 })
  }
  enter(start)
  while (trail.length > 0) {
    const top = trail.at(-1)!
    const step = top.next[top.at++]
    if (!step) {
      trail.pop()
      way.delete(top.thing)
      done.add(top.thing)
      continue
    }
    const [other, { ids }] = step
    const [from, to] = direction === 'forward' ? [top.thing, other] : [other, top.thing]
    links.push({ from, to, by: 'transform', ids })
    const at = way.get(other)
    if (at !== undefined) cycles.push(trail.slice(at).map(({ thing }) => thing))
    else if (!done.has(other)) enter(other)
  }
}

function neighbours(graph: TraceGraph, thing: string, direction: Direction): [string, Transformation][] {
  const through = (direction === 'forward' ? graph.consumedIn : graph.madeIn).get(thing) ?? []
  return through.flatMap((each) =>
    [...new Set((direction === 'forward' ? each.outputs : each.inputs).map(({ uri }) => uri))].map(
      (uri): [string, Transformation] => [uri, each],
    ),
  )
}

/** Containers and carriers that a thing was put into, by the events that did. */
function packing(graph: TraceGraph, thing: string): Link[] {
  return (graph.stepsOf.get(thing) ?? []).flatMap((step): Link[] => {
    if (step.parent === null || step.parent === thing || step.action === 'DELETE') return []
    if (step.kind !== 'AggregationEvent' && step.kind !== 'AssociationEvent') return []
    return [
      {
        from: thing,
        to: step.parent,
        by: step.kind === 'AggregationEvent' ? 'aggregate' : 'associate',
        ids: [step.id],
      },
    ]
  })
}

/** All that was ever in a container, and in containers in it. */
function contentsOf(graph: TraceGraph, container: string, found = new Set<string>()): Set<string> {
  const open = [container]
  for (let each = open.pop(); each !== undefined; each = open.pop())
    for (const step of graph.stepsOf.get(each) ?? []) {
      if (step.parent !== each || (step.kind !== 'AggregationEvent' && step.kind !== 'AssociationEvent')) continue
      for (const { uri } of step.things) {
        if (uri === container || found.has(uri)) continue
        found.add(uri)
        open.push(uri)
      }
    }
  return found
}
