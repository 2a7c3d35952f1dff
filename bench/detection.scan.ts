import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import {
  createRandom,
  finishScan,
  preparePermutationScan,
  type ScanCase,
  type ScanProblem,
  type ScanSite,
  spaceTimePermutationScan,
} from '@vigil/detection'

const PERMUTATIONS = 999

/** Sites spread evenly over a square of `side` km and cases spread evenly over sites and days. */
function city(size: { sites: number; cases: number; days: number; side: number }): [ScanSite[], ScanCase[]] {
  const random = createRandom(1)
  const sites = Array.from({ length: size.sites }, (_, i) => ({
    id: `s${i}`,
    x: random.unit() * size.side,
    y: random.unit() * size.side,
  }))
  const cases = Array.from({ length: size.cases }, () => ({
    site: sites[random.below(sites.length)]!.id,
    day: random.below(size.days),
  }))
  return [sites, cases]
}

/** Replications shared out over workers. */
async function inWorkers(problem: ScanProblem, workers: number): Promise<Float64Array> {
  const step = Math.ceil(problem.permutations / workers)
  const parts = Array.from({ length: workers }, (_, i) => {
    const worker = new Worker(new URL('./detection.worker.ts', import.meta.url), {
      workerData: { problem, from: i * step, to: Math.min(problem.permutations, (i + 1) * step) },
    })
    return new Promise<Float64Array>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
  })
  return Float64Array.from((await Promise.all(parts)).flatMap((part) => Array.from(part)))
}

/** Permutation scans of the size of the New York fever data, and of a province's quarter. */
export async function benchScan(): Promise<void> {
  const [sites, cases] = city({ sites: 192, cases: 194, days: 30, side: 30 })
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < 10; i++) {
    const began = performance.now()
    spaceTimePermutationScan(sites, cases, { metric: 'plane', maxRadius: 3, permutations: PERMUTATIONS })
    least = Math.min(least, performance.now() - began)
  }
  console.log(
    `permutation scan, 194 cases, 192 sites, ${PERMUTATIONS} permutations: ${least.toFixed(0)} ms (goal < 50 ms)`,
  )

  const workers = Math.min(4, availableParallelism())
  const large = city({ sites: 1_500, cases: 10_000, days: 90, side: 150 })
  const began = performance.now()
  const problem = preparePermutationScan(...large, { metric: 'plane', permutations: PERMUTATIONS })
  const { clusters } = finishScan(problem, await inWorkers(problem, workers))
  const seconds = (performance.now() - began) / 1000
  console.log(
    `permutation scan, 10,000 cases of 90 days, 1,500 sites, circles of up to half of all cases, ${PERMUTATIONS} permutations, ` +
      `${workers} workers: ${seconds.toFixed(1)} s (goal < 30 s), likeliest cluster p ${clusters[0]?.p.toFixed(3)}`,
  )
}
