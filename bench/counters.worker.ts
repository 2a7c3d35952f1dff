import { Agent, request } from 'node:http'
import { quantile } from './environment.ts'

export interface PollTask {
  readonly port: number
  /** A session for each counter. */
  readonly cookies: readonly string[]
  readonly seconds: number
  /** Shortest and longest pause between two questions of a counter, in ms. */
  readonly pause: readonly [number, number]
}

/** What the questions of one kind took, in ms. */
export interface Asked {
  readonly requests: number
  readonly failed: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

export interface PollResult {
  readonly orders: Asked
  readonly notices: Asked
}

const agent = new Agent({ keepAlive: true })

function get(port: number, path: string, cookie: string): Promise<{ ok: boolean; body: string }> {
  return new Promise((resolve) => {
    const asked = request({ port, host: '127.0.0.1', path, agent, headers: { cookie } }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        body += piece
      })
      response.on('end', () => resolve({ ok: response.statusCode === 200, body }))
    })
    asked.on('error', () => resolve({ ok: false, body: '' }))
    asked.end()
  })
}

/** Every counter asks for its orders and its notices again and again, each by a clock of its own, as devices do. */
async function poll({ port, cookies, seconds, pause: [least, most] }: PollTask): Promise<PollResult> {
  const end = performance.now() + seconds * 1000
  const kinds = { orders: { times: [] as number[], failed: 0 }, notices: { times: [] as number[], failed: 0 } }
  const ask = async (kind: keyof typeof kinds, path: string, cookie: string) => {
    const began = performance.now()
    const { ok, body } = await get(port, path, cookie)
    kinds[kind].times.push(performance.now() - began)
    if (!ok) kinds[kind].failed++
    return body
  }
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  const counter = async (cookie: string) => {
    await wait(Math.random() * most)
    let known = ''
    while (performance.now() < end) {
      const body = await ask('orders', `/api/pharmacy/stop-sales${known && `?known=${known}`}`, cookie)
      known = encodeURIComponent((JSON.parse(body || '{}') as { version?: string }).version ?? '')
      await ask('notices', '/api/notices/own', cookie)
      await wait(Math.min(least + Math.random() * (most - least), Math.max(0, end - performance.now())))
    }
  }
  await Promise.all(cookies.map(counter))
  const result = ({ times, failed }: (typeof kinds)['orders']): Asked => {
    times.sort((a, b) => a - b)
    const at = (q: number) => quantile(times, q)
    return { requests: times.length, failed, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
  }
  return { orders: result(kinds.orders), notices: result(kinds.notices) }
}

process.on('message', async (task: PollTask) => {
  const result = await poll(task)
  process.send?.(result, () => process.exit(0))
})
