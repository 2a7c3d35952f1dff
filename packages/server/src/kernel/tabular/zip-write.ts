import { promisify } from 'node:util'
import { constants, crc32, deflateRaw } from 'node:zlib'

/** A part of a ZIP to be written; a source is deflated as it is asked for. */
export interface ZipPart {
  readonly name: string
  readonly source: Uint8Array | AsyncIterable<Uint8Array>
}

const signature = { local: 0x04034b50, descriptor: 0x08074b50, central: 0x02014b50, end: 0x06054b50 }
/** UTF-8 names, sizes after the body (APPNOTE 4.4.4). */
const flags = 0x0808
const version = 20
const deflated = 8
/** 1980-01-01: the same content gives the same file. */
const dosDay = 0x0021
const most = 0xffffffff

interface Written {
  readonly name: Buffer
  readonly offset: number
  crc: number
  compressed: number
  size: number
}

function header(kind: number, { name, crc, compressed, size, offset }: Written): Buffer {
  const central = kind === signature.central
  const at = central ? 6 : 4
  const buffer = Buffer.alloc(central ? 46 : 30)
  buffer.writeUInt32LE(kind, 0)
  if (central) buffer.writeUInt16LE(version, 4)
  buffer.writeUInt16LE(version, at)
  buffer.writeUInt16LE(flags, at + 2)
  buffer.writeUInt16LE(deflated, at + 4)
  buffer.writeUInt16LE(dosDay, at + 8)
  if (central) {
    buffer.writeUInt32LE(crc, 16)
    buffer.writeUInt32LE(compressed, 20)
    buffer.writeUInt32LE(size, 24)
    buffer.writeUInt32LE(offset, 42)
  }
  buffer.writeUInt16LE(name.length, at + 22)
  return Buffer.concat([buffer, name])
}

/** Bytes that are deflated in one go, and how many such pieces at a time: the thread pool has the other processors. */
const pieceBytes = 131_072
const atOnce = 2
const deflatePiece = promisify(deflateRaw)
/** An empty last block (RFC 1951, 3.2.6): the pieces themselves end at a byte, none of them as the last. */
const ending = Buffer.of(3, 0)

/** Gathers what is small: each piece is deflated by itself. */
async function* inPieces(source: ZipPart['source']): AsyncGenerator<Uint8Array> {
  let small: Uint8Array[] = []
  let length = 0
  for await (const chunk of source instanceof Uint8Array ? [source] : source) {
    small.push(chunk)
    length += chunk.length
    if (length < pieceBytes) continue
    yield small.length === 1 ? chunk : Buffer.concat(small)
    small = []
    length = 0
  }
  if (length > 0) yield Buffer.concat(small)
}

async function* deflate(entry: Written, source: ZipPart['source']): AsyncGenerator<Buffer> {
  // The fastest level: these files are read once, and sheets shrink to a fifth at any level.
  const options = { level: constants.Z_BEST_SPEED, finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 65_536, memLevel: 9 }
  const running: Promise<Buffer>[] = []
  const next = async () => {
    const chunk = (await running.shift())!
    entry.compressed += chunk.length
    return chunk
  }
  try {
    for await (const piece of inPieces(source)) {
      entry.crc = crc32(piece, entry.crc)
      entry.size += piece.length
      running.push(deflatePiece(piece, options))
      if (running.length === atOnce) yield await next()
    }
    while (running.length > 0) yield await next()
  } finally {
    await Promise.allSettled(running)
  }
  entry.compressed += ending.length
  yield ending
}

/**
 * A ZIP in pieces (APPNOTE 6.3.10), in memory that does not grow with its parts.
 * @throws RangeError when a part or the whole passes 4 GiB; whatever a source throws
 */
export async function* zipChunks(parts: AsyncIterable<ZipPart> | Iterable<ZipPart>): AsyncGenerator<Buffer> {
  const entries: Written[] = []
  let offset = 0
  for await (const part of parts) {
    const entry: Written = { name: Buffer.from(part.name), offset, crc: 0, compressed: 0, size: 0 }
    const local = header(signature.local, entry)
    yield local
    yield* deflate(entry, part.source)
    const after = Buffer.alloc(16)
    if (entry.size > most || offset + entry.compressed > most) throw new RangeError('ZIP part above 4 GiB')
    after.writeUInt32LE(signature.descriptor, 0)
    after.writeUInt32LE(entry.crc, 4)
    after.writeUInt32LE(entry.compressed, 8)
    after.writeUInt32LE(entry.size, 12)
    yield after
    offset += local.length + entry.compressed + after.length
    entries.push(entry)
  }
  const directory = Buffer.concat(entries.map((entry) => header(signature.central, entry)))
  const end = Buffer.alloc(22)
  end.writeUInt32LE(signature.end, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  yield directory
  yield end
}
