import { CodesError } from './checked.ts'

/** A millisecond and the place of an id within it. */
export type Tick = { ms: number; counter: number }

const UUIDV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i
const MAX_MS = 2 ** 48 - 1
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const COUNTER_MAX = 2 ** 26 - 1

let last: Tick = { ms: -1, counter: 0 }

/** Ten bytes: 12 bits rand_a and 62 bits rand_b are taken from their low bits (RFC 9562, 5.7). */
function format(ms: number, bytes: Uint8Array): string {
  const time = ms.toString(16).padStart(12, '0')
  let hex = ''
  for (let i = 0; i < 10; i += 1) {
    const byte = bytes[i] ?? 0
    hex += HEX[i === 0 ? 0x70 | (byte & 0x0f) : i === 2 ? 0x80 | (byte & 0x3f) : byte]
  }
  return `${time.slice(0, 8)}-${time.slice(8)}-${hex.slice(0, 4)}-${hex.slice(4, 8)}-${hex.slice(8)}`
}

function checkMs(ms: number): void {
  if (!Number.isInteger(ms) || ms < 0 || ms > MAX_MS)
    throw new CodesError('timeMs', 'must be a whole number of milliseconds from 0 to 2^48 - 1')
}

/** rand_a and the first 14 bits of rand_b, which sort directly after the time, carry the counter. */
function withCounter(bytes: Uint8Array, value: number): Uint8Array {
  bytes[0] = value >>> 22
  bytes[1] = (value >>> 14) & 0xff
  bytes[2] = (value >>> 8) & 0x3f
  bytes[3] = value & 0xff
  return bytes
}

/**
 * The tick after `previous`, always greater: a new millisecond is seeded from random bytes, a clock that stands still
 * or goes back counts on, and a full counter borrows the next millisecond (RFC 9562, 6.2).
 */
export function nextTick(previous: Tick, now: number, random: Uint8Array): Tick {
  if (now > previous.ms) {
    const [a = 0, b = 0, c = 0, d = 0] = random
    // The top bit starts at zero to leave room for 33 million ids in one millisecond.
    return { ms: now, counter: ((a & 0x07) << 22) | (b << 14) | ((c & 0x3f) << 8) | d }
  }
  if (previous.counter < COUNTER_MAX) return { ms: previous.ms, counter: previous.counter + 1 }
  return { ms: previous.ms + 1, counter: 0 }
}

/**
 * UUID version 7 (RFC 9562, 5.7). Without arguments: the present time, strictly increasing within this process even
 * when the clock stands still or goes back (6.2, method 1: 26-bit counter, reseeded each millisecond). With `timeMs`
 * (Unix milliseconds) or `random` (10 bytes) it is a pure function of them. Throws CodesError for values out of range.
 */
export function uuidv7(timeMs?: number, random?: Uint8Array): string {
  if (random !== undefined && random.length !== 10) throw new CodesError('random', 'must be 10 bytes')
  if (timeMs !== undefined) checkMs(timeMs)
  const bytes = random ? Uint8Array.from(random) : crypto.getRandomValues(new Uint8Array(10))
  if (timeMs !== undefined || random !== undefined) return format(timeMs ?? Date.now(), bytes)
  last = nextTick(last, Date.now(), bytes)
  return format(last.ms, withCounter(bytes, last.counter))
}

/** True for a UUID of version 7 and the RFC variant, in either case. */
export function isUuidv7(value: unknown): value is string {
  return typeof value === 'string' && UUIDV7.test(value)
}

/** Unix milliseconds of a UUIDv7. Throws CodesError for anything else. */
export function uuidv7Time(id: string): number {
  if (!isUuidv7(id)) throw new CodesError('id', 'not a UUIDv7')
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
}

/** The smallest UUIDv7 of a millisecond: every id made at or after it sorts at or after this one. */
export function uuidv7Floor(timeMs: number): string {
  checkMs(timeMs)
  return format(timeMs, new Uint8Array(10))
}
