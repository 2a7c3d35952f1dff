import { Agent, type IncomingMessage, request } from 'node:http'
import { quantile } from './environment.ts'

/** A page of the console: what it asks for at once. */
export interface PageAsk {
  readonly name: string
  /** Paths of one visit; there are several visits, of other places each. */
  readonly visits: readonly (readonly string[])[]
}

/** Users who open a page again and again. */
export interface PagesTask {
  readonly kind: 'pages'
  readonly port: number
  readonly cookies: readonly string[]
  readonly page: PageAsk
  readonly seconds: number
  /** Pause of each user from one visit to the next, ms; 0: none. */
  readonly pauseMs: number
}

/** Consoles that listen while sales are registered. */
export interface LiveTask {
  readonly kind: 'live'
  readonly port: number
  readonly cookies: readonly string[]
  readonly consoles: number
  readonly key: string
  /** Bodies of sales, one after the other, and the store of each. */
  readonly sales: readonly { readonly body: string; readonly store: string }[]
}

export interface Times {
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly most: number
}
export interface PagesResult {
  readonly pages: Times
  readonly requests: Times
}
export interface LiveResult {
  readonly consoles: number
  /** From the answer to the registration, which follows its commit, to the event at the last console. */
  readonly afterAnswer: Times
  /** From when the registration was sent. */
  readonly afterSend: Times
}

const timesOf = (list: number[]): Times => {
  list.sort((a, b) => a - b)
  return { count: list.length, p50: quantile(list, 0.5), p95: quantile(list, 0.95), most: list.at(-1) ?? Number.NaN }
}
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

interface Ask {
  readonly method?: string
  readonly headers: Record<string, string>
  readonly body?: string
}

/** One request over a kept connection. @throws Error when the answer is not 200 */
function ask(agent: Agent, port: number, path: string, { method = 'GET', headers, body }: Ask): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ agent, port, host: '127.0.0.1', path, method, headers }, (answer: IncomingMessage) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        text += chunk
      })
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve(text) : reject(new Error(`${path}: ${answer.statusCode} ${text}`)),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

async function runPages({ port, cookies, page, seconds, pauseMs }: PagesTask): Promise<PagesResult> {
  const pages: number[] = []
  const requests: number[] = []
  const end = performance.now() + seconds * 1000
  await Promise.all(
    cookies.map(async (cookie, user) => {
      // A browser keeps six connections to one host.
      const agent = new Agent({ keepAlive: true, maxSockets: 6 })
      const timed = async (path: string) => {
        const began = performance.now()
        await ask(agent, port, path, { headers: { cookie } })
        requests.push(performance.now() - began)
      }
      if (pauseMs > 0) await wait((pauseMs * user) / cookies.length)
      for (let visit = user; performance.now() < end; visit += 7) {
        const began = performance.now()
        await Promise.all(page.visits[visit % page.visits.length]!.map(timed))
        pages.push(performance.now() - began)
        if (pauseMs > 0) await wait(Math.max(0, pauseMs - (performance.now() - began)))
      }
      agent.destroy()
    }),
  )
  return { pages: timesOf(pages), requests: timesOf(requests) }
}

async function runLive({ port, cookies, consoles, key, sales }: LiveTask): Promise<LiveResult> {
  let waitingFor = ''
  let heard = 0
  let lastHeard = 0
  let done: () => void = () => undefined
  let open = 0
  const agent = new Agent({ keepAlive: true, maxSockets: consoles })
  const listen = (cookie: string) =>
    new Promise<void>((resolve, reject) => {
      const sent = request({ agent, port, host: '127.0.0.1', path: '/api/events', headers: { cookie } }, (answer) => {
        if (answer.statusCode !== 200) reject(new Error(`events: ${answer.statusCode}`))
        let rest = ''
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => {
          rest += chunk
          const events = rest.split('\n\n')
          rest = events.pop()!
          for (const event of events) {
            if (event.startsWith('event: hello')) {
              open++
              resolve()
            }
            if (!event.startsWith('event: purchase') || !event.includes(`"store":"${waitingFor}"`)) continue
            lastHeard = performance.now()
            if (++heard === consoles) done()
          }
        })
      })
      sent.on('error', reject)
      sent.end()
    })
  await Promise.all(Array.from({ length: consoles }, (_, n) => listen(cookies[n % cookies.length]!)))
  const registrar = new Agent({ keepAlive: true })
  const afterAnswer: number[] = []
  const afterSend: number[] = []
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  for (const { body, store } of sales) {
    waitingFor = store
    heard = 0
    const all = new Promise<void>((resolve) => {
      done = resolve
    })
    const began = performance.now()
    const answer = await ask(registrar, port, '/api/purchases', { method: 'POST', headers, body })
    if (!answer.includes('"registered"')) throw new Error(answer)
    const answered = performance.now()
    await all
    afterAnswer.push(lastHeard - answered)
    afterSend.push(lastHeard - began)
    await wait(300)
  }
  return { consoles: open, afterAnswer: timesOf(afterAnswer), afterSend: timesOf(afterSend) }
}

process.on('message', async (task: PagesTask | LiveTask) => {
  const result = task.kind === 'pages' ? await runPages(task) : await runLive(task)
  process.send?.(result, () => process.exit(0))
})
