import { addMonths, DetectionError, toDay, toIso } from '@vigil/detection'
import { parse } from 'csv-parse/sync'

/** One series of a file: counts at equal distances in time. */
export interface FileSeries {
  /** Value of the column `series`; empty when the file has none. */
  readonly name: string
  readonly dates: readonly string[]
  /** NaN where the file has none. */
  readonly counts: readonly number[]
  /** Time points per year by the distance of its dates: 365, 52 or 12. */
  readonly freq: number
}

/**
 * Reads `date,count[,series]` with a header, any order of columns; rows of a series rise in date.
 * An empty count or NA is a missing one.
 * @throws {DetectionError} naming the row of the series (from 0) for a bad count or date, or a gap.
 */
export function readSeries(csv: string): FileSeries[] {
  const rows: Record<string, string>[] = parse(csv, { columns: true, bom: true, trim: true, skip_empty_lines: true })
  const bySeries = new Map<string, { dates: string[]; counts: number[] }>()
  rows.forEach((row, i) => {
    if (row.date === undefined || row.count === undefined) {
      throw new DetectionError('option', 'the file needs the columns date and count', i)
    }
    const name = row.series ?? ''
    const series = bySeries.get(name) ?? { dates: [], counts: [] }
    bySeries.set(name, series)
    series.dates.push(row.date)
    series.counts.push(countOf(row.count, series.counts.length))
  })
  return [...bySeries].map(([name, { dates, counts }]) => ({ name, dates, counts, freq: frequency(dates) }))
}

function countOf(text: string, index: number): number {
  if (text === '' || text === 'NA') return Number.NaN
  const count = Number(text)
  if (Number.isNaN(count)) throw new DetectionError('not-finite', `not a count: ${text}`, index)
  return count
}

/** Every date must be one step after the one before: a missing week would shift all reference weeks. */
function frequency(dates: readonly string[]): number {
  const days = dates.map((date, i) => toDay(date, i))
  const step = days.length > 1 ? days[1]! - days[0]! : 7
  const freq = step === 1 ? 365 : step === 7 ? 52 : step >= 28 && step <= 31 ? 12 : undefined
  if (step <= 0) throw new DetectionError('unordered', 'dates do not rise', 1)
  if (freq === undefined) throw new DetectionError('option', 'dates must follow by day, week or month', 1)
  days.forEach((day, i) => {
    const due = freq === 12 ? addMonths(days[0]!, i) : days[0]! + i * step
    if (day === due) return
    const code = i > 0 && day <= days[i - 1]! ? 'unordered' : 'option'
    throw new DetectionError(code, `the date is ${toIso(day)} where ${toIso(due)} should follow`, i)
  })
  return freq
}
