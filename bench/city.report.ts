import type { Score } from '@vigil/simulate'
import type { Grade } from '../packages/server/src/modules/alert/alert.domain.ts'

/** One way to raise alerts: the rules taken together, and the grade from which a day counts. */
export interface Line {
  readonly name: string
  readonly rules: readonly string[]
  readonly least?: Grade
}

const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length
const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(part / whole < 0.095 ? 1 : 0)}%`
const total = (scores: readonly Score[], pick: (score: Score) => number): number =>
  scores.reduce((sum, score) => sum + pick(score), 0)
const median = (list: readonly number[]): string => {
  const sorted = list.toSorted((a, b) => a - b)
  return sorted.length === 0 ? '–' : String(sorted[Math.floor((sorted.length - 1) / 2)])
}

function row({ name }: Line, scores: readonly Score[], chances: readonly Score[], units: number): string[] {
  const outbreaks = scores.flatMap((score) => score.outbreaks)
  const delays = outbreaks.flatMap(({ delay }) => (delay === undefined ? [] : [delay]))
  const alerts = total(scores, (score) => score.alerts)
  const chanceFound = chances.flatMap((score) => score.outbreaks)
  return [
    name,
    String(alerts),
    (alerts / scores.length / units).toFixed(2),
    percent(
      total(scores, ({ hits }) => hits),
      alerts,
    ),
    percent(
      total(chances, ({ hits }) => hits),
      total(chances, (score) => score.alerts),
    ),
    percent(delays.length, outbreaks.length),
    percent(chanceFound.filter(({ delay }) => delay !== undefined).length, chanceFound.length),
    percent(outbreaks.filter(({ anew }) => anew).length, outbreaks.length),
    delays.length === 0 ? '–' : mean(delays).toFixed(1),
    median(delays),
  ]
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, ['---', ...head.slice(1).map(() => '---:')], ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/** Tables of a study: what each line cost and found, then what it found by size. */
export function report(
  lines: readonly Line[],
  scores: readonly (readonly Score[])[],
  chances: readonly (readonly Score[])[],
  { counties, weeks, sizes }: { counties: number; weeks: number; sizes: readonly number[] },
): string {
  const main = table(
    [
      'rule',
      'alerts',
      'per county and week',
      'true rate',
      'by chance',
      'POD',
      'by chance',
      'POD, begun after it',
      'mean delay, days',
      'median',
    ],
    lines.map((line, at) => row(line, scores[at]!, chances[at]!, counties * weeks)),
  )
  const bySize = table(
    ['POD (mean delay) by size', ...sizes.map((size) => `${size} sales`)],
    lines.map(({ name }, at) => [
      name,
      ...sizes.map((size) => {
        const own = scores[at]!.flatMap((score) => score.outbreaks).filter((found) => found.size === size)
        const delays = own.flatMap(({ delay }) => (delay === undefined ? [] : [delay]))
        return `${percent(delays.length, own.length)}${delays.length ? ` (${mean(delays).toFixed(1)})` : ''}`
      }),
    ]),
  )
  return `${main}\n\n${bySize}\n`
}

const [opens, closes] = ['<!-- tables: written by the command -->', '<!-- /tables -->']

/** The note with new tables; its words are written by hand. @throws Error when it has no place for them */
export function replaceTables(note: string, tables: string): string {
  const [start, end] = [note.indexOf(opens), note.indexOf(closes)]
  if (start < 0 || end < start) throw new Error('study-city.md has no place for the tables')
  return `${note.slice(0, start + opens.length)}\n\n${tables}\n${note.slice(end)}`
}
