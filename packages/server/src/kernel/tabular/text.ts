// Zero-width characters come along when people paste from chat programs; String.trim keeps them.
const edges = /^[\s\u200b-\u200f\u2060\ufeff]+|[\s\u200b-\u200f\u2060\ufeff]+$/g

/** Trims white space of every width and zero-width marks from both ends. */
export function clean(text: string): string {
  return text === '' || (isPlain(text.charCodeAt(0)) && isPlain(text.charCodeAt(text.length - 1)))
    ? text
    : text.replace(edges, '')
}

/** Printable ASCII or a common Chinese character: no white space of any width. Most cells begin and end so. */
const isPlain = (code: number): boolean => (code > 0x20 && code < 0x7f) || (code >= 0x4e00 && code <= 0x9fff)

/**
 * A finite number as plain digits, never with an exponent; '' for others. Integers are exact, fractions rounded to the
 * 15 significant digits that a spreadsheet keeps (Excel specifications and limits). `-0` is '0'.
 */
export function plainNumber(value: number): string {
  if (!Number.isFinite(value)) return ''
  if (Number.isSafeInteger(value)) return String(value === 0 ? 0 : value)
  if (Number.isInteger(value)) return BigInt(value).toString()
  const rounded = Number(value.toPrecision(15))
  const text = String(rounded)
  if (!text.includes('e')) return text
  const [mantissa = '0', exponent = '0'] = text.split('e')
  const negative = mantissa.startsWith('-')
  const digits = mantissa.replace(/[-.]/g, '')
  const point = (mantissa.replace('-', '').split('.')[0] ?? '').length + Number(exponent)
  const plain = point <= 0 ? `0.${'0'.repeat(-point)}${digits}` : digits.padEnd(point, '0')
  return (negative ? '-' : '') + plain
}

const shanghaiOffset = 8 * 3_600_000

/** Wall-clock time of Asia/Shanghai (UTC+8, no summer time since 1991) as a Date whose UTC fields are that time. */
export function shanghaiWall(time: Date): Date {
  return new Date(time.getTime() + shanghaiOffset)
}

const dayMs = 86_400_000
const lastMs = 253_402_300_800_000
const two = Array.from({ length: 60 }, (_, at) => String(at).padStart(2, '0'))
const lastDay = { day: Number.NaN, text: '' }

/** 'YYYY-MM-DD HH:mm:ss' in Asia/Shanghai; '' for an invalid Date. */
export function shanghaiText(time: Date): string {
  const wall = time.getTime() + shanghaiOffset
  if (!(wall >= 0 && wall < lastMs)) return Number.isNaN(wall) ? '' : isoText(new Date(wall))
  // Rows of a file mostly follow each other within one day.
  const day = Math.floor(wall / dayMs)
  if (day !== lastDay.day) {
    lastDay.day = day
    lastDay.text = isoText(new Date(day * dayMs)).slice(0, 11)
  }
  const second = Math.floor((wall - day * dayMs) / 1000)
  const minute = Math.floor(second / 60)
  return `${lastDay.text}${two[Math.floor(minute / 60)]}:${two[minute % 60]}:${two[second % 60]}`
}

const isoText = (wall: Date): string => wall.toISOString().slice(0, 19).replace('T', ' ')
