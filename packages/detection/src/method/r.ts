import type { EssenceDetection } from '../ewma/index.ts'
import type { FarringtonDetection } from '../farrington/index.ts'
import { addMonths, toDay } from '../series/day.ts'
import type { Detection } from '../series/point.ts'
import { detect, methodName, type Options } from './method.ts'

/** A call of an R function as JSON: `control` with R's own names, `range` in it counted from 1. */
export interface RCall {
  readonly name?: string
  readonly fn: string
  readonly control?: Options
  /** Places to test, counted from 1, where `control` has none. */
  readonly range?: readonly number[] | number
  /** null for NA. */
  readonly observed: readonly (number | null)[]
  /** Year and time point within it of the first count. */
  readonly start?: readonly [number, number]
  /** Time points per year; default 52. */
  readonly freq?: number
  /** True: reference points are found by date. */
  readonly epochAsDate?: boolean
  /** Date of the first count; the others follow by day, week or month. */
  readonly firstDate?: string
  readonly population?: readonly number[]
}

/** What R gives back; null for NA. `expected`, `trend`, `phi` and `score` only where R's function has them. */
export interface RResult {
  readonly name?: string
  readonly upper: (number | null)[]
  readonly alarm: (0 | 1 | null)[]
  readonly expected: (number | null)[]
  readonly trend?: (number | null)[]
  readonly phi?: (number | null)[]
  readonly score?: (number | null)[]
}

/** Options that change nothing in the numbers. */
const ignored = new Set(['verbose', 'glmWarnings', 'plot', 'fitFun', 'name', 'data'])
/** Methods that count years by `freq`. */
const yearly = /^(farrington|bayes|rki|cusum)/

/** R's control list as options: places from 0, NULL left out, the population's `fitFun` as an option. */
export function optionsFromR(control: Options): Options {
  const options: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(control)) {
    if (ignored.has(name) || value === null || value === undefined) continue
    options[name] = name === 'range' ? [value as number | number[]].flat().map((place) => place - 1) : value
  }
  if (control.fitFun === 'algo.farrington.fitGLM.populationOffset') options.populationOffset = true
  return options
}

/** Dates of a series that begins on a day: by month for 12 time points a year, by week for 52, by day otherwise. */
export function datesFrom(firstDate: string, freq: number, length: number): Int32Array {
  const first = toDay(firstDate)
  return Int32Array.from({ length }, (_, i) => (freq === 12 ? addMonths(first, i) : first + i * (freq === 52 ? 7 : 1)))
}

/** Runs a call of R surveillance or Rnssp. @throws {DetectionError} */
export function runR(call: RCall): RResult {
  const method = methodName(call.fn)
  const essence = method.startsWith('essence')
  const freq = call.freq ?? (essence ? 365 : 52)
  const { population, firstDate } = call
  const observed = call.observed.map((count) => count ?? Number.NaN)
  const dates = firstDate && (call.epochAsDate || essence) ? datesFrom(firstDate, freq, observed.length) : undefined
  const byDate = dates && method.startsWith('farrington')
  const detection = detect(
    method,
    { counts: observed, ...(dates && { dates }) },
    {
      missing: 'skip',
      ...optionsFromR({ ...(call.range && !essence && { range: call.range }), ...call.control }),
      ...(yearly.test(method) && { freq }),
      ...(byDate && { dates }),
      ...(method === 'cusum' && { start: call.start?.[1] ?? 1 }),
      ...(population && method.startsWith('farrington') && { population }),
    },
  )
  return { ...(call.name !== undefined && { name: call.name }), ...resultOf(method, detection) }
}

function resultOf(method: string, detection: Detection): RResult {
  const upper = numbers(detection.upper)
  const alarm = Array.from(detection.alarm, (value, i) => (noVerdict(detection, i) ? null : value === 1 ? 1 : 0))
  if (method === 'farrington-flexible') {
    const { expected, score, dispersion, trend } = detection as FarringtonDetection
    return {
      upper,
      alarm,
      expected: numbers(expected),
      trend: Array.from(trend, (value, i) => (noVerdict(detection, i) ? null : value)),
      phi: numbers(dispersion),
      score: numbers(score),
    }
  }
  if (method.startsWith('essence')) {
    const { expected, score, colour } = detection as EssenceDetection
    const verdict = colour.map((value) => (value === 'grey' ? null : value === 'red' ? 1 : 0))
    return { upper, alarm: verdict, expected: numbers(expected), score: numbers(score) }
  }
  return { upper, alarm, expected: [] }
}

/** R has no alarm, neither true nor false, where there is no model or no statistic. */
function noVerdict(detection: Detection, i: number): boolean {
  const why = detection.untested[i]
  if (why === 'no-fit') return Number.isNaN((detection as FarringtonDetection).dispersion?.[i] ?? 0)
  return why === 'missing' || why === 'no-reference' || why === 'too-short' || why === 'no-variance'
}

const numbers = (values: Float64Array) => Array.from(values, (value) => (Number.isFinite(value) ? value : null))
