import { uuidv7 } from '@vigil/codes'
import type { BodyOf, coldchainRoutes } from '@vigil/contract'
import { assertCan, type Caller } from '../../kernel/access/caller.ts'
import { type CommandAudit, command } from '../../kernel/command/command.ts'
import { beyondScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, invalidField } from '../../kernel/error/problem.ts'
import { capture, type Parts } from './coldchain.parts.ts'
import type { DeclarationRow, FigureRow } from './coldchain.table.ts'
import { compareFigures } from './declaration.domain.ts'
import { aboutDeclaration } from './declaration.service.ts'
import { documentsOf, getLot, lockDeclaration, troublesOf } from './declaration.store.ts'
import { objectEvent } from './event.build.ts'
import { getHolder } from './holder.service.ts'
import { type Claim, once } from './request.store.ts'
import { loadRules } from './rule.read.ts'
import { tally } from './tally.store.ts'

type Body = BodyOf<(typeof coldchainRoutes)['cold-declaration.figure']>

/**
 * What a side counted on arrival. Said the same by both, the lot enters with these figures; otherwise a difference stands open
 * until both say the same, and everything that was said is kept.
 * @throws Problem 400 without a reason for a changed figure, 404 outside the area, 409 when it has entered or papers are wanting
 */
export async function countArrival(parts: Parts, caller: Caller, id: string, body: Body): Promise<void> {
  await once(parts, caller, body.key, ['figure', id, body], (claim, keep) =>
    command(parts.kernel.db, caller, 'coldchain.operate', async (tx, audit) => {
      await countIn(parts, caller, id, body, { tx, audit, claim })
      return keep(tx, {})
    }),
  )
}

interface Steps {
  readonly tx: Tx
  readonly audit: (entry: CommandAudit) => Promise<void>
  readonly claim: Claim
}

async function countIn(parts: Parts, caller: Caller, id: string, body: Body, { tx, audit, claim }: Steps) {
  const { kernel } = parts
  const { side, boxes, grams } = body
  const reason = body.reason.trim()
  const row = await lockDeclaration(tx, id)
  const path = side === 'warehouse' ? row.path : row.ownerPath
  assertCan(caller, 'coldchain.operate', path, '申报')
  await claim(tx, path)
  if (row.state === 'entered' || row.state === 'cancelled') throw conflict('已入仓或已取消，不能再登记数量', row.state)
  const at = kernel.clock.now()
  const said = await figuresOf(tx, id)
  if (said.some((figure) => figure.side === side) && reason === '')
    throw invalidField('/reason', '更改已登记的数量须写明原因', 'required')
  const place = { path: row.path, ownerPath: row.ownerPath, at, by: caller.name }
  await tx
    .insertInto('coldchain.figure')
    .values({ id: uuidv7(), declarationId: id, side, boxes, grams, reason, ...place })
    .execute()
  const last = {
    consignor: lastOf(said, 'consignor'),
    warehouse: lastOf(said, 'warehouse'),
    [side]: { boxes, grams },
  }
  const outcome = compareFigures(last.consignor, last.warehouse)
  if (outcome === 'agreed') await enter(parts, tx, caller, row, { boxes, grams }, at)
  if (outcome === 'disputed') await dispute(tx, row, last.consignor!, last.warehouse!, at)
  await audit({ action: 'coldchain.count', ...aboutDeclaration(row), path, detail: { side, boxes, grams, outcome } })
}

/** All that was said of a declaration, oldest first. */
export const figuresOf = (tx: Tx, declarationId: string): Promise<FigureRow[]> =>
  tx
    .selectFrom('coldchain.figure')
    .selectAll()
    .where('declarationId', '=', declarationId)
    .orderBy('id')
    .limit(100)
    .execute()

const lastOf = (figures: readonly FigureRow[], side: FigureRow['side']) =>
  figures.findLast((figure) => figure.side === side)

async function dispute(
  tx: Tx,
  row: DeclarationRow,
  consignor: Pick<FigureRow, 'boxes' | 'grams'>,
  warehouse: Pick<FigureRow, 'boxes' | 'grams'>,
  at: Date,
): Promise<void> {
  await tx.updateTable('coldchain.declaration').set({ state: 'disputed' }).where('id', '=', row.id).execute()
  await tx
    .insertInto('coldchain.discrepancy')
    .values({
      ...{ declarationId: row.id, consignorBoxes: consignor.boxes, consignorGrams: consignor.grams },
      ...{ warehouseBoxes: warehouse.boxes, warehouseGrams: warehouse.grams, openedAt: at },
      ...{ settledAt: null, settledBoxes: null, settledGrams: null, path: row.path, ownerPath: row.ownerPath },
    })
    .onConflict((on) => on.column('declarationId').doNothing())
    .execute()
}

async function enter(
  parts: Parts,
  tx: Tx,
  caller: Caller,
  row: DeclarationRow,
  { boxes, grams }: { boxes: number; grams: number },
  at: Date,
): Promise<void> {
  const lot = await getLot(tx, row.lotId)
  const [trouble] = troublesOf(row, lot, await documentsOf(tx, row.id), await loadRules(tx))
  if (trouble) throw conflict(`单证不符合要求，不能入仓：${trouble.detail}`, trouble.rule)
  await tx
    .updateTable('coldchain.declaration')
    .set({ state: 'entered', enteredAt: at, enteredBoxes: boxes, enteredGrams: grams })
    .where('id', '=', row.id)
    .execute()
  await tx
    .updateTable('coldchain.discrepancy')
    .set({ settledAt: at, settledBoxes: boxes, settledGrams: grams })
    .where('declarationId', '=', row.id)
    .execute()
  const [owner, warehouse] = [await getHolder(tx, row.ownerId), await getHolder(tx, row.warehouseId)]
  const happening = { id: uuidv7(), at, place: warehouse.locationUri, from: owner.uri, to: warehouse.uri }
  const event = objectEvent(
    { ...happening, documents: [`urn:uuid:${row.id}`] },
    { codes: [], lots: [{ uri: lot.uri, grams }] },
    { action: 'OBSERVE', bizStep: 'accepting', disposition: 'in_progress' },
  )
  await capture(parts, tx, caller, warehouse, event)
  await beyondScope(tx, () => tally(tx, warehouse, at, { lots: 1, boxes, grams }))
}
