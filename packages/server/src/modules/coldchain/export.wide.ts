import { addDays, isDay, startOfDay } from '@vigil/codes'
import type { ExportFilter } from '@vigil/contract'
import type pg from 'pg'
import { invalidField } from '../../kernel/error/problem.ts'
import { type Field, type List, queryList } from '../../kernel/export/index.ts'
import type { Reference } from '../pharmacy/index.ts'

/** Widens a transaction to the whole country, or narrows it again. */
const setScope = (client: pg.ClientBase, paths: string) =>
  client.query(`SELECT set_config('vigil.paths', $1, true)`, [paths])

/** Does some reading beyond the scope of the client's transaction. What fails ends the transaction anyway. */
export async function* beyond<T>(client: pg.ClientBase, read: () => AsyncGenerator<T, void, undefined>) {
  const { rows } = await client.query<{ paths: string | null }>(`SELECT current_setting('vigil.paths', true) AS paths`)
  await setScope(client, '/')
  yield* read()
  await setScope(client, rows[0]?.paths ?? '')
}

/**
 * A list whose query keeps to the scope by itself and sees the whole country for what it says of a row: whether a lot has entered is told by
 * a warehouse that may be in another county.
 */
export function wideList<R>(options: Parameters<typeof queryList<R>>[0]): List<R> {
  const list = queryList<R>(options)
  return {
    ...list,
    count: async (client, filter) => {
      let counted = 0
      for await (const count of beyond(client, async function* () {
        yield await list.count(client, filter)
      }))
        counted = count
      return counted
    },
    rows: (client, filter, grain) => beyond(client, () => list.rows(client, filter, grain)),
  }
}

/** Demands days that are days. @throws Problem 400 */
export function checkDays({ from, to }: ExportFilter): void {
  for (const [name, day] of Object.entries({ from, to }))
    if (day !== undefined && !isDay(day)) throw invalidField(`/filter/${name}`, '日期格式应为 YYYY-MM-DD')
}

/** The first moment of a period and the first after it; nulls where it is open. */
export const boundsOf = ({ from, to }: Pick<ExportFilter, 'from' | 'to'>): [Date | null, Date | null] => [
  from ? startOfDay(from) : null,
  to ? startOfDay(addDays(to, 1)) : null,
]

export const pathOf = (reference: Reference) => (code: string) => reference.area(code)?.path

/** Grams in kilograms with three places, so that every gram is in it. */
export const kilogramsOf = (grams: number | null): string | null => (grams === null ? null : (grams / 1000).toFixed(3))

/** Fields in a line each. */
export const text = <R>(key: string, name: string, width: number, value: Field<R>['value']): Field<R> => ({
  ...{ key, name, type: 'text', width, value },
})
export const term = <R>(
  key: string,
  name: string,
  names: Readonly<Record<string, string>>,
  value: (row: R) => string,
): Field<R> => ({
  ...{ key, name, type: 'text', width: 14, values: Object.values(names) },
  value: (row) => names[value(row)] ?? value(row),
})
export const mass = <R>(key: string, name: string, value: (row: R) => number | null): Field<R> => ({
  ...{ key, name, type: 'decimal', width: 14 },
  value: (row) => kilogramsOf(value(row)),
})
export const typed =
  (type: 'integer' | 'datetime' | 'day') =>
  <R>(key: string, name: string, value: Field<R>['value']): Field<R> => ({ ...{ key, name, type, value } })
export const whole = typed('integer')
export const instant = typed('datetime')
export const day = typed('day')
