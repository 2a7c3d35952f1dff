import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import { dayOf, isDay, uuidv7 } from '@vigil/codes'
import type { BodyOf, ColdDocument, coldchainRoutes, Download, QueryOf } from '@vigil/contract'
import { sql } from 'kysely'
import { assertCan, type Caller, can, scopeFor } from '../../kernel/access/caller.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf, command } from '../../kernel/command/command.ts'
import { beyondScope, readScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, invalidField, notFound } from '../../kernel/error/problem.ts'
import { keepFile } from '../../kernel/file/index.ts'
import type { Parts } from './coldchain.parts.ts'
import type { DeclarationRow, DocumentRow, HolderRow } from './coldchain.table.ts'
import { getDeclaration, lockDeclaration } from './declaration.store.ts'
import { sealDriver } from './driver.ts'
import { getGoods, getHolder, getOwnHolder } from './holder.service.ts'
import { boxSerial, lotUri, serialBytes } from './label.domain.ts'
import { loadRules, ruleAt } from './rule.read.ts'

type Routes = typeof coldchainRoutes
type LotInput = Pick<
  BodyOf<Routes['cold-declaration.create']>,
  'goodsId' | 'lotNo' | 'origin' | 'plantNo' | 'supplierLot' | 'containerNo' | 'producedOn' | 'expiresOn'
>

const hourMs = 3_600_000
export const mostAheadMs = 60 * 24 * hourMs

/** A lot number that nobody has: the day and eight random characters. */
export const freshLotNo = (day: string): string =>
  `${day.slice(2).replaceAll('-', '')}${boxSerial(randomBytes(serialBytes)).slice(0, 8)}`

/** Puts an imported lot on the books, with itself as its origin. @throws Problem 400, 404, 409 when the number is taken */
export async function putLot(
  tx: Tx,
  caller: Caller,
  at: Date,
  input: LotInput,
  place: { readonly kind: 'imported' | 'foreign'; readonly ownerId: string | null; readonly holder: HolderRow },
): Promise<string> {
  const goods = await getGoods(tx, input.goodsId)
  if (!isDay(input.producedOn) || input.producedOn > dayOf(at))
    throw invalidField('/producedOn', '生产日期不能晚于今天')
  if (!isDay(input.expiresOn) || input.expiresOn <= input.producedOn)
    throw invalidField('/expiresOn', '保质期应晚于生产日期')
  const id = uuidv7()
  const lotNo = input.lotNo || freshLotNo(dayOf(at))
  const { kind, ownerId, holder } = place
  const facts = { origin: input.origin.trim(), plantNo: input.plantNo.trim(), supplierLot: input.supplierLot.trim() }
  const added = await tx
    .insertInto('coldchain.lot')
    .values({
      ...{
        id,
        uri: lotUri(goods.gtin, lotNo),
        gtin: goods.gtin,
        lotNo,
        goodsId: goods.id,
        goodsName: goods.name,
        kind,
      },
      ...facts,
      ...{ containerNo: input.containerNo.trim() || null, producedOn: input.producedOn, expiresOn: input.expiresOn },
      ...{ ownerId, holderId: holder.id, path: holder.path, createdAt: at, createdBy: caller.name },
    })
    .onConflict((on) => on.column('uri').doNothing())
    .executeTakeFirst()
  if (added.numInsertedOrUpdatedRows !== 1n) throw conflict('这个批次号已经登记', 'taken')
  await tx.insertInto('coldchain.lotRoot').values({ lotId: id, rootId: id }).execute()
  return id
}

/** Books an hour of a warehouse. @throws Problem 400 too late or too far ahead, 409 when the hour is full */
async function bookSlot(tx: Tx, warehouse: HolderRow, slotAt: Date, now: Date): Promise<void> {
  const { noticeHours } = ruleAt(await loadRules(tx), warehouse.path, now)
  if (slotAt.getTime() % hourMs !== 0) throw invalidField('/slotAt', '请预约整点')
  if (slotAt.getTime() < now.getTime() + noticeHours * hourMs)
    throw invalidField('/slotAt', `须提前 ${noticeHours} 小时申报`, 'notice')
  if (slotAt.getTime() > now.getTime() + mostAheadMs) throw invalidField('/slotAt', '最多提前 60 天预约')
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`${warehouse.id} ${slotAt.toISOString()}`}, 0))`.execute(tx)
  const { taken } = await beyondScope(tx, () =>
    tx
      .selectFrom('coldchain.declaration')
      .select(({ fn }) => fn.countAll<number>().as('taken'))
      .where('warehouseId', '=', warehouse.id)
      .where('slotAt', '=', slotAt)
      .where('state', '!=', 'cancelled')
      .executeTakeFirstOrThrow(),
  )
  if (taken >= warehouse.slotsPerHour!) throw conflict('这个时段已经约满，请另选', 'full')
}

/**
 * Declares a lot ahead of its arrival: its facts, vehicle and driver, and an hour of the warehouse.
 * @returns id of the declaration @throws Problem 400 with the field, 404 for what is not the caller's, 409 when full or taken
 */
export async function declare(
  { kernel }: Parts,
  caller: Caller,
  body: BodyOf<Routes['cold-declaration.create']>,
): Promise<string> {
  const now = kernel.clock.now()
  const keyMonth = dayOf(now).slice(0, 7)
  await kernel.vault.ensureMonth(keyMonth)
  return command(kernel.db, caller, 'coldchain.operate', async (tx, audit) => {
    const owner = await getOwnHolder(tx, caller, body.ownerId)
    const warehouse = await getHolder(tx, body.warehouseId)
    if (warehouse.kind !== 'warehouse') throw invalidField('/warehouseId', '请选择集中监管仓')
    const slotAt = new Date(body.slotAt)
    await bookSlot(tx, warehouse, slotAt, now)
    const lotId = await putLot(tx, caller, now, body, { kind: 'imported', ownerId: owner.id, holder: warehouse })
    const id = uuidv7()
    const { rows } = await sql<{ n: number }>`SELECT nextval('coldchain.declaration_number') AS n`.execute(tx)
    const number = `LL${dayOf(now).replaceAll('-', '')}${String(rows[0]!.n).padStart(6, '0')}`
    const driver = { name: body.driverName.trim(), mobile: body.driverMobile }
    const { boxes, grams } = body
    await tx
      .insertInto('coldchain.declaration')
      .values({
        ...{ id, number, lotId, ownerId: owner.id, warehouseId: warehouse.id, slotAt, vehicle: body.vehicle.trim() },
        ...{ keyMonth, sealed: sealDriver(kernel.vault, keyMonth, id, driver), boxes, grams },
        ...{ path: warehouse.path, ownerPath: owner.path, declaredAt: now, declaredBy: caller.name },
      })
      .execute()
    const detail = { number, lotId, boxes, grams, slotAt: slotAt.toISOString() }
    const about = { object: `cold-declaration:${id}`, path: owner.path, areaCode: owner.areaCode }
    await audit({ action: 'coldchain.declare', ...about, detail })
    return id
  })
}

/** Whether the caller may act for one of the two sides of a declaration. @throws Problem 404 */
export function assertSide(caller: Caller, { path, ownerPath }: DeclarationRow): void {
  if (!can(caller, 'coldchain.operate', ownerPath)) assertCan(caller, 'coldchain.operate', path, '申报')
}

export const aboutDeclaration = ({ id, path }: DeclarationRow) => ({ object: `cold-declaration:${id}`, path })

/** Cancels a declaration before its entry. @throws Problem 404, 409 when it has entered or is cancelled */
export async function cancelDeclaration({ kernel }: Parts, caller: Caller, id: string, reason: string): Promise<void> {
  await command(kernel.db, caller, 'coldchain.operate', async (tx, audit) => {
    const row = await lockDeclaration(tx, id)
    assertCan(caller, 'coldchain.operate', row.ownerPath, '申报')
    if (row.state === 'entered' || row.state === 'cancelled') throw conflict('已入仓或已取消，不能再取消', row.state)
    await tx.updateTable('coldchain.declaration').set({ state: 'cancelled' }).where('id', '=', id).execute()
    const about = { ...aboutDeclaration(row), path: row.ownerPath }
    await audit({ action: 'coldchain.cancel-declaration', ...about, detail: { reason: reason.trim() } })
  })
}

/** A document as it is shown. */
export const shownDocument = (row: DocumentRow): ColdDocument => {
  const { id, kind, number, issuedOn, filename, mediaType, bytes, sha256, at, by } = row
  return { id, kind, number, issuedOn, filename, mediaType, bytes, sha256, at: at.toISOString(), by }
}

/** Keeps a document of a declaration; none is ever replaced, the last of a kind stands. @throws Problem 400, 404, 409 after entry */
export async function addDocument(
  { kernel }: Parts,
  caller: Caller,
  id: string,
  { kind, number, issuedOn }: QueryOf<Routes['cold-declaration.add-document']>,
  upload: { filename: string; stream: Readable },
): Promise<ColdDocument> {
  const found = await readScope(kernel.db, scopeFor(caller, 'coldchain.operate'), async (tx) => {
    const row = await getDeclaration(tx, id)
    assertSide(caller, row)
    return row
  }).catch((error: unknown) => {
    upload.stream.resume()
    throw error
  })
  let made: DocumentRow | undefined
  const allowed = ['application/pdf', 'image/png', 'image/jpeg']
  const own = can(caller, 'coldchain.operate', found.ownerPath) ? found.ownerPath : found.path
  await keepFile(kernel, caller, own, upload, allowed, async (tx, file) => {
    const row = await lockDeclaration(tx, id)
    if (row.state === 'entered' || row.state === 'cancelled')
      throw conflict('已入仓或已取消，不能再上传单证', row.state)
    const { path, ownerPath } = row
    const facts = { kind, number: number.trim(), issuedOn, path, ownerPath, at: kernel.clock.now(), by: caller.name }
    made = { id: uuidv7(), declarationId: id, ...file, ...facts }
    await tx.insertInto('coldchain.document').values(made).execute()
    const detail = { kind, number: facts.number, issuedOn, sha256: file.sha256 }
    await record(tx, auditOf(caller, { action: 'coldchain.add-document', ...aboutDeclaration(row), path: own, detail }))
  })
  return shownDocument(made!)
}

/** A document of a declaration in the caller's area. @throws Problem 404 */
export async function readDocument(
  { kernel }: Parts,
  caller: Caller,
  id: string,
  documentId: string,
): Promise<Download> {
  const row = await readScope(kernel.db, scopeFor(caller, 'coldchain.read'), (tx) =>
    tx
      .selectFrom('coldchain.document')
      .selectAll()
      .where('id', '=', documentId)
      .where('declarationId', '=', id)
      .executeTakeFirst(),
  )
  if (!row) throw notFound('单证')
  const { mediaType, filename, stream } = await kernel.files.open(row.fileId)
  return { mediaType, filename, body: stream }
}
