import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

/** A record of a queue: its id is its key. */
interface Keyed {
  readonly id: string
}

/** Keeps records durably; a resolved promise means that the change outlives a power cut. */
export interface RecordStore<R extends Keyed> {
  list(): Promise<readonly R[]>
  get(id: string): Promise<R | undefined>
  put(record: R): Promise<void>
  delete(id: string): Promise<void>
}

interface Schema<R extends Keyed> extends DBSchema {
  kv: { key: string; value: unknown }
  queue: { key: string; value: R }
}

/** Small values by name, and the queue. `durable` is false when the browser keeps nothing (private window). */
export interface Storage<R extends Keyed> {
  readonly durable: boolean
  readonly queue: RecordStore<R>
  read<T>(key: string): Promise<T | undefined>
  write(key: string, value: unknown): Promise<void>
  remove(key: string): Promise<void>
  /** Takes a lease in one transaction; false when another holder's has not run out. */
  lease(name: string, holder: string, untilMs: number, nowMs: number): Promise<boolean>
  /** The value under the key, or the one given when there is none: the first writer of several tabs wins. */
  readOrAdd<T>(key: string, value: T): Promise<T>
}

type Lease = { holder: string; until: number }

function inDatabase<R extends Keyed>(db: IDBPDatabase<Schema<R>>): Storage<R> {
  return {
    durable: true,
    queue: {
      list: () => db.getAll('queue'),
      get: (id) => db.get('queue', id),
      put: async (record) => {
        const tx = db.transaction('queue', 'readwrite')
        tx.store.put(record).catch(() => undefined)
        // Resolved only when the transaction is complete, not when the request was taken.
        await tx.done
      },
      delete: (id) => db.delete('queue', id),
    },
    read: async <T>(key: string) => (await db.get('kv', key)) as T | undefined,
    write: async (key, value) => void (await db.put('kv', value, key)),
    remove: (key) => db.delete('kv', key),
    lease: async (name, holder, untilMs, nowMs) => {
      const tx = db.transaction('kv', 'readwrite')
      const held = (await tx.store.get(`lease:${name}`)) as Lease | undefined
      const free = !held || held.holder === holder || held.until < nowMs
      if (free) await tx.store.put({ holder, until: untilMs }, `lease:${name}`)
      await tx.done
      return free
    },
    readOrAdd: async <T>(key: string, value: T) => {
      const tx = db.transaction('kv', 'readwrite')
      const found = (await tx.store.get(key)) as T | undefined
      if (found === undefined) await tx.store.put(value, key)
      await tx.done
      return found ?? value
    },
  }
}

function inMemory<R extends Keyed>(): Storage<R> {
  const kv = new Map<string, unknown>()
  const queue = new Map<string, R>()
  return {
    durable: false,
    queue: {
      list: async () => [...queue.values()],
      get: async (id) => queue.get(id),
      put: async (record) => void queue.set(record.id, record),
      delete: async (id) => void queue.delete(id),
    },
    read: async <T>(key: string) => kv.get(key) as T | undefined,
    write: async (key, value) => void kv.set(key, value),
    remove: async (key) => void kv.delete(key),
    lease: async () => true,
    readOrAdd: async <T>(key: string, value: T) => {
      if (!kv.has(key)) kv.set(key, value)
      return kv.get(key) as T
    },
  }
}

/** Opens a store of the device by its name; memory when the browser has no IndexedDB or refuses it. */
export async function openStorage<R extends Keyed>(name: string): Promise<Storage<R>> {
  if (typeof indexedDB === 'undefined') return inMemory()
  try {
    const db = await openDB<Schema<R>>(name, 1, {
      upgrade(database) {
        database.createObjectStore('kv')
        database.createObjectStore('queue', { keyPath: 'id' })
      },
      blocking(_current, _blocked, event) {
        ;(event.target as IDBDatabase | null)?.close()
      },
    })
    return inDatabase(db)
  } catch {
    return inMemory()
  }
}

/**
 * Keeps what the full device store refuses in memory, so that nothing is lost while the page stays open; `onFull`
 * tells the person not to close it.
 */
export function withOverflow<R extends Keyed>(store: RecordStore<R>, onFull: () => void): RecordStore<R> {
  const overflow = new Map<string, R>()
  return {
    list: async () => [...(await store.list()).filter((record) => !overflow.has(record.id)), ...overflow.values()],
    get: async (id) => overflow.get(id) ?? store.get(id),
    put: async (record) => {
      try {
        await store.put(record)
        overflow.delete(record.id)
      } catch {
        overflow.set(record.id, record)
        onFull()
      }
    },
    delete: async (id) => {
      overflow.delete(id)
      await store.delete(id)
    },
  }
}

/** Asks the browser to keep the data, and tells whether room runs out (under 5 % or 5 MB left). */
export async function checkRoom(): Promise<{ low: boolean }> {
  const manager = navigator.storage as StorageManager | undefined
  if (!manager) return { low: false }
  try {
    if (manager.persist) await manager.persist()
    const { quota = 0, usage = 0 } = manager.estimate ? await manager.estimate() : {}
    return { low: quota > 0 && quota - usage < Math.min(5_000_000, quota * 0.05) }
  } catch {
    return { low: false }
  }
}
