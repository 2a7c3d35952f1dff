import type { TransformationEvent } from '../document/types.ts'
import { totalMass } from '../mass/index.ts'
import type { Problem } from '../result.ts'

/** A transformation and its place in the document. */
export interface PlacedTransformation {
  readonly event: TransformationEvent
  readonly path: string
}

/**
 * Mass created from nothing: events of one transformation (those with the same transformationID, or one event without) whose outputs
 * weigh more than all inputs. Not judged while an input's mass is unknown (a thing named without a weight).
 */
export function createdMass(events: readonly PlacedTransformation[]): Problem[] {
  const groups = new Map<string, PlacedTransformation[]>()
  for (const each of events) {
    const key = each.event.transformationID ?? each.path
    groups.set(key, [...(groups.get(key) ?? []), each])
  }
  return [...groups.values()].flatMap(judge)
}

function judge(group: readonly PlacedTransformation[]): Problem[] {
  const input = group.map(({ event }) => totalMass(event.inputQuantityList))
  const unknown = group.some(({ event }, i) => (event.inputEPCList?.length ?? 0) > 0 || !input[i]!.complete)
  if (unknown || group.every(({ event }) => !event.inputQuantityList?.length)) return []
  const came = input.reduce((sum, { mass }) => sum + mass, 0n)
  let left = came
  for (const { event, path } of group) {
    left -= totalMass(event.outputQuantityList).mass
    if (left < 0n)
      return [
        {
          path: `${path}/outputQuantityList`,
          rule: 'mass-created',
          message: `${grams(-left)} g more come out than the ${grams(came)} g that went in`,
        },
      ]
  }
  return []
}

const grams = (mass: bigint): string => String(Number(mass) / 1e9)
