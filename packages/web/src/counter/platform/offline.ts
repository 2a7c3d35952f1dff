/** Registers the service worker that keeps the page for offline use; does nothing where there is none. */
export function keepForOffline(isIdle: () => boolean): void {
  const container = (navigator as { serviceWorker?: ServiceWorkerContainer }).serviceWorker
  if (!container || !('caches' in self)) return
  const hadController = container.controller !== null
  let reloading = false
  container.addEventListener('controllerchange', () => {
    // The first worker takes a fresh page over; only a later one brings new files.
    if (!hadController || reloading || !isIdle()) return
    reloading = true
    location.reload()
  })
  const offer = (registration: ServiceWorkerRegistration) => {
    if (registration.waiting && isIdle()) registration.waiting.postMessage('activate')
  }
  container
    .register('/counter-sw.js', { scope: '/c/' })
    .then((registration) => {
      offer(registration)
      setInterval(() => offer(registration), 60_000)
    })
    .catch(() => undefined)
}
