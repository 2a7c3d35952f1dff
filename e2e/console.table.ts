import { openTable } from '../packages/server/src/kernel/tabular/index.ts'

/** A table as CSV with the mark that Excel wants. */
export const csv = (rows: readonly string[][]) =>
  Buffer.from(`\uFEFF${rows.map((row) => row.join(',')).join('\r\n')}\r\n`)

/** Heads and rows of a file as an import reads them. */
export async function tableOf(bytes: Buffer, filename: string, head: string): Promise<string[][]> {
  const table = await openTable(bytes, { filename, columns: [{ key: 'first', heads: [head], required: true }] })
  const rows: string[][] = [table.heads]
  for await (const row of table.rows) rows.push(row.raw)
  return rows
}
