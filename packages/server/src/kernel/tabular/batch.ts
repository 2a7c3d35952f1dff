import type { CellValue } from './column.ts'

/** Rows in arrays of some hundred: a writer that waits once for many rows is several times faster. */
export type RowBatch = readonly (readonly CellValue[])[]
export type Batches = AsyncIterable<RowBatch> | Iterable<RowBatch>

const batchRows = 200

/** Gathers single rows into batches. */
export async function* inBatches(
  rows: AsyncIterable<readonly CellValue[]> | Iterable<readonly CellValue[]>,
): AsyncGenerator<RowBatch, void, undefined> {
  let batch: (readonly CellValue[])[] = []
  for await (const row of rows) {
    batch.push(row)
    if (batch.length < batchRows) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
