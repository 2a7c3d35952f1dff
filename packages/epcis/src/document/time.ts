const pattern = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)$/

/** An instant with the offset that it was written in. */
export interface Instant {
  /** Milliseconds since 1970 UTC, the rest of the second's fraction cut off. */
  readonly time: number
  /** Minutes east of UTC; 0 for `Z`. */
  readonly offset: number
  /** Written with `Z` instead of an offset. */
  readonly utc: boolean
  /** Digits after the second's point. */
  readonly fraction: string
}

/** Reads a date and time of RFC 3339; null when it is none (no offset, a 13th month, 30 February). */
export function parseInstant(text: string): Instant | null {
  const match = pattern.exec(text)
  if (!match) return null
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const offset = parseOffset(match[8]!)
  if (offset === null || month < 1 || month > 12 || day < 1 || day > 31) return null
  if (hour > 23 || minute > 59 || second > 60) return null
  const fraction = match[7] ?? ''
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1) return null
  const time =
    date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'))
  // A leap second ends a day in UTC (RFC 3339, 5.7).
  if (second === 60 && Math.floor(time / 1000) % 86_400 !== 0) return null
  return { time, offset, utc: /z/i.test(match[8]!), fraction }
}

/** Minutes east of UTC of `Z` or `+08:00`; null when it is neither. */
export function parseOffset(text: string): number | null {
  if (text === 'Z' || text === 'z') return 0
  const match = /^([+-])(\d\d):(\d\d)$/.exec(text)
  if (!match || Number(match[2]) > 23 || Number(match[3]) > 59) return null
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]))
}
