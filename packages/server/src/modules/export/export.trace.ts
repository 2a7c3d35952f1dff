import type { Tx } from '../../kernel/db/index.ts'

/** Rows that are kept in one row of the database. */
export const chunkRows = 1000
const idBytes = 16
const revisionBytes = 2

interface Chunk {
  readonly ids: Buffer
  readonly revisions: Buffer
  rows: number
}

/** Notes which record each row of a file came from: 18 bytes a row, until the file is known. */
export class Tracer {
  readonly #chunks: Chunk[] = []

  add(traces: readonly { readonly id: string; readonly revision: number }[]): void {
    for (const { id, revision } of traces) {
      let chunk = this.#chunks.at(-1)
      if (!chunk || chunk.rows === chunkRows) {
        chunk = { ids: Buffer.alloc(chunkRows * idBytes), revisions: Buffer.alloc(chunkRows * revisionBytes), rows: 0 }
        this.#chunks.push(chunk)
      }
      chunk.ids.write(id.replaceAll('-', ''), chunk.rows * idBytes, 'hex')
      chunk.revisions.writeUInt16BE(revision, chunk.rows * revisionBytes)
      chunk.rows++
    }
  }

  /** Writes the notes in the transaction that makes the file known; those of an earlier attempt go. */
  async save(tx: Tx, exportId: string, path: string): Promise<void> {
    await tx.deleteFrom('export.rowChunk').where('exportId', '=', exportId).execute()
    const values = this.#chunks.map(({ ids, revisions, rows }, at) => ({
      exportId,
      firstRow: at * chunkRows + 1,
      rows,
      path,
      ids: ids.subarray(0, rows * idBytes),
      revisions: revisions.subarray(0, rows * revisionBytes),
    }))
    for (let at = 0; at < values.length; at += 50)
      await tx
        .insertInto('export.rowChunk')
        .values(values.slice(at, at + 50))
        .execute()
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
