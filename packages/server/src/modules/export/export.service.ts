import { uuidv7 } from '@vigil/codes'
import type { BodyOf, Download, ExportItem, exportRoutes } from '@vigil/contract'
import { type Caller, scopeFor, wholeScope, within } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { readScope, readSnapshot, type Scope } from '../../kernel/db/index.ts'
import { conflict, forbidden, invalidField, notFound } from '../../kernel/error/problem.ts'
import { areaNameOf, areaOf, wholeCountry } from './export.area.ts'
import { sealFilter, unsealFilter } from './export.filter.ts'
import { exportQueue, runExport } from './export.job.ts'
import { type ExportEntry, findExport, insertExport, takeNumber } from './export.store.ts'
import type { Exporter } from './exporter.ts'
import { templateFor } from './template.service.ts'

/** Days after which a file is gone. */
export const keepDays = 7
/** Exports that one account may have in the making. */
const maxRunning = 5
/** Rows up to which a request waits for its file, and how long, in ms. */
const waitRows = 10_000
const waitMs = 8_000

type Named = ExportEntry & { readonly templateName?: string | null }

/** An export as its owner sees it. */
export function toItem({ kernel, reference }: Pick<Exporter, 'kernel' | 'reference'>, row: Named): ExportItem {
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
    templateId: row.templateId,
    templateName: row.templateName ?? null,
    templateVersion: row.templateVersion,
    status: expired ? 'expired' : row.status,
    rows: row.rows,
    expectedRows: row.expectedRows,
    bytes: row.bytes,
    sha256: row.sha256,
    error: row.error,
    traced: row.traced && (row.status === 'ready' || row.status === 'expired'),
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
  }
}

type Order = BodyOf<(typeof exportRoutes)['export.create']>

/**
 * Orders an export: its row, its audit row and its job are written in one transaction. Waits for a small file if asked to.
 * @throws Problem 403 without the permission, 400 for a wrong filter or clear text without reason, 404 outside the area or
 *   without such a template, 409 when too many of the account's exports are in the making or the template does not fit
 */
export async function createExport(exporter: Exporter, caller: Caller, body: Order): Promise<ExportItem> {
  const { kernel, reference, lists } = exporter
  const ownerId = caller.id
  const list = lists.get(body.list ?? 'purchases')!
  if (!ownerId) throw forbidden()
  const clear = body.clear ?? false
  const reason = body.reason?.trim() || null
  if (clear && !list.clearPermission) throw invalidField('/clear', '该列表没有需要脱敏的内容')
  const permission = clear && list.clearPermission ? list.clearPermission : list.permission
  const filter = list.resolve(caller, body.filter, clear)
  if (clear && !reason) throw invalidField('/reason', '导出个人信息明文须填写原因', 'required')
  const template = body.templateId ? await templateFor(exporter, filter.scope, body.templateId, list.key) : undefined
  const id = uuidv7()
  const now = kernel.clock.now()
  const areaCode = areaOf(reference, filter.scope, filter.area)
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
      list: list.key,
      format: body.format,
      clear,
      reason,
      ownerId,
      createdBy: caller.name,
      areaCode,
      path,
      scope: [...filter.scope],
      fromDay: filter.from ?? null,
      toDay: filter.to ?? null,
      templateId: template?.id ?? null,
      templateVersion: template?.version ?? null,
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
        list: list.key,
        format: body.format,
        clear,
        reason,
        filter: told,
        byDocument: documentNumber !== undefined,
        byMobile: mobile !== undefined,
        ...(template && { template: template.name, version: template.version }),
      },
    })
    await kernel.jobs.send(tx, exportQueue, { id })
    return entry
  })
  const made = { ...row, templateName: template?.name ?? null }
  return body.wait ? waitFor(exporter, made) : toItem(exporter, made)
}

/** Makes a small file at once; a large one, or one that takes long, goes on in the background. */
async function waitFor(exporter: Exporter, row: Named): Promise<ExportItem> {
  const { kernel, lists } = exporter
  const list = lists.get(row.list)!
  const filter = unsealFilter(kernel.vault, row.id, row.sealedFilter)
  const count = await readSnapshot(kernel.connections, row.scope, (client) => list.count(client, filter))
  if (count > waitRows) return toItem(exporter, { ...row, expectedRows: count })
  // What fails here is tried again by the queue, which tells it.
  const run = runExport(exporter, row.id).catch(() => undefined)
  const clock = Promise.withResolvers<void>()
  const timer = setTimeout(clock.resolve, waitMs)
  await Promise.race([run, clock.promise])
  clearTimeout(timer)
  const now = await readScope(kernel.db, row.scope, (tx) => findExport(tx, row.id))
  return toItem(exporter, { ...(now ?? row), templateName: row.templateName ?? null })
}

const covers = (own: Scope, wanted: Scope): boolean => wanted.every((path) => own.some((root) => within(path, root)))

/** True while the caller may still take out that list of all areas of the export. */
const mayExport = ({ lists }: Exporter, caller: Caller, row: ExportEntry): boolean =>
  covers(scopeFor(caller, lists.get(row.list)!.permission), row.scope)

/** Own exports within the caller's present area, newest first. @throws Problem 400 for a cursor that is none */
export async function listExports(exporter: Exporter, caller: Caller, query: { cursor?: string; limit?: number }) {
  const { kernel } = exporter
  if (query.cursor !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(query.cursor))
    throw invalidField('/query/cursor', '翻页标记无效')
  const limit = query.limit ?? 50
  return readScope(kernel.db, wholeScope(caller), async (tx) => {
    let select = tx
      .selectFrom('export.export as e')
      .leftJoin('export.template as t', 't.id', 'e.templateId')
      .selectAll('e')
      .select('t.name as templateName')
      .where('e.ownerId', '=', caller.id)
      .orderBy('e.id', 'desc')
      .limit(limit + 1)
    if (query.cursor !== undefined) select = select.where('e.id', '<', query.cursor)
    const rows = await select.execute()
    const shown = rows.slice(0, limit).filter((row) => mayExport(exporter, caller, row))
    return { items: shown.map((row) => toItem(exporter, row)), next: rows.length > limit ? rows[limit - 1]!.id : null }
  })
}

/** An own export, or one that the system made for a push, whose whole area the caller may export. @throws Problem 404 otherwise */
export async function getOwn(exporter: Exporter, caller: Caller, id: string): Promise<Named> {
  const row = await readScope(exporter.kernel.db, wholeScope(caller), (tx) =>
    tx
      .selectFrom('export.export as e')
      .leftJoin('export.template as t', 't.id', 'e.templateId')
      .selectAll('e')
      .select('t.name as templateName')
      .where('e.id', '=', id)
      .where((eb) => eb.or([eb('e.ownerId', '=', caller.id), eb('e.ownerId', 'is', null)]))
      .executeTakeFirst(),
  )
  if (!row || !mayExport(exporter, caller, row)) throw notFound('导出')
  return row
}

export async function readExport(exporter: Exporter, caller: Caller, id: string): Promise<ExportItem> {
  return toItem(exporter, await getOwn(exporter, caller, id))
}

/** Name under which a file is saved. */
export function filenameOf({ reference, lists }: Exporter, row: Named): string {
  const period = row.fromDay ? `_${row.fromDay}_${row.toDay}` : ''
  const what = row.templateName ?? lists.get(row.list)!.name
  const name = `${areaNameOf(reference, row.areaCode)}${what}${period}_${row.number}`
  return `${name.replace(/[\\/:*?"<>|\p{Cc}\p{Cf}]/gu, '_')}.${row.format}`
}

/**
 * The file, as long as it is kept and the caller still has the permission that it was made with; recorded before the
 * first byte leaves.
 * @throws Problem 404 for another's export, 403 without the permission for clear text, 409 while it is not ready
 */
export async function downloadExport(exporter: Exporter, caller: Caller, id: string): Promise<Download> {
  const { kernel, lists } = exporter
  const row = await getOwn(exporter, caller, id)
  const { permission, clearPermission } = lists.get(row.list)!
  if (row.clear && clearPermission && !covers(scopeFor(caller, clearPermission), row.scope)) throw forbidden()
  const { status } = toItem(exporter, row)
  if (status === 'expired') throw notFound('导出文件')
  if (status !== 'ready' || !row.fileId) throw conflict('导出文件尚未生成', 'not-ready')
  const file = await kernel.files.open(row.fileId)
  await command(kernel.db, caller, permission, (_tx, audit) =>
    audit({
      action: 'export.download',
      object: `export:${row.number}`,
      path: row.path,
      areaCode: row.areaCode === wholeCountry ? null : row.areaCode,
      detail: { clear: row.clear, rows: row.rows, sha256: row.sha256 },
    }),
  )
  return { mediaType: file.mediaType, filename: filenameOf(exporter, row), body: file.stream }
}
