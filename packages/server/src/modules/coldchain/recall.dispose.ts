import type { Readable } from 'node:stream'
import { uuidv7 } from '@vigil/codes'
import type { BodyOf, coldchainRoutes, Download } from '@vigil/contract'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf, command } from '../../kernel/command/command.ts'
import { beyondScope, readScope } from '../../kernel/db/index.ts'
import { conflict, notFound } from '../../kernel/error/problem.ts'
import { keepFile } from '../../kernel/file/index.ts'
import type { Parts } from './coldchain.parts.ts'
import { destroyUnderOrder } from './release.service.ts'

/** Photos and papers of one destruction. */
const mostFiles = 9

/**
 * Destroys grams of a recalled lot at a holder of the caller's area under an order, before a witness. @returns id of the record
 * @throws Problem 404 for what the recall does not name, 409 unless it is open, EventsRefused when the goods are not there
 */
export async function disposeRecalled(
  parts: Parts,
  caller: Caller,
  id: string,
  { lotId, witness, note, ...order }: BodyOf<(typeof coldchainRoutes)['cold-recall.dispose']>,
): Promise<string> {
  return command(parts.kernel.db, caller, 'coldchain.inspect', async (tx, audit) => {
    const recall = await beyondScope(tx, () =>
      tx
        .selectFrom('coldchain.recall as r')
        .select(['r.number', 'r.kind', 'r.state', 'r.reason'])
        .where('r.id', '=', id)
        .where((eb) =>
          eb.exists(eb.selectFrom('coldchain.recallLine').where('recallId', '=', id).where('lotId', '=', lotId)),
        )
        .executeTakeFirst(),
    )
    if (!recall) throw notFound('召回')
    if (recall.kind !== 'real' || recall.state !== 'open') throw conflict('召回不在进行中', recall.state)
    const reason = note.trim() || `召回 ${recall.number}：${recall.reason}`.slice(0, 300)
    const { orderId, holder, at } = await destroyUnderOrder(parts, tx, caller, lotId, { ...order, reason })
    const row = { id: uuidv7(), recallId: id, orderId, witness: witness.trim(), note: note.trim(), path: holder.path }
    await tx
      .insertInto('coldchain.disposal')
      .values({ ...row, at, by: caller.name })
      .execute()
    const detail = {
      number: recall.number,
      lotId,
      grams: order.grams,
      orderNo: order.orderNo.trim(),
      witness: row.witness,
    }
    const about = { object: `cold-recall:${id}`, path: holder.path, areaCode: holder.areaCode }
    await audit({ action: 'coldchain.dispose-recalled', ...about, detail })
    return row.id
  })
}

/** Keeps a photo or paper of a destruction. @throws Problem 400 for another kind of file, 404 outside the area, 409 beyond nine */
export async function addProof(
  { kernel }: Parts,
  caller: Caller,
  id: string,
  upload: { filename: string; stream: Readable },
): Promise<void> {
  const row = await readScope(kernel.db, scopeFor(caller, 'coldchain.inspect'), (tx) =>
    tx.selectFrom('coldchain.disposal').selectAll().where('id', '=', id).executeTakeFirst(),
  )
  if (!row) {
    upload.stream.resume()
    throw notFound('销毁记录')
  }
  await keepFile(kernel, caller, row.path, upload, ['image/png', 'image/jpeg', 'application/pdf'], async (tx, file) => {
    await tx.selectFrom('coldchain.recall').select('id').where('id', '=', row.recallId).forUpdate().execute()
    const { count } = await tx
      .selectFrom('coldchain.disposalFile')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('disposalId', '=', id)
      .executeTakeFirstOrThrow()
    if (count >= mostFiles) throw conflict(`每次销毁最多 ${mostFiles} 份照片或文件`, 'full')
    await tx
      .insertInto('coldchain.disposalFile')
      .values({ id: uuidv7(), disposalId: id, ...file, path: row.path, at: kernel.clock.now(), by: caller.name })
      .execute()
    const about = { object: `cold-recall:${row.recallId}`, path: row.path, detail: { sha256: file.sha256 } }
    await record(tx, auditOf(caller, { action: 'coldchain.add-proof', ...about }))
  })
}

/** A photo or paper of a destruction in the caller's area. @throws Problem 404 */
export async function readProof({ kernel }: Parts, caller: Caller, id: string, fileId: string): Promise<Download> {
  const row = await readScope(kernel.db, scopeFor(caller, 'coldchain.read'), (tx) =>
    tx
      .selectFrom('coldchain.disposalFile')
      .select('fileId')
      .where('id', '=', fileId)
      .where('disposalId', '=', id)
      .executeTakeFirst(),
  )
  if (!row) throw notFound('文件')
  const { mediaType, filename, stream } = await kernel.files.open(row.fileId)
  return { mediaType, filename, body: stream }
}
