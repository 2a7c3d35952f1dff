import { open } from 'node:fs/promises'
import { type CipherKey, sealWith, unsealWith } from '../vault/cipher.ts'
import { VaultError } from '../vault/index.ts'

/** Plain bytes of one chunk; the last one is shorter, and empty only in an empty file. */
export const chunkBytes = 65_536

/** Bytes that `sealWith` adds to a chunk: format, nonce and tag. */
const overhead = (key: CipherKey): number => (key.suite === 'aes-256-gcm' ? 29 : 49)

// Number and end are authenticated, so that chunks cannot be moved, repeated or cut off (STREAM, Hoang et al. 2015).
const bound = (blob: string, index: number, last: boolean): string => `file.file/${blob}/${index}/${last ? 'end' : ''}`

/** Size on disk of a file with `bytes` plain bytes. */
export function sealedBytes(key: CipherKey, bytes: number): number {
  return bytes + Math.max(1, Math.ceil(bytes / chunkBytes)) * overhead(key)
}

/** Encrypts a stream chunk by chunk; holds one chunk besides what the source gives at once, and no piece of the source. */
export async function* sealChunks(
  key: CipherKey,
  blob: string,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  const pending = Buffer.allocUnsafeSlow(chunkBytes)
  let used = 0
  let index = 0
  for await (const piece of source)
    for (let at = 0; at < piece.length; ) {
      // A full chunk waits for the next byte: only then is it known not to be the last.
      if (used === chunkBytes) {
        yield sealWith(key, pending, bound(blob, index++, false))
        used = 0
      }
      const taken = piece.subarray(at, at + chunkBytes - used)
      pending.set(taken, used)
      used += taken.length
      at += taken.length
    }
  yield sealWith(key, pending.subarray(0, used), bound(blob, index, true))
}

/**
 * Decrypts what `sealChunks` made, from a file of `bytes` plain bytes; nothing unauthenticated is given out.
 * @throws VaultError 'tampered' at the first chunk that was changed, moved, or is missing
 */
export async function* openChunks(
  key: CipherKey,
  blob: string,
  file: string,
  bytes: number,
): AsyncGenerator<Buffer, void, undefined> {
  const size = chunkBytes + overhead(key)
  const end = sealedBytes(key, bytes)
  const handle = await open(file, 'r')
  try {
    for (let at = 0, index = 0; at < end; at += size, index++) {
      const length = Math.min(size, end - at)
      const sealed = Buffer.allocUnsafe(length)
      for (let done = 0; done < length; ) {
        const { bytesRead } = await handle.read(sealed, done, length - done, at + done)
        if (bytesRead === 0) throw new VaultError('tampered', '文件被截断')
        done += bytesRead
      }
      const plain = unsealWith(key, sealed, bound(blob, index, at + length === end))
      if (plain.length > 0) yield plain
    }
  } finally {
    await handle.close()
  }
}
