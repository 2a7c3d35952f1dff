import { useSyncExternalStore } from 'react'
import { keys, queryClient } from './query.ts'

export type LiveState = 'connecting' | 'live' | 'retrying'

/** Pause that gathers a burst of sales into one refetch: within the two seconds that a sale may take to show. */
const gatherMs = 600

/** What is told of an alert: see the server's `kernel/live`. */
export interface AlertEvent {
  readonly id: string
  readonly number: string
  readonly grade: 'blue' | 'yellow' | 'orange' | 'red'
  readonly change: string
  readonly openedAt: string
  /** One line for a person; empty when it is nothing to be told of. */
  readonly title: string
}

const alertListeners = new Set<(event: AlertEvent) => void>()

/** Hears of new and changed alerts. @returns a function that ends it */
export function onAlert(listener: (event: AlertEvent) => void): () => void {
  alertListeners.add(listener)
  return () => alertListeners.delete(listener)
}

let state: LiveState = 'connecting'
const listeners = new Set<() => void>()

function become(next: LiveState): void {
  if (state === next) return
  state = next
  for (const listener of listeners) listener()
}

/**
 * Listens to the server's events (server-sent events, WHATWG HTML 9.2) and refreshes what they touch.
 * Returns the function that stops it. A lost connection is taken up again with growing pauses.
 */
export function listen(): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let attempt = 0
  let stopped = false

  const refresh = () => {
    timer = undefined
    for (const queryKey of [keys.overview, keys.purchases, keys.stores])
      void queryClient.invalidateQueries({ queryKey })
  }
  const gather = () => {
    timer ??= setTimeout(refresh, gatherMs)
  }
  const open = () => {
    source = new EventSource('/api/events')
    const alive = () => {
      // What was sold while the connection was down has sent no event here.
      if (state === 'retrying') {
        gather()
        void queryClient.invalidateQueries({ queryKey: keys.alerts })
      }
      attempt = 0
      become('live')
    }
    source.addEventListener('open', alive)
    source.addEventListener('hello', alive)
    source.addEventListener('purchase', gather)
    source.addEventListener('alert', ({ data }) => {
      void queryClient.invalidateQueries({ queryKey: keys.alerts })
      for (const listener of alertListeners) listener(JSON.parse(data) as AlertEvent)
    })
    source.addEventListener('recall', () => void queryClient.invalidateQueries({ queryKey: keys.coldchain }))
    source.addEventListener('error', () => {
      become('retrying')
      source?.close()
      if (stopped) return
      attempt += 1
      retry = setTimeout(open, Math.min(1000 * 2 ** (attempt - 1), 15_000))
    })
  }
  open()
  return () => {
    stopped = true
    source?.close()
    clearTimeout(timer)
    clearTimeout(retry)
    become('connecting')
  }
}

/** State of the live connection. */
export const useLive = (): LiveState =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => state,
  )
