import type { ColdGap } from '@vigil/contract'
import { sql } from 'kysely'
import type { Caller } from '../../kernel/access/caller.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { chosenScope, type Parts } from './coldchain.parts.ts'
import { type Gap, type GapFacts, gapDays, gapsOf } from './gap.domain.ts'

const mostShown = 500

/** What lies where and what is on the way now, of the transaction's scope: as much as there is stock, whatever the history. */
async function factsOf(tx: Tx): Promise<GapFacts> {
  const { rows: open } = await sql<GapFacts['open'][number]>`
    SELECT uri AS dispatch, lot_id AS lot, from_id AS "from", to_id AS "to", grams - lost_grams AS grams,
      (extract(epoch FROM sent_at) * 1000)::bigint AS sent_at
    FROM coldchain.dispatch WHERE received_at IS NULL AND grams > lost_grams`.execute(tx)
  const { rows: stock } = await sql<GapFacts['stock'][number]>`
    SELECT b.lot_id AS lot, b.holder_id AS holder, h.kind = 'shop' AS sells, b.grams, l.expires_on,
      (extract(epoch FROM b.moved_at) * 1000)::bigint AS moved_at, (extract(epoch FROM b.counted_at) * 1000)::bigint AS counted_at,
      NOT EXISTS (SELECT FROM coldchain.lot_root r WHERE r.lot_id = l.id AND NOT EXISTS (
        SELECT FROM coldchain.movement m WHERE m.lot_id = r.root_id AND m.kind = 'enter')) AS entered
    FROM coldchain.balance b JOIN coldchain.holder h ON h.id = b.holder_id JOIN coldchain.lot l ON l.id = b.lot_id
    WHERE b.grams > 0`.execute(tx)
  return { open, stock }
}

/** The gaps of the caller's area at this moment, the longest overdue first. @throws Problem 404 for an area outside */
export async function listGaps(
  parts: Parts,
  caller: Caller,
  code: string | undefined,
): Promise<{ total: number; items: ColdGap[] }> {
  const { kernel } = parts
  const scope = chosenScope(parts, caller, code)
  const now = kernel.clock.now().getTime()
  return readScope(kernel.db, scope, async (tx) => {
    const gaps = gapsOf(await factsOf(tx), now)
    const shown = gaps.slice(0, mostShown)
    return { total: gaps.length, items: await named(tx, shown, now) }
  })
}

async function named(tx: Tx, gaps: readonly Gap[], now: number): Promise<ColdGap[]> {
  const lots = await tx
    .selectFrom('coldchain.lot')
    .select(['id', 'lotNo', 'goodsName'])
    .where('id', '=', sql<string>`ANY(${gaps.map(({ lot }) => lot)}::uuid[])`)
    .execute()
  const holders = await tx
    .selectFrom('coldchain.holder')
    .select(['id', 'name'])
    .where('id', '=', sql<string>`ANY(${gaps.flatMap(({ holder, other }) => [holder, other ?? holder])}::uuid[])`)
    .execute()
  const lotOf = new Map(lots.map((lot) => [lot.id, lot]))
  const nameOf = new Map(holders.map(({ id, name }) => [id, name]))
  return gaps.map((gap) => ({
    ...{ kind: gap.kind, lotId: gap.lot, grams: gap.grams, days: gapDays(gap, now) },
    ...{ lotNo: lotOf.get(gap.lot)!.lotNo, goodsName: lotOf.get(gap.lot)!.goodsName },
    holderName: nameOf.get(gap.holder)!,
    otherName: gap.other === null ? null : nameOf.get(gap.other)!,
    due: new Date(gap.due).toISOString(),
  }))
}
