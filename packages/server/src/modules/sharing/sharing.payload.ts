import { setTimeout as sleep } from 'node:timers/promises'
import { systemCaller } from '../../kernel/access/caller.ts'
import { readScope, systemScope, type Tx } from '../../kernel/db/index.ts'
import { conflict } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { type CellValue, type Column, csvChunks, xlsxChunks } from '../../kernel/tabular/index.ts'
import { type Exporter, exportRows, exportState, orderExport, purchaseColumns } from '../export/index.ts'
import { handoverColumns, handoverRows } from '../followup/index.ts'
import { type Purchases, type Reference, resolveFilter } from '../pharmacy/index.ts'
import { type DeliveryRow, type DestinationRow, keepDays } from './sharing.store.ts'

type Format = 'csv' | 'xlsx' | 'jsonl'

/** A file to be made for a delivery. */
export interface PayloadOrder {
  /** Of the file; made again, it takes the place of the first. */
  readonly id: string
  readonly areaCode: string
  readonly path: string
  readonly number: string
  readonly from: string
  readonly to: string
  readonly format: Format
  readonly clear: boolean
  /** A test has one row that says so, and nobody's data. */
  readonly kind: DeliveryRow['kind']
  readonly keepDays: number
}

/** A file that was made. */
export interface Payload {
  readonly bytes: number
  /** Of the content, lower-case hexadecimal. */
  readonly sha256: string
  readonly rows: number
}

/** Runs in the transaction that makes a file known. */
type Link = (tx: Tx, payload: Payload) => Promise<void>
/** What a file is kept by. */
type Kept = Pick<PayloadOrder, 'id' | 'path' | 'number' | 'format' | 'keepDays'>

export const payloadTypes: Record<Format, string> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  jsonl: 'application/jsonl; charset=utf-8',
}

type Rows = AsyncIterable<CellValue[]>

/** One object a line, by the heads of the columns; times as RFC 3339, cells without content left out. */
async function* jsonLines(columns: readonly Column[], rows: Rows): AsyncGenerator<Buffer> {
  for await (const row of rows) {
    const filled = columns
      .map((column, at) => [column.head, row[at]] as const)
      .filter(([, value]) => value != null && value !== '')
    yield Buffer.from(`${JSON.stringify(Object.fromEntries(filled))}\n`)
  }
}

/** What a file has in it. */
interface Content {
  readonly columns: readonly Column[]
  readonly sheetName: string
  readonly rows: Rows
}

function chunksOf(format: Format, { columns, sheetName, rows }: Content): AsyncIterable<Uint8Array> {
  if (format === 'csv') return csvChunks([...columns], rows)
  if (format === 'xlsx') return xlsxChunks([...columns], rows, { sheetName })
  return jsonLines(columns, rows)
}

async function* testRows(columns: readonly Column[]): Rows {
  yield columns.map(({ type }, at) => (at === 0 ? '测试数据，请勿入库' : type === 'text' ? '测试' : null))
}

async function* counted(rows: Rows, count: { rows: number }): Rows {
  for await (const row of rows) {
    count.rows++
    yield row
  }
}

/**
 * Makes the file of an area and period from one snapshot of the database and keeps it, encrypted.
 * @param link runs in the transaction that makes the file known: both or neither
 * @throws Problem 507 when the disk is full, VaultError when a key is not there; whatever `link` throws
 */
export async function makePayload(
  kernel: Kernel,
  purchases: Purchases,
  order: PayloadOrder,
  link: Link,
): Promise<void> {
  const caller = systemCaller('数据共享', ['purchase.export', 'purchase.export-clear'])
  const { areaCode: area, from, to, clear } = order
  const filter = resolveFilter(
    kernel,
    purchases.reference,
    caller,
    clear ? 'purchase.export-clear' : 'purchase.export',
    {
      area,
      from,
      to,
    },
  )
  await readScope(kernel.db, filter.scope, async (tx) => {
    const columns = purchaseColumns
    const rows = order.kind === 'test' ? testRows(columns) : exportRows(kernel, purchases, tx, filter, clear)
    await keep(kernel, order, { columns, sheetName: '购药登记', rows }, link)
  })
}

async function keep({ files }: Kernel, order: Kept, content: Content, link: Link): Promise<void> {
  const count = { rows: 0 }
  await files.save({
    id: order.id,
    owner: null,
    path: order.path,
    filename: `${order.number}.${order.format}`,
    mediaType: payloadTypes[order.format],
    source: chunksOf(order.format, { ...content, rows: counted(content.rows, count) }),
    expiresDays: order.keepDays,
    direct: false,
    link: (own, { bytes, sha256 }) => link(own, { bytes, sha256, ...count }),
  })
}

/** Makes the file of a hand-over sheet, or a test that is like one. @throws as `makePayload` */
export async function makeHandover(
  kernel: Kernel,
  reference: Reference,
  order: Kept & { readonly sheetId: string | null; readonly clear: boolean },
  link: Link,
): Promise<void> {
  const { sheetId, clear } = order
  const rows = sheetId
    ? listed(await readScope(kernel.db, systemScope, (tx) => handoverRows(kernel, reference, tx, { sheetId, clear })))
    : testRows(handoverColumns)
  await keep(kernel, order, { columns: handoverColumns, sheetName: '转交单', rows }, link)
}

async function* listed(rows: readonly CellValue[][]): Rows {
  yield* rows
}

/** What an export is ordered for. */
type Ordered = Pick<DeliveryRow, 'format' | 'templateId' | 'areaCode' | 'fromDay' | 'toDay' | 'clear'>
/** For whom: what it gets, and why personal data is in clear. */
type For = Pick<DestinationRow, 'list' | 'clearReason'>

/**
 * Orders the file of a delivery as an export, in the transaction that writes its id down.
 * @param reason why personal data is in clear
 * @throws Problem 400 for a template that does not fit any more, 404 for one that is gone
 */
export async function orderPayload(
  exporter: Exporter,
  tx: Tx,
  row: Ordered,
  { list, clearReason: reason }: For,
): Promise<string> {
  const { id } = await orderExport(exporter, tx, {
    list,
    format: row.format === 'xlsx' ? 'xlsx' : 'csv',
    ...(row.templateId && { templateId: row.templateId }),
    filter: {
      area: row.areaCode,
      from: row.fromDay,
      to: row.toDay,
      // Whoever pays needs the lines that break an order, not those that break none.
      ...(list === 'reimbursements' && { status: 'matched' }),
    },
    clear: row.clear,
    ...(reason && { reason }),
    by: '数据共享',
    keepDays,
  })
  return id
}

const askMs = 300

/** Waits for an export. @throws Problem 409 with its reason when it failed; the signal's reason when it was stopped */
export async function awaitExport(exporter: Exporter, id: string, signal: AbortSignal): Promise<Payload> {
  for (;;) {
    const { status, rows, bytes, sha256, error } = await exportState(exporter, id)
    if (status === 'ready' && sha256) return { rows, bytes, sha256 }
    if (status !== 'running') throw conflict(error ?? '导出文件已过期', 'export-failed')
    await sleep(askMs, undefined, { signal })
  }
}
