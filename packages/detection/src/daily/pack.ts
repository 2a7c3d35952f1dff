import { DetectionError } from '../error.ts'
import type { DailyState } from './detector.ts'
import { SEASON_STEPS } from './season.ts'

type Head = Omit<DailyState, 'season'> & { start: [number, number, number]; length: number; first: number }

/** Whole numbers below this fit the operators on bits. */
const BITS = 2 ** 31

const columns = ['count', 'exposure', 'square'] as const
const numbersOf = ({ level, weekday, threshold }: Pick<DailyState, 'level' | 'weekday' | 'threshold'>) => [
  ...[level.count, level.exposure, level.weight, weekday.count, weekday.expected, threshold.bins],
]

/**
 * What a detector has learned as bytes, about a quarter of its JSON: 2.5 KB and some 9 bytes per day of up to six years.
 * {@link unpackDaily} gives back the same state to the last bit.
 */
export function packDaily(state: DailyState): Uint8Array {
  const { season, ...rest } = state
  const length = season.count.length
  // In a full ring the oldest day follows the newest.
  const first = length > state.days ? 0 : (state.days + 1) % length
  const head: Head = {
    ...rest,
    level: { count: [], exposure: [], weight: [] },
    weekday: { count: [], expected: [] },
    threshold: { bins: [], total: rest.threshold.total },
    start: [season.count[first]!, season.exposure[first]!, season.square[first]!],
    length,
    first,
  }
  const text = new TextEncoder().encode(JSON.stringify(head))
  const numbers = numbersOf(state)
  const total = numbers.reduce((sum, list) => sum + list.length, 0)
  const bytes = new Uint8Array(6 + 2 * numbers.length + text.length + 8 * total + 24 * (length - 1))
  const view = new DataView(bytes.buffer)
  let at = 0
  view.setUint16(at, state.version)
  view.setUint32(at + 2, text.length)
  bytes.set(text, 6)
  at = 6 + text.length
  for (const list of numbers) {
    view.setUint16(at, list.length)
    at += 2
    for (const value of list) {
      view.setFloat64(at, value)
      at += 8
    }
  }
  for (const column of columns) {
    const ring = season[column]
    let before = ring[first]!
    for (let i = 1, place = first; i < length; i++) {
      if (++place === length) place = 0
      const sum = ring[place]!
      let steps = (sum - before) * SEASON_STEPS
      before = sum
      for (; steps >= BITS; steps = Math.floor(steps / 128)) bytes[at++] = (steps % 128) | 128
      let rest = steps | 0
      for (; rest >= 128; rest >>= 7) bytes[at++] = rest | 128
      bytes[at++] = rest
    }
  }
  return bytes.slice(0, at)
}

/** The state that {@link packDaily} packed. Throws DetectionError `state` for other bytes. */
export function unpackDaily(bytes: Uint8Array): DailyState {
  try {
    return read(bytes)
  } catch (error) {
    if (error instanceof DetectionError) throw error
    throw new DetectionError('state', 'not a packed state of the daily detector')
  }
}

function read(bytes: Uint8Array): DailyState {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint16(0) !== 2) throw new DetectionError('state', 'state of another version')
  let at = 6 + view.getUint32(2)
  const { start, length, first, ...rest } = JSON.parse(new TextDecoder().decode(bytes.subarray(6, at))) as Head
  for (const list of numbersOf(rest)) {
    const n = view.getUint16(at)
    at += 2
    for (let i = 0; i < n; i++, at += 8) list.push(view.getFloat64(at))
  }
  if (!(length <= bytes.length && first < length)) throw new DetectionError('state', 'not a packed state')
  const ring = (value: number): number[] => {
    const sums = new Array<number>(length).fill(value)
    for (let i = 1, place = first; i < length; i++) {
      if (++place === length) place = 0
      let steps = 0
      let unit = 1 / SEASON_STEPS
      let byte = bytes[at++]!
      for (; byte >= 128; unit *= 128) {
        steps += (byte & 127) * unit
        byte = bytes[at++]!
      }
      value += steps + byte * unit
      sums[place] = value
    }
    return sums
  }
  const season = { count: ring(start[0]), exposure: ring(start[1]), square: ring(start[2]) }
  if (at !== bytes.length) throw new DetectionError('state', 'not a packed state of the daily detector')
  return { ...rest, season }
}
