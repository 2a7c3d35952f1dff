import { type Part, type Step, stepOf, type TraceEvent } from './step.ts'

/** All that went in and came out under one transformation, which may have several events. */
export interface Transformation {
  readonly ids: readonly string[]
  readonly inputs: readonly Part[]
  readonly outputs: readonly Part[]
}

/** What happened to things, ready to be asked in both directions. */
export interface TraceGraph {
  /** In order of time; events of one instant in the order given. */
  readonly steps: readonly Step[]
  readonly transformations: readonly Transformation[]
  /** Steps about a thing, as itself or as a container. */
  readonly stepsOf: ReadonlyMap<string, readonly Step[]>
  /** Transformations that used a thing up, and those that made it. */
  readonly consumedIn: ReadonlyMap<string, readonly Transformation[]>
  readonly madeIn: ReadonlyMap<string, readonly Transformation[]>
}

/** Builds the graph of events, given in any order; an event is taken once however often its id is given. */
export function traceGraph(events: Iterable<TraceEvent>): TraceGraph {
  const byId = new Map<string, Step>()
  for (const each of events) if (!byId.has(each.id)) byId.set(each.id, stepOf(each))
  const steps = [...byId.values()].sort((a, b) => a.time - b.time)
  const transformations = transformationsOf(steps)
  const stepsBy = new Map<string, Step[]>()
  for (const step of steps) for (const uri of urisOf(step)) push(stepsBy, uri, step)
  const consumedIn = new Map<string, Transformation[]>()
  const madeIn = new Map<string, Transformation[]>()
  for (const each of transformations) {
    for (const uri of distinct(each.inputs)) push(consumedIn, uri, each)
    for (const uri of distinct(each.outputs)) push(madeIn, uri, each)
  }
  return { steps, transformations, stepsOf: stepsBy, consumedIn, madeIn }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
const distinct = (parts: readonly Part[]): Set<string> => new Set(parts.map(({ uri }) => uri))
const urisOf = ({ parent, things, inputs, outputs }: Step): Set<string> =>
  new Set([...(parent === null ? [] : [parent]), ...distinct([...things, ...inputs, ...outputs])])

/** At the place in time of the last event of each: only then has everything gone in. */
function transformationsOf(steps: readonly Step[]): Transformation[] {
  const groups = new Map<string, Step[]>()
  for (const step of steps) {
    if (step.kind !== 'TransformationEvent') continue
    const key = step.transformation === null ? `event ${step.id}` : `group ${step.transformation}`
    const group = groups.get(key) ?? []
    group.push(step)
    // At the end again: that is its place in time.
    groups.delete(key)
    groups.set(key, group)
  }
  return [...groups.values()].map((group) => ({
    ids: group.map(({ id }) => id),
    inputs: group.flatMap(({ inputs }) => inputs),
    outputs: group.flatMap(({ outputs }) => outputs),
  }))
}
