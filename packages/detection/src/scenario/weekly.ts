import { DetectionError } from '../error.ts'
import { createRandom, type Random } from '../random/index.ts'
import { spreadOutbreak } from './outbreak.ts'

/** Mean exp(theta + beta·t + Σ_{j ≤ harmonics} gamma1·cos(2πjt/52) + gamma2·sin(2πjt/52)), variance phi · mean. */
export type WeeklyScenario = {
  id: number
  theta: number
  beta: number
  gamma1: number
  gamma2: number
  harmonics: 0 | 1 | 2
  phi: number
}

export type WeeklySeries = {
  count: Float64Array
  /** Cases of the outbreak in the current weeks, per week. */
  outbreak: Float64Array
  /** 0-based first and last current week: 49 weeks. */
  from: number
  to: number
}

const WEEKS = 624
const BASELINE_FROM = 312
const CURRENT_FROM = WEEKS - 49

// theta, beta, gamma1, gamma2, phi of the seven families
const FAMILIES: readonly [number, number, number, number, number][] = [
  [0.1, 0.0025, 0.6, 0.6, 1.5],
  [-2, 0.005, 0.1, 0.3, 2],
  [1.5, 0.003, 0.2, -0.4, 1],
  [0.5, 0.002, 0.5, 0.5, 5],
  [2.5, 0.001, 1, 0.1, 3],
  [3.75, 0.001, 0.1, -0.1, 1.1],
  [5, 0.0001, 0.05, 0.01, 1.2],
]

/**
 * The 42 weekly scenarios of Noufaily et al. 2013 (Stat Med 32:1206, section 3.1): seven
 * families, each without season, with one and with two harmonics, with and without trend. Numbered by family, then trend
 * (none first), then harmonics. The paper itself was not at hand: two replications of it that are independent of each other
 * agree on these numbers (see the README).
 */
export const WEEKLY_SCENARIOS: readonly WeeklyScenario[] = FAMILIES.flatMap(
  ([theta, beta, gamma1, gamma2, phi], family) =>
    [0, 1].flatMap((trend) =>
      ([0, 1, 2] as const).map((harmonics) => ({
        id: family * 6 + trend * 3 + harmonics + 1,
        theta,
        beta: trend * beta,
        gamma1: harmonics ? gamma1 : 0,
        gamma2: harmonics ? gamma2 : 0,
        harmonics,
        phi,
      })),
    ),
)

/**
 * A series of 624 weeks with four outbreaks (or as many as `past` says) of size factor 2, 3, 5 or 10 in the baseline (weeks
 * 313–575) and one of
 * factor `k` in the current weeks 576–624, none when k = 0. An outbreak's size is Poisson(k · sd of its first week), its
 * cases lie lognormal(0, 0.5) weeks after the start. Throws DetectionError for a negative k.
 */
export function simulateWeekly(
  scenario: WeeklyScenario,
  options: { k: number; seed: number; past?: number },
): WeeklySeries {
  if (!(options.k >= 0)) throw new DetectionError('option', 'k must not be negative')
  const random = createRandom(options.seed, scenario.id)
  const count = new Float64Array(WEEKS)
  for (let t = 0; t < WEEKS; t++) count[t] = random.negativeBinomial(weeklyMean(scenario, t + 1), scenario.phi)
  for (let i = 0; i < (options.past ?? 4); i++) {
    const start = BASELINE_FROM + random.below(CURRENT_FROM - BASELINE_FROM)
    addOutbreak(random, scenario, count, start, [2, 3, 5, 10][random.below(4)]!, CURRENT_FROM)
  }
  const outbreak = new Float64Array(WEEKS)
  if (options.k > 0)
    addOutbreak(random, scenario, outbreak, CURRENT_FROM + random.below(WEEKS - CURRENT_FROM), options.k, WEEKS)
  for (let t = CURRENT_FROM; t < WEEKS; t++) count[t] = count[t]! + outbreak[t]!
  return { count, outbreak, from: CURRENT_FROM, to: WEEKS - 1 }
}

function weeklyMean(scenario: WeeklyScenario, t: number): number {
  let logMean = scenario.theta + scenario.beta * t
  for (let j = 1; j <= scenario.harmonics; j++) {
    const angle = (2 * Math.PI * j * t) / 52
    logMean += scenario.gamma1 * Math.cos(angle) + scenario.gamma2 * Math.sin(angle)
  }
  return Math.exp(logMean)
}

function addOutbreak(
  random: Random,
  scenario: WeeklyScenario,
  into: Float64Array,
  start: number,
  k: number,
  end: number,
): void {
  const sd = Math.sqrt(scenario.phi * weeklyMean(scenario, start + 1))
  const { cases } = spreadOutbreak(random, start, k * sd, 1)
  for (let i = 0; i < cases.length && start + i < end; i++) into[start + i] = into[start + i]! + cases[i]!
}
