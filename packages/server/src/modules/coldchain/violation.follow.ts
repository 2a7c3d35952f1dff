import { uuidv7 } from '@vigil/codes'
import type { BodyOf, ColdViolationDetail, coldchainRoutes, Download } from '@vigil/contract'
import { type Caller, type Needed, scopeFor } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, notFound } from '../../kernel/error/problem.ts'
import type { Parts } from './coldchain.parts.ts'
import type { ViolationRow } from './coldchain.table.ts'
import { getHolder } from './holder.service.ts'
import { tally } from './tally.store.ts'
import { lockViolation, selectViolations, shownViolation } from './violation.service.ts'

type Routes = typeof coldchainRoutes
type Step = ColdViolationDetail['steps'][number]['kind']

/** A violation in the caller's area with its photos and what was done about it, oldest first. @throws Problem 404 */
export async function readViolation(
  { kernel }: Parts,
  caller: Caller,
  id: string,
  permission: Needed = 'coldchain.read',
): Promise<ColdViolationDetail> {
  return readScope(kernel.db, scopeFor(caller, permission), async (tx) => {
    const row = await selectViolations(tx)
      .leftJoin('coldchain.lot as l', 'l.id', 'v.lotId')
      .select(['l.lotNo', 'l.goodsName'])
      .where('v.id', '=', id)
      .executeTakeFirst()
    if (!row) throw notFound('违规记录')
    const pictures = await tx
      .selectFrom('coldchain.photo')
      .select(['id', 'filename', 'bytes', 'sha256', 'at', 'by'])
      .where('violationId', '=', id)
      .orderBy('id')
      .limit(20)
      .execute()
    const steps = await tx
      .selectFrom('coldchain.violationStep')
      .select(['kind', 'note', 'at', 'by'])
      .where('violationId', '=', id)
      .orderBy('id')
      .limit(200)
      .execute()
    return {
      ...shownViolation(row),
      ...{ lotNo: row.lotNo, goodsName: row.goodsName },
      pictures: pictures.map((picture) => ({ ...picture, at: picture.at.toISOString() })),
      steps: steps.map((step) => ({ ...step, at: step.at.toISOString() })),
    }
  })
}

const aboutViolation = ({ id, path, areaCode }: ViolationRow) => ({ object: `cold-violation:${id}`, path, areaCode })

async function addStep(
  { kernel }: Parts,
  tx: Tx,
  caller: Caller,
  { id, path }: ViolationRow,
  kind: Step,
  note: string,
): Promise<void> {
  const row = { id: uuidv7(), violationId: id, kind, note, path, at: kernel.clock.now(), by: caller.name }
  await tx.insertInto('coldchain.violationStep').values(row).execute()
}

/** Notes what is being done; the first note takes an open one up. @throws Problem 404 outside the area, 409 when it is closed */
export async function followViolation(
  parts: Parts,
  caller: Caller,
  id: string,
  { note }: BodyOf<Routes['cold-violation.follow']>,
): Promise<ColdViolationDetail> {
  await command(parts.kernel.db, caller, 'coldchain.inspect', async (tx, audit) => {
    const row = await lockViolation(tx, caller, id, 'coldchain.inspect')
    if (row.state === 'closed') throw conflict('这条违规已经处置', 'closed')
    const kind = row.state === 'open' ? 'take' : 'note'
    if (kind === 'take')
      await tx.updateTable('coldchain.violation').set({ state: 'taken' }).where('id', '=', id).execute()
    await addStep(parts, tx, caller, row, kind, note.trim())
    await audit({ action: 'coldchain.follow-violation', ...aboutViolation(row), detail: { kind, note: note.trim() } })
  })
  return readViolation(parts, caller, id, 'coldchain.inspect')
}

/** Closes a violation with its outcome and what was taken off sale. @throws Problem 404 outside the area, 409 when it is closed */
export async function closeViolation(
  parts: Parts,
  caller: Caller,
  id: string,
  { outcome, withdrawnGrams }: BodyOf<Routes['cold-violation.close']>,
): Promise<ColdViolationDetail> {
  const { kernel } = parts
  await command(kernel.db, caller, 'coldchain.inspect', async (tx, audit) => {
    const row = await lockViolation(tx, caller, id, 'coldchain.inspect')
    if (row.state === 'closed') throw conflict('这条违规已经处置', 'closed')
    const closedAt = kernel.clock.now()
    await tx
      .updateTable('coldchain.violation')
      .set({ state: 'closed', outcome: outcome.trim(), withdrawnGrams, closedAt, closedBy: caller.name })
      .where('id', '=', id)
      .execute()
    await addStep(parts, tx, caller, row, 'close', outcome.trim())
    if (row.holderId) await tally(tx, await getHolder(tx, row.holderId), closedAt, { withdrawnGrams })
    await audit({ action: 'coldchain.close-violation', ...aboutViolation(row), detail: { withdrawnGrams } })
  })
  return readViolation(parts, caller, id, 'coldchain.inspect')
}

/** A photo of a violation; who looked at it is recorded. @throws Problem 404 outside the area */
export async function readPhoto({ kernel }: Parts, caller: Caller, id: string, photoId: string): Promise<Download> {
  const row = await command(kernel.db, caller, 'coldchain.inspect', async (tx, audit) => {
    const photo = await tx
      .selectFrom('coldchain.photo as p')
      .innerJoin('coldchain.violation as v', 'v.id', 'p.violationId')
      .select(['p.fileId', 'p.sha256', 'v.path', 'v.areaCode'])
      .where('p.id', '=', photoId)
      .where('p.violationId', '=', id)
      .executeTakeFirst()
    if (!photo) throw notFound('照片')
    const { path, areaCode, sha256 } = photo
    await audit({ action: 'coldchain.read-photo', object: `cold-violation:${id}`, path, areaCode, detail: { sha256 } })
    return photo
  })
  const { mediaType, filename, stream } = await kernel.files.open(row.fileId)
  return { mediaType, filename, body: stream }
}
