import { join } from 'node:path'
import type { Config } from './kernel/config.ts'
import { type OpenKernel, openKernel } from './kernel/open.ts'
import { startEmbedded } from './kernel/postgres/embedded.ts'

/** An open installation: the database, embedded or given, and the kernel over it. */
export interface Session {
  readonly kernel: OpenKernel
  /** Owner connection, for what the application role may not do. */
  readonly ownerUrl: string
  close(): Promise<void>
}

/** Opens the installation that the settings name; starts the embedded PostgreSQL when no server is given. */
export async function openSession(
  config: Config,
  log: (line: string) => void,
  logError: (error: unknown) => void = console.error,
): Promise<Session> {
  const embedded = config.databaseUrl ? undefined : await startEmbedded({ dir: join(config.dataDir, 'pg'), log })
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
