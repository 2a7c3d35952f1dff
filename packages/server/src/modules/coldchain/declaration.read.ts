import type { ColdDeclaration, ColdDeclarationDetail, coldchainRoutes, QueryOf } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { beyondScope, readScope, type Tx } from '../../kernel/db/index.ts'
import { chosenScope, type Parts } from './coldchain.parts.ts'
import type { DeclarationRow } from './coldchain.table.ts'
import { shownDocument } from './declaration.service.ts'
import { documentsOf, getDeclaration, getLot, troublesOf } from './declaration.store.ts'
import { maskedDriver } from './driver.ts'
import { figuresOf } from './entry.service.ts'
import { getHolder } from './holder.service.ts'
import { loadRules } from './rule.read.ts'

type Named = DeclarationRow & { lotNo: string; goodsName: string; ownerName: string; warehouseName: string }

const shown = (row: Named): ColdDeclaration => ({
  ...{ id: row.id, number: row.number, state: row.state, lotId: row.lotId, lotNo: row.lotNo, goodsName: row.goodsName },
  ...{ ownerName: row.ownerName, warehouseId: row.warehouseId, warehouseName: row.warehouseName },
  ...{
    vehicle: row.vehicle,
    slotAt: row.slotAt.toISOString(),
    boxes: row.boxes,
    grams: row.grams,
    declaredAt: row.declaredAt.toISOString(),
  },
})

/** Declarations that the caller's area sends or awaits, newest first. */
export async function listDeclarations(
  parts: Parts,
  caller: Caller,
  { area, state, warehouse, cursor, limit = 50 }: QueryOf<(typeof coldchainRoutes)['cold-declaration.list']>,
): Promise<{ items: ColdDeclaration[]; next: string | null }> {
  const rows = await readScope(parts.kernel.db, chosenScope(parts, caller, area), (tx) => {
    let select = tx
      .selectFrom('coldchain.declaration as d')
      .innerJoin('coldchain.lot as l', 'l.id', 'd.lotId')
      .innerJoin('coldchain.holder as o', 'o.id', 'd.ownerId')
      .innerJoin('coldchain.holder as w', 'w.id', 'd.warehouseId')
      .selectAll('d')
      .select(['l.lotNo', 'l.goodsName', 'o.name as ownerName', 'w.name as warehouseName'])
      .orderBy('d.id', 'desc')
      .limit(limit + 1)
    if (state === 'waiting') select = select.where('d.state', 'in', ['declared', 'disputed'])
    else if (state !== undefined) select = select.where('d.state', '=', state)
    if (warehouse !== undefined) select = select.where('d.warehouseId', '=', warehouse)
    if (cursor !== undefined) select = select.where('d.id', '<', cursor)
    return select.execute()
  })
  return { items: rows.slice(0, limit).map(shown), next: rows.length > limit ? rows[limit - 1]!.id : null }
}

/** A declaration with all that hangs on it, the driver masked; his month's key must be loaded. */
export async function detailOf({ kernel }: Parts, tx: Tx, row: DeclarationRow): Promise<ColdDeclarationDetail> {
  const lot = await getLot(tx, row.lotId)
  const [owner, warehouse] = [await getHolder(tx, row.ownerId), await getHolder(tx, row.warehouseId)]
  const documents = await documentsOf(tx, row.id)
  const figures = await figuresOf(tx, row.id)
  const gap = await tx
    .selectFrom('coldchain.discrepancy')
    .selectAll()
    .where('declarationId', '=', row.id)
    .executeTakeFirst()
  const names = { lotNo: lot.lotNo, goodsName: lot.goodsName, ownerName: owner.name, warehouseName: warehouse.name }
  return {
    ...shown({ ...row, ...names }),
    ...maskedDriver(kernel.vault, row),
    documents: documents.map(shownDocument),
    figures: figures.map(({ side, boxes, grams, reason, at, by }) => ({
      ...{ side, boxes, grams, reason, by },
      at: at.toISOString(),
    })),
    discrepancy: gap
      ? {
          ...{ consignorBoxes: gap.consignorBoxes, consignorGrams: gap.consignorGrams },
          ...{ warehouseBoxes: gap.warehouseBoxes, warehouseGrams: gap.warehouseGrams },
          openedAt: gap.openedAt.toISOString(),
          settledAt: gap.settledAt?.toISOString() ?? null,
          ...{ settledBoxes: gap.settledBoxes, settledGrams: gap.settledGrams },
        }
      : null,
    problems: troublesOf(row, lot, documents, await loadRules(tx)),
  }
}

/** A declaration that the caller's area sends or awaits. @throws Problem 404 */
export async function readDeclaration(parts: Parts, caller: Caller, id: string): Promise<ColdDeclarationDetail> {
  const scope = scopeFor(caller, 'coldchain.read')
  const row = await readScope(parts.kernel.db, scope, (tx) => getDeclaration(tx, id))
  return declarationDetail(parts, row)
}

/** The same for whoever has just made or changed it. */
export async function ownDeclaration(parts: Parts, caller: Caller, id: string): Promise<ColdDeclarationDetail> {
  const scope = scopeFor(caller, 'coldchain.operate')
  const row = await readScope(parts.kernel.db, scope, (tx) => getDeclaration(tx, id))
  return declarationDetail(parts, row)
}

async function declarationDetail(parts: Parts, row: DeclarationRow): Promise<ColdDeclarationDetail> {
  const { kernel } = parts
  await kernel.vault.loadMonths([row.keyMonth])
  return readScope(kernel.db, [row.path], (tx) => detailOf(parts, tx, row))
}

/** The declaration of a lot, if it was declared here; the transaction must see the whole country. */
export async function declarationOf(parts: Parts, tx: Tx, lotId: string): Promise<DeclarationRow | undefined> {
  const row = await tx.selectFrom('coldchain.declaration').selectAll().where('lotId', '=', lotId).executeTakeFirst()
  if (row) await parts.kernel.vault.loadMonths([row.keyMonth])
  return row
}

/** Forgets the drivers of a destroyed month. @returns rows cleaned */
export const forgetDrivers = (tx: Tx, month: string): Promise<number> =>
  beyondScope(tx, async () => {
    const done =
      await sql`UPDATE coldchain.declaration SET sealed = NULL WHERE key_month = ${month} AND sealed IS NOT NULL`.execute(
        tx,
      )
    return Number(done.numAffectedRows ?? 0)
  })
