import { ApiError, type CallInput, createClient } from '@vigil/contract/client'
import { t } from '../../text.ts'
import { measureSkew, type Skew } from '../core/clock.ts'
import { SendError, type SendFailure, type Uplink } from '../core/ports.ts'
import { type CounterContract, counterRoutes } from './routes.ts'

const timeoutMs = 20_000

/** Seconds or a date of a Retry-After header in milliseconds (RFC 9110, 10.2.3). */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null || header === '') return undefined
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}

/** Sorts a failed call by what to do about it. */
export function failureOf(error: unknown, header?: number): SendFailure {
  if (error instanceof SendError) return error.failure
  if (!(error instanceof ApiError))
    return { kind: 'offline', message: t('网络不稳定，没有收到完整的答复'), status: 0, code: 'network' }
  const { problem, status } = error
  const wait = problem.retryAfter === undefined ? header : problem.retryAfter * 1000
  const base = {
    message: problem.detail ?? problem.title,
    status,
    code: problem.code,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(problem.errors ? { errors: problem.errors } : {}),
  }
  if (status === 0) return { ...base, kind: 'offline' }
  if (status === 429 || status >= 500 || status === 408) return { ...base, kind: 'busy' }
  if (status === 401) return { ...base, kind: 'auth' }
  if (status === 403 || status === 404) return { ...base, kind: 'denied' }
  return { ...base, kind: 'rejected' }
}

export interface ServerEvents {
  /** An answer of any kind came: the server can be reached. */
  reached(): void
  unreached(): void
  /** The session is gone; the PIN must be entered again. */
  expired(): void
  skew(skew: Skew): void
}

/** Typed calls to the server; every failure is a {@link SendError}. */
export function createServer(events: ServerEvents) {
  let header: number | undefined
  const fetcher: typeof fetch = async (input, init) => {
    header = undefined
    // AbortController came with Chrome 66 and Safari 12.1; older ones wait as long as the system does.
    const abort = typeof AbortController === 'undefined' ? undefined : new AbortController()
    const timer = setTimeout(() => abort?.abort(), timeoutMs)
    const sent = Date.now()
    try {
      const response = await fetch(input, { ...init, cache: 'no-store', ...(abort ? { signal: abort.signal } : {}) })
      header = retryAfterMs(response.headers.get('retry-after'), Date.now())
      const date = response.headers.get('date')
      const skew = date === null ? undefined : measureSkew(date, sent, Date.now())
      if (skew !== undefined) events.skew(skew)
      return response
    } finally {
      clearTimeout(timer)
    }
  }
  const client = createClient<CounterContract>(counterRoutes, fetcher)

  const call = async <K extends keyof CounterContract>(name: K, input?: CallInput<CounterContract[K]>) => {
    try {
      const answer = await client(name, input)
      // A sign-in page of a hotel network answers 200 with HTML.
      if (answer === undefined) throw new SendError(failureOf(undefined))
      events.reached()
      return answer
    } catch (error) {
      const failure = failureOf(error, header)
      if (failure.kind === 'offline') events.unreached()
      else events.reached()
      const isSignIn = name === 'device.unlock' || name === 'device.activate'
      if (failure.kind === 'auth' && !isSignIn) events.expired()
      throw new SendError(failure)
    }
  }

  const uplink: Uplink = {
    register: async (purchases, stampedSkew) => {
      const sent = Date.now()
      const body = { sentAt: new Date(sent + stampedSkew).toISOString(), purchases: [...purchases] }
      const answer = await call('purchase.register', { body })
      if (!Array.isArray(answer.results)) throw new SendError(failureOf(undefined))
      const skew = measureSkew(answer.serverTime, sent, Date.now())
      if (skew !== undefined) events.skew(skew)
      return answer.results
    },
    undo: (id) => call('purchase.undo', { params: { id } }),
  }
  return { call, uplink }
}

export type Server = ReturnType<typeof createServer>
