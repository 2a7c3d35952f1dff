import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedPostgresError } from './errors.ts'
import { findProcessIdentity } from './processes.ts'

interface Holder {
  pid: number
  identity: string
}

/**
 * Takes the lock file for this process and returns a function that gives it back. A lock whose process is gone (also when
 * its pid was reused since) is taken over. Throws EmbeddedPostgresError `in-use` naming the living holder.
 */
export async function takeLock(file: string): Promise<() => void> {
  const own = JSON.stringify({ pid: process.pid, identity: findProcessIdentity(process.pid) })
  const draft = `${file}.${process.pid}`
  try {
    writeFileSync(draft, own, { mode: 0o644 })
    if (!tryLink(draft, file)) {
      refuseLivingHolder(file)
      // Two processes may take over the same stale lock: the last rename wins, the other sees it after the pause.
      renameSync(draft, file)
      await sleep(100)
      if (readFileSync(file, 'utf8') !== own) refuseLivingHolder(file)
    }
  } finally {
    rmSync(draft, { force: true })
  }
  return () => {
    if (findText(file) === own) rmSync(file, { force: true })
  }
}

/** Whether a living process holds the lock file. */
export function isLocked(file: string): boolean {
  return findLivingHolder(file) !== undefined
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function refuseLivingHolder(file: string): void {
  const holder = findLivingHolder(file)
  if (holder === undefined) return
  throw new EmbeddedPostgresError(
    'in-use',
    `数据目录正被另一个守望进程使用（进程号 ${holder.pid}，锁文件 ${file}）。请先停止该进程，或用 VIGIL_DATA_DIR 指定另一个目录。`,
    `The data directory is in use by another running Vigil (pid ${holder.pid}, lock file ${file}). Stop it first or set VIGIL_DATA_DIR.`,
  )
}

function findLivingHolder(file: string): Holder | undefined {
  const text = findText(file)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('identity' in value)) return undefined
    const { pid, identity } = value
    if (typeof pid !== 'number' || typeof identity !== 'string') return undefined
    return findProcessIdentity(pid) === identity ? { pid, identity } : undefined
  } catch {
    return undefined
  }
}

function findText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
