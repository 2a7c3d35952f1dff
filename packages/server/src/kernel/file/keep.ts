import type { Readable } from 'node:stream'
import type { Caller } from '../access/caller.ts'
import type { Tx } from '../db/index.ts'
import { invalidField } from '../error/problem.ts'
import type { Kernel } from '../kernel.ts'

/** Documents and photos are evidence: kept for ten years. */
const keptDays = 3653
const headBytes = 8

const kinds = [
  { mediaType: 'application/pdf', begins: Buffer.from('%PDF-') },
  { mediaType: 'image/png', begins: Buffer.from([0x89, 0x50, 0x4e, 0x47]) },
  { mediaType: 'image/jpeg', begins: Buffer.from([0xff, 0xd8, 0xff]) },
] as const

export interface NewFile {
  readonly fileId: string
  readonly filename: string
  readonly mediaType: string
  readonly bytes: number
  readonly sha256: string
}

/** What a file is, by its first bytes: a name says nothing. */
const kindOf = (head: Buffer) => kinds.find(({ begins }) => head.subarray(0, begins.length).equals(begins))?.mediaType

/**
 * Keeps an uploaded PDF or image, encrypted, with its hash; `link` runs in the transaction that makes it known.
 * @throws Problem 400 for another kind of file, 413 beyond the route's limit, 507 when the disk is full
 */
export async function keepFile(
  kernel: Pick<Kernel, 'files'>,
  caller: Caller,
  path: string,
  upload: { readonly filename: string; readonly stream: Readable },
  allowed: readonly string[],
  link: (tx: Tx, file: NewFile) => Promise<void>,
): Promise<void> {
  const iterator = upload.stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  const pieces: Buffer[] = []
  for (let size = 0; size < headBytes; ) {
    const next = await iterator.next()
    if (next.done) break
    pieces.push(next.value)
    size += next.value.length
  }
  const mediaType = kindOf(Buffer.concat(pieces))
  if (!mediaType || !allowed.includes(mediaType)) {
    upload.stream.resume()
    throw invalidField(
      '/file',
      allowed.includes('application/pdf') ? '请上传 PDF、PNG 或 JPEG 文件' : '请上传 PNG 或 JPEG 照片',
      'media-type',
    )
  }
  const filename = [...upload.filename].slice(-120).join('') || '附件'
  const whole = async function* () {
    yield* pieces
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
  }
  await kernel.files.save({
    owner: caller,
    path,
    filename,
    mediaType,
    source: whole(),
    expiresDays: keptDays,
    direct: false,
    link: (tx, { id, bytes, sha256 }) => link(tx, { fileId: id, filename, mediaType, bytes, sha256 }),
  })
}
