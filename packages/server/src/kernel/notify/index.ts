import { sql } from 'kysely'
import pg from 'pg'
import type { Tx } from '../db/database.ts'

export type Listener = (payload: unknown) => void

/** Messages between the processes of one installation, over PostgreSQL's NOTIFY; lost messages are harmless by design. */
export interface Notify {
  /** Sends to all processes, this one included. Payload: JSON below 7,900 bytes. */
  publish(topic: string, payload: unknown): Promise<void>
  /** @returns a function that ends the subscription */
  subscribe(topic: string, listener: Listener): () => void
  close(): Promise<void>
}

const channel = 'vigil'

/** Sends to all processes what commits with `tx`; nothing when it is rolled back. Payload: JSON below 7,900 bytes. */
export async function publishIn(tx: Tx, topic: string, payload: unknown): Promise<void> {
  await sql`select pg_notify(${channel}, ${JSON.stringify({ topic, payload })})`.execute(tx)
}

/**
 * Opens the listening connection; it comes back by itself after the server was away.
 * @param url connection string of the application role
 * @param pool where `publish` runs
 * @param logError told of messages that are none of ours
 */
export async function openNotify(
  url: string,
  pool: pg.Pool,
  logError: (error: unknown) => void = () => undefined,
): Promise<Notify> {
  const listeners = new Map<string, Set<Listener>>()
  let client: pg.Client | undefined
  let closed = false
  let retry: NodeJS.Timeout | undefined

  const deliver = (text: string) => {
    // Thrown here, an error would end the process: whoever may use the database may send anything to this channel.
    try {
      const { topic, payload } = JSON.parse(text) as { topic: string; payload: unknown }
      for (const listener of listeners.get(topic) ?? []) listener(payload)
    } catch (error) {
      logError(error)
    }
  }

  const open = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, application_name: 'vigil-notify', keepAlive: true })
    const again = () => {
      if (closed || client !== next) return
      client = undefined
      retry = setTimeout(() => void open().catch(() => undefined), 500)
    }
    next.on('notification', (message) => message.payload && deliver(message.payload))
    next.on('error', again)
    next.on('end', again)
    client = next
    try {
      await next.connect()
      await next.query(`LISTEN ${channel}`)
    } catch (error) {
      again()
      throw error
    }
  }
  await open()

  return {
    publish: async (topic, payload) => {
      await pool.query('SELECT pg_notify($1, $2)', [channel, JSON.stringify({ topic, payload })])
    },
    subscribe: (topic, listener) => {
      const set = listeners.get(topic) ?? new Set()
      listeners.set(topic, set.add(listener))
      return () => set.delete(listener)
    },
    close: async () => {
      closed = true
      clearTimeout(retry)
      await client?.end()
    },
  }
}
