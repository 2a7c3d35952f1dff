import { DetectionError } from '../error.ts'

/** One series' alarms beside the truth, over the times that count. */
export type Trial = {
  /** Alarm (true or 1) per time; a time without verdict (NaN) is one without alarm. */
  alarm: ArrayLike<number | boolean>
  /** Outbreak cases per time; anything above 0 is a time with outbreak. */
  outbreak: ArrayLike<number>
  /** First and last 0-based time that counts; the whole series unless told. */
  from?: number
  to?: number
}

export type ScoreOptions = {
  /**
   * What POD and timeliness are shares of. 'cases' (default): trials with outbreak cases in the times that count. 'trials':
   * all trials, as the authors' program has it, which divides by the number of simulations, so that an outbreak that lost
   * its cases at the end of the series counts as missed.
   */
  outbreaks?: 'cases' | 'trials'
  /**
   * Where the first alarm finds an outbreak. 'cases' (default, Noufaily et al. 2019): on a time with outbreak cases. 'span'
   * (Noufaily et al. 2013): from the first to the last such time, those between without cases too.
   */
  found?: 'cases' | 'span'
}

export type Score = {
  /** Trials, and the outbreaks among them that `pod` and `timeliness` are shares of. */
  trials: number
  outbreaks: number
  /** Share of outbreaks with an alarm on at least one time with outbreak cases, or of their span. */
  pod: number
  /** Share of times without outbreak that alarm: 1 − specificity. */
  fpr: number
  /** Share of times with outbreak that alarm. */
  sensitivity: number
  specificity: number
  /** Share of alarms at times with outbreak. */
  ppv: number
  /**
   * Mean over outbreaks of (first alarm − start) / (end − start + 1), 1 where undetected: 0 = at once, 1 = never.
   */
  timeliness: number
  /** Mean times from the start to the first alarm, over detected outbreaks. */
  meanDelay: number
  /** Monte Carlo standard errors: binomial for POD, between trials for FPR, sample for delay. */
  error: { pod: number; fpr: number; meanDelay: number }
}

/**
 * Measures of detection pooled over trials, with one outbreak a trial at most, as the authors of Noufaily et al. 2019
 * (Bioinformatics 35:3110) compute them (github.com/FelipeJColon/AlgorithmComparison, EARS/*.R and
 * FARRINGTONFLEX/FarringtonFlex2x.R, part "Summary", over the last 49 weeks; there per signal over 100 simulations):
 *
 * - fpr: alarms on days without outbreak cases / such days, of all simulations together; specificity 1 − fpr;
 * - pod: simulations with an alarm on a day with outbreak cases / simulations;
 * - sensitivity: alarms on days with outbreak cases / such days, of all simulations together;
 * - timeliness: mean over simulations of (first alarm on a day with cases − first day with cases) / (days from the first to
 *   the last day with cases), 1 where there is none.
 *
 * Their measures with `seas` in the name count the yearly waves of signals 5, 6 and 15 as outbreak too: give
 * `outbreak` + `wave`. Noufaily et al. 2013 (Stat Med 32:1206) have pod with `found: 'span'`, a rate per series, and fpr, a
 * rate per week, on series without outbreaks. `ppv` and `meanDelay` are ours. A share of nothing is NaN. Throws DetectionError when a trial's lengths or range do not fit.
 */
export function scoreTrials(
  trials: readonly Trial[],
  { outbreaks: counted = 'cases', found = 'cases' }: ScoreOptions = {},
): Score {
  let [truePositive, falsePositive, positive, negative, outbreaks, detected, timeliness, delay, delaySquares] =
    new Array<number>(9).fill(0) as [number, number, number, number, number, number, number, number, number]
  const perTrial: [alarms: number, times: number][] = []
  trials.forEach((trial, index) => {
    const one = countTrial(trial, index, found)
    truePositive += one.truePositive
    falsePositive += one.falsePositive
    positive += one.positive
    negative += one.negative
    perTrial.push([one.falsePositive, one.negative])
    if (one.start < 0 && counted === 'cases') return
    outbreaks++
    if (one.first < 0) {
      timeliness++
      return
    }
    const wait = one.first - one.start
    detected++
    timeliness += wait / (one.end - one.start + 1)
    delay += wait
    delaySquares += wait * wait
  })
  const pod = detected / outbreaks
  const fpr = falsePositive / negative
  const meanDelay = delay / detected
  const squares = perTrial.reduce((sum, [alarms, times]) => sum + (alarms - fpr * times) ** 2, 0)
  const n = trials.length
  return {
    trials: n,
    outbreaks,
    pod,
    fpr,
    sensitivity: truePositive / positive,
    specificity: 1 - fpr,
    ppv: truePositive / (truePositive + falsePositive),
    timeliness: timeliness / outbreaks,
    meanDelay,
    error: {
      pod: Math.sqrt((pod * (1 - pod)) / outbreaks),
      fpr: Math.sqrt((squares * n) / (n - 1)) / negative,
      meanDelay: Math.sqrt(Math.max(0, delaySquares / detected - meanDelay ** 2) / (detected - 1)),
    },
  }
}

function countTrial(
  { alarm, outbreak, from = 0, to = outbreak.length - 1 }: Trial,
  index: number,
  found: 'cases' | 'span',
) {
  if (alarm.length !== outbreak.length)
    throw new DetectionError('length', 'alarm and outbreak differ in length in trial', index)
  if (!(from >= 0 && from <= to && to < outbreak.length))
    throw new DetectionError('option', 'from and to must lie in the series of trial', index)
  const count = { truePositive: 0, falsePositive: 0, positive: 0, negative: 0, start: -1, end: -1, first: -1 }
  for (let t = from; t <= to; t++) {
    const alarms = Number(alarm[t]) > 0 ? 1 : 0
    if (outbreak[t]! > 0) {
      if (count.start < 0) count.start = t
      count.end = t
      if (alarms && count.first < 0) count.first = t
      count.positive++
      count.truePositive += alarms
    } else {
      count.negative++
      count.falsePositive += alarms
    }
  }
  if (found === 'span')
    for (let t = count.end; t >= count.start && t >= 0; t--) if (Number(alarm[t]) > 0) count.first = t
  return count
}
