import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { appPassword, loadKeyRing, parseKeyRing } from './masterkey.ts'

const one = Buffer.alloc(32, 1).toString('base64')
const two = Buffer.alloc(32, 2).toString('base64')
const refused = (message: RegExp) => ({ name: 'VaultError', code: 'no-key', message: expect.stringMatching(message) })

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'vigil-key-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const load = (env: Record<string, string> = {}, holdsKeys = false) =>
  loadKeyRing({ env, dataDir, holdsKeys: async () => holdsKeys })

describe('parsing', () => {
  test('newest first, separated by commas or lines', () => {
    expect(parseKeyRing(`b:${two},a:${one}`, 'X').keys.map((key) => key.id)).toEqual(['b', 'a'])
    const ring = parseKeyRing(`# ring\nb:${two}\n\na:${one}\n`, 'X')
    expect(ring.keys[1]).toEqual({ id: 'a', secret: Buffer.alloc(32, 1) })
  })

  test.each([
    ['', /没有主密钥/],
    [`a:${one.slice(0, 40)}`, /第 1 项/],
    [`a:${one},b`, /第 2 项/],
    [`a b:${one}`, /第 1 项/],
    [`a:${one},a:${two}`, /重复/],
  ])('refuses %j', (text, message) => {
    expect(() => parseKeyRing(text, 'X')).toThrow(expect.objectContaining(refused(message)))
  })

  test('never tells the key', () => {
    try {
      parseKeyRing(`a:${one}extra`, 'X')
      expect.unreachable()
    } catch (error) {
      expect(String(error)).not.toContain(one.slice(0, 8))
    }
  })
})

describe('loading', () => {
  test('makes a key file once, for the owner only', async () => {
    const first = await load()
    const file = join(dataDir, 'master.key')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await load({}, true)).toEqual(first)
    expect(first.keys).toHaveLength(1)
    expect(first.keys[0].secret).toHaveLength(32)
  })

  test('starts at the same time agree on one key and leave no drafts', async () => {
    const rings = await Promise.all(Array.from({ length: 8 }, () => load()))
    expect(new Set(rings.map((ring) => ring.keys[0].id)).size).toBe(1)
  })

  test('makes no new key when data is encrypted already', async () => {
    await expect(load({}, true)).rejects.toMatchObject(refused(/找不到主密钥文件.*missing/))
    expect(existsSync(join(dataDir, 'master.key'))).toBe(false)
  })

  test.runIf(process.platform !== 'win32')('refuses a file that others may read', async () => {
    await load()
    const file = join(dataDir, 'master.key')
    for (const mode of [0o640, 0o604, 0o660]) {
      chmodSync(file, mode)
      await expect(load()).rejects.toMatchObject(refused(/chmod 600/))
    }
  })

  test('the environment goes first, then the named file', async () => {
    const file = join(dataDir, 'other.key')
    writeFileSync(file, `a:${one}\n`, { mode: 0o600 })
    expect((await load({ VIGIL_MASTER_KEY_FILE: file })).keys[0].id).toBe('a')
    expect((await load({ VIGIL_MASTER_KEY_FILE: file, VIGIL_MASTER_KEYS: `b:${two}` })).keys[0].id).toBe('b')
    expect(readFileSync(file, 'utf8')).toBe(`a:${one}\n`)
  })

  test('a file that is a directory gives a clear error', async () => {
    await expect(load({ VIGIL_MASTER_KEY_FILE: join(dataDir, 'master.key', 'x') })).resolves.toBeDefined()
    await expect(load()).rejects.toMatchObject(refused(/主密钥文件/))
  })
})

test('the password of the application login follows the newest key', () => {
  const ring = parseKeyRing(`a:${one}`, 'X')
  expect(appPassword(ring)).toMatch(/^[A-Za-z0-9_-]{32}$/)
  expect(appPassword(parseKeyRing(`z:${one},b:${two}`, 'Y'))).toBe(appPassword(ring))
  expect(appPassword(parseKeyRing(`b:${two},a:${one}`, 'Z'))).not.toBe(appPassword(ring))
})
