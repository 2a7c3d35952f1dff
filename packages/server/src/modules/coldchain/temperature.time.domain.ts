/** In which order a date's three numbers stand. */
export const dateOrders = ['ymd', 'dmy', 'mdy'] as const
export type DateOrder = (typeof dateOrders)[number]

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

/** A date and time as written, its numbers not yet told apart; `numbers` are the three of the date, in their order. */
export interface WrittenTime {
  readonly numbers: readonly [number, number, number]
  /** Orders that the writing itself allows. */
  readonly orders: readonly DateOrder[]
  /** Milliseconds after midnight. */
  readonly clock: number
  /** Minutes east of Greenwich, when it says so. */
  readonly offset: number | null
}

const clockPattern = /(?:^|[^\d])(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3})\d*)?)?(?!\d)/
const offsetPattern = /(?:\d|\s)(z|(?:utc|gmt)?([+-])(\d{1,2}):?(\d{2})?)\s*$/i

/** Half-width and trimmed; what is ASCII, as nearly all of it is, is passed at once. */
export const plainText = (text: string): string => (/^[\x20-\x7e]*$/.test(text) ? text : text.normalize('NFKC')).trim()

/**
 * Takes a text apart that loggers write: `2026-11-22 08:00:00`, `22.11.2026 08:00`, `11/22/26 8:00 PM`, `2026年11月22日 下午8:00`,
 * `22-Nov-2026 08:00`, with or without zone. Null when it is no date with a time of day.
 */
export function readWrittenTime(text: string): WrittenTime | null {
  const plain = plainText(text).toLowerCase()
  const clock = clockPattern.exec(plain.replace(/(\d)t(\d)/, '$1 $2'))
  const date = /^\D{0,3}?(\d{1,4})\s*[-/.年\s]\s*(\d{1,2}|[a-z]{3,9})\.?\s*[-/.月,\s]\s*(\d{1,4})(?!\d)/.exec(plain)
  if (!clock || !date || clock.index < date[0].length - 1) return null
  const late = /pm|p\.m\.|下午|晚上/.test(plain)
  const early = /am|a\.m\.|上午|凌晨|早上/.test(plain)
  const written = Number(clock[1])
  const hour = late && written < 12 ? written + 12 : early && written === 12 ? 0 : written
  const [minute, second] = [Number(clock[2]), Number(clock[3] ?? 0)]
  if (hour > 23 || minute > 59 || second > 59) return null
  const numbers = numbersOf(date)
  if (!numbers) return null
  return {
    ...numbers,
    clock: ((hour * 60 + minute) * 60 + second) * 1000 + Number((clock[4] ?? '').padEnd(3, '0')),
    offset: offsetOf(plain),
  }
}

function numbersOf([, first, second, third]: RegExpExecArray): Pick<WrittenTime, 'numbers' | 'orders'> | null {
  const month = months.indexOf(second!.slice(0, 3)) + 1
  if (/[a-z]/.test(second!)) {
    if (month === 0) return null
    return { numbers: [Number(first), month, Number(third)], orders: first!.length === 4 ? ['ymd'] : ['dmy'] }
  }
  const numbers = [Number(first), Number(second), Number(third)] as const
  if (first!.length === 4) return { numbers, orders: ['ymd'] }
  if (first!.length === 3 || third!.length === 3) return null
  return { numbers, orders: third!.length === 4 ? ['dmy', 'mdy'] : dateOrders }
}

function offsetOf(plain: string): number | null {
  const match = offsetPattern.exec(plain)
  if (!match) return null
  if (match[1] === 'z') return 0
  const minutes = Number(match[3]) * 60 + Number(match[4] ?? 0)
  return match[2] === '-' ? -minutes : minutes
}

/** The instant that a written time means in an order, in ms since 1970; null when there is no such day. @param offset minutes east of Greenwich */
export function instantOf(
  { numbers, clock, offset: own }: WrittenTime,
  order: DateOrder,
  offset: number,
): number | null {
  const [a, b, c] = numbers
  const [year, month, day] = order === 'ymd' ? [a, b, c] : order === 'dmy' ? [c, b, a] : [c, a, b]
  const full = year < 100 ? 2000 + year : year
  const midnight = Date.UTC(full, month - 1, day)
  const back = new Date(midnight)
  if (full < 2000 || full > 2099 || back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day) return null
  return midnight + clock - (own ?? offset) * 60_000
}

/**
 * In which order a file writes its dates: the one that every row allows; of several, the one whose times run backwards the least and
 * then take the least time in all. Null when rows contradict each other, or all of it is on days that read both ways alike.
 */
export function orderOf(times: readonly WrittenTime[]): DateOrder | null {
  const common = dateOrders.filter((order) => times.every(({ orders }) => orders.includes(order)))
  if (common.length === 1) return common[0]!
  const judged = dateOrders.flatMap((order) => {
    const instants = times.map((each) => (each.orders.includes(order) ? instantOf(each, order, 0) : null))
    const known = instants.filter((each) => each !== null)
    const ups = known.filter((each, i) => i > 0 && each > known[i - 1]!).length
    const downs = known.filter((each, i) => i > 0 && each < known[i - 1]!).length
    const span = known.length > 0 ? known.reduce((a, b) => Math.max(a, b)) - known.reduce((a, b) => Math.min(a, b)) : 0
    return [{ order, known: known.length, turns: Math.min(ups, downs), span }]
  })
  judged.sort((a, b) => b.known - a.known || a.turns - b.turns || a.span - b.span)
  const [best, second] = judged
  if (!best || best.known === 0) return null
  const tied = second && second.known === best.known && second.turns === best.turns && second.span === best.span
  const same = tied && times.every((each) => instantOf(each, best.order, 0) === instantOf(each, second.order, 0))
  return tied && !same ? null : best.order
}
