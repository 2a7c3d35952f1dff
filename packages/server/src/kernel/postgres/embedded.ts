import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { findServerAccount, type ServerAccount } from './account.ts'
import { ensureCluster, SUPERUSER, saveState } from './cluster.ts'
import { diskFull, EmbeddedPostgresError, explainFileError } from './errors.ts'
import { takeLock } from './lock.ts'
import { placeBinaries, placeDirectory } from './place.ts'
import { clearRemains, findPostmaster, type Postmaster, stopPostmaster, wasStartedWith } from './postmaster.ts'
import { findProcessIdentity } from './processes.ts'
import { serverSettings, settingArguments } from './settings.ts'

export const DATABASE = 'vigil'
const ANSWER_MS = 10 * 60_000
const ADOPT_MS = 30_000

export interface EmbeddedOptions {
  /** Directory for the cluster, its password and its lock; made when missing. */
  dir: string
  /** Gets a Chinese line for each step that takes time. */
  log: (line: string) => void
  /** TCP port on 127.0.0.1; a free one is chosen and remembered when absent. */
  port?: number
  /** PostgreSQL settings that win over {@link serverSettings}. */
  settings?: Readonly<Record<string, string>>
}

export interface EmbeddedPostgres {
  /** Connection URL of the database `vigil` as the cluster's superuser. */
  url: string
  port: number
  /** Process id of the PostgreSQL main process. */
  pid: number
  /** True when a server left by an earlier, killed process was taken over. */
  adopted: boolean
  /** Fast shutdown; always finishes, at the latest after 45 s, and may be called twice. */
  stop(): Promise<void>
}

/**
 * Starts the PostgreSQL that comes with Vigil, or adopts the one a killed Vigil left running in the same directory.
 * The server has its own process session, so that Ctrl-C in the terminal does not reach it. Throws
 * EmbeddedPostgresError: in-use, not-writable, disk-full, no-binaries, no-user, wrong-version, start-failed.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const account = findServerAccount(join(options.dir, 'data'))
  const binaries = placeBinaries(account, options.log)
  const home = placeDirectory(options.dir, account, options.log)
  let release = () => {}
  try {
    release = await takeLock(join(home, 'lock.json'))
    return await startLocked(home, binaries, account, options, release)
  } catch (error) {
    release()
    throw explainFileError(error, home)
  }
}

async function startLocked(
  home: string,
  binaries: string,
  account: ServerAccount | undefined,
  options: EmbeddedOptions,
  release: () => void,
): Promise<EmbeddedPostgres> {
  const data = join(home, 'data')
  const state = ensureCluster(home, binaries, account, options.log)
  const program = join(binaries, 'bin', 'postgres')
  const argsFor = (port: number) => ['-D', data, ...settingArguments(serverSettings(port, options.settings ?? {}))]

  const running = findPostmaster(data)
  const adopted = running !== undefined && (await mayAdopt(running, data, program, argsFor, state.password, options))
  let postmaster = running
  if (!adopted) {
    if (running !== undefined) {
      options.log('正在停止上次遗留的数据库 …')
      await stopPostmaster(running.pid, data)
    }
    await clearRemains(data)
    const port = await choosePort(options.port, state.port)
    if (port !== state.port) saveState(home, { ...state, port })
    postmaster = { port, pid: await launch(home, program, argsFor(port), account, state.password, options.log) }
  }
  const { pid, port } = postmaster!
  await ensureDatabase(adminUrl(port, state.password))

  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= stopPostmaster(pid, data).finally(release)
    return stopping
  }
  return { url: adminUrl(port, state.password, DATABASE), port, pid, adopted, stop }
}

async function mayAdopt(
  running: Postmaster,
  data: string,
  program: string,
  argsFor: (port: number) => string[],
  password: string,
  options: EmbeddedOptions,
): Promise<boolean> {
  if (options.port !== undefined && options.port !== running.port) return false
  if (!wasStartedWith(data, program, argsFor(running.port))) return false
  options.log('发现上次遗留的数据库进程，正在接管 …')
  const alive = () => findProcessIdentity(running.pid) !== undefined
  return (await waitForAnswer(adminUrl(running.port, password), ADOPT_MS, alive)) === undefined
}

async function launch(
  home: string,
  program: string,
  args: string[],
  account: ServerAccount | undefined,
  password: string,
  log: (line: string) => void,
): Promise<number> {
  log('正在启动数据库 …')
  const logFile = join(home, 'start.log')
  const output = openSync(logFile, 'w', 0o600)
  const child = spawn(program, args, {
    ...account,
    cwd: home,
    detached: true,
    stdio: ['ignore', output, output],
    env: { LC_ALL: 'C', PATH: process.env.PATH },
  })
  closeSync(output)
  let ended: string | undefined
  child.once('error', (error) => {
    ended = error.message
  })
  child.once('exit', (code, name) => {
    ended ??= `exit ${code ?? name}`
  })
  child.unref()
  const port = Number(args.find((arg) => arg.startsWith('port='))?.slice('port='.length))
  const failure = await waitForAnswer(adminUrl(port, password), ANSWER_MS, () => ended === undefined, log)
  if (failure === undefined && child.pid !== undefined) return child.pid
  if (child.pid !== undefined) await stopPostmaster(child.pid, join(home, 'data'))
  const reason = `${ended ?? failure ?? ''}\n${lastWords(home, logFile)}`.trim()
  if (reason.includes('No space left on device')) throw diskFull(home)
  throw new EmbeddedPostgresError('start-failed', `数据库启动失败：\n${reason}`, `PostgreSQL did not start in ${home}.`)
}

/** Waits until the server answers a query; returns undefined then, else the last trouble. */
async function waitForAnswer(
  url: string,
  ms: number,
  alive: () => boolean,
  log?: (line: string) => void,
): Promise<string | undefined> {
  const begin = Date.now()
  let told = begin
  let trouble = 'no answer'
  while (Date.now() - begin < ms) {
    if (!alive()) return `the server ended (${trouble})`
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: 5_000 })
    // A connection cut while idle would otherwise end the whole process.
    client.on('error', () => {})
    try {
      await client.connect()
      await client.query('SELECT 1')
      await client.end()
      return undefined
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error)
      // Not awaited: a half-open connection may never say goodbye.
      client.end().catch(() => {})
    }
    if (Date.now() - told > 5_000) {
      told = Date.now()
      log?.('数据库正在恢复上次未完成的写入，请稍候 …')
    }
    await sleep(50)
  }
  return trouble
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`)
  } finally {
    await client.end()
  }
}

async function choosePort(wanted: number | undefined, remembered: number): Promise<number> {
  if (wanted !== undefined) return wanted
  if (remembered !== 0 && (await freePort(remembered)) === remembered) return remembered
  return (await freePort(0))!
}

function freePort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(undefined))
    probe.listen({ port, host: '127.0.0.1' }, () => {
      const address = probe.address()
      const found = typeof address === 'object' && address !== null ? address.port : undefined
      probe.close(() => resolve(found))
    })
  })
}

function adminUrl(port: number, password: string, database = 'postgres'): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`
}

/** The last lines of what the server wrote: to its output at first, then to the files of its log collector. */
function lastWords(home: string, startLog: string): string {
  const folder = join(home, 'data', 'log')
  const written = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
  const newest = written.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0]
  const collected = readFileSync(startLog, 'utf8').includes('redirecting log output') && newest !== undefined
  const files = collected ? [startLog, newest] : [startLog]
  return files.flatMap((file) => readFileSync(file, 'utf8').trim().split('\n').slice(-10)).join('\n')
}
