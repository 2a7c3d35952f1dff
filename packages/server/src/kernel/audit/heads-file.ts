import { createReadStream } from 'node:fs'
import { mkdir, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { sql } from 'kysely'
import type { Db } from '../db/index.ts'
import { type AuditHead, listHeads } from './head.ts'
import type { SignedHead } from './signer.ts'

/** A head as it stands in the file, or undefined for a line that is none. */
export type HeadLine = (SignedHead & { readonly signature: Buffer }) | undefined

const tailBytes = 4096

function lineOf(head: AuditHead): string {
  const { treeSize, root, maxSeq, signedAt, keyId, signature } = head
  const line = {
    treeSize,
    root: root.toString('hex'),
    maxSeq,
    signedAt,
    keyId,
    signature: signature.toString('base64'),
  }
  return `${JSON.stringify(line)}\n`
}

function parseLine(text: string): HeadLine {
  try {
    const line = JSON.parse(text) as Record<string, unknown> | null
    if (line === null || typeof line !== 'object') return undefined
    const { treeSize, root, maxSeq, signedAt, keyId, signature } = line
    if (typeof treeSize !== 'number' || typeof maxSeq !== 'number' || typeof root !== 'string') return undefined
    if (typeof signedAt !== 'string' || typeof keyId !== 'string' || typeof signature !== 'string') return undefined
    const bytes = { root: Buffer.from(root, 'hex'), signature: Buffer.from(signature, 'base64') }
    return { treeSize, maxSeq, signedAt, keyId, ...bytes }
  } catch {
    return undefined
  }
}

/**
 * Adds to the file the heads that it lacks, one JSON line each, and waits for the disk. The file lies outside the
 * database: with it a log that was cut off or set back is found. Processes that share the file take turns.
 * @returns heads added
 */
export async function appendHeads(db: Db, file: string): Promise<number> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('vigil.audit.heads-file'))`.execute(tx)
    await mkdir(dirname(file), { recursive: true })
    const handle = await open(file, 'a+', 0o600)
    try {
      const { size } = await handle.stat()
      const from = Math.max(0, size - tailBytes)
      const tail = (await handle.read(Buffer.alloc(size - from), 0, size - from, from)).buffer.toString('utf8')
      // A process that was killed while writing leaves half a line, which the head in the database replaces.
      const end = tail.lastIndexOf('\n') + 1
      if (end < tail.length) await handle.truncate(from + Buffer.byteLength(tail.slice(0, end)))
      const last = parseLine(tail.slice(tail.lastIndexOf('\n', end - 2) + 1, end))
      let known = last?.treeSize ?? 0
      let added = 0
      for (;;) {
        const heads = await listHeads(tx, known, 1_000)
        if (heads.length === 0) break
        await handle.appendFile(heads.map(lineOf).join(''))
        known = heads.at(-1)!.treeSize
        added += heads.length
      }
      if (added > 0) await handle.sync()
      return added
    } finally {
      await handle.close()
    }
  })
}

/** Number of bytes of the file now; 0 when there is none. */
export async function headsFileSize(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}

/** Reads the first `size` bytes of the file line by line; half a last line is left out. */
export async function* readHeads(file: string, size: number): AsyncGenerator<HeadLine> {
  if (size === 0) return
  const lines = createInterface({
    input: createReadStream(file, { end: size - 1 }),
    crlfDelay: Number.POSITIVE_INFINITY,
  })
  let previous: string | undefined
  for await (const line of lines) {
    if (previous !== undefined) yield parseLine(previous)
    previous = line
  }
  // readline does not tell whether the last line was complete; every complete line of this file ends in a brace.
  if (previous?.endsWith('}')) yield parseLine(previous)
}
