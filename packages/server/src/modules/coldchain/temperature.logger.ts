import { CsvScanner, OpenQuoteError } from '../../kernel/tabular/csv-scan.ts'
import { decodeText } from '../../kernel/tabular/encoding.ts'
import type { Reading } from './temperature.domain.ts'
import {
  type DateOrder,
  instantOf,
  orderOf,
  plainText,
  readWrittenTime,
  type WrittenTime,
} from './temperature.time.domain.ts'

/** Why a row was not taken, or the whole file when `line` is 0. */
export interface LoggerProblem {
  readonly line: number
  readonly message: string
}

/** A logger's file: its readings in order of time, each instant once, and every row that was not taken. */
export interface LoggerFile {
  readonly readings: readonly Reading[]
  readonly problems: readonly LoggerProblem[]
  /** Maker, when the file names it. */
  readonly maker: 'elitech' | 'testo' | 'tempmate' | 'libero' | 'sensitech' | null
  readonly serial: string | null
  readonly unit: 'C' | 'F'
}

export interface LoggerOptions {
  /** Milliseconds since 1970: readings of more than ten minutes later are refused. */
  readonly now: number
  /** Minutes east of Greenwich of the logger's clock, when the file does not say. */
  readonly offset?: number
  /** How dates are written, where the file itself leaves it open. */
  readonly order?: DateOrder
}

const makers = [
  ['elitech', /elitech|精创/i],
  ['testo', /\btesto\b/i],
  ['tempmate', /tempmate/i],
  ['libero', /\blibero\b|elpro/i],
  ['sensitech', /sensitech|temptale/i],
] as const

type Row = { readonly line: number; readonly cells: readonly string[] }
type Places = {
  readonly line: number
  readonly date: number
  readonly time: number | null
  readonly value: number
  readonly head: string
}

const isTimeHead = (text: string): boolean =>
  /(date|time|日期|时间|datum|zeit|timestamp)/i.test(text) && !/(zone|interval|format|间隔|区|elapsed)/i.test(text)
const isValueHead = (text: string): boolean =>
  /(temp|温度|°\s*[cf]|[℃℉]|\[[cf]\]|\([cf]\)|^(reading|value|ch(annel)?\s*1|t1)$)/i.test(text) &&
  !/(hum|湿度|%|dew|露点|alarm|limit|max|min|avg|mkt)/i.test(text)

/**
 * Reads what common temperature loggers export as CSV: any delimiter, encoding and date style, some rows of facts before the table, °C or °F,
 * decimal point or comma, newest first or last. Rows that are no reading, repeat one, go back in time, or lie in the future are reported with
 * their line and a Chinese reason, and left out.
 * @throws TableError for bytes that are no text
 */
export async function readLogger(bytes: Buffer, options: LoggerOptions): Promise<LoggerFile> {
  let text = ''
  for await (const piece of decodeText(chunksOf(bytes))) text += piece
  try {
    return readRows(rowsOf(text.replace(/^\ufeff/, '')), options)
  } catch (error) {
    if (!(error instanceof OpenQuoteError)) throw error
    const problem = { line: error.record, message: '引号没有成对，请检查该行的英文双引号' }
    return { maker: null, serial: null, unit: 'C', readings: [], problems: [problem] }
  }
}

function readRows(rows: readonly Row[], options: LoggerOptions): LoggerFile {
  const places = placesOf(rows)
  const facts = rows
    .filter(({ line }) => !places || line <= places.line)
    .map(({ cells }) => cells.join(' '))
    .join('\n')
  const file = {
    maker: makers.find(([, pattern]) => pattern.test(facts))?.[0] ?? null,
    serial:
      /(?:serial(?:\s*(?:number|no\.?|#))?|device\s*id|s\/n|序列号|设备编号|仪器编号)\s*[:：#]?\s*"?([A-Za-z0-9][A-Za-z0-9-]{3,})/i.exec(
        facts,
      )?.[1] ?? null,
    unit: unitOf(places?.head ?? '', facts),
  }
  if (!places)
    return {
      ...file,
      readings: [],
      problems: [{ line: 0, message: '没有找到时间列和温度列，请导出含表头的 CSV 文件' }],
    }
  return { ...file, ...take(rows, places, file.unit, offsetOf(places.head, facts) ?? options.offset ?? 480, options) }
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

/** Split by the delimiter under which the most of the first lines have a date and a number. @throws OpenQuoteError */
function rowsOf(text: string): Row[] {
  const lines = text.slice(0, 20_000).split(/\r\n?|\n/)
  const score = (delimiter: string) =>
    lines.filter((line) => guess(line.split(delimiter).map((cell) => cell.trim().replace(/^"|"$/g, ''))) !== null)
      .length
  const [best] = [',', ';', '\t', '|']
    .map((delimiter) => ({ delimiter, score: score(delimiter) }))
    .sort((a, b) => b.score - a.score)
  const scanner = new CsvScanner(best!.delimiter, 1_000_000)
  return [...scanner.write(text), ...scanner.write('', true)].map((cells, i) => ({
    line: i + 1,
    cells: cells.map((cell) => cell.trim()),
  }))
}

/** Columns of a row without a head: a date with its time, or both apart, and after them the first number. */
function guess(cells: readonly string[]): Omit<Places, 'line' | 'head'> | null {
  for (const [date, cell] of cells.entries()) {
    const apart = readWrittenTime(cell) === null && readWrittenTime(`${cell} ${cells[date + 1] ?? ''}`) !== null
    if (!apart && readWrittenTime(cell) === null) continue
    const time = apart ? date + 1 : null
    const value = cells.findIndex((each, at) => at > (time ?? date) && numberOf(each) !== null)
    if (value >= 0) return { date, time, value }
  }
  return null
}

function placesOf(rows: readonly Row[]): Places | null {
  for (const { line, cells } of rows.slice(0, 300)) {
    const times = cells.flatMap((cell, at) => (isTimeHead(cell) && readWrittenTime(cell) === null ? [at] : []))
    const value = cells.findIndex((cell, at) => isValueHead(cell) && !times.includes(at) && numberOf(cell) === null)
    const [date, time] = times
    if (date === undefined || value < 0) continue
    // A fact such as `Start time; Max temperature` looks like a head: rows below must bear it out.
    const below = rows.find((row) => row.line > line && guess(row.cells) !== null)
    const own = below?.cells
    if (!own || numberOf(own[value] ?? '') === null || own.length < value) continue
    const single = readWrittenTime(own[date] ?? '') !== null
    return { line, date, time: single ? null : (time ?? null), value, head: cells.join(' ') }
  }
  const first = rows.find(({ cells }) => guess(cells) !== null)
  return first ? { ...guess(first.cells)!, line: first.line - 1, head: '' } : null
}

function unitOf(head: string, facts: string): 'C' | 'F' {
  const fahrenheit = /°\s*f\b|℉|fahrenheit|华氏|\[f\]|\(f\)/i
  const celsius = /°\s*c\b|℃|celsius|摄氏|\[c\]|\(c\)/i
  if (fahrenheit.test(head) !== celsius.test(head)) return fahrenheit.test(head) ? 'F' : 'C'
  const line = facts.split('\n').find((each) => /unit|单位/i.test(each)) ?? facts
  return fahrenheit.test(line) && !celsius.test(line) ? 'F' : 'C'
}

/** Minutes east of Greenwich, where the head or a fact about the zone says so. */
function offsetOf(head: string, facts: string): number | null {
  const line = [head, ...facts.split('\n')].find((each) => /\b(utc|gmt)\b|time\s*zone|时区/i.test(each))
  if (line === undefined) return null
  const match = /([+-])\s*(\d{1,2})(?::?(\d{2}))?(?!\d|[-/.年])/.exec(
    line.replace(/\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/g, ''),
  )
  if (!match) return /\b(utc|gmt)\b/i.test(line) ? 0 : null
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0)
  return match[1] === '-' ? -minutes : minutes
}

/** Hundredths of a degree as written, with its own unit if it has one; null when it is no number. */
function numberOf(cell: string): { hundredths: number; unit: 'C' | 'F' | null } | null {
  const match = /^([+-]?)(\d{1,4})(?:[.,](\d{1,4}))?\s*(?:°\s*|\s)?([cf]|℃|℉)?$/i.exec(
    plainText(cell).replace(/[−–]/g, '-'),
  )
  if (!match) return null
  const size = Math.round(Number(`${match[2]}.${match[3] ?? '0'}`) * 100)
  const letter = match[4]?.toUpperCase()
  return { hundredths: match[1] === '-' ? -size : size, unit: letter === 'F' ? 'F' : letter === 'C' ? 'C' : null }
}

function tenthsOf(cell: string, unit: 'C' | 'F'): number | null {
  const number = numberOf(cell)
  if (!number) return null
  const { hundredths } = number
  return Math.round((number.unit ?? unit) === 'F' ? (hundredths - 3_200) / 18 : hundredths / 10)
}

function take(
  rows: readonly Row[],
  places: Places,
  unit: 'C' | 'F',
  offset: number,
  options: LoggerOptions,
): Pick<LoggerFile, 'readings' | 'problems'> {
  const problems: LoggerProblem[] = []
  const refuse = (line: number, message: string): void => void problems.push({ line, message })
  const found: { line: number; time: WrittenTime; tenths: number }[] = []
  for (const { line, cells } of rows) {
    if (line <= places.line || cells.every((cell) => cell === '')) continue
    const written =
      places.time === null ? (cells[places.date] ?? '') : `${cells[places.date] ?? ''} ${cells[places.time] ?? ''}`
    const time = readWrittenTime(written)
    const value = cells[places.value] ?? ''
    const tenths = tenthsOf(value, unit)
    if (!time) refuse(line, `时间看不懂：${written.trim().slice(0, 40) || '空'}`)
    else if (tenths === null) refuse(line, value === '' ? '没有温度' : `温度看不懂：${value.slice(0, 20)}`)
    else if (tenths < -1_000 || tenths > 1_000) refuse(line, `温度超出量程：${value.slice(0, 20)}`)
    else found.push({ line, time, tenths })
  }
  const order = orderOf(found.map(({ time }) => time)) ?? options.order
  if (order === undefined) {
    const message = '日期分不清是日/月还是月/日，请说明后重新上传'
    return { readings: [], problems: found.length > 0 ? [{ line: 0, message }, ...problems] : problems }
  }
  const dated = found.flatMap(({ line, time, tenths }) => {
    const at = time.orders.includes(order) ? instantOf(time, order, offset) : null
    if (at === null) refuse(line, '没有这一天')
    else if (at > options.now + 600_000) refuse(line, '时间晚于现在，请核对记录仪的时钟')
    else return [{ line, at, tenths }]
    return []
  })
  const readings = inOrder(dated, refuse)
  return { readings, problems: problems.sort((a, b) => a.line - b.line) }
}

/** Oldest first, whichever way the file runs; what repeats or goes back against its way is refused. */
function inOrder(
  rows: readonly { line: number; at: number; tenths: number }[],
  refuse: (line: number, message: string) => void,
): Reading[] {
  const downs = rows.filter(({ at }, i) => i > 0 && at < rows[i - 1]!.at).length
  const ups = rows.filter(({ at }, i) => i > 0 && at > rows[i - 1]!.at).length
  const seen = new Map<number, { line: number; tenths: number }>()
  const readings: Reading[] = []
  for (const { line, at, tenths } of downs > ups ? rows.toReversed() : rows) {
    const same = seen.get(at)
    if (same)
      refuse(line, same.tenths === tenths ? `与第 ${same.line} 行重复` : `与第 ${same.line} 行同一时间而温度不同`)
    else if (readings.length > 0 && at < readings.at(-1)!.at) refuse(line, '时间早于前面的记录，记录仪的时钟可能被调过')
    else {
      seen.set(at, { line, tenths })
      readings.push({ at, tenths })
    }
  }
  return readings
}
