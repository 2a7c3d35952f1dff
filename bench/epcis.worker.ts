import { once } from 'node:events'
import { Agent, request } from 'node:http'

/** What the client process is told: send these bodies to an address, so many at a time. */
export interface Order {
  readonly url: string
  readonly key: string
  readonly bodies: readonly string[]
  readonly callers: number
}

export interface Measured {
  readonly seconds: number
  /** Slowest of the fastest 50 and 99 in a hundred, in ms. */
  readonly p50: number
  readonly p99: number
}

function post(agent: Agent, { url, key }: Order, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

async function send(order: Order): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: order.callers })
  const times: number[] = []
  let next = 0
  const began = performance.now()
  const caller = async () => {
    for (let index = next++; index < order.bodies.length; index = next++) {
      const start = performance.now()
      const status = await post(agent, order, order.bodies[index]!)
      if (status !== 201) throw new Error(`an event was answered ${status}`)
      times.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: order.callers }, caller))
  const seconds = (performance.now() - began) / 1000
  agent.destroy()
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))]!
  return { seconds, p50: at(0.5), p99: at(0.99) }
}

if (process.send) {
  const [order] = (await once(process, 'message')) as [Order]
  process.send(await send(order))
  process.disconnect()
}
