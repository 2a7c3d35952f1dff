/** Bytes of a block of rows at most: about two hundred purchases. */
export const blockBytes = 131_072

/**
 * How a column of COPY in binary format is read. `instant` is timestamptz, a `term` is a short text that comes again in other
 * rows; the plurals are arrays of one dimension.
 */
export type CopyType =
  | 'uuid'
  | 'text'
  | 'term'
  | 'instant'
  | 'integer'
  | 'boolean'
  | 'bytes'
  | 'terms'
  | 'uuids'
  | 'integers'

/** A value of such a column; null where the database has none. */
export type CopyValue = string | number | boolean | Date | Buffer | string[] | number[] | null

/** Milliseconds between 1970 and 2000, where PostgreSQL counts from. */
const epochMs = 946_684_800_000

const textAt = (data: Buffer, at: number, length: number): string => data.toString('utf8', at, at + length)

const uuidAt = (data: Buffer, at: number): string => {
  const hex = data.toString('hex', at, at + 16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Different texts that a reader of recurring ones keeps at most. */
const slots = 1024

/** A reader that gives the same text for the same bytes without making it anew. */
function recurring(
  read: (data: Buffer, at: number, length: number) => string,
): (data: Buffer, at: number, length: number) => string {
  const known: ({ readonly bytes: Buffer; readonly text: string } | undefined)[] = new Array(slots).fill(undefined)
  return (data, at, length) => {
    let hash = length
    for (let next = at; next < at + length; next++) hash = (Math.imul(hash, 31) + data[next]!) | 0
    const slot = (hash ^ (hash >>> 10)) & (slots - 1)
    const found = known[slot]
    if (found?.bytes.length === length) {
      let same = 0
      while (same < length && found.bytes[same] === data[at + same]) same++
      if (same === length) return found.text
    }
    const text = read(data, at, length)
    known[slot] = { bytes: Buffer.from(data.subarray(at, at + length)), text }
    return text
  }
}

/** Reads an array of one dimension without nulls. */
const elements =
  <T>(read: (data: Buffer, at: number, length: number) => T) =>
  (data: Buffer, at: number): T[] => {
    const values: T[] = []
    if (data.readInt32BE(at) === 0) return values
    let next = at + 20
    for (let left = data.readInt32BE(at + 12); left > 0; left--) {
      const size = data.readInt32BE(next)
      values.push(read(data, next + 4, size))
      next += 4 + size
    }
    return values
  }

const readers: Record<CopyType, (data: Buffer, at: number, length: number) => CopyValue> = {
  uuid: uuidAt,
  text: textAt,
  term: recurring(textAt),
  instant: (data, at) => {
    const micros = data.readInt32BE(at) * 4_294_967_296 + data.readUInt32BE(at + 4)
    return new Date(Math.floor(micros / 1000) + epochMs)
  },
  integer: (data, at, length) => (length === 2 ? data.readInt16BE(at) : data.readInt32BE(at)),
  boolean: (data, at) => data[at] === 1,
  bytes: (data, at, length) => data.subarray(at, at + length),
  terms: elements(recurring(textAt)),
  uuids: elements(recurring(uuidAt)),
  integers: elements((data, at) => data.readInt32BE(at)),
}

/** Decodes the rows of a block, one by one. @param types of the columns in their order */
export function* rowsOfBlock(block: Uint8Array, types: readonly CopyType[]): Generator<CopyValue[], void, undefined> {
  const data = Buffer.from(block.buffer, block.byteOffset, block.byteLength)
  const readersOf = types.map((type) => readers[type])
  for (let at = 0; at < data.length; ) {
    const row: CopyValue[] = []
    at += 2
    for (const read of readersOf) {
      const length = data.readInt32BE(at)
      row.push(length < 0 ? null : read(data, at + 4, length))
      at += 4 + Math.max(0, length)
    }
    yield row
  }
}
