import { type Dated, inForce } from '../../kernel/area/dated.domain.ts'

/** A schedule of exercises as it is judged. */
export interface MockSchedule extends Dated {
  /** Between two exercises; zero: none any more. */
  readonly months: number
}

/** The day so many months after another, at the latest the last one of its month. @param day YYYY-MM-DD */
export function addMonths(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const count = year * 12 + month - 1 + months
  const last = new Date(Date.UTC(Math.floor(count / 12), (count % 12) + 1, 0)).getUTCDate()
  const text = (n: number) => String(n).padStart(2, '0')
  return `${Math.floor(count / 12)}-${text((count % 12) + 1)}-${text(Math.min(date, last))}`
}

/** Days on which an exercise is due by a schedule, the last one until a day and the first one after it. */
export function dueDays(
  { validFrom, months }: Pick<MockSchedule, 'validFrom' | 'months'>,
  today: string,
): { readonly last: string | null; readonly next: string | null } {
  if (months === 0) return { last: null, next: null }
  let [last, next]: [string | null, string] = [null, validFrom]
  for (let n = 1; next <= today; n++) [last, next] = [next, addMonths(validFrom, n * months)]
  return { last, next }
}

/** Days that an exercise may be held late, when nothing ran on its day. */
const graceDays = 7

/** The day an exercise of a county should be held for now: the last one due, unless it is long past. */
export function dueNow<T extends MockSchedule>(
  rules: readonly T[],
  county: string,
  today: string,
): { readonly rule: T; readonly dueOn: string } | undefined {
  const rule = inForce(rules, county, today)
  const dueOn = rule && dueDays(rule, today).last
  if (!rule || !dueOn) return undefined
  return Date.parse(today) - Date.parse(dueOn) <= graceDays * 86_400_000 ? { rule, dueOn } : undefined
}
