import pg from 'pg'
import { shredChannel, type Vault } from './vault.ts'

/**
 * Listens for months shredded by other processes and forgets them at once. A lost connection is tried again every 5 s;
 * meanwhile the vault's own check finds them within a minute.
 * @param url connection string of the application login
 * @returns stops listening
 */
export async function watchShredding(vault: Pick<Vault, 'forget'>, url: string): Promise<() => Promise<void>> {
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const retry = () => {
    client = undefined
    if (!stopped) timer = setTimeout(() => void start().catch(retry), 5_000).unref()
  }
  const start = async () => {
    const next = new pg.Client({ connectionString: url, application_name: 'vigil-vault', keepAlive: true })
    next.on('notification', ({ payload }) => payload && vault.forget(payload))
    // An error is followed by 'end', which starts the next attempt.
    next.on('error', () => undefined)
    await next.connect()
    await next.query(`LISTEN ${shredChannel}`)
    if (stopped) return next.end()
    client = next
    next.once('end', retry)
  }
  await start()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await client?.end()
  }
}
