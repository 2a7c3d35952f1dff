import { type Counts, checkCounts, checkDates, checkPopulation, type Dates, type Missing } from '../series/check.ts'
import { Window } from '../series/online.ts'
import type { Settings } from './options.ts'

/** A series with what the fits need of each count, computed once: ln(y + 0.1), y ln y, y^(2/3). */
export class History extends Window {
  readonly population: Float64Array | undefined
  readonly logStart: Float64Array
  readonly selfLog: Float64Array
  readonly twoThirds: Float64Array

  constructor(size: number, settings: Pick<Settings, 'dated' | 'populationOffset' | 'missing'>) {
    super(size, settings.dated, settings.missing)
    const room = this.counts.length
    this.population = settings.populationOffset ? new Float64Array(room) : undefined
    this.logStart = new Float64Array(room)
    this.selfLog = new Float64Array(room)
    this.twoThirds = new Float64Array(room)
  }

  /** Adds a count; its population belongs to `population` and is set by the caller. */
  override add(count: number, date?: number | string): number {
    const place = super.add(count, date)
    this.logStart[place] = Math.log(count + 0.1)
    this.selfLog[place] = count > 0 ? count * Math.log(count) : 0
    this.twoThirds[place] = Math.cbrt(count) ** 2
    return place
  }

  protected override slide(): number {
    const from = super.slide()
    for (const column of [this.logStart, this.selfLog, this.twoThirds, this.population]) {
      column?.copyWithin(0, from, from + this.size)
    }
    return from
  }
}

/** A whole series at once. @throws {DetectionError} for bad counts, dates or populations. */
export function historyOf(
  counts: Counts,
  missing: Missing,
  dates: Dates | undefined,
  population: ArrayLike<number> | undefined,
): History {
  const checked = checkCounts(counts, missing)
  const days = dates && checkDates(dates, checked.length)
  const history = new History(checked.length, { dated: Boolean(days), populationOffset: Boolean(population), missing })
  for (let i = 0; i < checked.length; i++) history.add(checked[i]!, days?.[i])
  if (population) history.population!.set(checkPopulation(population, checked.length))
  return history
}
