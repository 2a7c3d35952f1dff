import type { Day } from '@vigil/codes'
import type { ColdGap } from '@vigil/contract'
import { type RawBuilder, sql } from 'kysely'
import type { Caller } from '../../kernel/access/caller.ts'
import { readScope, type Scope, systemScope, type Tx } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import { chosenScope, type Parts } from './coldchain.parts.ts'
import { type Gap, type GapFacts, gapDays, gapsOf } from './gap.domain.ts'

const mostShown = 500

/** Which dispatches and balances are asked for. */
interface Wanted {
  readonly ways: RawBuilder<boolean>
  readonly stock: RawBuilder<boolean>
}

const ofScope = (scope: Scope): Wanted => ({
  ways: sql`(from_path ^@ ANY(${[...scope]}::text[]) OR to_path ^@ ANY(${[...scope]}::text[]))`,
  stock: sql`b.path ^@ ANY(${[...scope]}::text[])`,
})

/**
 * What lies where and what is on the way now: as much as there is stock, whatever the history. Whether a lot entered is told by its
 * warehouse, wherever that is: the transaction must see the whole country.
 */
async function factsOf(tx: Tx, { ways, stock: held }: Wanted): Promise<GapFacts> {
  const { rows: open } = await sql<GapFacts['open'][number]>`
    SELECT uri AS dispatch, lot_id AS lot, from_id AS "from", to_id AS "to", grams - lost_grams AS grams,
      (extract(epoch FROM sent_at) * 1000)::bigint AS sent_at
    FROM coldchain.dispatch WHERE received_at IS NULL AND grams > lost_grams AND ${ways}`.execute(tx)
  const { rows: stock } = await sql<GapFacts['stock'][number]>`
    SELECT b.lot_id AS lot, b.holder_id AS holder, h.kind = 'shop' AS sells, b.grams, l.expires_on,
      (extract(epoch FROM b.moved_at) * 1000)::bigint AS moved_at, (extract(epoch FROM b.counted_at) * 1000)::bigint AS counted_at,
      NOT EXISTS (SELECT FROM coldchain.lot_root r WHERE r.lot_id = l.id AND NOT EXISTS (
        SELECT FROM coldchain.movement m WHERE m.lot_id = r.root_id AND m.kind = 'enter')) AS entered
    FROM coldchain.balance b JOIN coldchain.holder h ON h.id = b.holder_id JOIN coldchain.lot l ON l.id = b.lot_id
    WHERE b.grams > 0 AND ${held}`.execute(tx)
  return { open, stock }
}

/** The gaps of some businesses at a moment (ms since 1970); the transaction must see the whole country. */
export async function gapsOfHolders(tx: Tx, ids: readonly string[], now: number): Promise<Gap[]> {
  const wanted = {
    ways: sql<boolean>`(from_id = ANY(${ids}::uuid[]) OR to_id = ANY(${ids}::uuid[]))`,
    stock: sql<boolean>`b.holder_id = ANY(${ids}::uuid[])`,
  }
  return gapsOf(await factsOf(tx, wanted), now)
}

/** The gaps of a scope at a moment (ms since 1970), the longest overdue first; the transaction must see the whole country. */
export const gapsNow = async (tx: Tx, scope: Scope, now: number): Promise<Gap[]> =>
  gapsOf(await factsOf(tx, ofScope(scope)), now)

/** The gaps of a scope that were kept for a day, and when that was; null when the day was not kept. */
async function gapsKept(tx: Tx, scope: Scope, day: Day): Promise<{ readonly gaps: Gap[]; readonly at: number } | null> {
  const kept = await tx.selectFrom('coldchain.gapDay').select('keptAt').where('day', '=', day).executeTakeFirst()
  if (!kept) return null
  const { rows: gaps } = await sql<Gap>`SELECT kind, key, lot_id AS lot, holder_id AS holder, other_id AS other, grams,
      (extract(epoch FROM due) * 1000)::bigint AS due FROM coldchain.gap
    WHERE day = ${day} AND (path ^@ ANY(${[...scope]}::text[]) OR other_path ^@ ANY(${[...scope]}::text[])) ORDER BY due, key`.execute(
    tx,
  )
  return { gaps, at: kept.keptAt.getTime() }
}

/**
 * The gaps of the caller's area at this moment, or as they were kept for a past day, the longest overdue first.
 * @throws Problem 404 for an area outside or a day that was not kept
 */
export async function listGaps(
  parts: Parts,
  caller: Caller,
  code: string | undefined,
  day?: Day,
): Promise<{ total: number; items: ColdGap[] }> {
  const { kernel } = parts
  const scope = chosenScope(parts, caller, code)
  const now = kernel.clock.now().getTime()
  return readScope(kernel.db, systemScope, async (tx) => {
    const list = day === undefined ? { gaps: await gapsNow(tx, scope, now), at: now } : await gapsKept(tx, scope, day)
    if (!list) throw notFound(`${day} 的缺口清单`)
    const { gaps, at } = list
    return { total: gaps.length, items: await namedGaps(tx, gaps.slice(0, mostShown), at) }
  })
}

/** Gaps as screens show them. */
export async function namedGaps(tx: Tx, gaps: readonly Gap[], now: number): Promise<ColdGap[]> {
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
