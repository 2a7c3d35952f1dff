import type { Permission } from '@vigil/contract'
import { type Caller, scopeFor, within } from '../access/caller.ts'
import type { Tx } from '../db/index.ts'
import { type Notify, publishIn } from '../notify/index.ts'

const topic = 'live'

/** Something that open consoles should know of at once. No personal data: it passes through the database's NOTIFY. */
export interface LiveEvent {
  /** Name of the server-sent event. */
  readonly event: string
  /** Who hears of it: whoever holds this permission at one of the places. */
  readonly permission: Permission
  readonly paths: readonly string[]
  readonly data: Readonly<Record<string, unknown>>
}

/** Most places that a message carries: NOTIFY takes 8,000 bytes. */
const mostPaths = 40

/** Tells the open consoles of all processes when `tx` commits. */
export async function announce(tx: Tx, event: LiveEvent): Promise<void> {
  await publishIn(tx, topic, { ...event, paths: event.paths.slice(0, mostPaths) } satisfies LiveEvent)
}

/** Whether a caller is told of an event. */
export function hears(caller: Caller, { permission, paths }: Pick<LiveEvent, 'permission' | 'paths'>): boolean {
  return scopeFor(caller, permission).some((root) => paths.some((path) => within(path, root)))
}

/** Hears the events of all processes. @returns a function that ends it */
export const onLive = (notify: Pick<Notify, 'subscribe'>, listener: (event: LiveEvent) => void): (() => void) =>
  notify.subscribe(topic, (payload) => listener(payload as LiveEvent))
