import websocket, { type WebSocket } from '@fastify/websocket'
import type { Route } from '@vigil/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Call } from './handler.ts'

/** What a request for a WebSocket is answered with. */
export interface SocketAnswer {
  /** Beside those of the handshake. */
  readonly headers: Readonly<Record<string, string>>
  /** Called once with the open socket. */
  open(socket: WebSocket): void
}

/** Judges a request for a WebSocket before it is opened: what it throws is answered as for any other request. */
export type SocketHandler = (call: Call<Route>) => Promise<SocketAnswer>

/** Largest message that a client may send, in bytes: nobody has anything to say. */
const maxPayload = 1024
/** Time that clients have to take leave when the server stops, in ms. */
const leaveMs = 500

/** The name of the subprotocol that is answered; a key may stand beside it, and is never answered. */
export const socketProtocol = 'epcis'

/**
 * Whether a request may become another protocol: only a WebSocket, and only where one is offered. Clients that would rather
 * speak HTTP/2 say so with every request, and are answered in HTTP/1.1.
 */
export const mayUpgrade = ({ method, headers }: { method?: string; headers: { upgrade?: string } }): boolean =>
  method === 'GET' && headers.upgrade?.trim().toLowerCase() === 'websocket'

/**
 * The API key that came with a request for a WebSocket as one of its subprotocols, since browsers send no headers of their own
 * with one; never in the address, which ends up in logs.
 */
export const keyOfSocket = ({ ws, headers }: Pick<FastifyRequest, 'ws' | 'headers'>): string | undefined =>
  ws
    ? headers['sec-websocket-protocol']
        ?.split(',')
        .map((each) => each.trim())
        .find((each) => each.startsWith('vgl_'))
    : undefined

/** Sockets that still wait for their handshake, by their request. */
const answers = new WeakMap<object, SocketAnswer>()

/** Lets routes of the server be asked for a WebSocket. To be called before the routes are made. */
export async function offerSockets(app: FastifyInstance, logError: (error: unknown) => void): Promise<void> {
  await app.register(websocket, {
    options: {
      maxPayload,
      handleProtocols: (offered) => (offered.has(socketProtocol) ? socketProtocol : false),
    },
    // A client that breaks off or sends nonsense is no fault of ours.
    errorHandler: (_error, socket) => socket.terminate(),
    preClose(done) {
      const { clients } = this.websocketServer
      for (const client of clients) client.close(1001, '服务即将停止，请稍后重新连接')
      if (clients.size > 0)
        setTimeout(() => {
          for (const client of clients) client.terminate()
        }, leaveMs)
      done()
    },
  })
  app.websocketServer.on('headers', (headers, request) => {
    for (const [name, value] of Object.entries(answers.get(request)?.headers ?? {})) headers.push(`${name}: ${value}`)
  })
  app.websocketServer.on('error', logError)
}

/** Parts of a route that answer requests for a WebSocket on it. @param callOf what a handler gets */
export const socketRoute = (
  handler: SocketHandler,
  callOf: (request: FastifyRequest) => Call<Route>,
): {
  readonly preHandler: (request: FastifyRequest) => Promise<void>
  readonly wsHandler: (socket: WebSocket, request: FastifyRequest) => void
} => ({
  preHandler: async (request) => {
    if (request.ws) answers.set(request.raw, await handler(callOf(request)))
  },
  wsHandler: (socket, request) => {
    const answer = answers.get(request.raw)
    answers.delete(request.raw)
    if (answer) answer.open(socket)
    else socket.terminate()
  },
})
