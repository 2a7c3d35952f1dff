import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createInflateRaw } from 'node:zlib'
import type { Bytes } from './bytes.ts'
import { TableError, type TableLimits } from './types.ts'

export type ZipEntry = { name: string; method: number; compressed: number; uncompressed: number; offset: number }

const ratioFloor = 16 * 1024 ** 2
const maxEntries = 10_000
const maxDirectory = 16 * 1024 ** 2

/** The error for a container that breaks its format at `place`. */
export function damaged(place: string, cause?: unknown): TableError {
  return new TableError('damaged', '文件已损坏，无法读取。请用 Excel 或 WPS 重新打开、另存后再上传', { place }, cause)
}

function bomb(details: Record<string, unknown>): TableError {
  return new TableError('zip-bomb', '文件解压后大得异常，出于安全已拒绝读取', details)
}

/**
 * The directory of a ZIP (APPNOTE 6.3.10, 4.3.12–4.3.16, ZIP64 included), refused before anything is inflated when the
 * declared sizes pass the limits. Throws TableError 'damaged', 'zip-bomb', 'encrypted'.
 */
export async function readDirectory(bytes: Bytes, limits: TableLimits): Promise<Map<string, ZipEntry>> {
  const { offset, size, count } = await findDirectory(bytes)
  if (count > maxEntries || size > maxDirectory) throw bomb({ entries: count })
  if (offset + size > bytes.size) throw damaged('central directory')
  const block = await bytes.read(offset, size)
  const entries = new Map<string, ZipEntry>()
  let total = 0
  for (let at = 0; at + 46 <= block.length; ) {
    if (block.readUInt32LE(at) !== 0x02014b50) break
    const nameLength = block.readUInt16LE(at + 28)
    const extraLength = block.readUInt16LE(at + 30)
    const end = at + 46 + nameLength + extraLength + block.readUInt16LE(at + 32)
    if (end > block.length) throw damaged('central directory entry')
    if ((block.readUInt16LE(at + 8) & 1) !== 0) {
      throw new TableError('encrypted', '文件设有密码，请去掉密码后再上传')
    }
    const entry: ZipEntry = {
      name: block.toString('utf8', at + 46, at + 46 + nameLength).replaceAll('\\', '/'),
      method: block.readUInt16LE(at + 10),
      compressed: block.readUInt32LE(at + 20),
      uncompressed: block.readUInt32LE(at + 24),
      offset: block.readUInt32LE(at + 42),
    }
    widen(entry, block.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength))
    total += entry.uncompressed
    entries.set(entry.name.toLowerCase(), entry)
    at = end
  }
  if (total > limits.maxUncompressedBytes) throw bomb({ uncompressed: total, limit: limits.maxUncompressedBytes })
  if (total > ratioFloor && total / bytes.size > limits.maxCompressionRatio) {
    throw bomb({ uncompressed: total, compressed: bytes.size, limit: limits.maxCompressionRatio })
  }
  return entries
}

async function findDirectory(bytes: Bytes): Promise<{ offset: number; size: number; count: number }> {
  const tailStart = Math.max(0, bytes.size - 65_557)
  const tail = await bytes.read(tailStart, bytes.size - tailStart)
  const at = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (at < 0 || at + 22 > tail.length) throw damaged('end of central directory')
  const found = {
    count: tail.readUInt16LE(at + 10),
    size: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  }
  if (found.count !== 0xffff && found.size !== 0xffffffff && found.offset !== 0xffffffff) return found
  if (at < 20 || tail.readUInt32LE(at - 20) !== 0x07064b50) return found
  const record = await bytes.read(Number(tail.readBigUInt64LE(at - 12)), 56)
  if (record.length < 56 || record.readUInt32LE(0) !== 0x06064b50) throw damaged('ZIP64 end of central directory')
  return {
    count: Number(record.readBigUInt64LE(32)),
    size: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
  }
}

/** Takes the 64-bit sizes of the ZIP64 extra field (id 1) where the 32-bit ones are all ones. */
function widen(entry: ZipEntry, extra: Buffer): void {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue
    let next = at + 4
    const end = Math.min(extra.length, next + extra.readUInt16LE(at + 2))
    const take = (now: number): number => {
      if (now !== 0xffffffff || next + 8 > end) return now
      next += 8
      return Number(extra.readBigUInt64LE(next - 8))
    }
    entry.uncompressed = take(entry.uncompressed)
    entry.compressed = take(entry.compressed)
    entry.offset = take(entry.offset)
    return
  }
}

/**
 * The bytes of one entry, inflated as they are asked for. A body longer than its directory says is a bomb with a false
 * label and ends with TableError 'zip-bomb'; a broken one with 'damaged'. `onRead` gets compressed bytes read so far.
 */
export async function* readEntry(
  bytes: Bytes,
  entry: ZipEntry,
  onRead?: (compressed: number) => void,
): AsyncGenerator<Buffer, void, undefined> {
  const local = await bytes.read(entry.offset, 30)
  if (local.length < 30 || local.readUInt32LE(0) !== 0x04034b50) throw damaged(entry.name)
  const start = entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28)
  if (start + entry.compressed > bytes.size) throw damaged(entry.name)
  async function* body(): AsyncGenerator<Buffer> {
    for (let at = 0; at < entry.compressed; at += 32_768) {
      const part = await bytes.read(start + at, Math.min(32_768, entry.compressed - at))
      onRead?.(at + part.length)
      yield part
    }
  }
  if (entry.method !== 0 && entry.method !== 8) throw damaged(`${entry.name}: method ${entry.method}`)
  const inflate = entry.method === 8 ? createInflateRaw({ chunkSize: 65_536 }) : new PassThrough()
  let failure: unknown
  const done = pipeline(Readable.from(body()), inflate).catch((error: unknown) => {
    failure = error
  })
  let seen = 0
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      seen += chunk.length
      if (seen > entry.uncompressed) throw bomb({ entry: entry.name, declared: entry.uncompressed })
      yield chunk
    }
  } catch (error) {
    throw error instanceof TableError ? error : damaged(entry.name, error)
  } finally {
    inflate.destroy()
    await done
  }
  if (failure) throw failure instanceof TableError ? failure : damaged(entry.name, failure)
}

/** A whole small entry as text; larger than `maxBytes` is refused as 'zip-bomb'. */
export async function readText(bytes: Bytes, entry: ZipEntry, maxBytes: number): Promise<string> {
  if (entry.uncompressed > maxBytes) throw bomb({ entry: entry.name, uncompressed: entry.uncompressed })
  const chunks: Buffer[] = []
  for await (const chunk of readEntry(bytes, entry)) chunks.push(chunk)
  return new TextDecoder('utf-8').decode(Buffer.concat(chunks))
}
