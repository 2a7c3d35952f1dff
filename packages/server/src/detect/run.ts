import { type Detection, detect, methodName, type Options, optionsFromR, pointAt } from '@vigil/detection'
import type { FileSeries } from './series.ts'

/** One tested point as it is printed; null where there is no number. */
export interface PrintedPoint {
  readonly date: string
  /** NaN where there is none, which JSON writes as null. */
  readonly count: number
  readonly expected: number | null
  readonly lower: number | null
  readonly upper: number | null
  readonly score: number | null
  readonly p: number | null
  readonly alarm: boolean
  readonly untested: string | null
}

export interface PrintedSeries {
  readonly series: string
  readonly points: readonly PrintedPoint[]
}

const finite = (value: number) => (Number.isFinite(value) ? value : null)

/**
 * Runs a method over a series of a file. Options have R's names (`range` counted from 1); `epochAsDate` finds the
 * reference points of the Farrington methods by date; `freq` follows from the dates unless it is given. A missing count is
 * passed over unless the options have `missing: 'refuse'`.
 * @throws {DetectionError} for bad options or data.
 */
export function runSeries(method: string, series: FileSeries, control: Options): PrintedSeries {
  const { epochAsDate, freq = series.freq, ...rest } = optionsFromR(control)
  const name = methodName(method)
  const { dates, counts } = series
  const yearly = /^(farrington|bayes|rki|cusum)/.test(name)
  const byDate = epochAsDate === true && name.startsWith('farrington')
  const detection: Detection = detect(
    name,
    { counts, dates },
    { missing: 'skip', ...rest, ...(yearly && { freq }), ...(byDate && { dates }) },
  )
  const points = Array.from(detection.at, (place, row) => {
    const point = pointAt(detection, row)
    return {
      date: dates[place]!,
      count: counts[place]!,
      expected: finite(point.expected),
      lower: finite(point.lower),
      upper: finite(point.upper),
      score: finite(point.score),
      p: finite(point.p),
      alarm: point.alarm,
      untested: point.untested,
    }
  })
  return { series: series.name, points }
}

const columns = ['date', 'count', 'expected', 'upper', 'score', 'p', 'alarm', 'untested'] as const

/** A series as tab-separated text. */
export function toText({ series, points }: PrintedSeries): string {
  const cell = (value: PrintedPoint[keyof PrintedPoint]) => {
    if (value === null || value === false) return ''
    if (value === true) return 'ALARM'
    if (typeof value !== 'number') return value
    return Number.isNaN(value) ? 'NA' : String(Number(value.toPrecision(6)))
  }
  const lines = points.map((point) => columns.map((column) => cell(point[column])).join('\t'))
  return [...(series ? [`# ${series}`] : []), columns.join('\t'), ...lines].join('\n')
}
