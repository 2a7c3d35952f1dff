import { expect, test } from 'vitest'
import type { Kernel } from '../kernel.ts'
import type { Notify } from '../notify/index.ts'
import { accessState, announce, type Principal } from './state.ts'

const principal = (id: string, kind: Principal['kind'] = 'account'): Principal => ({
  kind,
  id,
  name: id,
  grants: [],
  storeCode: null,
  mustEnrolTotp: false,
  mustChangePassword: false,
  expiresAt: new Date(8e15),
  idleMs: 1,
  lastSeenAt: new Date(0),
})

/** Several kernels on one wire. */
function kernels(count: number): Kernel[] {
  const listeners: ((payload: unknown) => void)[] = []
  const notify: Notify = {
    publish: async (_topic, payload) => {
      for (const listener of listeners) listener(JSON.parse(JSON.stringify(payload)))
    },
    subscribe: (_topic, listener) => {
      listeners.push(listener)
      return () => undefined
    },
    close: async () => undefined,
  }
  return Array.from({ length: count }, () => ({ notify }) as Partial<Kernel> as Kernel)
}

const start = new Date('2026-11-23T00:00:00Z')
const later = (ms: number) => new Date(start.getTime() + ms)

test('remembers for less than five seconds', async () => {
  const state = accessState(kernels(1)[0]!)
  await state.load('k', start, async () => principal('a'))
  expect(state.find('k', later(4999))?.id).toBe('a')
  expect(state.find('k', later(5000))).toBeUndefined()
  await state.load('k', start, async () => principal('a'))
  expect(state.find('k', later(-1))).toBeUndefined()
})

test('forgets at once, in all processes, only what changed', async () => {
  const [one, two] = kernels(2) as [Kernel, Kernel]
  for (const kernel of [one, two]) {
    await accessState(kernel).load('x', start, async () => principal('a'))
    await accessState(kernel).load('y', start, async () => principal('b'))
    await accessState(kernel).load('z', start, async () => principal('a', 'api-key'))
  }
  await announce(one, { account: 'a' })
  for (const kernel of [one, two])
    expect(['x', 'y', 'z'].map((key) => accessState(kernel).find(key, start)?.id)).toEqual([undefined, 'b', 'a'])
  await announce(two, { apiKey: 'a' })
  expect(accessState(one).find('z', start)).toBeUndefined()
  await announce(one, { all: true })
  expect(accessState(two).find('y', start)).toBeUndefined()
})

test('does not keep what a change overtook while it was read', async () => {
  const kernel = kernels(1)[0]!
  const state = accessState(kernel)
  const read = await state.load('k', start, async () => {
    await announce(kernel, { account: 'a' })
    return principal('a')
  })
  expect(read?.id).toBe('a')
  expect(state.find('k', start)).toBeUndefined()
})
