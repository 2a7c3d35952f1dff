import { join } from 'node:path'
import type { Config } from './kernel/config.ts'
import { type OpenKernel, openKernel } from './kernel/open.ts'
import { type EmbeddedPostgres, startEmbedded } from './kernel/postgres/embedded.ts'

/** An open installation: the database, embedded or given, and the kernel over it. */
export interface Session {
  readonly kernel: OpenKernel
  /** Owner connection, for what the application role may not do. */
  readonly ownerUrl: string
  close(): Promise<void>
}

const watchMs = 1_000

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

interface Watched {
  readonly url: string
  stop(): Promise<void>
}

/**
 * The embedded server, started again on the same port when it dies under a living Vigil (killed, out of memory): the pools
 * connect again by themselves, and what was acknowledged is in its log.
 */
async function startWatched(
  dir: string,
  log: (line: string) => void,
  logError: (error: unknown) => void,
): Promise<Watched> {
  let current: EmbeddedPostgres = await startEmbedded({ dir, log })
  const { url, port } = current
  let restarting: Promise<void> | undefined
  let stopped = false
  const restart = async () => {
    log('数据库意外停止，正在重新启动…')
    await current.stop()
    current = await startEmbedded({ dir, log, port })
  }
  const timer = setInterval(() => {
    if (stopped || restarting || isAlive(current.pid)) return
    restarting = restart()
      .catch(logError)
      .finally(() => {
        restarting = undefined
      })
  }, watchMs)
  return {
    url,
    stop: async () => {
      stopped = true
      clearInterval(timer)
      await restarting
      await current.stop()
    },
  }
}

/** Opens the installation that the settings name; starts the embedded PostgreSQL when no server is given. */
export async function openSession(
  config: Config,
  log: (line: string) => void,
  logError: (error: unknown) => void = console.error,
): Promise<Session> {
  const embedded = config.databaseUrl ? undefined : await startWatched(join(config.dataDir, 'pg'), log, logError)
  const ownerUrl = embedded?.url ?? config.databaseUrl
  try {
    const kernel = await openKernel(config, ownerUrl, { log, logError })
    return {
      kernel,
      ownerUrl,
      close: async () => {
        await kernel.close()
        await embedded?.stop()
      },
    }
  } catch (error) {
    await embedded?.stop()
    throw error
  }
}
