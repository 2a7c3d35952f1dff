/** Memories in days of the discounted means of level. */
const MEMORIES = [7, 14, 28, 56, 112]
const N = MEMORIES.length
// Pairs of neighbours give experts with trend; all of it once with and once without the season of past years.
const EXPERTS = 2 * (2 * N - 1)
const PLAIN = EXPERTS / 2
const WEIGHT_MEMORY = 40
const SHARE = 0.01
const MAX_TREND = 0.7

export type LevelState = { count: number[]; exposure: number[]; weight: number[] }

export const newLevel = (): LevelState => ({
  count: new Array<number>(2 * N).fill(0),
  exposure: new Array<number>(2 * N).fill(0),
  weight: new Array<number>(EXPERTS).fill(1 / EXPERTS),
})

/**
 * Forecasts by a panel of experts: discounted Gamma–Poisson means of several memories (West and Harrison 1997, ch. 10),
 * each also with Brown's trend from the next longer memory, each with and without the season. `means` is filled for
 * `update`. Answers the mixed mean and the variance that comes from not knowing the level.
 */
export function forecastLevel(
  state: LevelState,
  exposure: number,
  season: number,
  phi: number,
  means: Float64Array,
): { mean: number; variance: number } {
  let mean = 0
  let within = 0
  for (let half = 0; half < 2; half++) {
    const scale = half === 0 ? exposure : exposure * season
    const slot = half * N
    const last = slot + N - 1
    const base = (state.count[last]! + 0.1) / (state.exposure[last]! + 0.1)
    for (let i = N - 1, longer = 0; i >= 0; i--) {
      const level = (state.count[slot + i]! + 0.2 * base) / (state.exposure[slot + i]! + 0.2)
      const expert = half * PLAIN + i
      const spread = phi / (state.count[slot + i]! + 0.5)
      means[expert] = Math.max(1e-6, level * scale)
      mean += state.weight[expert]! * means[expert]!
      within += state.weight[expert]! * means[expert]! ** 2 * spread
      if (i < N - 1) {
        const lead = MEMORIES[i]! / (MEMORIES[i + 1]! - MEMORIES[i]!)
        const trend = Math.max(-MAX_TREND, Math.min(MAX_TREND, Math.log(level / longer) * lead))
        const trending = half * PLAIN + N + i
        means[trending] = Math.max(1e-6, level * Math.exp(trend) * scale)
        mean += state.weight[trending]! * means[trending]!
        within += state.weight[trending]! * means[trending]! ** 2 * spread * 2.5
      }
      longer = level
    }
  }
  let between = 0
  for (let e = 0; e < EXPERTS; e++) between += state.weight[e]! * (means[e]! - mean) ** 2
  return { mean, variance: between + within }
}

/** Takes in a day's count: experts that foresaw it gain weight (fixed share: Herbster and Warmuth 1998), levels follow. */
export function updateLevel(
  state: LevelState,
  day: { count: number; exposure: number; season: number; phi: number; judge: boolean },
  means: Float64Array,
): void {
  if (day.judge) judgeExperts(state.weight, day.count, day.phi, means)
  for (let i = 0; i < N; i++) {
    const keep = 1 - 1 / MEMORIES[i]!
    state.count[i] = state.count[i]! * keep + day.count
    state.exposure[i] = state.exposure[i]! * keep + day.exposure
    state.count[N + i] = state.count[N + i]! * keep + day.count
    state.exposure[N + i] = state.exposure[N + i]! * keep + day.exposure * day.season
  }
}

const logWeight = new Float64Array(EXPERTS)

function judgeExperts(weight: number[], count: number, phi: number, means: Float64Array): void {
  let top = Number.NEGATIVE_INFINITY
  for (let e = 0; e < EXPERTS; e++) {
    const value = Math.log(weight[e]!) * (1 - 1 / WEIGHT_MEMORY) + (count * Math.log(means[e]!) - means[e]!) / phi
    logWeight[e] = value
    if (value > top) top = value
  }
  let total = 0
  for (let e = 0; e < EXPERTS; e++) {
    weight[e] = Math.exp(logWeight[e]! - top)
    total += weight[e]!
  }
  for (let e = 0; e < EXPERTS; e++) weight[e] = (weight[e]! / total) * (1 - SHARE) + SHARE / EXPERTS
}

/** Room for the experts' means. */
export const newMeans = (): Float64Array => new Float64Array(EXPERTS)
