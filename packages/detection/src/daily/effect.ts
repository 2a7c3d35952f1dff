const KEEP = 0.97
/** Smallest variance of an effect between its days, relative to its square. */
const LEAST = 0.0025

/** What is learned of one special effect: discounted sums of ratios, of their weights and of squared excess. */
export type EffectState = { ratio: number; ratioWeight: number; square: number; squareWeight: number }

const newEffect = (): EffectState => ({ ratio: 0.7, ratioWeight: 0.7, square: 0.5, squareWeight: 2 })

export type EffectsState = { known: Record<string, EffectState>; pending: string | null }

/** The effects of a day: those it names, else that of the first open day after the last special one. */
export function activeEffects(state: EffectsState, named: readonly string[], open: boolean): string[] {
  const special = named[0]
  if (special !== undefined) {
    state.pending = special
    return [...named]
  }
  if (!open || state.pending === null) return []
  const after = `after ${state.pending}`
  state.pending = null
  return [after]
}

/** Product of the effects' factors and the variance that comes from their differing from day to day. */
export function effectFactor(state: EffectsState, active: readonly string[]): { factor: number; variance: number } {
  let factor = 1
  let variance = 0
  for (const name of active) {
    const effect = getEffect(state, name)
    factor *= effect.ratio / effect.ratioWeight
    variance += Math.max(LEAST, effect.square / effect.squareWeight)
  }
  return { factor, variance }
}

/** Learns from a special day: `ratio` is count over expected, `excess` its squared relative error beyond chance. */
export function updateEffects(state: EffectsState, active: readonly string[], ratio: number, excess: number): void {
  for (const name of active) {
    const effect = getEffect(state, name)
    const factor = effect.ratio / effect.ratioWeight
    effect.ratio = effect.ratio * KEEP + ratio * factor
    effect.ratioWeight = effect.ratioWeight * KEEP + 1
    effect.square = effect.square * KEEP + excess
    effect.squareWeight = effect.squareWeight * KEEP + 1
  }
}

function getEffect(state: EffectsState, name: string): EffectState {
  state.known[name] ??= newEffect()
  return state.known[name]
}
