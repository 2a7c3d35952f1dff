import type { Storage } from './storage.ts'

/** One sender at a time over all tabs: Web Locks, or a lease of 60 s in IndexedDB that a dead tab loses by itself. */
export function createLock(
  storage: Pick<Storage<never>, 'lease'>,
  name: string,
): <T>(work: () => Promise<T>) => Promise<T> {
  const manager = (navigator as { locks?: LockManager }).locks
  if (manager) {
    return async <T>(work: () => Promise<T>) => {
      const held: { value?: T } = {}
      await manager.request(name, async () => {
        held.value = await work()
      })
      return held.value as T
    }
  }
  const holder = `${Date.now()}-${Math.random()}`
  const take = () => storage.lease('sync', holder, Date.now() + 60_000, Date.now())
  return async <T>(work: () => Promise<T>) => {
    while (!(await take())) await new Promise((resume) => setTimeout(resume, 1000))
    const renew = setInterval(() => void take(), 20_000)
    try {
      return await work()
    } finally {
      clearInterval(renew)
      await storage.lease('sync', holder, 0, Date.now())
    }
  }
}
