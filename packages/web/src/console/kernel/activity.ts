/** How long after the last key, pointer or touch a request still counts as somebody's. */
const awakeMs = 60_000

let lastInput = Date.now()

/** Notes input, so that a page nobody touches lets its session go idle although it keeps itself up to date. */
export function watchActivity(target: EventTarget = window, now: () => number = Date.now): void {
  for (const name of ['pointerdown', 'keydown', 'touchstart', 'wheel'])
    target.addEventListener(
      name,
      () => {
        lastInput = now()
      },
      { capture: true, passive: true },
    )
}

/** `fetch` that tells the server when no person caused the request (see the server's `authenticate`). */
export const attendedFetch: typeof fetch = (input, init) => {
  if (Date.now() - lastInput <= awakeMs) return fetch(input, init)
  const headers = new Headers(init?.headers)
  headers.set('x-vigil-background', '1')
  return fetch(input, { ...init, headers })
}
