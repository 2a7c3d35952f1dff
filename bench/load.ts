import { connect, type Socket } from 'node:net'
import { quantile } from './environment.ts'

export interface LoadResult {
  readonly requests: number
  readonly failed: number
  readonly perSecond: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

interface Next {
  readonly request: string
  /** When it is to be sent, ms on the clock of `performance`; its time runs from then, sent or not. */
  readonly due: number
}

/** One keep-alive connection that sends the next request when the answer to the last one is complete and it is due. */
function drive(socket: Socket, next: () => Next | undefined, done: (ms: number, ok: boolean) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let buffer = ''
    let sentAt = 0
    const send = () => {
      const order = next()
      if (order === undefined) {
        socket.end()
        resolve()
        return
      }
      sentAt = order.due
      const wait = order.due - performance.now()
      if (wait > 0) setTimeout(() => socket.write(order.request), wait)
      else socket.write(order.request)
    }
    socket.setEncoding('latin1')
    socket.setNoDelay(true)
    socket.on('data', (chunk: string) => {
      buffer += chunk
      const head = buffer.indexOf('\r\n\r\n')
      if (head < 0) return
      // Written as Node writes it: a search without case over every answer would cost as much as the request itself.
      const length = Number.parseInt(buffer.slice(buffer.indexOf('content-length: ') + 16, head), 10)
      if (buffer.length < head + 4 + length) return
      const ok = buffer.startsWith('HTTP/1.1 200') && buffer.includes('"registered"', head)
      buffer = ''
      done(performance.now() - sentAt, ok)
      send()
    })
    socket.on('error', reject)
    socket.on('connect', send)
  })
}

/**
 * Sends requests over keep-alive connections: as fast as answers come, or at a rate. At a rate, the time of a request counts
 * from when it was due, so that one that had to wait for a connection does not look fast.
 * @param body makes the JSON body of the next request
 * @param rate requests a second; 0 for as many as are answered
 */
export async function load(
  port: number,
  path: string,
  key: string,
  connections: number,
  seconds: number,
  body: () => string,
  rate = 0,
): Promise<LoadResult> {
  const began = performance.now()
  const end = began + seconds * 1000
  const times: number[] = []
  let failed = 0
  let sent = 0
  const next = () => {
    const now = performance.now()
    const due = rate > 0 ? began + (sent++ / rate) * 1000 : now
    if (Math.max(now, due) >= end) return undefined
    const json = body()
    const request = `POST ${path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(json)}\r\n\r\n${json}`
    return { request, due }
  }
  await Promise.all(
    Array.from({ length: connections }, () =>
      drive(connect({ port, host: '127.0.0.1' }), next, (ms, ok) => {
        times.push(ms)
        if (!ok) failed++
      }),
    ),
  )
  const elapsed = (performance.now() - began) / 1000
  times.sort((a, b) => a - b)
  return {
    requests: times.length,
    failed,
    perSecond: times.length / elapsed,
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    p99: quantile(times, 0.99),
  }
}
