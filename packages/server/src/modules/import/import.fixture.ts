import { buffer } from 'node:stream/consumers'
import type { ImportKindName, ImportLook, ImportRun } from '@vigil/contract'
import type { Client } from '../../kernel/access/access.fixture.ts'
import { collect } from '../../kernel/tabular/fixture.ts'
import type { TestApp } from '../../testing/index.ts'
import { citizenId, mobile } from '../pharmacy/pharmacy.fixture.ts'

export const saleHeads = [
  '药店编码',
  '售出时间',
  '姓名',
  '证件号码',
  '手机号',
  '居住地区划',
  '居住地址',
  '药品名称',
  '数量',
  '体温',
]

export const csv = (rows: readonly (readonly string[])[], heads: readonly string[] = saleHeads): string =>
  [heads, ...rows]
    .map((row) => row.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(','))
    .join('\n')

/** A row of a sale that the rules let in; another person for each `n`, a second later each. */
export function saleRow(drug: string, n: number, change: Record<number, string> = {}): string[] {
  const at = new Date(Date.now() - 86_400_000 + n * 1000 + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
  const row = ['STORE-A', at, '林小明', citizenId(n), mobile(n), '福建省泉州市晋江市', '青阳街道 8 号', drug, '1', '']
  return row.map((cell, index) => change[index] ?? cell)
}

/** Uploads as a browser does. */
export async function upload(client: Client, kind: ImportKindName, content: string | Buffer, filename = 'sales.csv') {
  const mark = '----vigil'
  const head = `--${mark}\r\nContent-Disposition: form-data; name="file"; filename="${filename}"\r\nContent-Type: text/csv\r\n\r\n`
  const payload = Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from(`\r\n--${mark}--\r\n`)])
  const sender = new (client.constructor as typeof Client)(client.app, {
    ...client.headers,
    'content-type': `multipart/form-data; boundary=${mark}`,
  })
  for (const [name, value] of client.cookies) sender.cookies.set(name, value)
  return sender.call('POST', `/api/imports?kind=${kind}`, payload)
}

export async function created(
  client: Client,
  kind: ImportKindName,
  content: string | Buffer,
  filename?: string,
): Promise<ImportRun> {
  const response = await upload(client, kind, content, filename)
  if (response.statusCode !== 201) throw new Error(response.body)
  return response.json()
}

export const look = async (client: Client, id: string): Promise<ImportLook> =>
  (await client.call('GET', `/api/imports/${id}/look`)).json()

/** Waits until nothing is under way any more. */
export async function settled(client: Client, id: string): Promise<ImportRun> {
  for (let tries = 0; tries < 600; tries++) {
    const run: ImportRun = (await client.call('GET', `/api/imports/${id}`)).json()
    if (run.status !== 'checking' && run.status !== 'running') return run
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the import did not end')
}

export async function step(client: Client, id: string, name: 'check' | 'run'): Promise<ImportRun> {
  const response = await client.call('POST', `/api/imports/${id}/${name}`)
  if (response.statusCode !== 202) throw new Error(response.body)
  return settled(client, id)
}

/** Uploads and imports. */
export async function imported(
  client: Client,
  kind: ImportKindName,
  content: string | Buffer,
  filename?: string,
): Promise<ImportRun> {
  return step(client, (await created(client, kind, content, filename)).id, 'run')
}

/** Rows of the error file by head. */
export async function errorRows(
  client: Client,
  id: string,
  heads: readonly string[],
): Promise<Record<string, string>[]> {
  const response = await client.call('GET', `/api/imports/${id}/errors`)
  if (response.statusCode !== 200) throw new Error(response.body)
  const columns = [...heads, '行号', '错误原因'].map((head) => ({ key: head, heads: [head] }))
  return (await collect(response.rawPayload, { filename: 'a.csv', columns })).map(({ values }) => values)
}

/** The kernel of an app whose stored files behave otherwise while they are read. */
export const withSource = (
  app: TestApp,
  change: (pieces: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
): TestApp['kernel'] => ({
  ...app.kernel,
  files: {
    ...app.kernel.files,
    open: async (id) => {
      const file = await app.kernel.files.open(id)
      return { ...file, stream: change(file.stream) }
    },
  },
})

export const bytesOf = (stream: AsyncIterable<Uint8Array>): Promise<Buffer> => buffer(stream)
