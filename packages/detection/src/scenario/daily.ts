import { DetectionError } from '../error.ts'
import { createRandom, type Random } from '../random/index.ts'
import { spreadOutbreak } from './outbreak.ts'

/** A mean exp(alpha + beta·t + yearly harmonics + weekly harmonics) on open days, with variance phi · mean. */
export type DailyShape = {
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
}

/** One daily signal; its counts are those of the shape over `divisor`. */
export type DailySignal = DailyShape & {
  id: number
  /** Number of the signal in the authors' program (`sigid`), which has no 2. */
  sigid: number
  divisor: number
  /**
   * A yearly wave of the season, not an outbreak: first and last day of the year on which it may start, and its size in sd
   * of that day, of another shape's where the program takes another's.
   */
  epidemic?: { from: number; to: number; size: number; shape?: DailyShape }
  /** The shape that the program takes an outbreak's size from where it is not the signal's own. */
  outbreakShape?: DailyShape
  /** What FarringtonFlex.R has instead: the wave's size per w, and the outbreak's w whatever is asked for. */
  flex?: { waveSize: number; w: number }
}

export type DailySeries = {
  count: Float64Array
  /** Cases of the outbreak, and of the yearly waves, per day, as drawn (before holidays). */
  outbreak: Float64Array
  wave: Float64Array
  /** 1 on bank holidays. */
  holiday: Uint8Array
  /** 0-based first and last day that counts: the last 49 weeks. */
  from: number
  to: number
}

const YEARS = 7
// Days of each year, from 1, as in Bankholidays.csv of the authors' program: Easter moves, 2011 had a royal wedding, and
// in 2012 a jubilee moved the late May holiday.
const HOLIDAYS: readonly (readonly number[])[] = [
  [1, 96, 99, 127, 148, 239, 358, 359],
  [1, 110, 113, 117, 127, 148, 239, 358, 359],
  [1, 96, 99, 127, 155, 156, 239, 358, 359],
  [1, 89, 92, 127, 148, 239, 358, 359],
  [1, 110, 113, 127, 148, 239, 358, 359],
  [1, 96, 99, 127, 148, 239, 358, 359],
  [1, 103, 106, 127, 148, 239, 358, 359],
]

const shape = (
  daysPerWeek: 5 | 7,
  harmonics: readonly [year: number, week: number],
  level: readonly [alpha: number, beta: number],
  gamma: readonly [number, number, number, number],
  rest: { phi: number; shift: number },
): DailyShape => ({
  daysPerWeek,
  yearHarmonics: harmonics[0],
  weekHarmonics: harmonics[1],
  alpha: level[0],
  beta: level[1],
  gamma,
  ...rest,
})

const signal = (
  id: number,
  own: DailyShape,
  rest: Partial<Pick<DailySignal, 'divisor' | 'epidemic' | 'outbreakShape' | 'flex'>> = {},
): DailySignal => ({ id, sigid: id === 1 ? 1 : id + 1, ...own, divisor: 1, ...rest })

const FIRST = shape(7, [1, 2], [6, 0], [0.2, 0.2, 0.5, 0.4], { phi: 2, shift: 29 })
const SIXTH = shape(5, [1, 1], [1, 0], [0.1, 2, 0.05, 0.05], { phi: 1, shift: -50 })
const SEVENTH = shape(5, [0, 1], [6, 0.0001], [0, 0, 0.6, 0.9], { phi: 1.5, shift: 0 })
const THIRTEENTH = shape(7, [1, 2], [2, 0.0005], [0.8, 0.8, 0.8, 0.4], { phi: 4, shift: 57 })

/**
 * The 16 daily signals of Noufaily et al. 2019 (Bioinformatics 35:3110), with the parameters of the authors' program
 * (github.com/FelipeJColon/AlgorithmComparison: OUTBREAKS/Outbreaks{2,3,10}x.R, Outbreaks5x.R, Bankholidays.csv), in the
 * order in which FARRINGTONFLEX/FarringtonFlex.R plots them as signal 1 to 16.
 */
export const DAILY_SIGNALS: readonly DailySignal[] = [
  signal(1, FIRST),
  signal(2, shape(7, [1, 2], [0.5, 0], [1.5, 1.4, 0.5, 0.4], { phi: 1, shift: -167 })),
  signal(3, shape(7, [0, 2], [5.5, 0], [0, 0, 0.3, 0.25], { phi: 1, shift: 1 })),
  signal(4, shape(7, [0, 2], [2, 0], [0, 0, 0.3, 0.25], { phi: 1, shift: 1 })),
  signal(5, shape(5, [1, 1], [6, 0], [0.3, 2, 0.3, 0.5], { phi: 1.5, shift: -50 }), {
    divisor: 10,
    epidemic: { from: 1, to: 20, size: 1200 },
  }),
  signal(6, SIXTH, { epidemic: { from: 1, to: 20, size: 750 } }),
  signal(7, SEVENTH, { divisor: 10, outbreakShape: { ...SEVENTH, beta: 0 } }),
  signal(8, shape(5, [1, 1], [3, 0], [1.5, 0.1, 0.2, 0.3], { phi: 1, shift: -150 })),
  signal(9, shape(5, [1, 1], [3, 0], [0.2, 0.1, 0.05, 0.15], { phi: 1, shift: -200 })),
  signal(10, shape(5, [1, 1], [5, 0], [0.2, 0.1, 0.05, 0.1], { phi: 1, shift: 0 })),
  signal(11, shape(5, [2, 1], [0.5, 0], [0.4, 0, 0.05, 0.15], { phi: 1, shift: 0 })),
  signal(12, shape(5, [1, 1], [9, 0], [0.5, 0.2, 0.2, 0.5], { phi: 1, shift: 0 }), { divisor: 100 }),
  signal(13, THIRTEENTH, { outbreakShape: FIRST }),
  signal(14, shape(7, [4, 1], [0.05, 0], [0.01, 0.01, 1.8, 0.1], { phi: 1, shift: -85 }), {
    outbreakShape: { ...THIRTEENTH, beta: 0 },
  }),
  signal(15, shape(7, [1, 2], [3, 0], [0.8, 0.6, 0.8, 0.4], { phi: 4, shift: 29 }), {
    epidemic: { from: 210, to: 230, size: 3150, shape: SIXTH },
    flex: { waveSize: 1050, w: 2 },
  }),
  signal(16, shape(7, [0, 2], [6, 0], [0, 0, 0.8, 0.4], { phi: 4, shift: 1 })),
]

export type DailyDraw = {
  /** Size factor of the outbreak; 0 for none. */
  w: number
  seed: number
  /**
   * Which of the authors' scripts is followed where they differ. 'outbreaks' (default): OUTBREAKS/*.R and EARS/*.R.
   * 'farringtonFlex': FARRINGTONFLEX/FarringtonFlex.R, in which signal 15 has a wave of 1050·w instead of 3150 sd and an
   * outbreak of factor 2 for every w. In both, signals 7, 13 and 14 have outbreaks of the size of another shape's sd;
   * 'ownSd' takes each signal's own, as the text of the design has it.
   */
  variant?: 'outbreaks' | 'farringtonFlex' | 'ownSd'
}

/**
 * Seven years of 364 days of a signal with one outbreak of size factor `w` that starts in the last 49 weeks (none when
 * w = 0): size Poisson(w · days per week · sd of its first day), spread lognormal(0, 0.5) in quarter bins, one bin a day;
 * weekend cases of a seven-day service count twice. As in the program, nothing falls on the last open day, so that an
 * outbreak that starts there has no cases. Bank holidays double a seven-day service; a five-day service shows 0 and half
 * as much again on its next day. Day 0 is a Monday. Unlike in the program, which draws size and spread of every outbreak
 * from the same few seeds, outbreaks are independent of each other. Throws DetectionError for a negative w.
 */
export function simulateDaily(signal: DailySignal, { w, seed, variant = 'outbreaks' }: DailyDraw): DailySeries {
  if (!(w >= 0)) throw new DetectionError('option', 'w must not be negative')
  const random = createRandom(seed, signal.id)
  const week = signal.daysPerWeek
  const n = YEARS * 52 * week
  const total = new Float64Array(n)
  for (let t = 0; t < n; t++) total[t] = random.negativeBinomial(dailyMean(signal, t + 1), signal.phi) / signal.divisor
  const flex = variant === 'farringtonFlex' ? signal.flex : undefined
  const wave = new Float64Array(n)
  if (signal.epidemic)
    for (let year = 0; year < YEARS; year++) {
      const { from, to, size, shape = signal } = signal.epidemic
      const start = year * 52 * week + from - 1 + random.below(to - from + 1)
      addOutbreak(random, shape, wave, start, flex ? flex.waveSize * w : size, 0.02)
    }
  const outbreak = new Float64Array(n)
  const start = n - 49 * week + random.below(49 * week)
  const sized = variant === 'ownSd' ? signal : (signal.outbreakShape ?? signal)
  if (w > 0) addOutbreak(random, sized, outbreak, start, (flex?.w ?? w) * week, 0.25)
  for (let t = 0; t < n; t++) total[t] = total[t]! + wave[t]! + outbreak[t]!
  const holiday = bankHolidays()
  applyHolidays(signal, total, holiday)
  const days = YEARS * 364
  return {
    count: toCalendar(total, week),
    outbreak: toCalendar(outbreak, week),
    wave: toCalendar(wave, week),
    holiday,
    from: days - 343,
    to: days - 1,
  }
}

/** Bank holidays on the design's calendar of seven years of 364 days (2010 to 2016): 1 per holiday, day 0 a Monday. */
export function bankHolidays(): Uint8Array {
  const flags = new Uint8Array(YEARS * 364)
  HOLIDAYS.forEach((days, year) => {
    for (const day of days) flags[year * 364 + day - 1] = 1
  })
  return flags
}

function dailyMean(shape: DailyShape, t: number): number {
  const [yearCos, yearSin, weekCos, weekSin] = shape.gamma
  const s = t + shape.shift
  let logMean = shape.alpha + shape.beta * s
  for (let j = 1; j <= shape.yearHarmonics; j++) {
    const angle = (2 * Math.PI * j * s) / (52 * shape.daysPerWeek)
    logMean += yearCos * Math.cos(angle) + yearSin * Math.sin(angle)
  }
  for (let l = 1; l <= shape.weekHarmonics; l++) {
    const angle = (2 * Math.PI * l * s) / shape.daysPerWeek
    logMean += weekCos * Math.cos(angle) + weekSin * Math.sin(angle)
  }
  return Math.exp(logMean)
}

function addOutbreak(
  random: Random,
  shape: DailyShape,
  into: Float64Array,
  start: number,
  factor: number,
  interval: number,
): void {
  const sd = Math.sqrt(shape.phi * dailyMean(shape, start + 1))
  const { cases } = spreadOutbreak(random, start, factor * sd, interval)
  for (let i = 0; i < cases.length && start + i < into.length - 1; i++)
    into[start + i] = into[start + i]! + cases[i]! * dayWeight(shape.daysPerWeek, start + i)
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
