import type { Download } from '@vigil/contract'
import type { FastifyRequest } from 'fastify'
import { type Caller, scopeFor, within } from '../../kernel/access/caller.ts'
import { authenticate } from '../../kernel/access/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { hears, onLive } from '../../kernel/live/index.ts'
import type { PurchaseRow } from './purchase.writer.ts'
import type { Reference } from './reference.ts'

const topic = 'purchase'
/** Sales are told together at this pace, so that a busy city does not flood the consoles. */
const pauseMs = 250
const heartbeatMs = 15_000
/** NOTIFY carries 8,000 bytes; a store takes at most 40. */
const storesPerMessage = 180

/** Stores and how many sales each has registered since the last message; 0 for a change. */
type Counts = readonly (readonly [store: string, count: number])[]

interface Message {
  readonly at: string
  readonly stores: Counts
}

/** Tells all processes of committed sales, gathered for a moment. */
export interface Announcer {
  /** Called after every commit; waits for nothing. */
  tell(rows: readonly Pick<PurchaseRow, 'storeCode'>[]): void
  /** Tells of a correction or an undo: figures may have moved, no sale is new. */
  tellChange(storeCode: string): void
  /** Tells what is still gathered. */
  close(): Promise<void>
}

/** Opens the announcer of one process. @param told called at once, for what this process keeps of its own */
export function createAnnouncer(
  kernel: Pick<Kernel, 'notify' | 'clock'>,
  logError: (error: unknown) => void,
  told: (storeCode: string) => void = () => undefined,
): Announcer {
  const waiting = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let closed = false
  const flush = async () => {
    timer = undefined
    const stores = [...waiting]
    waiting.clear()
    const at = kernel.clock.now().toISOString()
    for (let start = 0; start < stores.length; start += storesPerMessage)
      await kernel.notify.publish(topic, {
        at,
        stores: stores.slice(start, start + storesPerMessage),
      } satisfies Message)
  }
  const add = (store: string, count: number): void => {
    told(store)
    if (closed) return
    waiting.set(store, (waiting.get(store) ?? 0) + count)
    timer ??= setTimeout(() => void flush().catch(logError), pauseMs)
  }
  return {
    tell: (rows) => {
      for (const { storeCode } of rows) add(storeCode, 1)
    },
    tellChange: (storeCode) => add(storeCode, 0),
    close: async () => {
      closed = true
      clearTimeout(timer)
      await flush().catch(logError)
    },
  }
}

/**
 * Tells of stores with new or changed sales, in whatever process they were taken; a correction or an undo counts 0.
 * @returns ends it
 */
export const onSales = (kernel: Pick<Kernel, 'notify'>, listener: (stores: Counts) => void): (() => void) =>
  kernel.notify.subscribe(topic, (payload) => listener((payload as Message).stores))

/**
 * Server-sent events of the caller's own area. The caller is looked up again at every heartbeat, so that a revoked or
 * ended session loses the stream within 15 s, and one whose rights have changed is told of his present area only.
 */
export function liveStream(
  kernel: Kernel,
  reference: Pick<Reference, 'store'>,
  caller: Caller,
  request: FastifyRequest,
): Download {
  return {
    mediaType: 'text/event-stream; charset=utf-8',
    filename: '',
    body: events(kernel, reference, caller, request),
  }
}

async function* events(
  kernel: Kernel,
  reference: Pick<Reference, 'store'>,
  first: Caller,
  request: FastifyRequest,
): AsyncGenerator<Buffer> {
  let caller = first
  let scope = scopeFor(caller, 'overview.read')
  let gone = request.raw.socket.destroyed
  const queue: string[] = []
  let wake: () => void = () => undefined
  const push = (name: string, data: unknown) => {
    if (queue.length < 1000) queue.push(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
    wake()
  }
  const unsubscribe = kernel.notify.subscribe(topic, (payload) => {
    const { at, stores } = payload as Message
    for (const [code, count] of stores) {
      const store = reference.store(code)
      if (store && scope.some((root) => within(store.path, root)))
        push('purchase', { county: store.county, office: store.areaCode, store: code, count, at })
    }
  })
  const endLive = onLive(kernel.notify, (event) => {
    if (hears(caller, event)) push(event.event, event.data)
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
      if (!again || scope.length === 0) return
      caller = again
      yield Buffer.from(': beat\n\n')
    }
  } finally {
    clearInterval(timer)
    request.raw.socket.off('close', leave)
    unsubscribe()
    endLive()
  }
}
