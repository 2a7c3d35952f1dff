import { dayOf } from '@vigil/codes'
import { sql } from 'kysely'
import { systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import { matchDay } from './stopsale.domain.ts'
import type { Parts } from './stopsale.parts.ts'

/** What the orders say of a line, by the key that finds it. */
export interface Matched {
  readonly key: Buffer
  readonly match: 'matched' | 'partial' | 'none'
  readonly orderId: string | null
}

/** Writes what has changed of lines that are there, found by their digest. */
export async function updateMatches(tx: Tx, lines: readonly Matched[]): Promise<void> {
  if (lines.length === 0) return
  await sql`UPDATE stopsale.line l SET match = t.match, order_id = t.order_id
    FROM unnest(${lines.map(({ key }) => key)}::bytea[], ${lines.map(({ match }) => match)}::text[],
      ${lines.map(({ orderId }) => orderId)}::uuid[]) AS t(digest, match, order_id)
    WHERE l.digest = t.digest AND (l.match, l.order_id) IS DISTINCT FROM (t.match, t.order_id)`.execute(tx)
}

/** Holds the lines of the running day in an area against the orders again: only that day can an order still change. */
export async function matchToday({ kernel, reference, book }: Parts, path: string): Promise<void> {
  await withScope(kernel.db, systemScope, async (tx) => {
    const rows = await tx
      .selectFrom('stopsale.line')
      .select(['digest', 'drugId', 'path', 'day'])
      .where('day', '>=', dayOf(kernel.clock.now()))
      .where(sql<boolean>`path ^@ ${path}`)
      .execute()
    const matched = rows.flatMap(({ digest, drugId, path: store, day }): Matched[] => {
      const drug = reference.drug(drugId)
      return drug ? [{ key: digest, ...matchDay(book.rulesOf(drug), store, drug, day) }] : []
    })
    await updateMatches(tx, matched)
  })
}
