import type { Download } from '@vigil/contract'
import type { FastifyRequest } from 'fastify'
import { type Caller, scopeFor, within } from '../../kernel/access/caller.ts'
import { authenticate } from '../../kernel/access/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { PurchaseRow } from './purchase.writer.ts'

const topic = 'purchase'
/** Sales are told together at this pace, so that a busy city does not flood the consoles. */
const pauseMs = 250
const heartbeatMs = 15_000
/** NOTIFY carries 8,000 bytes; an event takes some 170, with the longest codes of areas and stores 290. */
const eventsPerMessage = 25

interface LiveEvent {
  readonly county: string
  readonly office: string
  readonly store: string
  readonly path: string
  count: number
  at: string
}

/** Tells all processes of committed sales, gathered for a moment. */
export interface Announcer {
  /** Called after every commit; waits for nothing. */
  tell(rows: readonly PurchaseRow[]): void
  /** Tells what is still gathered. */
  close(): Promise<void>
}

/** Opens the announcer of one process. */
export function createAnnouncer(kernel: Pick<Kernel, 'notify'>, logError: (error: unknown) => void): Announcer {
  const waiting = new Map<string, LiveEvent>()
  let timer: NodeJS.Timeout | undefined
  let closed = false
  const flush = async () => {
    timer = undefined
    const events = [...waiting.values()]
    waiting.clear()
    for (let start = 0; start < events.length; start += eventsPerMessage)
      await kernel.notify.publish(topic, events.slice(start, start + eventsPerMessage))
  }
  const tell = (rows: readonly PurchaseRow[]): void => {
    if (closed) return
    for (const row of rows) {
      const event = waiting.get(row.storeCode)
      if (event) event.count++
      else
        waiting.set(row.storeCode, {
          county: row.county,
          office: row.areaCode,
          store: row.storeCode,
          path: row.path,
          count: 1,
          at: row.receivedAt.toISOString(),
        })
    }
    if (!timer) timer = setTimeout(() => void flush().catch(logError), pauseMs)
  }
  const close = async () => {
    closed = true
    clearTimeout(timer)
    await flush().catch(logError)
  }
  return { tell, close }
}

/** Tells of one change (correction, undo) in the same way as of new sales. */
export const announceChange = (
  kernel: Pick<Kernel, 'notify' | 'clock'>,
  row: { county: string; areaCode: string; storeCode: string; path: string },
): Promise<void> =>
  kernel.notify.publish(topic, [
    {
      county: row.county,
      office: row.areaCode,
      store: row.storeCode,
      path: row.path,
      count: 0,
      at: kernel.clock.now().toISOString(),
    },
  ])

/**
 * Server-sent events of the caller's own area. The caller is looked up again at every heartbeat, so that a revoked or
 * ended session loses the stream within 15 s, and one whose rights have changed is told of his present area only.
 */
export function liveStream(kernel: Kernel, caller: Caller, request: FastifyRequest): Download {
  const scope = scopeFor(caller, 'overview.read')
  return { mediaType: 'text/event-stream; charset=utf-8', filename: '', body: events(kernel, scope, request) }
}

async function* events(kernel: Kernel, first: readonly string[], request: FastifyRequest): AsyncGenerator<Buffer> {
  let scope = first
  let gone = request.raw.socket.destroyed
  const queue: string[] = []
  let wake: () => void = () => undefined
  const push = (name: string, data: unknown) => {
    if (queue.length < 1000) queue.push(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
    wake()
  }
  const unsubscribe = kernel.notify.subscribe(topic, (payload) => {
    for (const { path, ...event } of payload as LiveEvent[])
      if (scope.some((root) => within(path, root))) push('purchase', event)
  })
  const timer = setInterval(() => wake(), heartbeatMs)
  // A waiting generator does not notice that nobody listens any more, nor that the server stops.
  const leave = () => {
    gone = true
    wake()
  }
  request.raw.socket.once('close', leave)
  push('hello', { at: kernel.clock.now().toISOString() })
  let lastBeat = Date.now()
  try {
    while (!gone) {
      while (queue.length > 0) yield Buffer.from(queue.splice(0).join(''))
      await new Promise<void>((resolve) => {
        wake = resolve
        if (gone || queue.length > 0) resolve()
      })
      if (Date.now() - lastBeat < heartbeatMs - 500) continue
      lastBeat = Date.now()
      const again = await authenticate(kernel, request, { touch: false }).catch(() => undefined)
      scope = again ? scopeFor(again, 'overview.read') : []
      if (scope.length === 0) return
      yield Buffer.from(': beat\n\n')
    }
  } finally {
    clearInterval(timer)
    request.raw.socket.off('close', leave)
    unsubscribe()
  }
}
