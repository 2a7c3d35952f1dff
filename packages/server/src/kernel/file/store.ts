import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Selectable } from 'kysely'
import { type Caller, wholeScope } from '../access/caller.ts'
import { readScope, systemScope, type Tx, withScope } from '../db/index.ts'
import { notFound, Problem } from '../error/problem.ts'
import type { Kernel } from '../kernel.ts'
import { cipherKey } from '../vault/cipher.ts'
import { VaultError } from '../vault/index.ts'
import { openChunks, sealChunks, sealedBytes } from './chunk.ts'
import { listOld, writeWhole } from './disk.ts'
import type { FileTable } from './file.table.ts'

export interface SaveFile {
  /** Given again, the content of that file is replaced in one step; a new one unless given. */
  readonly id?: string
  readonly owner: Pick<Caller, 'id'> | null
  /** Subtree of areas in which the file may be seen. */
  readonly path: string
  readonly filename: string
  readonly mediaType: string
  readonly source: AsyncIterable<Uint8Array>
  readonly expiresDays: number
  /** False for files that only the module that made them gives out; true unless told. */
  readonly direct?: boolean
  /** Runs in the transaction that makes the file known: both or neither. */
  readonly link?: (tx: Tx, file: StoredFile) => Promise<void>
}

export interface StoredFile {
  readonly id: string
  readonly bytes: number
  /** Of the content in clear, lower-case hexadecimal. */
  readonly sha256: string
}

export interface OpenedFile {
  readonly filename: string
  readonly mediaType: string
  readonly bytes: number
  /** Decrypts while it is read; ends with an error at the first chunk that is not genuine. */
  readonly stream: AsyncIterable<Uint8Array>
}

/** Files of the server, encrypted at rest, each with its own key. */
export interface FileStore {
  /** @throws Problem 507 when the disk is full; whatever `source` or `link` throws. Then nothing is left behind. */
  save(file: SaveFile): Promise<StoredFile>
  /** For the module that made the file; checks nobody's permission. @throws Problem 404 unknown or expired, 500 damaged */
  open(id: string): Promise<OpenedFile>
  /** For the owner alone, within his area. @throws as `open` */
  openOwn(caller: Caller, id: string): Promise<OpenedFile>
  /** Removes a file; an unknown one is no error. */
  remove(id: string): Promise<void>
  /** Removes a file as `tx` commits; its bytes, unreadable from then on, go with the next sweep. */
  forget(tx: Tx, ids: readonly string[]): Promise<void>
  /** Removes what has expired and what killed processes left. For the hourly housekeeping. @returns files removed */
  sweep(): Promise<number>
}

type Row = Selectable<FileTable>
type Parts = Pick<Kernel, 'config' | 'db' | 'vault' | 'clock'>

/** Longer than the longest import or export, whose bytes have no row yet. */
const strayMs = 6 * 3_600_000
const dayMs = 86_400_000
const bound = (blob: string): string => `file.file/${blob}/key`

const damaged = (cause: unknown) =>
  new Problem(
    { status: 500, code: 'file-damaged', title: '文件已损坏', detail: '文件已损坏或被改动，不能下载。请重新生成' },
    { cause },
  )

/**
 * Opens the files of an installation, in VIGIL_FILES_DIR or `<dataDir>/files`.
 * @throws the error of the file system when the folder cannot be made
 */
export async function openFiles(
  { config, db, vault, clock }: Parts,
  env: NodeJS.ProcessEnv = process.env,
): Promise<FileStore> {
  const folder = resolve(env.VIGIL_FILES_DIR?.trim() || join(config.dataDir, 'files'))
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const place = (blob: string) => join(folder, blob)
  const removeBlobs = async (blobs: readonly string[]) => {
    for (const blob of blobs) await rm(place(blob), { force: true })
  }

  const save = async (input: SaveFile): Promise<StoredFile> => {
    const id = input.id ?? randomUUID()
    const blob = randomUUID()
    const secret = randomBytes(32)
    const key = cipherKey(config.cipher, secret)
    const hash = createHash('sha256')
    let bytes = 0
    const feed = async function* () {
      for await (const piece of input.source) {
        hash.update(piece)
        bytes += piece.length
        yield piece
      }
    }
    await writeWhole(folder, blob, sealChunks(key, blob, feed()))
    const stored = { id, bytes, sha256: hash.digest('hex') }
    const facts = {
      ownerId: input.owner?.id ?? null,
      path: input.path,
      filename: input.filename,
      mediaType: input.mediaType,
      bytes: stored.bytes,
      sha256: stored.sha256,
      suite: config.cipher,
      sealedKey: vault.sealLongTerm(secret.toString('base64'), bound(blob)),
      blob,
      direct: input.direct ?? true,
      expiresAt: new Date(clock.now().getTime() + input.expiresDays * dayMs),
    }
    try {
      const before = await withScope(db, systemScope, async (tx) => {
        const old = await tx.selectFrom('file.file').select('blob').where('id', '=', id).forUpdate().executeTakeFirst()
        await tx
          .insertInto('file.file')
          .values({ id, ...facts })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(facts))
          .execute()
        await input.link?.(tx, stored)
        return old?.blob
      })
      if (before) await removeBlobs([before])
      return stored
    } catch (error) {
      await removeBlobs([blob])
      throw error
    }
  }

  const openRow = async (row: Row | undefined): Promise<OpenedFile> => {
    if (!row || row.expiresAt <= clock.now()) throw notFound('文件')
    try {
      const key = cipherKey(row.suite, Buffer.from(vault.unsealLongTerm(row.sealedKey, bound(row.blob)), 'base64'))
      const { size } = await stat(place(row.blob))
      if (size !== sealedBytes(key, row.bytes)) throw new VaultError('tampered', '文件被截断')
      const stream = openChunks(key, row.blob, place(row.blob), row.bytes)
      return { filename: row.filename, mediaType: row.mediaType, bytes: row.bytes, stream: genuine(stream) }
    } catch (error) {
      throw damaged(error)
    }
  }

  const sweep = async (): Promise<number> => {
    const rows = await withScope(db, systemScope, (tx) =>
      tx.deleteFrom('file.file').where('expiresAt', '<=', clock.now()).returning('blob').execute(),
    )
    await removeBlobs(rows.map((row) => row.blob))
    const old = await listOld(folder, strayMs)
    if (old.length === 0) return rows.length
    const known = await readScope(db, systemScope, (tx) =>
      tx.selectFrom('file.file').select('blob').where('blob', 'in', old).execute(),
    )
    const kept = new Set(known.map((row) => row.blob))
    await removeBlobs(old.filter((name) => !kept.has(name)))
    return rows.length
  }

  return {
    save,
    sweep,
    open: async (id) =>
      openRow(
        await readScope(db, systemScope, (tx) =>
          tx.selectFrom('file.file').selectAll().where('id', '=', id).executeTakeFirst(),
        ),
      ),
    openOwn: async (caller, id) => {
      if (!caller.id) throw notFound('文件')
      const ownerId = caller.id
      return openRow(
        await readScope(db, wholeScope(caller), (tx) =>
          tx
            .selectFrom('file.file')
            .selectAll()
            .where('id', '=', id)
            .where('ownerId', '=', ownerId)
            .where('direct', '=', true)
            .executeTakeFirst(),
        ),
      )
    },
    remove: async (id) => {
      const rows = await withScope(db, systemScope, (tx) =>
        tx.deleteFrom('file.file').where('id', '=', id).returning('blob').execute(),
      )
      await removeBlobs(rows.map((row) => row.blob))
    },
    forget: async (tx, ids) => {
      if (ids.length > 0)
        await tx
          .deleteFrom('file.file')
          .where('id', 'in', [...ids])
          .execute()
    },
  }
}

async function* genuine(chunks: AsyncIterable<Uint8Array>) {
  try {
    yield* chunks
  } catch (error) {
    throw damaged(error)
  }
}
