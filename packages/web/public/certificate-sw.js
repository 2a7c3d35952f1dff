// Keeps the page that checks exit certificates, so that a paper's code opens it without a network. Written for old phones: no newer syntax.
// What it keeps it reads out of the page itself, so that page and files are always of one build.
const cacheName = 'vigil-certificate'
const page = '/z/'

function keep(response) {
  return response.text().then((html) => {
    const files = (html.match(/(?:src|href)="(\/[^"]+)"/g) || []).map((found) => found.replace(/^\w+="|"$/g, ''))
    return caches.open(cacheName).then((cache) =>
      cache.addAll(files.filter((file) => file.indexOf('/assets/') === 0)).then(() =>
        cache
          .put(page, new Response(html, { headers: response.headers }))
          .then(() => cache.keys())
          .then((kept) =>
            Promise.all(
              kept.map((request) => {
                const path = new URL(request.url).pathname
                return path === page || files.indexOf(path) >= 0 ? undefined : cache.delete(request)
              }),
            ),
          ),
      ),
    )
  })
}

self.addEventListener('install', (event) => {
  event.waitUntil(
    fetch(page, { headers: { accept: 'text/html' } })
      .then(keep)
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

function fromNetwork(request, milliseconds) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('slow')), milliseconds)
    fetch(request).then(
      (response) => {
        clearTimeout(timer)
        if (response.ok) resolve(response)
        else reject(new Error(String(response.status)))
      },
      (error) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}

self.addEventListener('fetch', (event) => {
  const request = event.request
  const path = new URL(request.url).pathname
  if (request.method !== 'GET' || path.indexOf('/api/') === 0) return
  if (request.mode === 'navigate') {
    if (path.indexOf(page) !== 0) return
    event.respondWith(
      fromNetwork(request, 4000).then(
        (response) => {
          event.waitUntil(keep(response.clone()).catch(() => undefined))
          return response
        },
        () => caches.match(page).then((kept) => kept || fetch(request)),
      ),
    )
    return
  }
  // Names of built files carry a hash of their content, so that a kept one is never out of date.
  if (path.indexOf('/assets/') === 0) event.respondWith(caches.match(request).then((kept) => kept || fetch(request)))
})
