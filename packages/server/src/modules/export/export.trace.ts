import type { Tx } from '../../kernel/db/index.ts'

/** Rows that are kept in one row of the database. */
export const chunkRows = 1000
const idBytes = 16
const revisionBytes = 2

const hyphen = 45
const traceBytes = idBytes + revisionBytes

/** The digit of a hexadecimal character. */
const digitOf = (code: number): number => (code < 58 ? code - 48 : (code | 32) - 87)

function writeId(packed: Buffer, at: number, id: string): void {
  for (let place = 0, next = at; place < id.length; ) {
    const code = id.charCodeAt(place)
    if (code === hyphen) {
      place++
      continue
    }
    packed[next++] = (digitOf(code) << 4) | digitOf(id.charCodeAt(place + 1))
    place += 2
  }
}

/** The record behind each row, packed: id and revision, 18 bytes a row. */
export function packTraces(traces: readonly { readonly id: string; readonly revision: number }[]): Buffer {
  const packed = Buffer.allocUnsafe(traces.length * traceBytes)
  let at = 0
  for (const { id, revision } of traces) {
    writeId(packed, at, id)
    packed.writeUInt16BE(revision, at + idBytes)
    at += traceBytes
  }
  return packed
}

/** Notes which record each row of a file came from, until the file is known. */
export class Tracer {
  readonly #packed: Uint8Array[] = []

  /** @param packed as `packTraces` makes it */
  add(packed: Uint8Array): void {
    if (packed.length > 0) this.#packed.push(packed)
  }

  /** Writes the notes in the transaction that makes the file known; those of an earlier attempt go. */
  async save(tx: Tx, exportId: string, path: string): Promise<void> {
    await tx.deleteFrom('export.rowChunk').where('exportId', '=', exportId).execute()
    const packed = Buffer.concat(this.#packed.splice(0))
    const rows = packed.length / traceBytes
    const chunk = (firstRow: number) => {
      const count = Math.min(chunkRows, rows - firstRow)
      const ids = Buffer.allocUnsafe(count * idBytes)
      const revisions = Buffer.allocUnsafe(count * revisionBytes)
      for (let row = 0; row < count; row++) {
        const at = (firstRow + row) * traceBytes
        packed.copy(ids, row * idBytes, at, at + idBytes)
        packed.copy(revisions, row * revisionBytes, at + idBytes, at + traceBytes)
      }
      return { exportId, firstRow: firstRow + 1, rows: count, path, ids, revisions }
    }
    for (let at = 0; at < rows; at += 50 * chunkRows) {
      const starts = Array.from({ length: 50 }, (_, n) => at + n * chunkRows).filter((first) => first < rows)
      await tx.insertInto('export.rowChunk').values(starts.map(chunk)).execute()
    }
  }
}

/** A row of a file and its record as it was sent. */
export interface Traced {
  /** Counted from 1, heads left out. */
  readonly row: number
  readonly id: string
  readonly revision: number
}

function idAt(ids: Buffer, at: number): string {
  const hex = ids.toString('hex', at * idBytes, (at + 1) * idBytes)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** The rows of an export from `from` on to the end of their chunk; empty behind the last one. */
export async function tracedRows(tx: Tx, exportId: string, from: number): Promise<Traced[]> {
  const firstRow = from - ((from - 1) % chunkRows)
  const chunk = await tx
    .selectFrom('export.rowChunk')
    .select(['ids', 'revisions', 'rows'])
    .where('exportId', '=', exportId)
    .where('firstRow', '=', firstRow)
    .executeTakeFirst()
  if (!chunk) return []
  return Array.from({ length: chunk.rows }, (_, at) => ({
    row: firstRow + at,
    id: idAt(chunk.ids, at),
    revision: chunk.revisions.readUInt16BE(at * revisionBytes),
  })).filter(({ row }) => row >= from)
}
