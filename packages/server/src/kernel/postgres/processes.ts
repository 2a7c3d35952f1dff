import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const LINUX = process.platform === 'linux'

/**
 * An identity of a process that survives reuse of its pid: boot id and start time in clock ticks (proc(5), /proc/PID/stat
 * field 22) on Linux, the start date that ps prints elsewhere. Undefined when no such process runs; a zombie does not run.
 */
export function findProcessIdentity(pid: number): string | undefined {
  if (!LINUX) {
    const ps = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
    const line = ps.stdout?.trim() ?? ''
    return line === '' || line.startsWith('Z') ? undefined : line.split(/\s+/).slice(1).join(' ')
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command in parentheses may itself hold spaces and parentheses; the fields after it do not.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`
  } catch {
    return undefined
  }
}

/** Whether the process runs and works in `dir`, as every PostgreSQL process of that data directory does. */
export function worksIn(pid: number, dir: string): boolean {
  if (findProcessIdentity(pid) === undefined) return false
  if (LINUX) {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === dir
    } catch {
      return false
    }
  }
  const ps = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  return ps.stdout?.includes(dir) ?? false
}

/** All running processes whose working directory is `dir` (Linux; empty where /proc is missing). */
export function processesIn(dir: string): number[] {
  if (!LINUX) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && worksIn(pid, dir))
}

/** Sends a signal and says whether the process was there to get it. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

/** Polls until `done()` holds or `ms` milliseconds have passed; returns whether it held. */
export async function waitUntil(done: () => boolean, ms: number): Promise<boolean> {
  const end = Date.now() + ms
  while (!done()) {
    if (Date.now() >= end) return false
    await sleep(25)
  }
  return true
}
