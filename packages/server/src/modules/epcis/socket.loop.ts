import type { WebSocket } from '@fastify/websocket'
import type { Db, Scope } from '../../kernel/db/index.ts'
import { Problem } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { queryDocument } from './answer.domain.ts'
import { nextTime, type Schedule } from './schedule.domain.ts'
import { type Following, nextBatch, type Position, writePosition } from './subscription.read.ts'
import { type EpcFormat, translate } from './translate.domain.ts'

/** Pause between two looks for new events, in ms. */
const lookMs = 1000

/** How long a client may take to read one batch, and to answer a ping, in ms. */
export interface Patience {
  readonly batchMs: number
  readonly beatMs: number
}
const usual: Patience = { batchMs: 30_000, beatMs: 15_000 }

/** What a client wants to be told over its socket. */
export interface Listening {
  readonly queryName: string
  /** Digest of the query, which its places belong to. */
  readonly query: string
  readonly following: Following
  /** Null: as soon as something is there. */
  readonly schedule: Schedule | null
  readonly reportIfEmpty: boolean
  readonly format: EpcFormat
  /** Whose connections are counted together. */
  readonly callerId: string
  /** Where the client may read now; empty once it may no more. */
  readonly scope: () => Promise<Scope>
}

interface Listener extends Listening {
  readonly socket: WebSocket
  after: Position
  nextAt: number
  pumping: boolean
  alive: boolean
  beatAt: number
}

export interface SocketLoop {
  /** Connections of a caller, and all of this process. */
  count(callerId?: string): number
  /** Takes a client in; it is told from now on. */
  add(socket: WebSocket, listening: Listening): void
  /** Tells every client what is new for it. */
  tick(): Promise<void>
  close(): Promise<void>
}

interface Parts {
  readonly kernel: Pick<Kernel, 'clock'> & { readonly db: Db }
  /** Company prefixes that are known, for EPC URNs. */
  readonly prefixes: ReadonlySet<string>
  readonly logError: (error: unknown) => void
  readonly patience?: Patience
}

/** What cannot be answered as it was asked for, as far as a frame that closes holds it: 123 bytes. */
const reasonOf = ({ details }: Problem): string => [...(details.detail ?? details.title)].slice(0, 40).join('')

/** Resolves when the text has left this process; false when the client did not take it in time, or is gone. */
function sent(socket: WebSocket, text: string, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms)
    socket.send(text, (error) => {
      clearTimeout(timer)
      resolve(!error)
    })
  })
}

/**
 * Tells one client all that is new for it, a batch at a time: the next one is read when the last one has left, so that a slow
 * client holds one batch in memory and no more. Whether it may still read is asked before each.
 */
async function pump({ kernel, prefixes, patience = usual }: Parts, listener: Listener): Promise<void> {
  const { socket, following, queryName, query, format } = listener
  for (let told = false; socket.readyState === socket.OPEN; ) {
    const scope = await listener.scope()
    if (scope.length === 0) return socket.close(1008, '权限已收回或密钥已失效')
    const { events, until, last } = await nextBatch(kernel.db, scope, { ...following, after: listener.after })
    if (events.length > 0 || (last && !told && listener.reportIfEmpty)) {
      const next = writePosition(until ?? listener.after, query)
      const about = { queryName, next, now: kernel.clock.now() }
      const document = translate(queryDocument(events, about), format, prefixes)
      if (!(await sent(socket, document, patience.batchMs)))
        return socket.close(1013, '接收过慢，请以最后收到的 nextPageToken 继续')
      told = true
    }
    listener.after = until ?? listener.after
    if (last) break
  }
  const now = kernel.clock.now()
  listener.nextAt = listener.schedule ? nextTime(listener.schedule, now)!.getTime() : now.getTime()
}

/** Asks a client whether it is still there, and the kernel whether it still may be. */
async function beat({ patience = usual }: Parts, listener: Listener): Promise<void> {
  const { socket } = listener
  if (performance.now() - listener.beatAt < patience.beatMs) return
  listener.beatAt = performance.now()
  if (!listener.alive) return socket.terminate()
  listener.alive = false
  if ((await listener.scope()).length === 0) return socket.close(1008, '权限已收回或密钥已失效')
  socket.ping()
}

/** Tells clients over their sockets. @param everyMs pause between two looks; 0: only `tick` looks */
export function startSockets(parts: Parts, everyMs: number = lookMs): SocketLoop {
  const { kernel, logError } = parts
  const listeners = new Set<Listener>()
  const serve = async (listener: Listener): Promise<void> => {
    if (listener.pumping) return
    listener.pumping = true
    try {
      await beat(parts, listener)
      if (listener.nextAt <= kernel.clock.now().getTime()) await pump(parts, listener)
    } catch (error) {
      if (error instanceof Problem) return listener.socket.close(1008, reasonOf(error))
      // The database is away: the client goes on from where it was when it is back.
      logError(error)
      listener.socket.close(1011, '暂时无法读取，请以最后收到的 nextPageToken 继续')
    } finally {
      listener.pumping = false
    }
  }
  const tick = async () => {
    await Promise.all([...listeners].map(serve))
  }
  const timer = everyMs > 0 ? setInterval(() => void tick(), everyMs).unref() : undefined
  return {
    count: (id) => (id === undefined ? listeners.size : [...listeners].filter((each) => each.callerId === id).length),
    add: (socket, listening) => {
      const now = kernel.clock.now()
      const nextAt = listening.schedule ? nextTime(listening.schedule, now)!.getTime() : now.getTime()
      const listener: Listener = {
        ...{ ...listening, socket, after: listening.following.after, nextAt },
        ...{ pumping: false, alive: true, beatAt: performance.now() },
      }
      listeners.add(listener)
      socket.on('close', () => listeners.delete(listener))
      socket.on('pong', () => {
        listener.alive = true
      })
    },
    tick,
    close: async () => {
      clearInterval(timer)
      for (const { socket } of listeners) socket.terminate()
      listeners.clear()
    },
  }
}
