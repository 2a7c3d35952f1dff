import { addDays, type Day } from '@vigil/codes'
import { drugClasses, type Figures, type Overview } from '@vigil/contract'
import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import type { Store } from './reference.table.ts'

/** Sums of the days asked for, of those of them that are over, and of the same days one week before those. */
export interface Sums extends Figures {
  /** Purchases. */
  readonly compared: number
  readonly previous: number
}

/** `until` is the last day that is over: the running day is left out of comparisons, or every morning would look like a fall. */
export interface Period {
  readonly from: Day
  readonly to: Day
  readonly until: Day
}

/** Where figures come from: the rollups of whole counties, or those of stores. */
export interface Source {
  readonly byStore: boolean
  /** The county that everything lies in, by which the stores' rollups are keyed; undefined above counties. */
  readonly county: string | undefined
  readonly storeCode: string | undefined
}

export const noFigures: Figures = { purchases: 0, buyers: 0, units: 0, fever: 0 }

const figureColumns = sql`sum(purchases)::int AS purchases, sum(buyers)::int AS buyers, sum(units)::int AS units, sum(fever)::int AS fever`
const weekBefore = (day: Day) => addDays(day, -7)

const rowsOf = ({ byStore, county, storeCode }: Source) =>
  sql`${sql.table(byStore ? 'pharmacy.rollup_store_day' : 'pharmacy.rollup_county_day')}
    WHERE ${county ? sql`county = ${county}` : sql`true`}${storeCode ? sql` AND store_code = ${storeCode}` : sql``}`

type DayRow = Figures & { readonly day: Day; readonly class: string }

const plus = (a: Figures, b: Figures): Figures => ({
  purchases: a.purchases + b.purchases,
  buyers: a.buyers + b.buyers,
  units: a.units + b.units,
  fever: a.fever + b.fever,
})

/** Figures of the transaction's scope by day and class, and their sums over the periods, in one read. */
export async function readDays(
  tx: Tx,
  source: Source,
  asked: Overview['curve'][number]['class'] | undefined,
  { from, to, until }: Period,
): Promise<Pick<Overview, 'figures' | 'compared' | 'previous' | 'curve'>> {
  const curve: readonly string[] = asked ? [asked] : drugClasses
  const name = asked ?? 'all'
  const { rows } = await sql<DayRow>`
    SELECT day, class, ${figureColumns} FROM ${rowsOf(source)} AND class = ANY (${[...new Set([...curve, name])]}::text[])
      AND day BETWEEN ${weekBefore(from)} AND ${to} GROUP BY day, class ORDER BY day, class`.execute(tx)
  const sum = (first: Day, last: Day) =>
    rows.reduce(
      (total, row) => (row.class === name && row.day >= first && row.day <= last ? plus(total, row) : total),
      noFigures,
    )
  return {
    figures: sum(from, to),
    compared: sum(from, until),
    previous: sum(weekBefore(from), weekBefore(until)),
    curve: rows.filter((row) => row.day >= from && curve.includes(row.class)) as Overview['curve'],
  }
}

const rankColumns = ({ from, to, until }: Period) => {
  const [from2, until2] = [weekBefore(from), weekBefore(until)]
  return sql`coalesce(sum(purchases) FILTER (WHERE day BETWEEN ${from} AND ${to}), 0)::int AS purchases,
    coalesce(sum(buyers) FILTER (WHERE day BETWEEN ${from} AND ${to}), 0)::int AS buyers,
    coalesce(sum(units) FILTER (WHERE day BETWEEN ${from} AND ${to}), 0)::int AS units,
    coalesce(sum(fever) FILTER (WHERE day BETWEEN ${from} AND ${to}), 0)::int AS fever,
    coalesce(sum(purchases) FILTER (WHERE day BETWEEN ${from} AND ${until}), 0)::int AS compared,
    coalesce(sum(purchases) FILTER (WHERE day BETWEEN ${from2} AND ${until2}), 0)::int AS previous`
}

/** Sums of the transaction's scope by the unit that `unit` names. */
export async function readUnits(
  tx: Tx,
  source: Source,
  unit: 'county' | 'store_code',
  name: string,
  period: Period,
): Promise<Map<string, Sums>> {
  const { rows } = await sql<Sums & { readonly code: string }>`
    SELECT ${sql.ref(unit)} AS code, ${rankColumns(period)} FROM ${rowsOf(source)} AND class = ${name}
      AND day BETWEEN ${weekBefore(period.from)} AND ${period.to} GROUP BY 1`.execute(tx)
  return new Map(rows.map((row) => [row.code, row]))
}

/** Which of the stores have registered at least one sale in the period: each is looked up by its key. */
export async function readReporting(
  tx: Tx,
  stores: readonly Pick<Store, 'code' | 'county'>[],
  { from, to }: Pick<Period, 'from' | 'to'>,
): Promise<Set<string>> {
  const { rows } = await sql<{ readonly code: string }>`
    SELECT s.code FROM unnest(${stores.map(({ code }) => code)}::text[], ${stores.map(({ county }) => county)}::text[]) AS s(code, county)
    CROSS JOIN LATERAL (SELECT FROM pharmacy.rollup_store_day r WHERE r.county = s.county AND r.store_code = s.code
      AND r.class = 'all' AND r.day BETWEEN ${from} AND ${to} AND r.purchases > 0 LIMIT 1) AS sold`.execute(tx)
  return new Set(rows.map(({ code }) => code))
}

/** Sums of several units together; undefined when there are none. */
export function together(rows: readonly Sums[]): Sums | undefined {
  if (rows.length === 0) return undefined
  return rows.reduce((a, b) => ({
    ...plus(a, b),
    compared: a.compared + b.compared,
    previous: a.previous + b.previous,
  }))
}
