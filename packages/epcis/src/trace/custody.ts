import type { TraceGraph } from './graph.ts'
import type { Step } from './step.ts'

/** A step in a thing's life: its own, or its container's while it was inside (`via`). */
export interface Custody {
  readonly step: Step
  readonly via: string | null
}

/** Who has a thing after its last step. `inTransit`: sent to the holder and not yet received. */
export interface Holder {
  readonly party: string | null
  readonly place: string | null
  readonly inTransit: boolean
}

/** A time in a container: places in the order of steps, both ends included. */
interface Stay {
  readonly uri: string
  readonly from: number
  readonly to: number
}

/**
 * All steps of a thing in order of time, those of the containers and carriers that it was in among them, from packing to unpacking. An
 * unpacking without a list of children takes out everything.
 */
export function custodyOf(graph: TraceGraph, thing: string): Custody[] {
  const order = new Map(graph.steps.map((step, i) => [step, i]))
  const at = (step: Step): number => order.get(step)!
  const stays = new Map<string, readonly Stay[]>()
  const staysIn = (uri: string): readonly Stay[] => {
    const known = stays.get(uri) ?? staysOf(graph, uri, at)
    stays.set(uri, known)
    return known
  }
  const found = new Map<Step, Custody>()
  const open: Stay[] = [{ uri: thing, from: 0, to: Number.POSITIVE_INFINITY }]
  const seen = new Set<string>()
  for (let each = open.pop(); each; each = open.pop()) {
    const steps = graph.stepsOf.get(each.uri) ?? []
    for (let i = firstFrom(steps, each.from, at); i < steps.length && at(steps[i]!) <= each.to; i++) {
      const step = steps[i]!
      if (!found.has(step) || each.uri === thing) found.set(step, { step, via: each.uri === thing ? null : each.uri })
    }
    for (const stay of staysIn(each.uri)) {
      const period = { uri: stay.uri, from: Math.max(stay.from, each.from), to: Math.min(stay.to, each.to) }
      const key = `${period.uri} ${period.from} ${period.to}`
      if (period.from > period.to || seen.has(key)) continue
      seen.add(key)
      open.push(period)
    }
  }
  return [...found.values()].sort((a, b) => at(a.step) - at(b.step))
}

/** Index of the first of the steps, which are in order, at or after a place; their number when there is none. */
function firstFrom(steps: readonly Step[], from: number, at: (step: Step) => number): number {
  let [low, high] = [0, steps.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (at(steps[middle]!) < from) low = middle + 1
    else high = middle
  }
  return low
}

/** When a thing was in which container. */
function staysOf(graph: TraceGraph, thing: string, at: (step: Step) => number): Stay[] {
  const ends = new Map<string, readonly Step[]>()
  const endsIn = (parent: string, kind: Step['kind']): readonly Step[] => {
    const key = `${kind} ${parent}`
    const known =
      ends.get(key) ??
      (graph.stepsOf.get(parent) ?? []).filter(
        (each) => each.kind === kind && each.parent === parent && takesOut(each, thing),
      )
    ends.set(key, known)
    return known
  }
  return (graph.stepsOf.get(thing) ?? []).flatMap((step) => {
    const packs = step.kind === 'AggregationEvent' || step.kind === 'AssociationEvent'
    if (!packs || step.parent === null || step.parent === thing || step.action === 'DELETE') return []
    const from = at(step)
    const leaving = endsIn(step.parent, step.kind)
    const end = leaving[firstFrom(leaving, from + 1, at)]
    return [{ uri: step.parent, from, to: end ? at(end) : Number.POSITIVE_INFINITY }]
  })
}

const takesOut = ({ action, things }: Step, thing: string): boolean =>
  action === 'DELETE' && (things.length === 0 || things.some(({ uri }) => uri === thing))

const sentOut = new Set(['shipping', 'departing', 'consigning', 'transporting', 'staging_outbound'])

/**
 * Who has it now: the party that the last handover named, else the one that had it; where the last step was. A step that sends it out
 * leaves it in transit until another step is seen.
 */
export function holderAfter(custody: readonly Custody[]): Holder {
  return custody.reduce<Holder>(
    (holder, { step: { possession, place, bizStep } }) => ({
      party: possession.to ?? possession.from ?? holder.party,
      place: place ?? holder.place,
      inTransit: bizStep === null ? holder.inTransit : sentOut.has(bizStep),
    }),
    { party: null, place: null, inTransit: false },
  )
}
