import type { BodyOf, ParamsOf, Problem, QueryOf, ResponseOf, Route, RouteTable } from './kernel.ts'

type Filled<K extends string, T> = [T] extends [undefined] ? { [k in K]?: undefined } : { [k in K]: T }
export type CallInput<R extends Route> = Filled<'params', ParamsOf<R>> &
  ([QueryOf<R>] extends [undefined] ? { query?: undefined } : { query?: QueryOf<R> }) &
  (R['upload'] extends true ? { body: FormData } : Filled<'body', BodyOf<R>>) & { signal?: AbortSignal }

/** The server answered with a problem (RFC 9457), or could not be reached (`status` 0). */
export class ApiError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title)
    this.name = 'ApiError'
    this.problem = problem
  }
  get status(): number {
    return this.problem.status
  }
  /** True when nothing is known about what the server did: the same call may be sent again. */
  get offline(): boolean {
    return this.problem.status === 0
  }
}

const offlineProblem: Problem = {
  type: 'about:blank',
  title: '网络不通',
  status: 0,
  code: 'offline',
  detail: '连接不上服务器，请检查网络后重试',
}

/** URL of a route with its parameters and query filled in. */
export function urlOf(
  route: Pick<Route, 'path'>,
  params: Record<string, unknown> = {},
  query: Record<string, unknown> = {},
): string {
  const path = route.path.replace(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== null) search.set(key, String(value))
  const tail = search.toString()
  return tail ? `${path}?${tail}` : path
}

/**
 * Typed client over `fetch`. JSON answers are parsed; a problem is thrown as {@link ApiError}.
 * @param routes the route table; only `method` and `path` are read, so a bundle may pass a stripped one
 */
export function createClient<T extends RouteTable>(
  routes: { [K in keyof T]: Pick<Route, 'method' | 'path'> },
  fetcher: typeof fetch = fetch,
  base = '',
) {
  return async function call<K extends keyof T & string>(name: K, input?: CallInput<T[K]>): Promise<ResponseOf<T[K]>> {
    const route = routes[name] as Pick<Route, 'method' | 'path'>
    const { params, query, body, signal } = (input ?? {}) as {
      params?: Record<string, unknown>
      query?: Record<string, unknown>
      body?: unknown
      signal?: AbortSignal
    }
    const isForm = typeof FormData !== 'undefined' && body instanceof FormData
    const init: RequestInit = {
      method: route.method,
      credentials: 'same-origin',
      headers: body === undefined || isForm ? {} : { 'content-type': 'application/json' },
    }
    if (body !== undefined) init.body = isForm ? (body as FormData) : JSON.stringify(body)
    if (signal) init.signal = signal
    let response: Response
    try {
      response = await fetcher(base + urlOf(route, params, query), init)
    } catch {
      throw new ApiError(offlineProblem)
    }
    const type = response.headers.get('content-type') ?? ''
    if (!response.ok) {
      const problem = type.includes('json')
        ? ((await response.json()) as Problem)
        : {
            ...offlineProblem,
            title: '服务器出错',
            status: response.status,
            code: 'server',
            detail: `服务器暂时不可用（${response.status}）`,
          }
      throw new ApiError(problem)
    }
    return (type.includes('json') ? await response.json() : undefined) as ResponseOf<T[K]>
  }
}
