import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http'
import * as http from 'node:http'
import * as https from 'node:https'
import type { AddressInfo } from 'node:net'
import { isSignedBy } from './key.ts'

/** A request as the recipient got it. */
export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** How the recipient behaves at one request; the last one given goes on for good. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse, body: () => Promise<Received>) => unknown

export interface Receiver {
  readonly url: string
  /** Requests whose body came whole. */
  readonly received: Received[]
  /** Replaces what happens at the requests to come. */
  behave(...next: Behaviour[]): void
  close(): Promise<void>
}

const json = (response: ServerResponse, body: unknown, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

/** A good receipt, with what it repeats of the request. */
export const accept: Behaviour = async (_request, response, body) => {
  const { headers, body: bytes } = await body()
  const digest = createHash('sha256').update(bytes).digest('base64')
  json(response, {
    code: 0,
    data: { no: `R-${headers['idempotency-key']}`, digest, rows: Number(headers['vigil-rows']) },
  })
}

/** Reads everything, then answers this. */
export const answer =
  (status: number, body: string | object, headers: Record<string, string> = {}): Behaviour =>
  async (_request, response, read) => {
    await read()
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (typeof body === 'object') return json(response, body, status)
    response.statusCode = status
    if (!headers['content-type']) response.setHeader('content-type', 'text/plain')
    return response.end(body)
  }

/** Starts a real server on 127.0.0.1. @param tls key and certificate (PEM) for HTTPS */
export async function startReceiver(tls?: { key: string; cert: string }): Promise<Receiver> {
  const received: Received[] = []
  let plan: Behaviour[] = [accept]
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const behaviour = plan.length > 1 ? plan.shift()! : plan[0]!
    const read = async () => {
      const pieces: Buffer[] = []
      for await (const piece of request) pieces.push(piece as Buffer)
      const { method = '', url = '', headers } = request
      const whole = { method, url, headers, body: Buffer.concat(pieces) }
      received.push(whole)
      return whole
    }
    // What breaks off because the sender gave up is the sender's affair.
    Promise.resolve(behaviour(request, response, read)).catch(() => undefined)
  }
  const server: Server = tls ? https.createServer(tls, handle) : http.createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}/in?city=350500`,
    received,
    behave: (...next) => {
      plan = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Verifies a request as a recipient would: the digest, then the signature over what its input names. */
export function isGenuine(request: Received, host: string, publicKey: string): boolean {
  const digest = createHash('sha256').update(request.body).digest('base64')
  if (request.headers['content-digest'] !== `sha-256=:${digest}:`) return false
  const input = /^vigil=(\((.*?)\);.*)$/.exec(String(request.headers['signature-input']))
  const signature = /^vigil=:(.+):$/.exec(String(request.headers.signature))
  const algorithm = /;alg="([^"]+)"/.exec(input?.[1] ?? '')?.[1]
  if (!input || !signature || !algorithm) return false
  const url = new URL(request.url, `http://${host}`)
  const derived: Record<string, string> = {
    '@method': request.method,
    '@authority': host,
    '@path': url.pathname,
    '@query': url.search || '?',
  }
  const names = input[2]!.split(' ').map((name) => name.slice(1, -1))
  for (const name of ['@method', '@authority', '@path', 'content-digest', 'idempotency-key'])
    if (!names.includes(name)) return false
  const lines = names.map((name) => `"${name}": ${derived[name] ?? request.headers[name]}`)
  const base = [...lines, `"@signature-params": ${input[1]}`].join('\n')
  return isSignedBy(algorithm === 'ed25519' ? 'ed25519' : 'sm2', publicKey, base, Buffer.from(signature[1]!, 'base64'))
}
