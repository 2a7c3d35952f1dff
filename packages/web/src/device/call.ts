import type { Route, RouteTable } from '@vigil/contract'
import { ApiError, type CallInput, createClient } from '@vigil/contract/client'
import { t } from '../text.ts'
import { SendError, type SendFailure } from './failure.ts'

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

export interface CallEvents {
  /** An answer of any kind came: the server can be reached. */
  reached(): void
  unreached(): void
  /** The session is gone; somebody must sign in again. */
  expired(): void
  /** @param sent when it was asked, in device milliseconds */
  answered?(response: Response, sent: number): void
}

/**
 * Typed calls to the server; every failure is a {@link SendError}.
 * @param signIns operations whose 401 is an answer, not the end of a session
 */
export function createCall<C extends RouteTable>(
  routes: { [K in keyof C]: Pick<Route, 'method' | 'path'> },
  events: CallEvents,
  signIns: readonly (keyof C)[],
) {
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
      events.answered?.(response, sent)
      return response
    } finally {
      clearTimeout(timer)
    }
  }
  const client = createClient<C>(routes, fetcher)

  return async <K extends keyof C & string>(name: K, input?: CallInput<C[K]>) => {
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
      if (failure.kind === 'auth' && !signIns.includes(name)) events.expired()
      throw new SendError(failure)
    }
  }
}
