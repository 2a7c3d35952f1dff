/**
 * Registers the service worker that keeps a page for offline use; does nothing where there is none.
 * @param isIdle whether the page may be loaded anew, for a newer version
 */
export function keepForOffline(name: string, scope: string, isIdle: () => boolean): void {
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
    .register(`/${name}-sw.js`, { scope })
    .then((registration) => {
      offer(registration)
      setInterval(() => offer(registration), 60_000)
    })
    .catch(() => undefined)
}
