import type { CompiledQuery } from 'kysely'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { blockBytes } from './copy-rows.ts'

const headLength = 19

/** A parameter as SQL text; what a text could break is quoted by the driver's own rule. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  if (typeof value === 'boolean' || typeof value === 'number') return String(value)
  if (Buffer.isBuffer(value)) return `'\\x${value.toString('hex')}'::bytea`
  if (value instanceof Date) return pg.escapeLiteral(value.toISOString())
  if (Array.isArray(value)) return `ARRAY[${value.map(literal).join(',')}]`
  return pg.escapeLiteral(String(value))
}

/** A query with its parameters written out, for COPY, which takes none. */
export const withLiterals = ({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): string =>
  sql.replace(/\$(\d+)/g, (_, number: string) => literal(parameters[Number(number) - 1]))

/** Whole rows of COPY in binary format; their memory is used again for the next block. */
export interface CopyBlock {
  readonly bytes: Uint8Array
  /** The different texts of the watched column. */
  readonly watched: ReadonlySet<string>
}

/**
 * Rows of a query by COPY in binary format, undecoded, some hundred at a time: several times cheaper than result rows, in
 * memory that does not grow with their number, and no faster than they are taken.
 * @param select query without parameters
 * @param watch column of short ASCII texts
 * @throws RangeError for a row that is longer than a block
 */
export async function* copyBlocks(
  client: pg.ClientBase,
  select: string,
  watch: number,
): AsyncGenerator<CopyBlock, void, undefined> {
  const stream = client.query(copyTo(`COPY (${select}) TO STDOUT (FORMAT binary)`))
  let rest: Buffer = Buffer.alloc(0)
  let started = false
  const block = Buffer.allocUnsafeSlow(blockBytes)
  let used = 0
  let watched = new Set<string>()
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    if (!started) {
      if (data.length < headLength) {
        rest = data
        continue
      }
      at = headLength
      started = true
    }
    for (let end = endOfRow(data, at); end >= 0; end = endOfRow(data, at)) {
      // The mark of the end.
      if (end === at) {
        at += 2
        break
      }
      if (used > 0 && used + end - at > block.length) {
        yield { bytes: block.subarray(0, used), watched }
        used = 0
        watched = new Set()
      }
      if (end - at > block.length) throw new RangeError(`a row of ${end - at} bytes`)
      used += data.copy(block, used, at, end)
      watched.add(asciiAt(data, at, watch))
      at = end
    }
    rest = data.subarray(at)
  }
  if (used > 0) yield { bytes: block.subarray(0, used), watched }
}

/** Where the row ends that starts at `at`; `at` itself for the mark of the end, -1 when it is not there as a whole. */
function endOfRow(data: Buffer, at: number): number {
  if (at + 2 > data.length) return -1
  const fields = data.readInt16BE(at)
  if (fields < 0) return at
  let next = at + 2
  for (let field = 0; field < fields; field++) {
    if (next + 4 > data.length) return -1
    next += 4 + Math.max(0, data.readInt32BE(next))
  }
  return next > data.length ? -1 : next
}

/** The text of a field of the row that starts at `at`. */
function asciiAt(data: Buffer, at: number, field: number): string {
  let next = at + 2
  for (let left = field; left > 0; left--) next += 4 + Math.max(0, data.readInt32BE(next))
  return data.toString('latin1', next + 4, next + 4 + Math.max(0, data.readInt32BE(next)))
}
