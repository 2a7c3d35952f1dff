import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { derive } from './cipher.ts'
import { type DataKeyRow, unwrap } from './datakey.ts'
import { VaultError } from './error.ts'

/** A key that wraps data keys. It is never written to the database. */
export interface MasterKey {
  readonly id: string
  readonly secret: Buffer
}

/** All master keys that are known, newest first. The newest wraps; older ones only unwrap until `Vault.rotate`. */
export interface KeyRing {
  readonly keys: readonly [MasterKey, ...MasterKey[]]
  /** Where the keys came from, for messages. */
  readonly source: string
}

const line = /^([A-Za-z0-9._-]{1,40}):([A-Za-z0-9+/_-]{43}=?)$/

/**
 * Reads keys `id:base64` (32 bytes each), newest first, separated by commas or line ends; `#` begins a comment line.
 * @throws VaultError 'no-key' that names the source and the line, never the key
 */
export function parseKeyRing(text: string, source: string): KeyRing {
  const entries = text.split(/[\n,]/).map((entry) => entry.trim())
  const keys = entries.flatMap((entry, index): MasterKey[] => {
    if (entry === '' || entry.startsWith('#')) return []
    const match = line.exec(entry)
    if (!match) {
      throw noKey(
        `${source} 第 ${index + 1} 项不是“编号:32 字节密钥的 base64”。Entry ${index + 1} is not id:base64 of 32 bytes.`,
      )
    }
    return [{ id: match[1]!, secret: Buffer.from(match[2]!, 'base64') }]
  })
  const [newest, ...older] = keys
  if (!newest) throw noKey(`${source} 中没有主密钥。No master key found.`)
  if (new Set(keys.map((key) => key.id)).size < keys.length) {
    throw noKey(`${source} 中主密钥编号重复。Master key ids must differ.`)
  }
  return { keys: [newest, ...older], source }
}

/**
 * Loads the master keys: VIGIL_MASTER_KEYS, else the file VIGIL_MASTER_KEY_FILE, else `<dataDir>/master.key`. The
 * default or named file is made with a random key when it is missing and nothing is encrypted yet.
 * @param options.holdsKeys tells whether the database already holds wrapped keys (see `holdsWrappedKeys`)
 * @throws VaultError 'no-key' when keys are missing or malformed, or others than the owner may read the file
 */
export async function loadKeyRing(options: {
  env: Record<string, string | undefined>
  dataDir: string
  holdsKeys: () => Promise<boolean>
}): Promise<KeyRing> {
  const { env, dataDir, holdsKeys } = options
  if (env.VIGIL_MASTER_KEYS?.trim()) return parseKeyRing(env.VIGIL_MASTER_KEYS, 'VIGIL_MASTER_KEYS')
  const file = env.VIGIL_MASTER_KEY_FILE?.trim() || join(dataDir, 'master.key')
  const found = await readKeyFile(file)
  if (found !== undefined) return parseKeyRing(found, file)
  if (await holdsKeys()) {
    throw noKey(
      `数据库中已有加密数据，但找不到主密钥文件 ${file}。请恢复该文件或设置 VIGIL_MASTER_KEYS。` +
        `The database holds encrypted data but the master key file ${file} is missing: restore it or set VIGIL_MASTER_KEYS.`,
    )
  }
  await createKeyFile(file)
  return parseKeyRing((await readKeyFile(file)) ?? '', file)
}

/** True when the database holds wrapped data keys; false also before the first migration. */
export async function holdsWrappedKeys(ownerUrl: string): Promise<boolean> {
  return (await firstDataKey(ownerUrl)) !== undefined
}

/**
 * Demands that the ring opens what the database holds; a database without keys takes any ring.
 * @throws VaultError 'no-key' when the master key is missing or is another than the one that wrapped
 */
export async function assertOpens(ownerUrl: string, ring: KeyRing): Promise<void> {
  const row = await firstDataKey(ownerUrl)
  if (row) unwrap(ring, row)
}

/** A wrapped data key, 'install' before all others. */
async function firstDataKey(ownerUrl: string): Promise<DataKeyRow | undefined> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'vigil-keys' })
  await client.connect()
  try {
    const table = await client.query<{ exists: boolean }>(`SELECT to_regclass('vault.data_key') IS NOT NULL AS exists`)
    if (!table.rows[0]?.exists) return undefined
    const { rows } = await client.query<DataKeyRow>(`SELECT name, suite, wrapped, master_key_id AS "masterKeyId"
      FROM vault.data_key WHERE wrapped IS NOT NULL ORDER BY name <> 'install' LIMIT 1`)
    return rows[0]
  } finally {
    await client.end()
  }
}

/**
 * Password of the application's database login. It is needed before the application can connect, so it comes from the
 * newest master key and not from the install secret; `migrate` sets it at each start, so it may change with the key.
 * Every other derived secret comes from the install secret (`Vault.deriveSecret`) and survives rotation.
 */
export function appPassword(ring: KeyRing): string {
  return derive('sha256', ring.keys[0].secret, 'db-app-password', 24).toString('base64url')
}

async function readKeyFile(file: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(file)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw noKey(
        `主密钥文件 ${file} 可被其他用户读取，请执行 chmod 600。Others may read the master key file: chmod 600 it.`,
      )
    }
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof VaultError) throw error
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') return undefined
    throw noKey(`无法读取主密钥文件 ${file}（${code}）。Cannot read the master key file.`, error)
  }
}

// Written aside and then linked: a process that starts at the same time sees the whole key or none, and the first one wins.
async function createKeyFile(file: string): Promise<void> {
  const text = `key-${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64')}\n`
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const handle = await open(draft, 'wx', 0o600)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  } catch (error) {
    throw noKey(`无法写入主密钥文件 ${file}。Cannot write the master key file.`, error)
  } finally {
    await unlink(draft).catch(() => undefined)
  }
}

function noKey(message: string, cause?: unknown): VaultError {
  return new VaultError('no-key', message, { cause })
}
