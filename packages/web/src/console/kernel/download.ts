import type { Problem } from '@vigil/contract'
import { ApiError, urlOf } from '@vigil/contract/client'
import { t } from '../../text.ts'
import { call } from './api.ts'
import { routes, type UsedRoute } from './routes.ts'

type Named = Record<string, unknown>

function press(url: string, filename: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = filename
  document.body.append(link)
  link.click()
  link.remove()
}

/** File name that the server gave in Content-Disposition (RFC 6266), or `fallback`. */
export function filenameOf(header: string | null, fallback: string): string {
  const extended = /filename\*\s*=\s*UTF-8''([^;]+)/i.exec(header ?? '')?.[1]
  if (extended) {
    try {
      return decodeURIComponent(extended)
    } catch {
      return fallback
    }
  }
  return /filename\s*=\s*"?([^";]+)"?/i.exec(header ?? '')?.[1] ?? fallback
}

/**
 * Fetches a file into memory and saves it, so that a refusal is shown as a message. For files of some megabytes.
 * @param body sent by routes that are posted to
 */
export async function saveFile(
  name: UsedRoute,
  fallback: string,
  params?: Named,
  query?: Named,
  body?: Named,
): Promise<void> {
  // A small call first: when the session has ended, the password is asked for here and not after the file is spent.
  await call('duty.list')
  let response: Response
  try {
    response = await fetch(urlOf(routes[name], params, query), {
      credentials: 'same-origin',
      method: routes[name].method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    })
  } catch {
    throw new ApiError({
      type: 'about:blank',
      title: t('网络不通'),
      status: 0,
      code: 'offline',
      detail: t('下载没有完成，请检查网络后重试'),
    })
  }
  if (!response.ok) {
    const json = response.headers.get('content-type')?.includes('json')
    const problem = json ? ((await response.json()) as Problem) : undefined
    throw new ApiError(
      problem ?? { type: 'about:blank', title: t('下载失败'), status: response.status, code: 'server' },
    )
  }
  const url = URL.createObjectURL(await response.blob())
  press(url, filenameOf(response.headers.get('content-disposition'), fallback))
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** Hands a file of any size to the browser, which writes it to disk as it comes. */
export function openFile(name: UsedRoute, params: Named, filename: string): void {
  press(urlOf(routes[name], params), filename)
}
