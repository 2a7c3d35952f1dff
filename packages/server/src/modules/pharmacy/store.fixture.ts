import { Readable } from 'node:stream'
import { creditCodeCheckDigit, organizationCodeCheckDigit } from '@vigil/codes'
import { type Permission, permissionNames } from '@vigil/contract'
import type { Caller } from '../../kernel/access/caller.ts'
import { csvChunks, xlsxChunks } from '../../kernel/tabular/index.ts'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import { openReference, type Reference } from './reference.ts'

export interface Shop {
  app: TestApp
  kernel: TestApp['kernel']
  reference: Reference
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

export const city = '/350000/350500/'
export const jinjiang = `${city}350582/`
export const nanan = `${city}350583/`

/** The whole server over the national areas and two offices each in Jinjiang and Nan'an. */
export async function createShop(): Promise<Shop> {
  const app = await createTestApp()
  const query = async (text: string, values: unknown[] = []) =>
    (await app.kernel.connections.system.query(text, values)).rows as Record<string, unknown>[]
  for (const [code, name, county] of [
    ['350582S01', '青阳市场监督管理所', '350582'],
    ['350582S02', '池店市场监督管理所', '350582'],
    ['350583S01', '溪美市场监督管理所', '350583'],
  ])
    await query(
      `INSERT INTO area.area (code, name, level, parent, path, standard)
       SELECT $1, $2, 'office', code, path || $1 || '/', false FROM area.area WHERE code = $3`,
      [code, name, county],
    )
  const reference = await openReference(app.kernel)
  return {
    app,
    kernel: app.kernel,
    reference,
    query,
    close: async () => {
      await reference.close()
      await app.close()
    },
  }
}

/** Somebody who has these permissions (all unless named) in these subtrees. */
export function callerIn(paths: readonly string[], permissions: readonly Permission[] = permissionNames): Caller {
  return {
    kind: 'account',
    id: '0190a0e0-0000-7000-8000-000000000001',
    name: '测试',
    grants: paths.map((path) => ({ roleCode: 'test', permissions: new Set(permissions), path })),
    storeCode: null,
    ip: '127.0.0.1',
    userAgent: 'test',
    requestId: 'test',
  }
}

/** A valid credit code (GB 32100) of Jinjiang. */
export function creditCode(serial: number): string {
  const organisation = `MA${String(serial).padStart(6, '0')}`
  const first17 = `92350582${organisation}${organizationCodeCheckDigit(organisation)}`
  return first17 + creditCodeCheckDigit(first17)
}

/** An uploaded file with these heads and rows. */
export function upload(format: 'csv' | 'xlsx', heads: readonly string[], rows: readonly (readonly string[])[]) {
  const columns = heads.map((head) => ({ head, type: 'text' as const }))
  const chunks = format === 'csv' ? csvChunks(columns, rows) : xlsxChunks(columns, rows, { sheetName: '表' })
  return { filename: `文件.${format}`, stream: Readable.from(chunks, { objectMode: false }), fields: {} }
}

/** Bytes of a download. */
export async function bytesOf(body: AsyncIterable<Uint8Array> | Uint8Array): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body)
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}
