import { plainNumber } from './text.ts'

/** What a number format makes of a number. `pad` is the width of a format such as 000000. */
export type NumberKind = { kind: 'number' } | { kind: 'padded'; pad: number } | { kind: 'date' | 'datetime' | 'time' }

/**
 * Classifies a number format by its first section (ECMA-376 part 1, 18.8.31). Quoted text, escaped characters, colours,
 * conditions and locales do not count; y, d and month m make a date, h and s a time.
 */
export function kindOfFormat(format: string): NumberKind {
  if (format === '' || /^general$/i.test(format)) return { kind: 'number' }
  const bare = format
    .replace(/"[^"]*"?|\\.|[_*]./g, '')
    .replace(/\[(h+|m+|s+)\]/gi, '$1')
    .replace(/\[[^\]]*\]/g, '')
    .split(';')[0]!
    .toLowerCase()
  if (/^0{2,}$/.test(bare)) return { kind: 'padded', pad: bare.length }
  if (/general|[0#?]e[+-]/.test(bare)) return { kind: 'number' }
  const time = /[hs]|am\/pm|上午/.test(bare)
  const date = /[yd]|aaa/.test(bare) || (!time && bare.includes('m')) || /e+年/.test(bare)
  if (date) return { kind: time ? 'datetime' : 'date' }
  return { kind: time ? 'time' : 'number' }
}

const dayMs = 86_400_000
const lastSerial = 2_958_466

/**
 * The date that a serial number stands for, as the person sees it: 'YYYY-MM-DD', 'YYYY-MM-DD HH:mm:ss' or, for a bare
 * time, 'HH:mm:ss'. Rounded to the second. Base 1900 keeps the non-existing 1900-02-29 at serial 60 (ECMA-376 part 1,
 * 18.17.4.1), base 1904 starts at 1904-01-01. undefined outside 0 … 9999-12-31.
 */
export function serialText(serial: number, kind: 'date' | 'datetime' | 'time', date1904: boolean): string | undefined {
  if (!(serial >= 0 && serial < lastSerial)) return undefined
  const seconds = Math.round(serial * 86_400)
  const time = new Date((seconds % 86_400) * 1000).toISOString().slice(11, 19)
  const day = Math.floor(seconds / 86_400)
  if (kind === 'time' && day === 0) return time
  const text = dayText(day, date1904)
  return kind === 'date' ? text : `${text} ${time}`
}

function dayText(day: number, date1904: boolean): string {
  if (!date1904 && day === 60) return '1900-02-29'
  const start = date1904 ? Date.UTC(1904, 0, 1) : day < 60 ? Date.UTC(1899, 11, 31) : Date.UTC(1899, 11, 30)
  return new Date(start + day * dayMs).toISOString().slice(0, 10)
}

export type CellText = { text: string; problem?: string }

const lostDigits = '数字超过 15 位，表格软件已丢失末尾几位。请把该列设为“文本”格式后重新填写完整号码'

/** The digits of a long integer as the spreadsheet shows them: 15, then zeros, unless the file itself spells more. */
function longDigits(raw: string, value: number): string {
  if (/^-?\d+$/.test(raw)) return raw
  const [mantissa = '', exponent = ''] = value.toExponential(14).split('e')
  return mantissa.replace('.', '').padEnd(Number(exponent) + (value < 0 ? 2 : 1), '0')
}

/**
 * A numeric cell as text. Integers of more than 15 digits come with a problem, since the spreadsheet itself has already
 * replaced the last digits by zeros.
 */
export function numberText(raw: string, kind: NumberKind, date1904: boolean): CellText {
  const value = Number(raw)
  if (raw.trim() === '' || !Number.isFinite(value)) return { text: raw }
  if (kind.kind === 'padded' && Number.isInteger(value) && value >= 0 && value < 1e15) {
    return { text: String(value).padStart(kind.pad, '0') }
  }
  if (kind.kind === 'date' || kind.kind === 'datetime' || kind.kind === 'time') {
    const text = serialText(value, kind.kind, date1904)
    if (text !== undefined) return { text }
  }
  if (Math.abs(value) >= 1e15) return { text: longDigits(raw, value), problem: lostDigits }
  return { text: plainNumber(value) }
}
