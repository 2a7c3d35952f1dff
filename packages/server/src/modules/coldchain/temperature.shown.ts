import type { ColdTemperature } from '@vigil/contract'
import { exposuresOf, judgeRecord, type Limit, limitOfLabel, type Reading } from './temperature.domain.ts'
import type { Stay } from './temperature.stay.domain.ts'

const curvePoints = 300

/** At most `curvePoints` readings: of each stretch of time the warmest, which a mean would hide. */
function curveOf(readings: readonly Reading[]): Reading[] {
  const size = Math.ceil(readings.length / curvePoints)
  const points: Reading[] = []
  for (let from = 0; from < readings.length; from += size)
    points.push(readings.slice(from, from + size).reduce((a, b) => (b.tenths > a.tenths ? b : a)))
  return points
}

const iso = (ms: number): string => new Date(ms).toISOString()

type About = Pick<ColdTemperature, 'id' | 'holderName' | 'filename' | 'serial' | 'at' | 'by' | 'problems' | 'refused'>

/**
 * A record with what of the goods was exposed, and for how long.
 * @param readings in order of time, at least one @param stays when the goods were beside it
 */
export function shownRecord(
  about: About,
  readings: readonly Reading[],
  stays: readonly Stay[],
  limit: Limit | null,
): ColdTemperature {
  const [from, to] = [readings[0]!.at, readings.at(-1)!.at]
  // The record speaks for its own time alone: before and after it there may be others.
  const recorded = stays
    .map((stay) => ({ ...stay, from: Math.max(stay.from, from), to: Math.min(stay.to, to) }))
    .filter((stay) => stay.to > stay.from)
  const presences = recorded.map((stay, index) => ({ from: stay.from, to: stay.to, thing: String(index) }))
  const exposures = limit === null ? [] : exposuresOf(readings, limit, presences)
  const { lowest, highest } = judgeRecord(readings, limit ?? limitOfLabel(0), { from, to })
  return {
    ...about,
    ...{ from: iso(from), to: iso(to), readings: readings.length, lowest: lowest!, highest: highest! },
    curve: curveOf(readings).map(({ at, tenths }) => ({ at: iso(at), tenths })),
    exposures: exposures.slice(0, 500).map(({ thing, duration, unknown, peak }) => {
      const stay = recorded[Number(thing)]!
      return { from: iso(stay.from), to: iso(stay.to), grams: stay.grams, duration, unknown, peak }
    }),
  }
}
