import { afterEach, expect, test, vi } from 'vitest'
import { attendedFetch, watchActivity } from './activity.ts'

afterEach(() => vi.unstubAllGlobals())

test('a request a minute after the last input is marked, one after a key is not', async () => {
  const target = new EventTarget()
  const sent: (string | null)[] = []
  vi.stubGlobal('fetch', async (_input: unknown, init?: RequestInit) => {
    sent.push(new Headers(init?.headers).get('x-vigil-background'))
    return new Response()
  })
  let input = Date.now() - 61_000
  watchActivity(target, () => input)
  target.dispatchEvent(new Event('keydown'))
  await attendedFetch('/api/session', { headers: { 'content-type': 'application/json' } })
  input = Date.now()
  target.dispatchEvent(new Event('pointerdown'))
  await attendedFetch('/api/session')
  expect(sent).toEqual(['1', null])
})
