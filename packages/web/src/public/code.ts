import type { coldchainRoutes, ResponseOf } from '@vigil/contract'
import { checkOffline, keptKeys, type OfflineCheck } from './offline.ts'

type Routes = typeof coldchainRoutes
export type CertificateAnswer = ResponseOf<Routes['cold-public.certificate']>
export type BoxAnswer = ResponseOf<Routes['cold-public.code']>

/** What a code names. Of goods, lots and pallets nothing is asked: their codes can be guessed. */
export type Target =
  | { readonly kind: 'certificate' | 'box'; readonly address: string }
  | { readonly kind: 'goods' | 'lot' | 'pallet' | 'check' }

/** What the path of a code names: /z/ the page that checks certificates itself, /z/{token} one of them, or a GS1 Digital Link with its keys 01 (goods), 10 (lot), 21 (serial), 00 (pallet). */
export function targetOf(path: string): Target {
  if (/^\/z\/?$/.test(path)) return { kind: 'check' }
  const token = /^\/z\/([^/]+)\/?$/.exec(path)
  if (token) return { kind: 'certificate', address: `/api/coldchain/public/certificates/${token[1]}` }
  if (path.indexOf('/00/') === 0) return { kind: 'pallet' }
  const code = encodeURIComponent(`https://id.gs1.org${path.replace(/\/$/, '')}`)
  if (/^\/01\/[^/]+(\/[^/]+\/[^/]+)*\/21\/[^/]+/.test(path))
    return { kind: 'box', address: `/api/coldchain/public/codes?code=${code}` }
  return { kind: /^\/01\/[^/]+(\/[^/]+\/[^/]+)*\/10\//.test(path) ? 'lot' : 'goods' }
}

export type Answer =
  | { readonly kind: 'certificate'; readonly facts: CertificateAnswer }
  | { readonly kind: 'box'; readonly facts: BoxAnswer }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'checked'; readonly check: OfflineCheck }
  | { readonly kind: 'failed'; readonly why: 'offline' | 'busy' | 'fault' }

const timeoutMs = 20_000

/** Looks a code up; never fails. What the server has no such form for (400) is as unknown as what it has not (404). */
export async function ask(
  kind: 'certificate' | 'box',
  address: string,
  fetcher: typeof fetch = fetch,
): Promise<Answer> {
  // AbortController came with Chrome 66 and Safari 12.1; older ones wait as long as the system does.
  const abort = typeof AbortController === 'undefined' ? undefined : new AbortController()
  const timer = setTimeout(() => abort?.abort(), timeoutMs)
  try {
    const response = await fetcher(address, { cache: 'no-store', ...(abort ? { signal: abort.signal } : {}) })
    const { status } = response
    if (status === 400 || status === 404) return { kind: 'unknown' }
    if (status === 429 || status === 503) return { kind: 'failed', why: 'busy' }
    // A sign-in page of a hotel network answers 200 with HTML.
    if (!response.ok || !/json/.test(response.headers.get('content-type') ?? ''))
      return { kind: 'failed', why: 'fault' }
    return { kind, facts: await response.json() } as Answer
  } catch {
    return { kind: 'failed', why: 'offline' }
  } finally {
    clearTimeout(timer)
  }
}

/** Looks a code up; a certificate that nobody can be asked about is checked on this device, as far as that goes. Never fails. */
export async function look(target: Extract<Target, { address: string }>): Promise<Answer> {
  const answer = await ask(target.kind, target.address)
  if (answer.kind !== 'failed' || target.kind !== 'certificate') return answer
  const check = await checkOffline(target.address, keptKeys())
  // Without a key or a browser that can, nothing is known: that there is no network says more.
  return check.state === 'no-key' || check.state === 'unsupported' ? answer : { kind: 'checked', check }
}
