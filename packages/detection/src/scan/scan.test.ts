import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DetectionError } from '../error.ts'
import { createRandom } from '../random/index.ts'
import {
  finishScan,
  gumbelTail,
  logLikelihoodRatio,
  poissonScan,
  preparePermutationScan,
  preparePoissonScan,
  type ScanCase,
  type ScanSite,
  scanMaxima,
  spaceTimePermutationScan,
} from './index.ts'

const grid = (side: number): ScanSite[] =>
  Array.from({ length: side * side }, (_, i) => ({ id: `s${i}`, x: i % side, y: Math.floor(i / side) }))

const scattered = (sites: readonly ScanSite[], n: number, days: number, seed: number): ScanCase[] => {
  const random = createRandom(seed)
  return Array.from({ length: n }, () => ({ site: sites[random.below(sites.length)]!.id, day: random.below(days) }))
}

const shuffled = <T>(list: readonly T[], seed: number): T[] => {
  const random = createRandom(seed, 9)
  return list
    .map((value) => [random.unit(), value] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, value]) => value)
}

/** Every circle and length, straight from the definition. */
function bruteForce(sites: readonly ScanSite[], cases: readonly ScanCase[], radius: number, maxDays: number): number {
  const last = Math.max(...cases.map(({ day }) => day))
  let best = 0
  for (const center of sites)
    for (const edge of sites) {
      const r = Math.hypot(edge.x - center.x, edge.y - center.y)
      if (r > radius) continue
      const inside = new Set(sites.filter((s) => Math.hypot(s.x - center.x, s.y - center.y) <= r).map(({ id }) => id))
      const zone = cases.filter(({ site }) => inside.has(site))
      if (zone.length > cases.length / 2) continue
      for (let length = 1; length <= maxDays; length++) {
        const during = (list: readonly ScanCase[]) => list.filter(({ day }) => day > last - length).length
        const ratio = logLikelihoodRatio(during(zone), (zone.length * during(cases)) / cases.length, cases.length)
        best = Math.max(best, ratio)
      }
    }
  return best
}

describe('space-time permutation scan', () => {
  it('has the likelihood ratio of Kulldorff 1997, by hand', () => {
    expect(logLikelihoodRatio(4, 2, 10)).toBeCloseTo(4 * Math.log(2) + 6 * Math.log(6 / 8), 12)
    expect(logLikelihoodRatio(2, 2, 10)).toBe(0)
    expect(logLikelihoodRatio(10, 2, 10)).toBeCloseTo(10 * Math.log(5), 12)
  })

  it('finds what the definition finds, on grids with tied distances too', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 5 }), fc.integer({ min: 5, max: 60 }), fc.nat(1000), (side, n, seed) => {
        const sites = grid(side)
        const cases = scattered(sites, n, 12, seed)
        const { clusters } = spaceTimePermutationScan(sites, cases, {
          maxRadius: 2,
          maxDays: 4,
          permutations: 0,
          metric: 'plane',
        })
        expect(clusters[0]?.llr ?? 0).toBeCloseTo(bruteForce(sites, cases, 2, 4), 10)
      }),
      { numRuns: 40 },
    )
  })

  it('scores a replication as the definition does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 5 }), fc.integer({ min: 5, max: 60 }), fc.nat(1000), (side, n, seed) => {
        const sites = grid(side)
        const options = { metric: 'plane', maxRadius: 2, maxDays: 4, seed } as const
        const problem = preparePermutationScan(sites, scattered(sites, n, 12, seed), options)
        // The shuffle by hand: the days of the last cases go to cases drawn without replacement.
        const random = createRandom(seed, 0)
        const left = Array.from(problem.caseSite, (site) => problem.ids[site]!)
        const cases = Array.from(problem.ages, (age, i) => {
          const j = i + random.below(left.length - i)
          const site = left[j]!
          left[j] = left[i]!
          return { site, day: -age }
        })
        const old = left.slice(cases.length).map((site) => ({ site, day: -10 }))
        expect(scanMaxima(problem, 0, 1)[0]).toBeCloseTo(bruteForce(sites, [...cases, ...old], 2, 4), 10)
      }),
      { numRuns: 60 },
    )
  })

  it('is the same for any order of sites and cases, random numbers included', () => {
    const sites = grid(4)
    const cases = scattered(sites, 40, 10, 8)
    const options = { metric: 'plane', maxDays: 3, permutations: 19, seed: 4 } as const
    const expected = spaceTimePermutationScan(sites, cases, options)
    fc.assert(
      fc.property(fc.nat(1000), (seed) => {
        expect(spaceTimePermutationScan(shuffled(sites, seed), shuffled(cases, seed + 1), options)).toEqual(expected)
      }),
      { numRuns: 20 },
    )
  })

  it('gives the same maxima however the replications are split', () => {
    const sites = grid(4)
    const problem = preparePermutationScan(sites, scattered(sites, 40, 10, 8), { metric: 'plane', permutations: 30 })
    const parts = [scanMaxima(problem, 0, 11), scanMaxima(problem, 11, 12), scanMaxima(problem, 12, 30)]
    expect(parts.flatMap((part) => Array.from(part))).toEqual(Array.from(scanMaxima(problem, 0, 30)))
  })

  it('reports clusters that share no site, likeliest first, and finds an injected one', () => {
    const sites = grid(8)
    const cases = scattered(sites, 300, 60, 5)
    const outbreak = ['s0', 's1', 's8', 's9'].flatMap((site) => [57, 58, 59].map((day) => ({ site, day, count: 2 })))
    const { clusters } = spaceTimePermutationScan(sites, [...cases, ...outbreak], { metric: 'plane', maxRadius: 2 })
    expect(clusters[0]!.p).toBeLessThan(0.01)
    expect(clusters[0]!.gumbelP).toBeLessThan(0.01)
    expect(clusters[0]!.to).toBe(59)
    expect(clusters[0]!.sites).toEqual(expect.arrayContaining(['s0', 's1', 's8', 's9']))
    const all = clusters.flatMap((cluster) => cluster.sites)
    expect(new Set(all).size).toBe(all.length)
    expect(clusters.map(({ llr }) => llr)).toEqual(clusters.map(({ llr }) => llr).sort((a, b) => b - a))
  })

  it('keeps its false positives at the level of the test', () => {
    const sites = grid(4)
    let significant = 0
    for (let seed = 0; seed < 120; seed++) {
      const { clusters } = spaceTimePermutationScan(sites, scattered(sites, 80, 20, 100 + seed), {
        metric: 'plane',
        permutations: 39,
        seed,
      })
      if ((clusters[0]?.p ?? 1) <= 0.1) significant++
    }
    // 12 expected, standard deviation 3.3
    expect(significant).toBeLessThan(26)
    expect(significant).toBeGreaterThan(1)
  })
})

describe('prospective Poisson scan', () => {
  const sites = grid(5).map((site, i) => ({ ...site, population: 100 + 10 * i }))

  it('expects cases by population and days', () => {
    const cases = [...scattered(sites, 40, 20, 2), { site: 's7', day: 19, count: 9 }]
    const { clusters } = poissonScan(sites, cases, { metric: 'plane', days: 20, maxDays: 3, permutations: 199 })
    const top = clusters[0]!
    expect(top.center).toBe('s7')
    const population = top.sites.reduce((sum, id) => sum + sites.find((site) => site.id === id)!.population, 0)
    const all = sites.reduce((sum, site) => sum + site.population, 0)
    expect(top.expected).toBeCloseTo(((49 * population) / all) * ((top.to - top.from + 1) / 20), 10)
    expect(top.p).toBeLessThan(0.05)
  })

  it('draws replications whose mean is the expectation', () => {
    const problem = preparePoissonScan(sites, scattered(sites, 400, 10, 2), { metric: 'plane', days: 10, maxDays: 10 })
    // With maxDays = days every case counts, so a replication differs from the data only by chance.
    const maxima = scanMaxima(problem, 0, 200)
    const { clusters } = finishScan(problem, maxima)
    expect(clusters[0]!.p).toBeGreaterThan(0.001)
    expect(Math.min(...maxima)).toBeGreaterThan(0)
  })
})

describe('Gumbel tail', () => {
  it('is the tail of the distribution that the maxima come from', () => {
    const random = createRandom(3)
    const maxima = Array.from({ length: 20_000 }, () => 5 - 2 * Math.log(-Math.log(random.unit())))
    expect(Math.abs(gumbelTail(5 - 2 * Math.log(-Math.log(0.99)), maxima) / 0.01 - 1)).toBeLessThan(0.12)
  })
})

it('names the case or site that is at fault', () => {
  const fault = (code: string, index: number) =>
    expect.objectContaining({ name: 'DetectionError', code, index }) as DetectionError
  const sites = grid(2)
  expect(() => spaceTimePermutationScan(sites, [{ site: 'x', day: 1 }])).toThrow(fault('option', 0))
  expect(() => spaceTimePermutationScan(sites, [{ site: 's1', day: 1.5 }])).toThrow(fault('not-finite', 0))
  expect(() => spaceTimePermutationScan(sites, [{ site: 's1', day: 1 }])).toThrow(fault('too-short', -1))
  expect(() => spaceTimePermutationScan([{ id: 'a', x: Number.NaN, y: 0 }], [])).toThrow(fault('not-finite', 0))
})
