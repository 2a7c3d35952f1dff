import { bayes, bayesSystems } from '../bayes/index.ts'
import { type CusumOptions, cusum } from '../cusum/index.ts'
import { dailyMethod } from '../daily/index.ts'
import { ears } from '../ears/index.ts'
import { DetectionError } from '../error.ts'
import { essenceEwma, ewma } from '../ewma/index.ts'
import { farrington, farringtonFlexible } from '../farrington/index.ts'
import { essenceRegression, essenceSwitch } from '../regression/index.ts'
import { rki, rkiSystems } from '../rki/index.ts'
import type { Counts, Dates } from '../series/check.ts'
import type { Detection } from '../series/point.ts'

/** A series for {@link detect}. */
export interface Series {
  readonly counts: Counts
  readonly dates?: Dates
}

/** Options by name, of the method's own options type; checked by the method. */
export type Options = Readonly<Record<string, unknown>>

interface Method {
  /** R functions of the same definition. */
  readonly aliases: readonly string[]
  readonly options: readonly string[]
  run(series: Series, options: Options): Detection
}

const farringtonOptions = [
  ...['range', 'b', 'w', 'freq', 'dates', 'reweight', 'alpha', 'trend', 'limit54', 'powertrans'],
  ...['population', 'populationOffset'],
]
const yearsOptions = ['range', 'b', 'w', 'actY', 'freq']
const essenceOptions = ['B', 'g', 'w1', 'w2']

function datesOf({ dates }: Series): Dates {
  if (!dates) throw new DetectionError('option', 'this method needs dates')
  return dates
}

const withSystem =
  <T extends object>(run: (counts: Counts, options: T) => Detection, system: T) =>
  (series: Series, options: Options) =>
    run(series.counts, { ...system, ...options } as T)

/** Every method by its name. */
const methods: Readonly<Record<string, Method>> = {
  'ears-c1': early('C1'),
  'ears-c2': early('C2'),
  'ears-c3': early('C3'),
  ears: { ...early('C1'), aliases: ['earsC'] },
  farrington: {
    aliases: ['algo.farrington'],
    options: farringtonOptions,
    run: (series, options) => farrington(series.counts, options),
  },
  'farrington-flexible': {
    aliases: ['farringtonFlexible'],
    options: [
      ...farringtonOptions,
      ...['weightsThreshold', 'pThresholdTrend', 'noPeriods', 'pastWeeksNotIncluded', 'thresholdMethod'],
    ],
    run: (series, options) => farringtonFlexible(series.counts, options),
  },
  cusum: {
    aliases: ['algo.cusum'],
    options: ['range', 'k', 'h', 'm', 'trans', 'alpha', 'freq', 'start'],
    run: (series, options) => cusum(series.counts, options as CusumOptions),
  },
  bayes: { aliases: ['algo.bayes'], options: [...yearsOptions, 'alpha'], run: withSystem(bayes, {}) },
  bayes1: { aliases: ['algo.bayes1'], options: [...yearsOptions, 'alpha'], run: withSystem(bayes, bayesSystems[1]) },
  bayes2: { aliases: ['algo.bayes2'], options: [...yearsOptions, 'alpha'], run: withSystem(bayes, bayesSystems[2]) },
  bayes3: { aliases: ['algo.bayes3'], options: [...yearsOptions, 'alpha'], run: withSystem(bayes, bayesSystems[3]) },
  rki: { aliases: ['algo.rki'], options: yearsOptions, run: withSystem(rki, {}) },
  rki1: { aliases: ['algo.rki1'], options: yearsOptions, run: withSystem(rki, rkiSystems[1]) },
  rki2: { aliases: ['algo.rki2'], options: yearsOptions, run: withSystem(rki, rkiSystems[2]) },
  rki3: { aliases: ['algo.rki3'], options: yearsOptions, run: withSystem(rki, rkiSystems[3]) },
  ewma: {
    aliases: [],
    options: ['lambda', 'limit', 'baseline', 'mean', 'sd'],
    run: (series, options) => ewma(series.counts, options),
  },
  daily: {
    aliases: [],
    options: ['effects', 'falseAlarmRate', 'windows', 'warmUp', 'yearLength'],
    run: (series, options) => dailyMethod(series.counts, datesOf(series), options),
  },
  'essence-ewma': {
    aliases: ['alert_ewma'],
    options: essenceOptions,
    run: (series, options) => essenceEwma(series.counts, options),
  },
  'essence-regression': {
    aliases: ['alert_regression'],
    options: ['B', 'g'],
    run: (series, options) => essenceRegression(series.counts, datesOf(series), options),
  },
  'essence-switch': {
    aliases: ['alert_switch'],
    options: essenceOptions,
    run: (series, options) => essenceSwitch(series.counts, datesOf(series), options),
  },
}

function early(method: 'C1' | 'C2' | 'C3'): Method {
  return {
    aliases: [],
    options: ['range', 'method', 'baseline', 'lag', 'minSigma', 'alpha'],
    run: (series, options) => ears(series.counts, { method, ...options }),
  }
}

/** Names that {@link detect} knows. */
export const methodNames: readonly string[] = Object.keys(methods)

/** Name of a method, or of the R function of the same definition. @throws {DetectionError} when there is none. */
export function methodName(name: string): string {
  const found = methodNames.find((key) => key === name || methods[key]!.aliases.includes(name))
  if (!found) throw new DetectionError('option', `unknown method ${name}; known: ${methodNames.join(', ')}`)
  return found
}

/**
 * Runs a method by name over a series.
 * @throws {DetectionError} for an unknown method or option, or bad input.
 */
export function detect(method: string, series: Series, options: Options = {}): Detection {
  const { options: own, run } = methods[methodName(method)]!
  const known = [...own, 'missing']
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new DetectionError('option', `${method} has no option ${name}; it has ${known.join(', ')}`)
    }
  }
  return run(series, options)
}
