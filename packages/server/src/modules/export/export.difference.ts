import { type ExportDifference, receiptNo } from '@vigil/contract'
import { sql } from 'kysely'
import type { Caller } from '../../kernel/access/caller.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, invalidField, notFound } from '../../kernel/error/problem.ts'
import {
  type PurchaseRecord,
  type PurchaseRow,
  plainPurchaseFields,
  purchaseList,
  purchaseQuery,
  type ResolvedFilter,
  recordsAt,
  recordsNow,
} from '../pharmacy/index.ts'
import { type Maker, plainText } from './export.column.ts'
import { unsealFilter } from './export.filter.ts'
import { getOwn } from './export.service.ts'
import type { ExportEntry } from './export.store.ts'
import { type Traced, tracedRows } from './export.trace.ts'
import { makersOf } from './exportable.ts'
import type { Exporter } from './exporter.ts'
import { findVersion, type VersionEntry } from './template.store.ts'

/** Differences after which a page ends, at the end of the rows that were compared. */
const pageItems = 100
const shownText = 500

async function versionOf(tx: Tx, row: ExportEntry): Promise<VersionEntry | undefined> {
  return row.templateId && row.templateVersion ? findVersion(tx, row.templateId, row.templateVersion) : undefined
}

async function getTraced(exporter: Exporter, caller: Caller, id: string): Promise<ExportEntry> {
  const row = await getOwn(exporter, caller, id)
  if (row.list !== 'purchases') throw conflict('只有购药登记的导出可以逐行核对', 'not-traced')
  if (row.status === 'running' || row.status === 'failed') throw conflict('导出文件尚未生成', 'not-ready')
  if (!row.traced) throw notFound('该文件的逐行来源')
  return row
}

/**
 * The record behind a row of a file, and the field behind a column of it.
 * @throws Problem 404 beyond the last row or after its month was shredded, 409 for a list whose rows are not traced
 */
export async function findRow(exporter: Exporter, caller: Caller, id: string, query: { row: number; column?: number }) {
  const { kernel, purchases } = exporter
  const entry = await getTraced(exporter, caller, id)
  return readScope(kernel.db, entry.scope, async (tx) => {
    const [traced] = await tracedRows(tx, id, query.row)
    if (!traced || traced.row !== query.row) throw notFound('这一行')
    const version = await versionOf(tx, entry)
    const list = purchaseList(kernel, purchases)
    const makers = makersOf(list, version, false, plainPurchaseFields)
    const key = makers.find(({ place }) => place === query.column)?.field
    return {
      row: traced.row,
      sheetRow: entry.firstRow + traced.row - 1,
      recordId: traced.id,
      receiptNo: receiptNo(traced.id),
      revision: traced.revision,
      field: key ?? null,
      fieldName: list.fields.find((field) => field.key === key)?.name ?? null,
    }
  })
}

/** A purchase as one row of the file: of an item's file, the item that stood there. */
function rowFor(record: PurchaseRecord, version: VersionEntry | undefined, item: number): PurchaseRow | undefined {
  if (version?.grain !== 'item') return { record, lines: record.lines }
  const line = record.lines[item]
  return line && { record, lines: [line] }
}

interface Comparison {
  readonly traced: Traced
  readonly item: number
  readonly sent: PurchaseRecord | undefined
  readonly now: PurchaseRecord
}

function cellDifferences(
  makers: readonly Maker<PurchaseRow>[],
  version: VersionEntry | undefined,
  { traced, item, sent, now }: Comparison,
): ExportDifference[] {
  const base = { row: traced.row, recordId: traced.id, receiptNo: receiptNo(traced.id) }
  const kind = now.status === 'undone' ? 'undone' : 'corrected'
  const before = sent && rowFor(sent, version, item)
  const after = rowFor(now, version, item)
  if (!before || !after) return [{ ...base, kind, head: null, sent: null, present: null }]
  const changed = makers.flatMap(({ head, field, make }): ExportDifference[] => {
    // Revisions are counted by the change itself.
    if (field === undefined || field === 'revision') return []
    const was = plainText(make(before, traced.row))
    const is = plainText(make(after, traced.row))
    if (was === is) return []
    return [{ ...base, kind, head: head || field, sent: was.slice(0, shownText), present: is.slice(0, shownText) }]
  })
  return changed.length > 0 ? changed : [{ ...base, kind, head: null, sent: null, present: null }]
}

/** Which item of its purchase each row is, counted from 0: rows of one purchase follow each other. */
function itemNumbers(rows: readonly Traced[]): number[] {
  let run = 0
  return rows.map(({ id }, at) => {
    run = at > 0 && rows[at - 1]!.id === id ? run + 1 : 0
    return run
  })
}

/** Purchases that the filter finds between two rows of the file and the file does not have. */
async function lateArrivals(
  tx: Tx,
  filter: ResolvedFilter,
  rows: readonly Traced[],
  bounds: { readonly above: string | undefined; readonly below: string | undefined },
): Promise<ExportDifference[]> {
  const known = new Set(rows.map(({ id }) => id))
  let query = purchaseQuery(tx, filter).clearSelect().select('p.id')
  if (bounds.above) query = query.where('p.id', '<', bounds.above)
  if (bounds.below) query = query.where('p.id', '>=', bounds.below)
  const found = await query.limit(rows.length + 5_000).execute()
  return found
    .filter(({ id }) => !known.has(id))
    .slice(0, pageItems * 2)
    .map(({ id }) => ({
      kind: 'late' as const,
      row: null,
      recordId: id,
      receiptNo: receiptNo(id),
      head: null,
      sent: null,
      present: null,
    }))
}

/**
 * What has changed since a file was made, one page at a time: a thousand rows are compared at once until a page is full.
 * The sent values come from the revisions of each purchase, so that nothing was kept twice; all are masked.
 * @throws Problem 404, 409, 400 for a cursor that is none
 */
export async function listDifferences(exporter: Exporter, caller: Caller, id: string, query: { cursor?: string }) {
  const { kernel, purchases } = exporter
  const cursor = query.cursor ?? '1'
  if (!/^[1-9]\d{0,6}$/.test(cursor)) throw invalidField('/query/cursor', '翻页标记无效')
  const entry = await getTraced(exporter, caller, id)
  const filter = unsealFilter(kernel.vault, entry.id, entry.sealedFilter) as ResolvedFilter
  return readScope(kernel.db, entry.scope, async (tx) => {
    const version = await versionOf(tx, entry)
    const makers = makersOf(purchaseList(kernel, purchases), version, false, plainPurchaseFields)
    const items: ExportDifference[] = []
    let from = Number(cursor)
    const [before] = from > 1 ? await tracedRows(tx, id, from - 1) : []
    let above = before?.id
    do {
      const rows = await tracedRows(tx, id, from)
      const next = rows.length > 0 ? (await tracedRows(tx, id, from + rows.length))[0] : undefined
      const last = rows.at(-1)?.id
      items.push(...(await compareRows(exporter, tx, rows, makers, version)))
      items.push(...(await lateArrivals(tx, filter, rows, { above, below: next ? last : undefined })))
      above = last
      from += rows.length
      if (!next) return { items, compared: entry.rows, rows: entry.rows, next: null }
    } while (items.length < pageItems)
    return { items, compared: from - 1, rows: entry.rows, next: String(from) }
  })
}

async function compareRows(
  { kernel }: Exporter,
  tx: Tx,
  rows: readonly Traced[],
  makers: readonly Maker<PurchaseRow>[],
  version: VersionEntry | undefined,
): Promise<ExportDifference[]> {
  const ids = [...new Set(rows.map((row) => row.id))]
  if (ids.length === 0) return []
  const present = await tx
    .selectFrom('pharmacy.purchase')
    .select(['id', 'revision'])
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .execute()
  const revisions = new Map(present.map((row) => [row.id, row.revision]))
  const itemOf = itemNumbers(rows)
  const changed = rows.filter((row) => revisions.has(row.id) && revisions.get(row.id) !== row.revision)
  const sent = await recordsAt(kernel, tx, changed)
  const now = await recordsNow(
    kernel,
    tx,
    changed.map((row) => row.id),
  )
  const left = rows
    .filter((row) => !revisions.has(row.id))
    .map(({ row, id }) => ({
      kind: 'left' as const,
      row,
      recordId: id,
      receiptNo: receiptNo(id),
      head: null,
      sent: null,
      present: null,
    }))
  const cells = changed.flatMap((traced) => {
    const record = now.get(traced.id)
    const comparison = record && { traced, item: itemOf[rows.indexOf(traced)]!, sent: sent.get(traced.id), now: record }
    return comparison ? cellDifferences(makers, version, comparison) : []
  })
  return [...left, ...cells]
}
