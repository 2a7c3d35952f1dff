import { signal } from '@preact/signals'

const base = '/cold'
const here = () => {
  const path = location.pathname.startsWith(base) ? location.pathname.slice(base.length) : '/'
  return path.replace(/\/+$/, '') || '/'
}

/** Place within the pages: `/` is home. */
export const path = signal(typeof location === 'undefined' ? '/' : here())

if (typeof window !== 'undefined')
  window.addEventListener('popstate', () => {
    path.value = here()
  })

/** Address of a page for a link. */
export const addressOf = (to: string): string => (to === '/' ? base : base + to)

/** Goes to a page. */
export function go(to: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', addressOf(to))
  else history.pushState(null, '', addressOf(to))
  path.value = to
}

/** Goes to where one came from, or to a page when one came from nowhere. */
export function back(otherwise: string): void {
  if (history.length > 1) history.back()
  else go(otherwise, { replace: true })
}

/** Parameters of a pattern (`/lots/:id`) that a place fits; null when it does not. */
export function fit(pattern: string, place: string): Readonly<Record<string, string>> | null {
  const [wanted, given] = [pattern.split('/'), place.split('/')]
  if (wanted.length !== given.length) return null
  const found: Record<string, string> = {}
  for (const [at, step] of wanted.entries()) {
    if (step.startsWith(':')) found[step.slice(1)] = decodeURIComponent(given[at]!)
    else if (step !== given[at]) return null
  }
  return found
}
