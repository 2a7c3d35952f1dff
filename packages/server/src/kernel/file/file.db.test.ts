import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { type FileHandle, mkdtemp, open, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../testing/index.ts'
import type { Caller } from '../access/caller.ts'
import { readConfig } from '../config.ts'
import { type Connections, connect, systemScope, withScope } from '../db/index.ts'
import { parseKeyRing, suites, Vault } from '../vault/index.ts'
import { chunkBytes } from './chunk.ts'
import { type FileStore, openFiles } from './store.ts'

const ring = parseKeyRing(`test:${randomBytes(32).toString('base64')}`, 'test')
const sizes = [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 3 * chunkBytes, 200_001]
let database: TestDatabase
let connections: Connections
let vault: Vault
let dataDir: string
let now = new Date('2026-03-01T00:00:00Z')
let files: FileStore
let folder: string

const account = (path: string, id: string = randomUUID()): Caller => ({
  kind: 'account',
  id,
  name: '测试',
  grants: [{ roleCode: 'r', permissions: new Set(), path }],
  storeCode: null,
  ip: '',
  userAgent: '',
  requestId: '',
})
const parts = (cipher: (typeof suites)[number] = 'aes-256-gcm') => ({
  config: { ...readConfig({ dataDir }, {}), cipher },
  db: connections.db,
  vault,
  clock: { now: () => now },
})
async function* pieces(content: Buffer, size = 10_007) {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size)
}
const file = (source: AsyncIterable<Uint8Array>, change = {}) => ({
  owner: null,
  path: '/350000/',
  filename: '错误行.csv',
  mediaType: 'text/csv',
  source,
  expiresDays: 7,
  ...change,
})
const saved = (content: Buffer, change = {}) => files.save(file(pieces(content), change))
const content = async (id: string) => buffer((await files.open(id)).stream)
/** The one file that lies on the disk. */
const blob = async () => join(folder, (await readdir(folder))[0]!)

beforeAll(async () => {
  database = await createTestDatabase()
  connections = connect(database.appUrl, 5)
  vault = await Vault.open({ db: connections.db, ring, suite: 'aes-256-gcm' })
  dataDir = await mkdtemp(join(tmpdir(), 'vigil-files-'))
  files = await openFiles(parts(), {})
  folder = join(dataDir, 'files')
})
afterEach(async () => {
  vi.restoreAllMocks()
  now = new Date('2026-03-01T00:00:00Z')
  await withScope(connections.db, systemScope, (tx) => tx.deleteFrom('file.file').execute())
  for (const name of await readdir(folder)) await rm(join(folder, name))
})
afterAll(async () => {
  vault.close()
  await connections.close()
  await database.drop()
  await rm(dataDir, { recursive: true })
})

describe.each(suites)('%s', (suite) => {
  test.each(sizes)('%i bytes come back as they were, and lie on the disk unreadable', async (size) => {
    const plain = randomBytes(size)
    const store = await openFiles(parts(suite), {})
    const stored = await store.save(file(pieces(plain)))
    expect(stored).toMatchObject({ bytes: size, sha256: createHash('sha256').update(plain).digest('hex') })
    const opened = await store.open(stored.id)
    expect(opened).toMatchObject({ filename: '错误行.csv', mediaType: 'text/csv', bytes: size })
    expect((await buffer(opened.stream)).equals(plain)).toBe(true)
    if (size > 16) expect((await readFile(await blob())).includes(plain.subarray(0, 16))).toBe(false)
  })

  test('a changed bit, a missing end, and chunks in another order are found', async () => {
    const store = await openFiles(parts(suite), {})
    const { id } = await store.save(file(pieces(randomBytes(3 * chunkBytes))))
    const path = await blob()
    const sealed = await readFile(path)
    const chunk = sealed.length / 3
    const read = async () => buffer((await store.open(id)).stream)
    for (const at of [0, 5, 100, chunk + 100, sealed.length - 1]) {
      const changed = Buffer.from(sealed)
      changed[at]! ^= 1
      await writeFile(path, changed)
      await expect(read()).rejects.toMatchObject({ details: { status: 500, code: 'file-damaged' } })
    }
    await writeFile(
      path,
      Buffer.concat([sealed.subarray(chunk, 2 * chunk), sealed.subarray(0, chunk), sealed.subarray(2 * chunk)]),
    )
    await expect(read()).rejects.toMatchObject({ details: { code: 'file-damaged' } })
    await writeFile(path, sealed)
    await truncate(path, sealed.length - 1)
    await expect(store.open(id)).rejects.toMatchObject({ details: { code: 'file-damaged' } })
    // Cut at a chunk, with the size in the database changed to fit: the last chunk was not sealed as the last.
    await truncate(path, 2 * chunk)
    await withScope(connections.db, systemScope, (tx) =>
      tx
        .updateTable('file.file')
        .set({ bytes: 2 * chunkBytes })
        .execute(),
    )
    await expect(read()).rejects.toMatchObject({ details: { code: 'file-damaged' } })
    await writeFile(path, sealed)
    await rm(path)
    await expect(store.open(id)).rejects.toMatchObject({ details: { code: 'file-damaged' } })
  })
})

test('only its owner fetches a file, within his area, and never one that a module gives out itself', async () => {
  const owner = account('/350000/350500/')
  const { id } = await saved(Buffer.from('a'), { owner, path: '/350000/350500/' })
  expect((await buffer((await files.openOwn(owner, id)).stream)).toString()).toBe('a')
  const moved = account('/350000/350600/', owner.id ?? '')
  for (const other of [account('/'), moved, { ...owner, id: null }])
    await expect(files.openOwn(other, id)).rejects.toMatchObject({ details: { status: 404 } })
  const kept = await saved(Buffer.from('b'), { owner, path: '/350000/350500/', direct: false })
  await expect(files.openOwn(owner, kept.id)).rejects.toMatchObject({ details: { status: 404 } })
  await expect(files.open(randomUUID())).rejects.toMatchObject({ details: { status: 404 } })
})

test('a full disk is told in Chinese and leaves nothing behind', async () => {
  const handle = await open(join(dataDir, 'probe'), 'w')
  const prototype = Object.getPrototypeOf(handle) as FileHandle
  await handle.close()
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  vi.spyOn(prototype, 'writeFile').mockResolvedValueOnce().mockRejectedValueOnce(full)
  await expect(saved(randomBytes(200_000))).rejects.toMatchObject({
    details: { status: 507, code: 'disk-full', detail: expect.stringContaining('磁盘空间不足') },
  })
  expect(await readdir(folder)).toEqual([])
})

test('a source or a transaction that fails leaves nothing behind, and an earlier content stays', async () => {
  const { id } = await saved(Buffer.from('before'))
  const before = await readdir(folder)
  async function* broken() {
    yield randomBytes(100_000)
    throw new Error('source')
  }
  await expect(files.save(file(broken(), { id }))).rejects.toThrow('source')
  const link = () => Promise.reject(new Error('link'))
  await expect(saved(Buffer.from('after'), { id, link })).rejects.toThrow('link')
  expect(await readdir(folder)).toEqual(before)
  expect((await content(id)).toString()).toBe('before')
  await saved(Buffer.from('after'), { id })
  expect((await content(id)).toString()).toBe('after')
  expect(await readdir(folder)).toHaveLength(1)
})

test('expired and removed files go, drafts of killed processes too, others stay', async () => {
  const short = await saved(Buffer.from('a'), { expiresDays: 1 })
  const long = await saved(Buffer.from('b'), { expiresDays: 3 })
  await files.remove((await saved(Buffer.from('c'))).id)
  await writeFile(join(folder, 'old.part'), 'x')
  await utimes(join(folder, 'old.part'), 0, 0)
  await writeFile(join(folder, 'new.part'), 'x')
  now = new Date('2026-03-03T00:00:00Z')
  await expect(files.open(short.id)).rejects.toMatchObject({ details: { status: 404 } })
  expect(await files.sweep()).toBe(1)
  const left = await readdir(folder)
  expect(left).toHaveLength(2)
  expect(left).toContain('new.part')
  expect((await content(long.id)).toString()).toBe('b')
})
