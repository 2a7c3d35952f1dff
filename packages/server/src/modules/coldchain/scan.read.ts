import type { ColdScanPack, coldchainRoutes, ResponseOf } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, systemScope, type Tx } from '../../kernel/db/index.ts'
import type { Parts } from './coldchain.parts.ts'
import { getOwnHolder } from './holder.service.ts'
import { seenLots, shownLot } from './lot.read.ts'
import { inTransit } from './overview.read.ts'
import { judgeScanned } from './violation.service.ts'

const mostStock = 1500
const mostBoxes = 5000

/** Whose the holder is, before what concerns him is read over the borders of counties. @throws Problem 404 */
const own = (parts: Parts, caller: Caller, id: string) =>
  readScope(parts.kernel.db, scopeFor(caller, 'coldchain.operate'), (tx) => getOwnHolder(tx, caller, id))

const boxesOf = (tx: Tx, holderId: string, dispatches: readonly string[]) =>
  sql<ColdScanPack['boxes'][number]>`
    (SELECT uri, lot_id, grams, parent_uri AS pallet, NULL AS dispatch FROM coldchain.box
      WHERE holder_id = ${holderId} AND NOT gone ORDER BY uri LIMIT ${mostBoxes + 1})
    UNION ALL
    (SELECT uri, lot_id, grams, parent_uri, dispatch_uri FROM coldchain.box
      WHERE dispatch_uri = ANY(${[...dispatches]}::text[]) ORDER BY uri LIMIT ${mostBoxes + 1})`.execute(tx)

/** Lots, boxes and arriving goods of a holder, for a phone that is to work without a network. @throws Problem 404 */
export async function readPack(parts: Parts, caller: Caller, id: string): Promise<ColdScanPack> {
  const holder = await own(parts, caller, id)
  const { kernel } = parts
  return readScope(kernel.db, systemScope, async (tx) => {
    const { rows: stock } = await sql<{ lotId: string; grams: number; countedAt: Date | null; movedAt: Date }>`
      SELECT lot_id, grams, counted_at, moved_at FROM coldchain.balance WHERE holder_id = ${holder.id} AND grams > 0
      ORDER BY lot_id DESC LIMIT ${mostStock + 1}`.execute(tx)
    const arriving = await inTransit(tx, sql<boolean>`d.to_id = ${holder.id}::uuid`)
    const { rows: boxes } = await boxesOf(tx, holder.id, [...new Set(arriving.map(({ uri }) => uri))])
    const ids = [...new Set([...stock.slice(0, mostStock), ...arriving].map(({ lotId }) => lotId))]
    const { rows: lots } = await seenLots(sql`(SELECT unnest(${ids}::uuid[]) AS id)`).execute(tx)
    return {
      at: kernel.clock.now().toISOString(),
      lots: lots.map(shownLot),
      stock: stock.slice(0, mostStock).map(({ countedAt, movedAt, ...held }) => ({
        ...held,
        countedAt: countedAt?.toISOString() ?? null,
        movedAt: movedAt.toISOString(),
      })),
      boxes: boxes.slice(0, mostBoxes),
      arriving,
      cut: boxes.length > mostBoxes || stock.length > mostStock,
    }
  })
}

type Known = ResponseOf<(typeof coldchainRoutes)['cold-scan.code']>

/** What a code is, and what would be wrong with it at a holder of the caller's; raises nothing. @throws Problem 404 */
export async function readScanned(parts: Parts, caller: Caller, id: string, code: string): Promise<Known> {
  const holder = await own(parts, caller, id)
  return readScope(parts.kernel.db, systemScope, async (tx) => {
    const { found, wrong } = await judgeScanned(tx, code, holder)
    return { lot: found ? shownLot(found.lot) : null, grams: found?.grams ?? null, wrong: wrong ?? null }
  })
}
