import type { ClientRequest, IncomingMessage } from 'node:http'
import * as http from 'node:http'
import * as https from 'node:https'
import type { LookupFunction } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { rootCertificates } from 'node:tls'
import type { Guard } from './guard.ts'
import { hostOf } from './guard.ts'

/** Largest answer that is read, in bytes. */
const longestAnswer = 65_536
/** For name, connection and TLS together. */
const connectMs = 10_000

export interface PostRequest {
  readonly url: URL
  /** With `content-length`. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: AsyncIterable<Uint8Array>
  /** Without progress, and for the whole answer once everything was sent. */
  readonly timeoutMs: number
  /** PEM certificates trusted besides the public ones. */
  readonly ca: string | null
  readonly guard: Pick<Guard, 'lookup' | 'assertHost'>
  /** Ends the attempt at once. */
  readonly signal?: AbortSignal
}

export interface PostAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
  /** Whether all of the body had left when the answer began. */
  readonly sentAll: boolean
}

/** The attempt ended without an answer that can be used. */
export class PostError extends Error {
  override name = 'PostError'
  readonly code: string
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

async function readAnswer(response: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      length += piece.length
      if (length > longestAnswer) throw new PostError('answer-too-long', '接收方的答复过长，不像回执')
      pieces.push(piece)
    }
  } catch (error) {
    if (error instanceof PostError) throw error
    throw new PostError('closed-early', '接收方没有答完就断开了连接', { cause: error })
  }
  return Buffer.concat(pieces)
}

function open({ url, headers, ca, guard, signal }: PostRequest): ClientRequest {
  const options = {
    method: 'POST',
    headers,
    // A connection of its own each time: a kept one would have been checked for another moment.
    agent: false as const,
    lookup: guard.lookup as LookupFunction,
    ...(signal && { signal }),
  }
  if (url.protocol === 'http:') return http.request(url, options)
  return https.request(url, {
    ...options,
    minVersion: 'TLSv1.2',
    ...(ca && { ca: [...rootCertificates, ca] }),
  })
}

/**
 * Sends one POST with a streamed body and reads the whole answer. Redirects are not followed; nothing is retried.
 * @throws PostError 'timeout', 'closed-early', 'answer-too-long'; BlockedAddress; the error of the connection or the body
 */
export async function post(input: PostRequest): Promise<PostAnswer> {
  input.guard.assertHost(hostOf(input.url))
  const request = open(input)
  const seconds = input.timeoutMs / 1000
  let stage: 'connecting' | 'sending' | 'answering' = 'connecting'
  let late: PostError | undefined
  let timer: NodeJS.Timeout | undefined
  const within = (ms: number, message: string) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      late = new PostError('timeout', message)
      request.destroy(late)
    }, ms)
  }
  const progress = () => {
    if (stage === 'sending') within(input.timeoutMs, `接收方 ${seconds} 秒没有动静`)
  }
  const connect = Math.min(connectMs, input.timeoutMs)
  within(connect, `${connect / 1000} 秒内没有连上接收方`)
  request.once('socket', (socket) =>
    socket.once(input.url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      stage = 'sending'
      progress()
    }),
  )
  request.once('finish', progress)

  // The recipient knows the length: it may answer before this side has told the stream of its end.
  let handedOver = 0
  const hasLeft = () =>
    handedOver >= Number(input.headers['content-length']) &&
    request.writableLength === 0 &&
    request.socket?.writableLength === 0

  const answered = new Promise<PostAnswer>((resolve, reject) => {
    request.on('error', reject)
    request.once('close', () => {
      if (stage !== 'answering') reject(new PostError('closed-early', '接收方没有答复就断开了连接'))
    })
    request.once('response', (response) => {
      const sentAll = hasLeft()
      stage = 'answering'
      // One deadline for all of it, so that a body that drips does not prolong it.
      within(input.timeoutMs, `接收方 ${seconds} 秒内没有答完`)
      readAnswer(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body, sentAll }),
        reject,
      )
    })
  })
  let broken: unknown
  const body = async function* () {
    try {
      for await (const piece of input.body) {
        handedOver += piece.length
        yield piece
        progress()
      }
    } catch (error) {
      broken = error
      throw error
    }
  }
  const sending = pipeline(body, request).catch(() => undefined)
  try {
    return await answered
  } catch (error) {
    throw broken ?? late ?? error
  } finally {
    clearTimeout(timer)
    request.destroy()
    // Whatever it broke off with is told by the answer, or by the error of the request.
    await sending
  }
}
