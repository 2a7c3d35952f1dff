import { buffer } from 'node:stream/consumers'
import { addDays, dayOf } from '@vigil/codes'
import type { Caller } from '../../kernel/access/caller.ts'
import { readTable } from '../../kernel/tabular/index.ts'
import type { TestApp } from '../../testing/app.ts'
import { purchaseColumns } from './export.read.ts'

/** Waits until an export has ended one way or the other. */
export async function settled(app: TestApp, caller: Caller, id: string) {
  for (let tries = 0; tries < 600; tries++) {
    const item = await app.modules.handlers['export.read']({ caller, params: { id } } as never)
    if (item.status !== 'running') return item
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the export did not end')
}

/** Bytes of a finished export as its owner downloads them. */
export async function fetchFile(app: TestApp, caller: Caller, id: string): Promise<Buffer> {
  const { body } = await app.modules.handlers['export.download']({ caller, params: { id } } as never)
  return body instanceof Uint8Array ? Buffer.from(body) : buffer(body)
}

/** Rows of a file by head, as the tabular engine reads them. */
export async function rowsOf(file: Buffer, format: 'csv' | 'xlsx'): Promise<Record<string, string>[]> {
  const columns = purchaseColumns.map(({ head }) => ({ key: head, heads: [head] }))
  const rows: Record<string, string>[] = []
  for await (const row of readTable(file, { filename: `a.${format}`, columns })) rows.push(row.values)
  return rows
}

/** Yesterday and today in Asia/Shanghai by the server's clock, for filters. */
export const period = (app: TestApp) => {
  const today = dayOf(app.kernel.clock.now())
  return { from: addDays(today, -1), to: today }
}
