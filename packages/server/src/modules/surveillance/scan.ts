import { finishScan, preparePermutationScan, type ScanProblem, type ScanSite, scanMaxima } from '@vigil/detection'

/** Replications of a scan, and how many are computed in one step. */
export const permutations = 199
export const permutationsPerStep = 20

/** Cases by store and day of the days that a scan looks at. */
export interface ScanInput {
  readonly sites: readonly ScanSite[]
  readonly cases: readonly { readonly site: string; readonly day: number; readonly count: number }[]
  readonly lastDay: number
  readonly seed: number
  /** Replications to compute, from and to; without them the result is made of `maxima`. */
  readonly from?: number
  readonly to?: number
  readonly maxima?: readonly number[]
}

export interface FoundCluster {
  readonly center: string
  readonly sites: readonly string[]
  readonly radius: number
  readonly from: number
  readonly to: number
  readonly cases: number
  readonly expected: number
  readonly p: number
}

/** Longest cluster in days, and largest circle in km. */
const maxDays = 7
const maxRadius = 8
/** Clusters that chance explains better than this are not shown. */
const leastChance = 0.2
const mostClusters = 20

let last: { readonly key: string; readonly problem: ScanProblem } | undefined

function problemOf(input: ScanInput): ScanProblem {
  const key = `${input.seed}|${input.lastDay}|${input.cases.length}|${input.sites.length}`
  if (last?.key === key) return last.problem
  const options = { maxRadius, maxDays, lastDay: input.lastDay, permutations, seed: input.seed }
  const problem = preparePermutationScan(input.sites, input.cases, options)
  last = { key, problem }
  return problem
}

/** Computes some replications, or, once they are all there, the clusters. */
export function scanStep(input: unknown): number[] | FoundCluster[] {
  const task = input as ScanInput
  const problem = problemOf(task)
  if (task.maxima === undefined) return [...scanMaxima(problem, task.from ?? 0, task.to ?? 0)]
  const { clusters } = finishScan(problem, Float64Array.from(task.maxima))
  last = undefined
  return clusters
    .filter(({ p }) => p <= leastChance)
    .slice(0, mostClusters)
    .map(({ center, sites, radius, from, to, cases, expected, p }) => ({
      center,
      sites,
      radius,
      from,
      to,
      cases,
      expected,
      p,
    }))
}
