import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  bayes,
  createRandom,
  cusum,
  detectDaily,
  detectDailyBatch,
  ears,
  earsOnline,
  essenceRegression,
  essenceSwitch,
  ewma,
  farringtonFlexible,
  rki,
} from '@vigil/detection'
import { benchScan } from './detection.scan.ts'

const weekly = {
  b: 5,
  w: 3,
  noPeriods: 10,
  pastWeeksNotIncluded: 26,
  pThresholdTrend: 1,
  thresholdMethod: 'nbPlugin',
  alpha: 0.005,
} as const
const weeks = 52 * 8

/** Counts with a season and variance 1.8 times the mean, the same for us and for R. */
function series(seed: number, length: number, year: number, mean: number): Float64Array {
  const random = createRandom(seed)
  return Float64Array.from({ length }, (_, i) =>
    random.negativeBinomial(mean * Math.exp(0.4 * Math.cos((2 * Math.PI * i) / year)), 1.8),
  )
}

/** Best of some rounds, in ms: what the code costs when others on the machine do not interrupt. */
function best(rounds: number, work: () => void): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < rounds; i++) {
    const began = performance.now()
    work()
    least = Math.min(least, performance.now() - began)
  }
  return least
}

/** Milliseconds that R takes for a week of the flexible method and for an EARS count; undefined without R. */
function inR(counts: Float64Array): { readonly flexible: number; readonly ears: number } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'vigil-bench-r-'))
  const program = `suppressMessages(library(surveillance))
s <- sts(c(${counts.join(',')}), start = c(2010, 1), frequency = 52)
f <- function() farringtonFlexible(s, list(range = 300:351, b = 5, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26,
  pThresholdTrend = 1, thresholdMethod = 'nbPlugin', alpha = 0.005, glmWarnings = FALSE))
e <- function() earsC(s, list(method = 'C2', baseline = 7))
invisible(suppressWarnings({ f(); e() }))
a <- system.time(suppressWarnings(f()))[['elapsed']]
b <- system.time(for (i in 1:20) e())[['elapsed']]
cat(a * 1000 / 52, b * 1000 / 20 / ${counts.length - 9})`
  try {
    const file = join(folder, 'bench.R')
    writeFileSync(file, program)
    const { status, stdout } = spawnSync('Rscript', [file], { encoding: 'utf8', timeout: 120_000 })
    const [flexible, early] = (stdout ?? '').trim().split(/\s+/).map(Number)
    return status === 0 && flexible && early ? { flexible, ears: early } : undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One week of the flexible Farrington method, one EARS count, and R beside them when it is there. */
function benchWeekly(): void {
  const many = Array.from({ length: 40 }, (_, i) => series(i, weeks, 52, 8))
  const tested = many.length * (weeks - 52 * weekly.b - weekly.w)
  const flexible = best(5, () => many.forEach((counts) => void farringtonFlexible(counts, weekly))) / tested
  console.log(`farrington flexible: ${(flexible * 1000).toFixed(1)} µs a week and series (goal ≤ 50 µs)`)
  const counts = series(1, weeks, 52, 8)
  let early = 0
  for (const method of ['C1', 'C2', 'C3'] as const) {
    const online = earsOnline({ method })
    const rounds = 400
    const ms = best(5, () => {
      for (let i = 0; i < rounds; i++) for (const count of counts) online.push(count)
    })
    const each = ms / rounds / counts.length
    if (method === 'C2') early = each
    console.log(`ears ${method} online: ${(each * 1e6).toFixed(0)} ns a count (goal ≤ 200 ns)`)
  }
  const r = inR(counts)
  if (!r) console.log('R with the package surveillance is not on this machine: no ratio')
  else {
    console.log(
      `R surveillance: farringtonFlexible ${r.flexible.toFixed(2)} ms a week, ${(r.flexible / flexible).toFixed(0)} times ours`,
    )
    console.log(
      `R surveillance: earsC ${(r.ears * 1000).toFixed(2)} µs a count, ${(r.ears / early).toFixed(0)} times ours`,
    )
  }
}

/** A city's evening: 13 counties × 5 classes × 400 days through every detector of daily counts. */
function benchDaily(): void {
  const days = 400
  const many = Array.from({ length: 13 * 5 }, (_, i) => series(i, days, 365, 3 + i))
  const dates = Int32Array.from({ length: days }, (_, i) => 19_000 + i)
  const detectors: Record<string, (counts: Float64Array) => unknown> = {
    'ears C1': (counts) => ears(counts, { method: 'C1' }),
    'ears C2': (counts) => ears(counts, { method: 'C2', baseline: 28 }),
    'ears C3': (counts) => ears(counts, { method: 'C3' }),
    cusum: (counts) => cusum(counts, { range: Array.from({ length: days - 28 }, (_, i) => 28 + i) }),
    bayes: (counts) => bayes(counts),
    rki: (counts) => rki(counts, { b: 0, w: 28, actY: true }),
    ewma: (counts) => ewma(counts),
    'essence regression': (counts) => essenceRegression(counts, dates),
    'essence switch': (counts) => essenceSwitch(counts, dates),
    daily: (counts) => detectDaily({ count: counts }),
  }
  let sum = 0
  for (const [name, detector] of Object.entries(detectors)) {
    const ms = best(3, () => many.forEach((counts) => void detector(counts)))
    sum += ms
    console.log(`  ${name.padEnd(20)} ${ms.toFixed(0).padStart(5)} ms`)
  }
  console.log(`65 series × ${days} days, all daily detectors: ${sum.toFixed(0)} ms (goal < 1,000 ms)`)
}

/** A province: 3,000 areas × 5 classes, judged by a sample; processor time of one core, so that others do not count. */
function benchBatch(): void {
  const places = 3000 * 5
  const sample = Array.from({ length: 500 }, (_, i) => series(i, 401, 365, [0.1, 1, 5, 30, 300][i % 5]!))
  const each = (work: () => void): number => {
    const { user, system } = process.cpuUsage()
    work()
    const { user: users, system: systems } = process.cpuUsage()
    return (users - user + systems - system) / 1000 / sample.length
  }
  let packed: Uint8Array[] = []
  const past = sample.map((counts) => ({ count: counts.subarray(0, 400) }))
  const first = each(() => {
    packed = Array.from(detectDailyBatch(past), (columns) => columns.packed)
  })
  const today = sample.map((counts, i) => ({ count: counts.subarray(400), packed: packed[i]! }))
  const next = Math.min(...[1, 2, 3].map(() => each(() => void Array.from(detectDailyBatch(today)))))
  const bytes = packed.reduce((sum, state) => sum + state.length, 0) / packed.length
  console.log(
    `daily batch: ${first.toFixed(2)} ms a series of 400 days, ${next.toFixed(3)} ms its next day, ${bytes.toFixed(0)} bytes`,
  )
  console.log(
    `3,000 areas × 5 classes on one core: ${((first * places) / 1000).toFixed(0)} s (goal < 120 s), the next day ${((next * places) / 1000).toFixed(1)} s (goal < 4 s)`,
  )
}

export async function run(): Promise<void> {
  benchWeekly()
  benchDaily()
  benchBatch()
  await benchScan()
}
