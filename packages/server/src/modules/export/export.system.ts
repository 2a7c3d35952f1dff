import { uuidv7 } from '@vigil/codes'
import type { ExportFilter, ExportItem, ExportList } from '@vigil/contract'
import { systemCaller } from '../../kernel/access/caller.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf } from '../../kernel/command/command.ts'
import { readScope, systemScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, notFound } from '../../kernel/error/problem.ts'
import { areaOf, wholeCountry } from './export.area.ts'
import { sealFilter } from './export.filter.ts'
import { exportQueue } from './export.job.ts'
import { filenameOf, keepDays, toItem } from './export.service.ts'
import { findExport, insertExport, takeNumber } from './export.store.ts'
import type { Exporter } from './exporter.ts'
import { templateFor } from './template.service.ts'

/** An export that the system itself orders, such as for a push. */
export interface SystemOrder {
  readonly list: ExportList
  readonly format: 'csv' | 'xlsx'
  readonly templateId?: string | undefined
  readonly filter: ExportFilter
  readonly clear?: boolean
  /** Why personal data is in clear. */
  readonly reason?: string
  /** In whose name, such as `数据共享`. */
  readonly by: string
  /** Queue that gets `{ exportId }` in the transaction that ends the export, well or not. */
  readonly tell?: string
  /** Days that the file is kept; seven unless given. */
  readonly keepDays?: number
}

/**
 * Orders an export of the system in the caller's own transaction, which must see the whole country: it exists if and only
 * if that commits.
 * @throws Problem 400, 404 and 409 as for people
 */
export async function orderExport(exporter: Exporter, tx: Tx, order: SystemOrder): Promise<ExportItem> {
  const { kernel, reference, lists } = exporter
  const list = lists.get(order.list)!
  const clear = order.clear ?? false
  const caller = systemCaller(order.by, [list.permission, list.clearPermission ?? []].flat())
  const filter = list.resolve(caller, order.filter, clear)
  const template = order.templateId ? await templateFor(exporter, filter.scope, order.templateId, list.key) : undefined
  const id = uuidv7()
  const now = kernel.clock.now()
  const areaCode = areaOf(reference, filter.scope, filter.area)
  const path = filter.scope[0] ?? '/'
  const number = await takeNumber(tx, now)
  const row = await insertExport(tx, {
    id,
    number,
    list: list.key,
    format: order.format,
    clear,
    reason: order.reason ?? null,
    ownerId: null,
    createdBy: order.by,
    areaCode,
    path,
    scope: [...filter.scope],
    fromDay: filter.from ?? null,
    toDay: filter.to ?? null,
    templateId: template?.id ?? null,
    templateVersion: template?.version ?? null,
    tell: order.tell ?? null,
    sealedFilter: sealFilter(kernel.vault, id, filter),
    createdAt: now,
    expiresAt: new Date(now.getTime() + (order.keepDays ?? keepDays) * 86_400_000),
  })
  await record(
    tx,
    auditOf(caller, {
      action: 'export.create',
      object: `export:${number}`,
      path,
      areaCode: areaCode === wholeCountry ? null : areaCode,
      detail: { list: list.key, format: order.format, clear, reason: order.reason ?? null },
    }),
  )
  await kernel.jobs.send(tx, exportQueue, { id })
  return toItem(exporter, { ...row, templateName: template?.name ?? null })
}

/** The state of any export, for the system. @throws Problem 404 */
export async function exportState(exporter: Exporter, id: string): Promise<ExportItem> {
  const row = await readScope(exporter.kernel.db, systemScope, (tx) => findExport(tx, id))
  if (!row) throw notFound('导出')
  return toItem(exporter, row)
}

/** A finished file for the system; whoever gives it out records that. @throws Problem 404 gone, 409 not ready */
export async function openExport(exporter: Exporter, id: string) {
  const { kernel } = exporter
  const row = await readScope(kernel.db, systemScope, (tx) => findExport(tx, id))
  if (!row) throw notFound('导出')
  if (row.status !== 'ready' || !row.fileId || !row.sha256) throw conflict('导出文件尚未生成', 'not-ready')
  const file = await kernel.files.open(row.fileId)
  return { ...file, filename: filenameOf(exporter, row), sha256: row.sha256, rows: row.rows }
}

/** Id of a template by its id or whole name, for the command line. @throws Problem 404 for none, 409 for several */
export async function findTemplateNamed({ kernel }: Exporter, name: string): Promise<string> {
  const rows = await readScope(kernel.db, systemScope, (tx) =>
    tx.selectFrom('export.template').select(['id', 'name']).where('archived', '=', false).execute(),
  )
  const found = rows.filter((row) => row.id === name || row.name === name)
  if (found.length > 1) throw conflict(`有 ${found.length} 个模板叫“${name}”，请改用模板编号`)
  if (!found[0]) throw notFound(`导出模板“${name}”`)
  return found[0].id
}
