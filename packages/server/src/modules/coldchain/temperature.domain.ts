import type { Day } from '@vigil/codes'
import type { SensorElement } from '@vigil/epcis/document'

/** A measurement: milliseconds since 1970, and tenths of a degree Celsius. */
export interface Reading {
  readonly at: number
  readonly tenths: number
}

export const temperatureCategories = ['ultra-frozen', 'frozen', 'chilled-meat', 'chilled'] as const
export type TemperatureCategory = (typeof temperatureCategories)[number]

/** How warm goods of a category may be, from a day on. Temperatures in 0.1 °C, both ends allowed. */
export interface TemperatureLimit {
  readonly category: TemperatureCategory
  readonly since: Day
  readonly min: number | null
  readonly max: number
  /** Up to here for at most `briefMs` at a time, as in loading; null when nothing above `max` is tolerated. */
  readonly brief: number | null
  readonly briefMs: number
  readonly source: string
}

const halfHour = 1_800_000

/**
 * Limits by category and day, the newest first. What a label states goes first (GB 31605-2020, 3): then `max` is the label's. The brief rise of
 * frozen goods is the 3 °C that GB/T 22918-2008 and Directive 89/108/EEC allow on the way, at most the half hour of loading. Uncertain: title, scope
 * and day of force of GB 31605-2020 were checked, its clause with −18 °C and 0–10 °C could not be read; these are the values commonly cited.
 */
export const temperatureLimits: readonly TemperatureLimit[] = [
  {
    category: 'ultra-frozen',
    since: '2007-10-01',
    min: null,
    max: -500,
    brief: -450,
    briefMs: halfHour,
    source: 'DB31/T 388-2007',
  },
  {
    category: 'frozen',
    since: '2021-03-11',
    min: null,
    max: -180,
    brief: -150,
    briefMs: halfHour,
    source: 'GB 31605-2020',
  },
  {
    category: 'chilled-meat',
    since: '2017-12-23',
    min: 0,
    max: 40,
    brief: 70,
    briefMs: halfHour,
    source: 'GB 20799-2016',
  },
  { category: 'chilled', since: '2021-03-11', min: 0, max: 100, brief: null, briefMs: 0, source: 'GB 31605-2020' },
]

/** What a record is held against. */
export type Limit = Pick<TemperatureLimit, 'min' | 'max' | 'brief' | 'briefMs'>

/** Limit of goods whose label names the highest temperature (0.1 °C): frozen goods may be 3 °C warmer while loaded, chilled ones may not freeze. */
export const limitOfLabel = (max: number): Limit =>
  max <= -120
    ? { min: null, max, brief: max + 30, briefMs: halfHour }
    : { min: Math.min(0, max), max, brief: null, briefMs: 0 }

/** The limit of a category on a day; undefined before there was one. */
export const limitOn = (category: TemperatureCategory, day: Day): TemperatureLimit | undefined =>
  temperatureLimits
    .filter((each) => each.category === category && each.since <= day)
    .sort((a, b) => (a.since < b.since ? 1 : -1))[0]

/** A time in which the limit was not kept. */
export interface Excursion {
  readonly side: 'above' | 'below'
  /** Milliseconds since 1970; the end is when it was within the limit again, or when the record broke off. */
  readonly begin: number
  readonly end: number
  /** Farthest from the limit, in 0.1 °C. */
  readonly peak: number
  /** Beyond the limit, in 0.1 °C × ms: a whole number. Divide by 36,000,000 for degree hours. */
  readonly area: number
  /** Within what the limit tolerates for a short time. */
  readonly tolerated: boolean
}

export interface Span {
  readonly from: number
  readonly to: number
}

/** What a record says of a span of time. */
export interface RecordVerdict {
  readonly excursions: readonly Excursion[]
  /** Times in which nothing was recorded. */
  readonly gaps: readonly Span[]
  /** Milliseconds that the record covers; with the gaps they are the whole span. */
  readonly covered: number
  readonly lowest: number | null
  readonly highest: number | null
}

/** A reading holds until the next one, at most `longest` ms: after that nobody knows. */
interface Stretch extends Span {
  readonly tenths: number
}

function stretchesOf(readings: readonly Reading[], longest: number): Stretch[] {
  return readings.map(({ at, tenths }, i) => {
    const next = readings[i + 1]?.at ?? at
    return { from: at, to: next - at > longest ? at + longest : next, tenths }
  })
}

/** Cut to the span; a reading at an instant within it stays. Found by halving, since a warehouse's record is long. */
function within(stretches: readonly Stretch[], { from, to }: Span): Stretch[] {
  let [low, high] = [0, stretches.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (stretches[middle]!.to < from) low = middle + 1
    else high = middle
  }
  const found: Stretch[] = []
  for (let i = low; i < stretches.length && stretches[i]!.from <= to; i++) {
    const each = stretches[i]!
    // One that only touches the span at an end says nothing of it, unless it is an instant itself.
    if (each.to > each.from && (each.to === from || (each.from === to && from < to))) continue
    found.push({ from: Math.max(each.from, from), to: Math.min(each.to, to), tenths: each.tenths })
  }
  return found
}

function gapsOf(stretches: readonly Stretch[], { from, to }: Span): Span[] {
  const gaps: Span[] = []
  let known = from
  for (const each of stretches) {
    if (each.from > known) gaps.push({ from: known, to: each.from })
    known = Math.max(known, each.to)
  }
  if (to > known) gaps.push({ from: known, to })
  return gaps
}

function excursionsOf(stretches: readonly Stretch[], limit: Limit): Excursion[] {
  const found: { side: Excursion['side']; begin: number; end: number; peak: number; area: number }[] = []
  for (const { from, to, tenths } of stretches) {
    const side = tenths > limit.max ? 'above' : limit.min !== null && tenths < limit.min ? 'below' : null
    if (!side) continue
    const over = side === 'above' ? tenths - limit.max : limit.min! - tenths
    const last = found.at(-1)
    if (last && last.side === side && last.end === from) {
      last.end = to
      last.area += over * (to - from)
      last.peak = side === 'above' ? Math.max(last.peak, tenths) : Math.min(last.peak, tenths)
    } else found.push({ side, begin: from, end: to, peak: tenths, area: over * (to - from) })
  }
  return found.map((each) => ({ ...each, tolerated: isTolerated(each, limit) }))
}

const isTolerated = ({ side, begin, end, peak }: Omit<Excursion, 'tolerated'>, { brief, briefMs }: Limit): boolean =>
  side === 'above' && brief !== null && peak <= brief && end - begin <= briefMs

/** Longest time that a reading speaks for, in ms, unless the logger says otherwise. */
export const usualInterval = halfHour

/**
 * Holds a record against a limit for a span of time. Excursions are cut where the record has a gap.
 * @param readings in order of time, each instant once
 * @param longest ms that a reading speaks for when the next one comes later
 */
export function judgeRecord(
  readings: readonly Reading[],
  limit: Limit,
  span: Span,
  longest = usualInterval,
): RecordVerdict {
  const stretches = within(stretchesOf(readings, longest), span)
  const tenths = stretches.map((each) => each.tenths)
  return {
    excursions: excursionsOf(stretches, limit),
    gaps: gapsOf(stretches, span),
    covered: stretches.reduce((sum, { from, to }) => sum + to - from, 0),
    lowest: tenths.length > 0 ? tenths.reduce((a, b) => Math.min(a, b)) : null,
    highest: tenths.length > 0 ? tenths.reduce((a, b) => Math.max(a, b)) : null,
  }
}

/** Where a lot or a box was while the record ran, by any key of the caller's. */
export interface Presence extends Span {
  readonly thing: string
}

/** What befell one thing in all its stays beside the logger. */
export interface Exposure {
  readonly thing: string
  readonly excursions: readonly Excursion[]
  /** Milliseconds beyond the limit, and how far in 0.1 °C × ms; tolerated ones are not counted. */
  readonly duration: number
  readonly area: number
  readonly peak: number | null
  /** Milliseconds of its stays that no reading covers. */
  readonly unknown: number
}

/** Who was exposed: the things with an excursion or a time without record, in the order in which they are first named. */
export function exposuresOf(
  readings: readonly Reading[],
  limit: Limit,
  presences: readonly Presence[],
  longest = usualInterval,
): Exposure[] {
  const stretches = stretchesOf(readings, longest)
  const spans = new Map<string, Span[]>()
  for (const { thing, from, to } of presences) spans.set(thing, [...(spans.get(thing) ?? []), { from, to }])
  const exposures = [...spans].map(([thing, stays]): Exposure => {
    const found = stays.map((span) => ({ span, stretches: within(stretches, span) }))
    const excursions = found.flatMap((each) => excursionsOf(each.stretches, limit))
    const counted = excursions.filter(({ tolerated }) => !tolerated)
    const far = ({ side, peak }: Excursion) => (side === 'above' ? peak - limit.max : limit.min! - peak)
    return {
      thing,
      excursions,
      duration: counted.reduce((sum, { begin, end }) => sum + end - begin, 0),
      area: counted.reduce((sum, { area }) => sum + area, 0),
      peak: [...counted].sort((a, b) => far(b) - far(a))[0]?.peak ?? null,
      unknown: found
        .flatMap((each) => gapsOf(each.stretches, each.span))
        .reduce((sum, { from, to }) => sum + to - from, 0),
    }
  })
  return exposures.filter(({ excursions, unknown }) => excursions.some(({ tolerated }) => !tolerated) || unknown > 0)
}

/** Units of UN/ECE Recommendation 20 as tenths of a degree Celsius. */
const toTenths: Readonly<Record<string, (value: number) => number>> = {
  CEL: (value) => value * 10,
  FAH: (value) => ((value - 32) * 50) / 9,
  KEL: (value) => (value - 273.15) * 10,
}

/**
 * Temperatures of an event's sensor elements, in order of time; reports without a time of their own have the metadata's, or the event's.
 * A report of a span tells of its warmest, at both ends of it.
 */
export function sensorReadings(elements: readonly SensorElement[], eventTime: number): Reading[] {
  const readings = elements.flatMap(({ sensorMetadata, sensorReport }) =>
    sensorReport.flatMap(({ type, value, maxValue, uom, time }): Reading[] => {
      const convert = toTenths[uom ?? '']
      const told = value ?? maxValue
      if (!convert || told === undefined || !/(^|[:/-])Temperature$/.test(type ?? '')) return []
      const { startTime, endTime } = sensorMetadata ?? {}
      const single = time ?? sensorMetadata?.time
      const span = value === undefined && startTime !== undefined && endTime !== undefined
      const times = span ? [startTime, endTime] : [single ?? endTime]
      return times.flatMap((text) => {
        const at = text === undefined ? eventTime : Date.parse(text)
        return Number.isNaN(at) ? [] : [{ at, tenths: Math.round(convert(told)) }]
      })
    }),
  )
  return readings.sort((a, b) => a.at - b.at)
}
