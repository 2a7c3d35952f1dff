import type { BacktestResult } from '@vigil/contract'
import type { LevelTally, SizeTally } from './backtest.ts'

const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)
const error = (part: number, whole: number): number | null => {
  const p = share(part, whole)
  return p === null ? null : Math.sqrt((p * (1 - p)) / whole)
}

/** Adds the counts of a step to those of the steps before; both stay as they are. */
export function addTallies(before: readonly LevelTally[], step: readonly LevelTally[]): LevelTally[] {
  const levels = [...new Set([...before, ...step].map(({ level }) => level))]
  return levels.map((level) => {
    const [left, right] = [before, step].map((list) => list.find((tally) => tally.level === level))
    if (!left || !right) return structuredClone((left ?? right)!)
    return {
      level,
      series: left.series + right.series,
      days: left.days + right.days,
      graded: left.graded + right.graded,
      onsets: left.onsets + right.onsets,
      perCountyWeek: left.perCountyWeek + right.perCountyWeek,
      counties: left.counties + right.counties,
      sizes: left.sizes.map((size, at) => addSizes(size, right.sizes[at]!)),
    }
  })
}

function addSizes(left: SizeTally, right: SizeTally): SizeTally {
  const days = Math.max(left.byDay.length, right.byDay.length)
  return {
    size: left.size,
    outbreaks: left.outbreaks + right.outbreaks,
    found: left.found + right.found,
    delays: left.delays + right.delays,
    byDay: Array.from({ length: days }, (_, day) => (left.byDay[day] ?? 0) + (right.byDay[day] ?? 0)),
  }
}

/** The figures of a back-test from its counts. @param days of the outbreak that the curve covers */
export function resultOf(
  tallies: readonly LevelTally[],
  about: Pick<BacktestResult, 'seed' | 'from' | 'to'>,
  days: number,
): BacktestResult {
  const sum = (pick: (tally: LevelTally) => number) => tallies.reduce((total, tally) => total + pick(tally), 0)
  const merged = tallies.reduce<SizeTally[]>(
    (sizes, tally) => (sizes.length === 0 ? tally.sizes : sizes.map((size, at) => addSizes(size, tally.sizes[at]!))),
    [],
  )
  const falsePerCountyWeek = tallies.reduce<number | null>(
    (total, { perCountyWeek, counties }) => (counties > 0 ? (total ?? 0) + perCountyWeek / counties : total),
    null,
  )
  return {
    ...about,
    series: sum(({ series }) => series),
    days: sum((tally) => tally.days),
    fpr: share(
      sum(({ graded }) => graded),
      sum((tally) => tally.days),
    ),
    fprError: error(
      sum(({ graded }) => graded),
      sum((tally) => tally.days),
    ),
    falsePerCountyWeek,
    sizes: merged.map(({ size, outbreaks, found, delays }) => ({
      size,
      outbreaks,
      pod: share(found, outbreaks),
      podError: error(found, outbreaks),
      delay: share(delays, found),
    })),
    levels: tallies.map(({ level, series, days: judged, graded, sizes }) => {
      const total = sizes.reduce<SizeTally | undefined>((all, size) => (all ? addSizes(all, size) : size), undefined)
      return {
        level,
        series,
        fpr: share(graded, judged),
        pod: total ? share(total.found, total.outbreaks) : null,
        delay: total ? share(total.delays, total.found) : null,
      }
    }),
    byDay: merged.map(({ size, outbreaks, byDay }) => {
      let found = 0
      return {
        size,
        found: Array.from({ length: days }, (_, day) => {
          found += byDay[day] ?? 0
          return outbreaks > 0 ? found / outbreaks : 0
        }),
      }
    }),
  }
}
