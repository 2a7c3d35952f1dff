import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findProcessIdentity, processesIn, signal, waitUntil, worksIn } from './processes.ts'

const FAST_MS = 30_000
const IMMEDIATE_MS = 10_000
const KILL_MS = 5_000

/** A PostgreSQL main process found through the postmaster.pid of its data directory. */
export interface Postmaster {
  pid: number
  port: number
}

/** The running main process of the data directory, if there is one (postmaster.pid: line 1 pid, line 4 port). */
export function findPostmaster(data: string): Postmaster | undefined {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return undefined
  const lines = readFileSync(file, 'utf8').split('\n')
  const pid = Number(lines[0])
  const port = Number(lines[3])
  if (!Number.isInteger(pid) || pid <= 1 || !worksIn(pid, data)) return undefined
  return { pid, port }
}

/** Whether the running main process was started with exactly these arguments (postmaster.opts holds them, each quoted). */
export function wasStartedWith(data: string, program: string, args: readonly string[]): boolean {
  const file = join(data, 'postmaster.opts')
  if (!existsSync(file)) return false
  return readFileSync(file, 'utf8').trim() === [program, ...args.map((arg) => `"${arg}"`)].join(' ')
}

/** Stops the main process: fast shutdown, after 30 s immediate, after 10 s more by SIGKILL. Always returns. */
export async function stopPostmaster(pid: number, data: string): Promise<void> {
  const identity = findProcessIdentity(pid)
  if (identity === undefined) return
  const gone = () => findProcessIdentity(pid) !== identity
  signal(pid, 'SIGINT')
  if (await waitUntil(gone, FAST_MS)) return
  signal(pid, 'SIGQUIT')
  if (await waitUntil(gone, IMMEDIATE_MS)) return
  signal(pid, 'SIGKILL')
  await waitUntil(gone, KILL_MS)
  await clearRemains(data)
}

/**
 * After the main process died without its shutdown: waits for its children, kills those that stay, and removes the
 * stale postmaster.pid, whose pid may belong to another program by now.
 */
export async function clearRemains(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return
  const none = () => processesIn(data).length === 0
  if (!(await waitUntil(none, 5_000))) {
    for (const pid of processesIn(data)) signal(pid, 'SIGKILL')
    await waitUntil(none, KILL_MS)
  }
  // Without /proc nobody can tell whether children still use the files; PostgreSQL then decides for itself.
  if (process.platform === 'linux') rmSync(file, { force: true })
}
