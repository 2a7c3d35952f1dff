import { type RawBuilder, sql } from 'kysely'

/** Columns of the asking query: county, store code and day. */
interface Columns {
  readonly county: string
  readonly store: string
  readonly day: string
}

/**
 * SQL that tells whether a store has registered a sale of a day, from the rollup that every sale keeps anyway: a look-up by
 * its key, for the questions of other modules.
 */
export const soldText = ({ county, store, day }: Columns): string =>
  `EXISTS (SELECT FROM pharmacy.rollup_store_day sold_day WHERE sold_day.county = ${county} AND sold_day.store_code = ${store}
    AND sold_day.class = 'all' AND sold_day.day = ${day} AND sold_day.purchases > 0)`

/** The same as a part of a query. */
export const soldOn = (columns: Columns): RawBuilder<boolean> => sql.raw(soldText(columns))
