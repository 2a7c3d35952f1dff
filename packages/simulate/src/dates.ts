const dayMs = 86_400_000
/** Days from 1900-01-01 to 1970-01-01. */
const unixOffset = 25_567
const digits = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'))
const compact: string[] = []
const dashed: string[] = []

/** Days since 1900-01-01 of a day 'YYYY-MM-DD'. */
export function epochDayOf(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / dayMs) + unixOffset
}

/** 'YYYY-MM-DD' for days since 1900-01-01. */
export function dayText(epochDay: number): string {
  let text = dashed[epochDay]
  if (text === undefined) {
    text = new Date((epochDay - unixOffset) * dayMs).toISOString().slice(0, 10)
    dashed[epochDay] = text
  }
  return text
}

/** 'YYYYMMDD' for days since 1900-01-01, as printed in an ID number. */
export function compactDay(epochDay: number): string {
  let text = compact[epochDay]
  if (text === undefined) {
    text = dayText(epochDay).replaceAll('-', '')
    compact[epochDay] = text
  }
  return text
}

/** Local time with offset, '2022-03-14T14:05:09+08:00', for days since 1900-01-01 and seconds after its midnight (may pass a day). */
export function localTime(epochDay: number, seconds: number): string {
  const day = epochDay + Math.floor(seconds / 86_400)
  const rest = seconds % 86_400
  const hour = Math.floor(rest / 3600)
  const minute = Math.floor((rest % 3600) / 60)
  return `${dayText(day)}T${digits[hour]!}:${digits[minute]!}:${digits[rest % 60]!}+08:00`
}

/** Position in the year, 0 on 1 January to just under 1 on 31 December. */
export function yearFraction(epochDay: number): number {
  const year = dayText(epochDay).slice(0, 4)
  return (epochDay - epochDayOf(`${year}-01-01`)) / 365.2425
}
