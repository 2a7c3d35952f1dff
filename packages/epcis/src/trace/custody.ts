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

/**
 * All steps of a thing in order of time, those of the containers and carriers that it was in among them, from packing to unpacking. An
 * unpacking without a list of children takes out everything.
 */
export function custodyOf(graph: TraceGraph, thing: string): Custody[] {
  const found = new Map<Step, Custody>()
  const order = new Map(graph.steps.map((step, i) => [step, i]))
  const open = [{ uri: thing, from: 0, to: Number.POSITIVE_INFINITY }]
  const seen = new Set<string>()
  for (let each = open.pop(); each; each = open.pop()) {
    for (const step of graph.stepsOf.get(each.uri) ?? []) {
      const at = order.get(step)!
      if (at < each.from || at > each.to) continue
      if (!found.has(step) || each.uri === thing) found.set(step, { step, via: each.uri === thing ? null : each.uri })
    }
    for (const stay of staysOf(graph, each.uri, order)) {
      const period = { uri: stay.uri, from: Math.max(stay.from, each.from), to: Math.min(stay.to, each.to) }
      const key = `${period.uri} ${period.from} ${period.to}`
      if (period.from > period.to || seen.has(key)) continue
      seen.add(key)
      open.push(period)
    }
  }
  return [...found.values()].sort((a, b) => order.get(a.step)! - order.get(b.step)!)
}

/** When a thing was in which container: places in the order of steps, both ends included. */
function staysOf(
  graph: TraceGraph,
  thing: string,
  order: ReadonlyMap<Step, number>,
): { uri: string; from: number; to: number }[] {
  return (graph.stepsOf.get(thing) ?? []).flatMap((step) => {
    const packs = step.kind === 'AggregationEvent' || step.kind === 'AssociationEvent'
    if (!packs || step.parent === null || step.parent === thing || step.action === 'DELETE') return []
    const from = order.get(step)!
    const end = (graph.stepsOf.get(step.parent) ?? []).find(
      (each) =>
        order.get(each)! > from && each.kind === step.kind && each.parent === step.parent && takesOut(each, thing),
    )
    return [{ uri: step.parent, from, to: end ? order.get(end)! : Number.POSITIVE_INFINITY }]
  })
}

const takesOut = ({ action, things }: Step, thing: string): boolean =>
  action === 'DELETE' && (things.length === 0 || things.some(({ uri }) => uri === thing))

const leaving = new Set(['shipping', 'departing', 'consigning', 'transporting', 'staging_outbound'])

/**
 * Who has it now: the party that the last handover named, else the one that had it; where the last step was. A step that sends it out
 * leaves it in transit until another step is seen.
 */
export function holderAfter(custody: readonly Custody[]): Holder {
  return custody.reduce<Holder>(
    (holder, { step: { possession, place, bizStep } }) => ({
      party: possession.to ?? possession.from ?? holder.party,
      place: place ?? holder.place,
      inTransit: bizStep === null ? holder.inTransit : leaving.has(bizStep),
    }),
    { party: null, place: null, inTransit: false },
  )
}
