// Keeps a page's own files so that it opens without a network. Written for old phones: no newer syntax.
// The build fills in whose it is, the version and the two lists: what the page needs at once, and what it may need later.
const version = '__VERSION__'
const needed = ['__NEEDED__']
const later = ['__LATER__']
const own = 'vigil-__NAME__-'
const cacheName = own + version
const page = '__PAGE__'
const base = page.replace(/\/$/, '')

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches.open(cacheName).then((cache) => {
      for (const url of later) cache.add(url).catch(() => undefined)
      return cache.addAll(needed)
    }),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => {
        const old = names.filter((name) => name.indexOf(own) === 0 && name !== cacheName)
        return Promise.all(old.map((name) => caches.delete(name)))
      })
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('message', (event) => {
  if (event.data === 'activate') self.skipWaiting()
})

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
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin || url.pathname.indexOf('/api/') === 0) return
  if (request.mode === 'navigate') {
    if (url.pathname.indexOf(`${base}/`) !== 0 && url.pathname !== base) return
    event.respondWith(fromNetwork(request, 3000).catch(() => caches.match(page).then((kept) => kept || fetch(request))))
    return
  }
  // Names of built files carry a hash of their content, so that a kept one is never out of date.
  event.respondWith(caches.match(request, { ignoreSearch: true }).then((kept) => kept || fetch(request)))
})
