import type { Random } from '../random/index.ts'

export type Outbreak = { start: number; cases: Float64Array }

/**
 * One outbreak as both designs make it: `size` cases (at least 2 are asked for, as the authors' program does) at
 * lognormal(0, 0.5) times after `start`, put into bins of `interval` units, one bin per time point.
 */
export function spreadOutbreak(random: Random, start: number, meanSize: number, interval: number): Outbreak {
  let size = 0
  for (let attempt = 0; size < 2 && attempt < 1000; attempt++) size = random.poisson(meanSize)
  const times = Array.from({ length: size }, () => Math.exp(0.5 * random.normal()))
  const cases = new Float64Array(Math.ceil(Math.max(0, ...times) / interval))
  for (const time of times) {
    const bin = Math.ceil(time / interval) - 1
    cases[bin] = cases[bin]! + 1
  }
  return { start, cases }
}
