import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createGuard } from './guard.ts'
import { createKey } from './key.ts'
import { type PostRequest, post } from './post.ts'
import { accept, type Behaviour, type Receiver, startReceiver } from './receiver.fixture.ts'
import { send } from './send.ts'

let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver()
})
afterAll(() => receiver.close())

async function* pieces(count: number, pauseMs = 0) {
  for (let at = 0; at < count; at++) {
    if (at > 0 && pauseMs > 0) await sleep(pauseMs)
    yield Buffer.alloc(1000, 65)
  }
}
const request = (change: Partial<PostRequest> = {}, count = 3): PostRequest => ({
  url: new URL(receiver.url),
  headers: { 'content-length': String(count * 1000), 'idempotency-key': 'K' },
  body: pieces(count),
  timeoutMs: 500,
  ca: null,
  guard: createGuard('127.0.0.1'),
  ...change,
})
/** Answers as soon as the head of the request is there. */
const early: Behaviour = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"code":0}')
}

test('the body arrives whole, and the answer comes back', async () => {
  receiver.behave(accept)
  const { status, body, sentAll } = await post(request())
  expect([status, sentAll, JSON.parse(body.toString()).data.no]).toEqual([200, true, 'R-K'])
  expect(receiver.received.at(-1)!.body.length).toBe(3000)
})

test('a body that comes slower than the time limit goes on as long as there is progress', async () => {
  receiver.behave(accept)
  const { status } = await post(request({ body: pieces(6, 150), timeoutMs: 400 }, 6))
  expect(status).toBe(200)
})

test('an answer that comes before the body has left is told from one that comes after', async () => {
  receiver.behave(early)
  const slow = () => request({ body: pieces(10, 100) }, 10)
  expect(await post(slow())).toMatchObject({ status: 200, sentAll: false })
  const outcome = await send({
    destination: {
      url: receiver.url,
      timeoutSeconds: 1,
      ca: null,
      secretHeader: null,
      receipt: { kind: 'json', field: 'code', value: '0' },
    },
    delivery: {
      kind: 'manual',
      number: 'K',
      sha256: '00',
      rows: 1,
      version: 1,
      fromDay: '2026-11-22',
      toDay: '2026-11-22',
    },
    key: { id: 'k', algorithm: 'ed25519', privateKey: createKey('ed25519').privateKey },
    file: { bytes: 10_000, mediaType: 'text/csv', filename: 'a', stream: pieces(10, 100) },
    guard: createGuard('127.0.0.1'),
    secret: undefined,
    now: new Date(),
    signal: new AbortController().signal,
  } as never)
  expect(outcome).toMatchObject({ ok: false, code: 'early-success', message: '接收方还没有收完文件就答复成功' })
})

test('a refusal before the body has left is the answer, not a broken connection', async () => {
  receiver.behave((incoming, response) => {
    response.writeHead(413, { connection: 'close' }).end('too large')
    incoming.resume()
  })
  expect(await post(request({ body: pieces(200, 5) }, 200))).toMatchObject({ status: 413, sentAll: false })
})

test('a body that breaks off is told, and the recipient does not get it whole', async () => {
  receiver.behave(accept)
  const before = receiver.received.length
  async function* broken() {
    yield Buffer.alloc(1000)
    throw new Error('the disk is gone')
  }
  await expect(post(request({ body: broken() }))).rejects.toThrow('the disk is gone')
  await sleep(100)
  expect(receiver.received.length).toBe(before)
})

test('told to stop, it stops, and the body is let go of', async () => {
  receiver.behave(() => new Promise(() => undefined))
  const stop = new AbortController()
  let closed = false
  async function* endless() {
    try {
      for (;;) {
        await sleep(20)
        yield Buffer.alloc(10)
      }
    } finally {
      closed = true
    }
  }
  const running = post(request({ body: endless(), signal: stop.signal }))
  setTimeout(() => stop.abort(), 100)
  await expect(running).rejects.toThrow()
  expect(closed).toBe(true)
})
