import { DetectionError } from '../error.ts'
import { createRandom, type Random } from '../random/index.ts'
import { spreadOutbreak } from './outbreak.ts'

/**
 * One daily signal: mean exp(alpha + beta·t + yearly harmonics + weekly harmonics) / divisor on the days that the service
 * is open, variance phi · mean before the division. `epidemic` is a yearly wave of the season, not an outbreak.
 */
export type DailySignal = {
  id: number
  daysPerWeek: 5 | 7
  yearHarmonics: number
  weekHarmonics: number
  alpha: number
  beta: number
  /** Coefficients of cos and sin, first of the year, then of the week. */
  gamma: readonly [number, number, number, number]
  phi: number
  /** Days that the phase is shifted by. */
  shift: number
  divisor: number
  /** First and last day of the year on which the wave may start, and its size in sd of that day. */
  epidemic?: { from: number; to: number; size: number }
}

export type DailySeries = {
  count: Float64Array
  outbreak: Float64Array
  /** 1 on bank holidays. */
  holiday: Uint8Array
  /** 0-based first and last day that counts: the last 49 weeks. */
  from: number
  to: number
}

const YEARS = 7
// Easter moves; the other bank holidays of England keep their Monday or day of the year.
const EASTER_WEEKS = [0, -2, 1, -1, 2, 0, -1]
const FIXED_HOLIDAYS = [1, 127, 148, 239, 358, 359]

const signal = (
  id: number,
  daysPerWeek: 5 | 7,
  harmonics: readonly [number, number],
  level: readonly [alpha: number, beta: number],
  gamma: readonly [number, number, number, number],
  rest: { phi: number; shift: number; divisor?: number; epidemic?: DailySignal['epidemic'] },
): DailySignal => ({
  id,
  daysPerWeek,
  yearHarmonics: harmonics[0],
  weekHarmonics: harmonics[1],
  alpha: level[0],
  beta: level[1],
  gamma,
  divisor: 1,
  ...rest,
})

/** The 16 daily signals of Noufaily et al. 2019 (Bioinformatics 35:3110), with the parameters of the authors' program. */
export const DAILY_SIGNALS: readonly DailySignal[] = [
  signal(1, 7, [1, 2], [6, 0], [0.2, 0.2, 0.5, 0.4], { phi: 2, shift: 29 }),
  signal(2, 7, [1, 2], [0.5, 0], [1.5, 1.4, 0.5, 0.4], { phi: 1, shift: -167 }),
  signal(3, 7, [0, 2], [5.5, 0], [0, 0, 0.3, 0.25], { phi: 1, shift: 1 }),
  signal(4, 7, [0, 2], [2, 0], [0, 0, 0.3, 0.25], { phi: 1, shift: 1 }),
  signal(5, 5, [1, 1], [6, 0], [0.3, 2, 0.3, 0.5], {
    phi: 1.5,
    shift: -50,
    divisor: 10,
    epidemic: { from: 1, to: 20, size: 1200 },
  }),
  signal(6, 5, [1, 1], [1, 0], [0.1, 2, 0.05, 0.05], {
    phi: 1,
    shift: -50,
    epidemic: { from: 1, to: 20, size: 750 },
  }),
  signal(7, 5, [0, 1], [6, 0.0001], [0, 0, 0.6, 0.9], { phi: 1.5, shift: 0, divisor: 10 }),
  signal(8, 5, [1, 1], [3, 0], [1.5, 0.1, 0.2, 0.3], { phi: 1, shift: -150 }),
  signal(9, 5, [1, 1], [3, 0], [0.2, 0.1, 0.05, 0.15], { phi: 1, shift: -200 }),
  signal(10, 5, [1, 1], [5, 0], [0.2, 0.1, 0.05, 0.1], { phi: 1, shift: 0 }),
  signal(11, 5, [2, 1], [0.5, 0], [0.4, 0, 0.05, 0.15], { phi: 1, shift: 0 }),
  signal(12, 5, [1, 1], [9, 0], [0.5, 0.2, 0.2, 0.5], { phi: 1, shift: 0, divisor: 100 }),
  signal(13, 7, [1, 2], [2, 0.0005], [0.8, 0.8, 0.8, 0.4], { phi: 4, shift: 57 }),
  signal(14, 7, [4, 1], [0.05, 0], [0.01, 0.01, 1.8, 0.1], { phi: 1, shift: -85 }),
  signal(15, 7, [1, 2], [3, 0], [0.8, 0.6, 0.8, 0.4], {
    phi: 4,
    shift: 29,
    epidemic: { from: 210, to: 230, size: 400 },
  }),
  signal(16, 7, [0, 2], [6, 0], [0, 0, 0.8, 0.4], { phi: 4, shift: 1 }),
]

/**
 * Seven years of 364 days of a signal with one outbreak of size factor `w` in the last 49 weeks (none when w = 0): size
 * Poisson(w · days per week · sd of its first day), spread lognormal(0, 0.5) in quarter bins, one bin a day; weekend
 * cases of a seven-day service count twice. Bank holidays double a seven-day service; a five-day service shows 0 and
 * half as much again on its next day. Day 0 is a Monday. Throws DetectionError for a negative w.
 */
export function simulateDaily(signal: DailySignal, options: { w: number; seed: number }): DailySeries {
  if (!(options.w >= 0)) throw new DetectionError('option', 'w must not be negative')
  const random = createRandom(options.seed, signal.id)
  const week = signal.daysPerWeek
  const n = YEARS * 52 * week
  const total = new Float64Array(n)
  for (let t = 0; t < n; t++) total[t] = random.negativeBinomial(dailyMean(signal, t + 1), signal.phi) / signal.divisor
  if (signal.epidemic)
    for (let year = 0; year < YEARS; year++) {
      const { from, to, size } = signal.epidemic
      const start = year * 52 * week + from - 1 + random.below(to - from + 1)
      addOutbreak(random, signal, total, start, size, 0.02)
    }
  const outbreak = new Float64Array(n)
  const first = n - 49 * week
  if (options.w > 0) addOutbreak(random, signal, outbreak, first + random.below(49 * week), options.w * week, 0.25)
  for (let t = first; t < n; t++) total[t] = total[t]! + outbreak[t]!
  const holiday = bankHolidays()
  applyHolidays(signal, total, holiday)
  const days = YEARS * 364
  return {
    count: toCalendar(total, week),
    outbreak: toCalendar(outbreak, week),
    holiday,
    from: days - 343,
    to: days - 1,
  }
}

/** Bank holidays on the design's calendar of seven years of 364 days: 1 per holiday, day 0 a Monday. */
export function bankHolidays(): Uint8Array {
  const flags = new Uint8Array(YEARS * 364)
  for (let year = 0; year < YEARS; year++) {
    const easter = 7 * EASTER_WEEKS[year]!
    for (const day of [...FIXED_HOLIDAYS, 96 + easter, 99 + easter]) flags[year * 364 + day - 1] = 1
  }
  return flags
}

function dailyMean(signal: DailySignal, t: number): number {
  const [yearCos, yearSin, weekCos, weekSin] = signal.gamma
  const s = t + signal.shift
  let logMean = signal.alpha + signal.beta * s
  for (let j = 1; j <= signal.yearHarmonics; j++) {
    const angle = (2 * Math.PI * j * s) / (52 * signal.daysPerWeek)
    logMean += yearCos * Math.cos(angle) + yearSin * Math.sin(angle)
  }
  for (let l = 1; l <= signal.weekHarmonics; l++) {
    const angle = (2 * Math.PI * l * s) / signal.daysPerWeek
    logMean += weekCos * Math.cos(angle) + weekSin * Math.sin(angle)
  }
  return Math.exp(logMean)
}

function addOutbreak(
  random: Random,
  signal: DailySignal,
  into: Float64Array,
  start: number,
  factor: number,
  interval: number,
): void {
  const sd = Math.sqrt(signal.phi * dailyMean(signal, start + 1))
  const { cases } = spreadOutbreak(random, start, factor * sd, interval)
  for (let i = 0; i < cases.length && start + i < into.length; i++)
    into[start + i] = into[start + i]! + cases[i]! * dayWeight(signal.daysPerWeek, start + i)
}

// Outbreak cases are seen more on the days on which such services are busy.
function dayWeight(daysPerWeek: 5 | 7, index: number): number {
  if (daysPerWeek === 7) return index % 7 >= 5 ? 2 : 1
  return [1.5, 1.1, 1, 1, 1.1][index % 5]!
}

function applyHolidays(signal: DailySignal, total: Float64Array, holiday: Uint8Array): void {
  for (let day = 0; day < holiday.length; day++) {
    if (!holiday[day]) continue
    if (signal.daysPerWeek === 7) {
      total[day] = total[day]! * 2
      continue
    }
    const weekday = day % 7
    if (weekday >= 5) continue
    const index = Math.floor(day / 7) * 5 + weekday
    total[index] = 0
    if (index + 1 < total.length) total[index + 1] = total[index + 1]! * 1.5
  }
}

function toCalendar(values: Float64Array, daysPerWeek: 5 | 7): Float64Array {
  if (daysPerWeek === 7) return values.map(Math.round)
  const result = new Float64Array((values.length / 5) * 7)
  for (let t = 0; t < values.length; t++) result[Math.floor(t / 5) * 7 + (t % 5)] = Math.round(values[t]!)
  return result
}
