import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { TableError, type TableSource } from './types.ts'

/** Bytes that can be read at any place: a buffer or an open file. */
export type Bytes = { size: number; read: (offset: number, length: number) => Promise<Buffer> }

/** A source whose first bytes have been looked at and that can then be read whole, once, in either way. */
export type OpenSource = {
  head: Buffer
  /** undefined when the source is a stream */
  size: number | undefined
  stream: () => AsyncIterable<Buffer>
  random: (maxBytes: number) => Promise<Bytes>
  close: () => Promise<void>
}

const headBytes = 4096

function ofBuffer(buffer: Buffer): OpenSource {
  return {
    head: buffer.subarray(0, headBytes),
    size: buffer.length,
    stream: async function* () {
      for (let at = 0; at < buffer.length; at += 65_536) yield buffer.subarray(at, at + 65_536)
    },
    random: async () => bytesOf(buffer),
    close: async () => {},
  }
}

function bytesOf(buffer: Buffer): Bytes {
  return { size: buffer.length, read: async (offset, length) => buffer.subarray(offset, offset + length) }
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

async function ofPath(path: string): Promise<OpenSource> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    return {
      head: await readAt(file, 0, Math.min(size, headBytes)),
      size,
      stream: async function* () {
        for (let at = 0; at < size; at += 65_536) yield await readAt(file, at, Math.min(65_536, size - at))
      },
      random: async () => ({ size, read: (offset, length) => readAt(file, offset, length) }),
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function ofStream(source: Readable): Promise<OpenSource> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>
  const first: Buffer[] = []
  let held = 0
  while (held < headBytes) {
    const next = await chunks.next()
    if (next.done) break
    const chunk = typeof next.value === 'string' ? Buffer.from(next.value) : next.value
    first.push(chunk)
    held += chunk.length
  }
  async function* all(): AsyncGenerator<Buffer> {
    yield* first
    for (;;) {
      const next = await chunks.next()
      if (next.done) return
      yield typeof next.value === 'string' ? Buffer.from(next.value) : next.value
    }
  }
  return {
    head: Buffer.concat(first).subarray(0, headBytes),
    size: undefined,
    stream: all,
    // The directory of a ZIP is at its end, so the file is held in memory rather than put in clear on a disk.
    random: async (maxBytes) => {
      const kept: Buffer[] = []
      let total = 0
      for await (const chunk of all()) {
        total += chunk.length
        if (total > maxBytes) throw tooLargeFile(maxBytes)
        kept.push(chunk)
      }
      return bytesOf(Buffer.concat(kept))
    },
    close: async () => {
      source.destroy()
    },
  }
}

/** The error for an upload above `maxBytes`. */
export function tooLargeFile(maxBytes: number): TableError {
  const shown = Math.floor(maxBytes / 1024 ** 2)
  return new TableError('too-large', `文件超过 ${shown} MB，请拆成几个文件分别上传`, { maxBytes })
}

/** Opens a source and looks at its first 4096 bytes. File-system errors (no such file, no permission) pass through. */
export async function openSource(source: TableSource): Promise<OpenSource> {
  if (typeof source === 'string') return ofPath(source)
  if (source instanceof Readable) return ofStream(source)
  return ofBuffer(source)
}
