import type { Kernel } from '../kernel.ts'
import type { CallerGrant } from './caller.ts'

/** What a session or an API key stands for, as the database said it a moment ago. */
export interface Principal {
  readonly kind: 'account' | 'api-key'
  /** Account or API key. */
  readonly id: string
  readonly name: string
  readonly grants: readonly CallerGrant[]
  readonly storeCode: string | null
  readonly mustEnrolTotp: boolean
  readonly mustChangePassword: boolean
  /** Absolute end of the session or the key. */
  readonly expiresAt: Date
  /** Longest pause; Infinity for a key. */
  readonly idleMs: number
  lastSeenAt: Date
}

/** What has changed: principals that depend on it are read again. */
export interface AccessChange {
  readonly account?: string
  readonly apiKey?: string
  /** A role or the rule for the second factor changed: everybody. */
  readonly all?: true
}

interface Entry {
  readonly principal: Principal
  readonly readAt: number
}

export interface AccessState {
  find(tokenHash: string, now: Date): Principal | undefined
  /** Reads through `load`; a result that a change overtook meanwhile is used once but not kept. */
  load(tokenHash: string, now: Date, load: () => Promise<Principal | undefined>): Promise<Principal | undefined>
  drop(change: AccessChange): void
}

const topic = 'access'
const keepMs = 5000
const maxEntries = 20_000
const states = new WeakMap<Kernel, AccessState>()

function createState(): AccessState {
  const entries = new Map<string, Entry>()
  let generation = 0
  const find = (key: string, now: Date) => {
    const entry = entries.get(key)
    if (!entry) return undefined
    const age = now.getTime() - entry.readAt
    if (age >= 0 && age < keepMs) return entry.principal
    entries.delete(key)
    return undefined
  }
  return {
    find,
    load: async (key, now, load) => {
      const before = generation
      const principal = await load()
      if (principal && before === generation) {
        if (entries.size >= maxEntries) entries.clear()
        entries.set(key, { principal, readAt: now.getTime() })
      }
      return principal
    },
    drop: (change) => {
      generation++
      if (change.all) return entries.clear()
      for (const [key, { principal }] of entries)
        if (principal.id === (principal.kind === 'account' ? change.account : change.apiKey)) entries.delete(key)
    },
  }
}

/** The short-lived memory of one process; it listens to the changes that other processes make. */
export function accessState(kernel: Kernel): AccessState {
  const known = states.get(kernel)
  if (known) return known
  const state = createState()
  states.set(kernel, state)
  kernel.notify.subscribe(topic, (payload) => state.drop((payload ?? {}) as AccessChange))
  return state
}

/** Makes a committed change felt at once: here now, in the other processes by notification (at the latest after 5 s). */
export async function announce(kernel: Kernel, change: AccessChange): Promise<void> {
  accessState(kernel).drop(change)
  await kernel.notify.publish(topic, change)
}
