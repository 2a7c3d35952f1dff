import type { Readable } from 'node:stream'
import { uuidv7 } from '@vigil/codes'
import type { Download, StopSaleDocument } from '@vigil/contract'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf } from '../../kernel/command/command.ts'
import { readScope } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import { keepFile } from '../../kernel/file/index.ts'
import { type DocumentRow, getOrder, lockOrder, shownDocument } from './order.store.ts'
import type { Parts } from './stopsale.parts.ts'

/** Keeps a scan of the official document; none is ever replaced. @throws Problem 400 for another kind of file, 404 outside the area */
export async function addDocument(
  { kernel }: Parts,
  caller: Caller,
  id: string,
  upload: { filename: string; stream: Readable },
): Promise<StopSaleDocument> {
  const scope = scopeFor(caller, 'stopsale.manage')
  const order = await readScope(kernel.db, scope, (tx) => getOrder(tx, scope, id)).catch((error: unknown) => {
    upload.stream.resume()
    throw error
  })
  let made: DocumentRow | undefined
  await keepFile(
    kernel,
    caller,
    order.path,
    upload,
    ['application/pdf', 'image/png', 'image/jpeg'],
    async (tx, file) => {
      await lockOrder(tx, caller, id)
      made = { id: uuidv7(), ...file, at: kernel.clock.now(), by: caller.name }
      await tx
        .insertInto('stopsale.document')
        .values({ ...file, id: made.id, orderId: id, at: made.at, by: made.by })
        .execute()
      await record(
        tx,
        auditOf(caller, {
          action: 'stop-sale.add-document',
          object: `stop-sale:${id}`,
          path: order.path,
          areaCode: order.areaCode,
          detail: { bytes: file.bytes, sha256: file.sha256 },
        }),
      )
    },
  )
  return shownDocument(made!)
}

/** A document of an order that binds the caller's area. @throws Problem 404 */
export async function readDocument(
  { kernel }: Parts,
  caller: Caller,
  id: string,
  documentId: string,
): Promise<Download> {
  const scope = scopeFor(caller, 'stopsale.read')
  const row = await readScope(kernel.db, scope, async (tx) => {
    await getOrder(tx, scope, id)
    return tx
      .selectFrom('stopsale.document')
      .selectAll()
      .where('id', '=', documentId)
      .where('orderId', '=', id)
      .executeTakeFirst()
  })
  if (!row) throw notFound('文件')
  const { mediaType, filename, stream } = await kernel.files.open(row.fileId)
  return { mediaType, filename, body: stream }
}
