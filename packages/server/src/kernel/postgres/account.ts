import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { EmbeddedPostgresError } from './errors.ts'

/** The operating-system account that runs PostgreSQL; undefined means: the account of this process. */
export interface ServerAccount {
  uid: number
  gid: number
}

/**
 * PostgreSQL refuses to run as root, so root gets another account: the owner of an existing data directory, else
 * `postgres`, else `vigil-pg` (made when missing), else `nobody`. An ordinary user runs the server itself: undefined.
 */
export function findServerAccount(dataDir: string): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined
  const owner = statSync(dataDir, { throwIfNoEntry: false })
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const account = findAccount('postgres') ?? findAccount('vigil-pg') ?? createAccount() ?? findAccount('nobody')
  if (account !== undefined) return account
  throw new EmbeddedPostgresError(
    'no-user',
    'PostgreSQL 不能以 root 运行，且无法创建系统用户 vigil-pg。请以普通用户启动，或先执行 useradd --system vigil-pg。',
    'PostgreSQL cannot run as root and the system user vigil-pg could not be made. Start as an ordinary user or run: useradd --system vigil-pg',
  )
}

/** Whether the account may pass through and read `path` (asked of the kernel, so that ACLs count too). */
export function mayRead(account: ServerAccount, path: string): boolean {
  const probe = spawnSync('/bin/sh', ['-c', 'if [ -d "$1" ]; then cd "$1"; else test -r "$1"; fi', 'sh', path], {
    ...account,
    cwd: '/',
    stdio: 'ignore',
  })
  return probe.status === 0
}

function createAccount(): ServerAccount | undefined {
  spawnSync(
    'useradd',
    [
      '--system',
      '--user-group',
      '--no-create-home',
      '--home-dir',
      '/nonexistent',
      '--shell',
      '/usr/sbin/nologin',
      'vigil-pg',
    ],
    { stdio: 'ignore' },
  )
  return findAccount('vigil-pg')
}

function findAccount(name: string): ServerAccount | undefined {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [user, , uid, gid] = line.split(':')
    if (user === name) return { uid: Number(uid), gid: Number(gid) }
  }
  return undefined
}
