import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerAccount } from './account.ts'
import { diskFull, EmbeddedPostgresError, explainFileError } from './errors.ts'

export const SUPERUSER = 'vigil'
export const MAJOR_VERSION = '18'
const LEAST_FREE_BYTES = 256 * 1024 * 1024

// The builtin provider sorts by code point everywhere alike; a C.UTF-8 ctype lets pg_trgm see Chinese characters, but not every system has it.
const LOCALES = [
  ['--locale-provider=builtin', '--locale=C.UTF-8'],
  ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
]

/** What is kept beside the cluster, in a file only its owner may read. */
export interface ClusterState {
  password: string
  /** The TCP port of the last start; 0 before the first. */
  port: number
}

/**
 * Makes the cluster in `home`/data unless it is there, and returns its state. An interrupted creation leaves no
 * half-made cluster: it is built as data.new and renamed.
 */
export function ensureCluster(
  home: string,
  binaries: string,
  account: ServerAccount | undefined,
  log: (line: string) => void,
): ClusterState {
  const data = join(home, 'data')
  const stateFile = join(home, 'state.json')
  const kept = findState(stateFile)
  if (existsSync(join(data, 'PG_VERSION'))) {
    checkVersion(data)
    if (kept !== undefined) return kept
    throw new EmbeddedPostgresError(
      'start-failed',
      `缺少数据库口令文件 ${stateFile}。请从备份恢复该文件。`,
      `The database password file ${stateFile} is missing or damaged. Restore it from a backup.`,
    )
  }
  const state = { password: randomBytes(24).toString('base64url'), port: 0 }
  try {
    const { bavail, bsize } = statfsSync(home)
    if (bavail * bsize < LEAST_FREE_BYTES) throw diskFull(home)
    log('正在初始化数据库（仅首次启动）…')
    saveState(home, state)
    createCluster(home, binaries, account, state.password)
  } catch (error) {
    throw explainFileError(error, home)
  }
  return state
}

/** Writes the state so that a crash leaves either the old or the new file. */
export function saveState(home: string, state: ClusterState): void {
  const draft = join(home, 'state.json.new')
  writeFileSync(draft, `${JSON.stringify(state)}\n`, { mode: 0o600, flush: true })
  renameSync(draft, join(home, 'state.json'))
}

function createCluster(home: string, binaries: string, account: ServerAccount | undefined, password: string): void {
  const draft = join(home, 'data.new')
  const passwordFile = join(home, 'initdb-password')
  rmSync(draft, { recursive: true, force: true })
  rmSync(passwordFile, { force: true })
  writeFileSync(passwordFile, password, { mode: 0o600, flag: 'wx' })
  try {
    if (account !== undefined) chownSync(passwordFile, account.uid, account.gid)
    let output = ''
    for (const locale of LOCALES) {
      rmSync(draft, { recursive: true, force: true })
      mkdirSync(draft, { mode: 0o700 })
      if (account !== undefined) chownSync(draft, account.uid, account.gid)
      const initdb = spawnSync(
        join(binaries, 'bin', 'initdb'),
        ['-D', draft, '-U', SUPERUSER, '-E', 'UTF8', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, ...locale],
        { ...account, cwd: home, encoding: 'utf8', env: { LC_ALL: 'C', PATH: process.env.PATH } },
      )
      output = `${initdb.stdout ?? ''}${initdb.stderr ?? ''}${initdb.error?.message ?? ''}`.trim()
      if (initdb.status === 0) {
        renameSync(draft, join(home, 'data'))
        return
      }
      if (!output.includes('locale')) break
    }
    if (output.includes('No space left on device')) throw diskFull(home)
    throw new EmbeddedPostgresError(
      'start-failed',
      `数据库初始化失败：\n${output}`,
      `The database cluster could not be made in ${home}.`,
    )
  } finally {
    rmSync(passwordFile, { force: true })
    rmSync(draft, { recursive: true, force: true })
  }
}

function checkVersion(data: string): void {
  const version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim()
  if (version === MAJOR_VERSION) return
  throw new EmbeddedPostgresError(
    'wrong-version',
    `数据目录 ${data} 由 PostgreSQL ${version} 创建，本版本内置 PostgreSQL ${MAJOR_VERSION}。请先导出再导入数据。`,
    `The data directory ${data} was made by PostgreSQL ${version}; this release has ${MAJOR_VERSION}. Dump and restore it.`,
  )
}

function findState(file: string): ClusterState | undefined {
  if (!existsSync(file)) return undefined
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof value !== 'object' || value === null || !('password' in value) || !('port' in value)) return undefined
    const { password, port } = value
    return typeof password === 'string' && typeof port === 'number' ? { password, port } : undefined
  } catch {
    return undefined
  }
}
