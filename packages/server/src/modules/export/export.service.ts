import { uuidv7 } from '@vigil/codes'
import type { BodyOf, Download, ExportItem, exportRoutes } from '@vigil/contract'
import { type Caller, scopeFor, within } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { readScope, type Scope } from '../../kernel/db/index.ts'
import { conflict, forbidden, invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { type Purchases, type Reference, type ResolvedFilter, resolveFilter } from '../pharmacy/index.ts'
import { sealFilter } from './export.filter.ts'
import { exportQueue } from './export.job.ts'
import { type ExportEntry, insertExport, takeNumber } from './export.store.ts'

/** Days after which a file is gone. */
export const keepDays = 7
/** Exports that one account may have in the making. */
const maxRunning = 5
const wholeCountry = '000000'

/** An export as its owner sees it. */
export function toItem(kernel: Pick<Kernel, 'clock'>, reference: Reference, row: ExportEntry): ExportItem {
  const expired = row.status === 'ready' && row.expiresAt <= kernel.clock.now()
  return {
    id: row.id,
    number: row.number,
    list: row.list,
    format: row.format,
    clear: row.clear,
    areaCode: row.areaCode,
    areaName: areaNameOf(reference, row.areaCode),
    from: row.fromDay,
    to: row.toDay,
    status: expired ? 'expired' : row.status,
    rows: row.rows,
    expectedRows: row.expectedRows,
    bytes: row.bytes,
    sha256: row.sha256,
    error: row.error,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
  }
}

const areaNameOf = (reference: Reference, code: string): string =>
  code === wholeCountry ? '全国' : reference.areaName(code)

/** The area that an export is about: the one that was picked, else the deepest one that holds what was exported. */
function areaOf(reference: Reference, filter: ResolvedFilter): string {
  if (filter.area) return filter.area
  const codes = (filter.scope[0] ?? '/').split('/').filter(Boolean).reverse()
  return codes.find((code) => reference.area(code)) ?? wholeCountry
}

/**
 * Orders an export: its row, its audit row and its job are written in one transaction.
 * @throws Problem 403 without the permission, 400 for a wrong filter or clear text without reason, 404 outside the area,
 *   409 when too many of the account's exports are in the making
 */
export async function createExport(
  kernel: Kernel,
  { reference }: Purchases,
  caller: Caller,
  body: BodyOf<(typeof exportRoutes)['export.create']>,
): Promise<ExportItem> {
  const ownerId = caller.id
  if (!ownerId) throw forbidden()
  const clear = body.clear ?? false
  const reason = body.reason?.trim() || null
  const permission = clear ? 'purchase.export-clear' : 'purchase.export'
  const filter = resolveFilter(kernel, reference, caller, permission, body.filter)
  if (clear && !reason) throw invalidField('/reason', '导出个人信息明文须填写原因', 'required')
  const id = uuidv7()
  const now = kernel.clock.now()
  const areaCode = areaOf(reference, filter)
  const path = filter.scope[0] ?? '/'
  const row = await command(kernel.db, caller, permission, async (tx, audit) => {
    const number = await takeNumber(tx, now)
    // After the day's lock, so that two orders at once cannot both be the fifth.
    const running = await tx
      .selectFrom('export.export')
      .select('id')
      .where('ownerId', '=', ownerId)
      .where('status', '=', 'running')
      .execute()
    if (running.length >= maxRunning)
      throw conflict(`已有 ${maxRunning} 个导出正在生成，请等其完成后再导出`, 'too-many')
    const entry = await insertExport(tx, {
      id,
      number,
      list: 'purchases',
      format: body.format,
      clear,
      reason,
      ownerId,
      createdBy: caller.name,
      areaCode,
      path,
      scope: [...filter.scope],
      fromDay: filter.from,
      toDay: filter.to,
      sealedFilter: sealFilter(kernel.vault, id, filter),
      createdAt: now,
      expiresAt: new Date(now.getTime() + keepDays * 86_400_000),
    })
    const { documentNumber, mobile, ...told } = body.filter
    await audit({
      action: 'export.create',
      object: `export:${number}`,
      path,
      areaCode: areaCode === wholeCountry ? null : areaCode,
      detail: {
        format: body.format,
        clear,
        reason,
        filter: told,
        byDocument: documentNumber !== undefined,
        byMobile: mobile !== undefined,
      },
    })
    await kernel.jobs.send(tx, exportQueue, { id })
    return entry
  })
  return toItem(kernel, reference, row)
}

const covers = (own: Scope, wanted: Scope): boolean => wanted.every((path) => own.some((root) => within(path, root)))

/** Own exports within the caller's present area, newest first. @throws Problem 400 for a cursor that is none */
export async function listExports(
  kernel: Kernel,
  { reference }: Purchases,
  caller: Caller,
  query: { cursor?: string; limit?: number },
) {
  if (query.cursor !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(query.cursor))
    throw invalidField('/query/cursor', '翻页标记无效')
  const limit = query.limit ?? 50
  return readScope(kernel.db, scopeFor(caller, 'purchase.export'), async (tx) => {
    let select = tx
      .selectFrom('export.export')
      .selectAll()
      .where('ownerId', '=', caller.id)
      .orderBy('id', 'desc')
      .limit(limit + 1)
    if (query.cursor !== undefined) select = select.where('id', '<', query.cursor)
    const rows = await select.execute()
    return {
      items: rows.slice(0, limit).map((row) => toItem(kernel, reference, row)),
      next: rows.length > limit ? rows[limit - 1]!.id : null,
    }
  })
}

/** An own export whose whole area the caller may still export. @throws Problem 404 otherwise */
async function getOwn(kernel: Kernel, caller: Caller, id: string): Promise<ExportEntry> {
  const own = scopeFor(caller, 'purchase.export')
  const row = await readScope(kernel.db, own, (tx) =>
    tx.selectFrom('export.export').selectAll().where('id', '=', id).where('ownerId', '=', caller.id).executeTakeFirst(),
  )
  if (!row || !covers(own, row.scope)) throw notFound('导出')
  return row
}

export async function readExport(kernel: Kernel, { reference }: Purchases, caller: Caller, id: string) {
  return toItem(kernel, reference, await getOwn(kernel, caller, id))
}

/**
 * The file, as long as it is kept and the caller still has the permission that it was made with; recorded before the
 * first byte leaves.
 * @throws Problem 404 for another's export, 403 without the permission for clear text, 409 while it is not ready
 */
export async function downloadExport(
  kernel: Kernel,
  { reference }: Purchases,
  caller: Caller,
  id: string,
): Promise<Download> {
  const row = await getOwn(kernel, caller, id)
  if (row.clear && !covers(scopeFor(caller, 'purchase.export-clear'), row.scope)) throw forbidden()
  const { status, areaName } = toItem(kernel, reference, row)
  if (status === 'expired') throw notFound('导出文件')
  if (status !== 'ready' || !row.fileId) throw conflict('导出文件尚未生成', 'not-ready')
  const file = await kernel.files.open(row.fileId)
  await command(kernel.db, caller, 'purchase.export', (_tx, audit) =>
    audit({
      action: 'export.download',
      object: `export:${row.number}`,
      path: row.path,
      areaCode: row.areaCode === wholeCountry ? null : row.areaCode,
      detail: { clear: row.clear, rows: row.rows, sha256: row.sha256 },
    }),
  )
  const filename = `${areaName}购药登记_${row.fromDay}_${row.toDay}_${row.number}.${row.format}`
  return { mediaType: file.mediaType, filename, body: file.stream }
}
