import { createHash } from 'node:crypto'
import { Transform, type TransformCallback } from 'node:stream'

/** Passes bytes on unchanged; after the end `result()` tells their number and SHA-256 (lower-case hexadecimal). */
export class HashingStream extends Transform {
  readonly #hash = createHash('sha256')
  #bytes = 0
  #digest: string | undefined

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#hash.update(chunk)
    this.#bytes += chunk.length
    done(null, chunk)
  }

  override _flush(done: TransformCallback): void {
    this.#digest = this.#hash.digest('hex')
    done()
  }

  /** Throws an Error while bytes may still come. */
  result(): { bytes: number; sha256: string } {
    if (this.#digest === undefined) throw new Error('HashingStream: result() before the end of the stream')
    return { bytes: this.#bytes, sha256: this.#digest }
  }
}

/** A stream between a writer and its file that counts and hashes what passes. */
export function hashingStream(): HashingStream {
  return new HashingStream()
}
