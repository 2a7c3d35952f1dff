const YEARS = 6
const HALF_WINDOW = 14
const SCALE_HALF_WINDOW = 15
const RECENT = 28
const PRIOR_DAYS = 20
const LEAST_SCALE = 0.8

/**
 * Running sums of count, exposure and squared residual before each day: days from the first on, then a ring of the last
 * years. What is added is rounded to 2⁻¹⁶, so that the sums are exact and pack small.
 */
export type SeasonState = { count: number[]; exposure: number[]; square: number[] }

export const newSeason = (): SeasonState => ({ count: [0], exposure: [0], square: [0] })

/** Days that the ring holds. */
export const seasonSize = (yearLength: number): number => Math.ceil(YEARS * yearLength) + 2 * SCALE_HALF_WINDOW + 2

/** Steps of the running sums in a unit. */
export const SEASON_STEPS = 65_536

const between = (ring: readonly number[], from: number, to: number): number =>
  ring[to % ring.length]! - ring[from % ring.length]!

// Days of earlier years that match today and whose whole window lies in the past and in the ring.
function* sameDays(t: number, yearLength: number, half: number): Generator<number> {
  for (let year = 1; year <= YEARS; year++) {
    const day = t - Math.round(year * yearLength)
    if (day + half + 1 > t || day < half) return
    yield day
  }
}

/** Factor of today's season: level of the same weeks in earlier years against the year around them, shrunk to 1. */
export function seasonFactor(state: SeasonState, t: number, yearLength: number): number {
  let sum = 0
  let years = 0
  const length = Math.round(yearLength)
  for (const day of sameDays(t, yearLength, HALF_WINDOW)) {
    const from = Math.max(0, day - (length >> 1), t + 1 - state.count.length)
    const to = Math.min(t, from + length)
    const yearCount = between(state.count, from, to)
    const yearExposure = between(state.exposure, from, to)
    if (!(yearExposure > 0)) continue
    const exposure = between(state.exposure, day - HALF_WINDOW, day + HALF_WINDOW + 1)
    const level = (yearCount + 0.5) / yearExposure
    sum += Math.log((between(state.count, day - HALF_WINDOW, day + HALF_WINDOW + 1) + 0.5) / (exposure * level + 0.5))
    years++
  }
  return Math.exp(sum / (years + 0.3))
}

/** How much wider than usual forecasts miss at this time of the year and lately: a factor on the variance. */
export function seasonScale(state: SeasonState, t: number, yearLength: number): number {
  let squares = PRIOR_DAYS
  let days = PRIOR_DAYS
  for (const day of sameDays(t, yearLength, SCALE_HALF_WINDOW)) {
    squares += between(state.square, day - SCALE_HALF_WINDOW, day + SCALE_HALF_WINDOW + 1)
    days += 2 * SCALE_HALF_WINDOW + 1
  }
  if (days === PRIOR_DAYS) return 1
  const recent = Math.min(t, RECENT)
  return Math.max(LEAST_SCALE, (squares + between(state.square, t - recent, t)) / (days + recent))
}

/** Adds day `t`; `size` is that of the ring. */
export function updateSeason(
  state: SeasonState,
  size: number,
  t: number,
  count: number,
  exposure: number,
  square: number,
): void {
  const now = t % size
  const next = (t + 1) % size
  state.count[next] = state.count[now]! + inSteps(count)
  state.exposure[next] = state.exposure[now]! + inSteps(exposure)
  state.square[next] = state.square[now]! + inSteps(square)
}

const inSteps = (value: number): number => Math.round(value * SEASON_STEPS) / SEASON_STEPS
