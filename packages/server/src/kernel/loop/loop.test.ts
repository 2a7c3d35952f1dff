import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createJoined, createTurns, repeat, startQueue } from './loop.ts'

/** Work that ends when it is told to. */
function pending() {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  return { promise, resolve, reject }
}

describe('by the clock', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('work is never done twice at once, goes on after a failure, and ends', async () => {
    const works = [pending(), pending(), pending()]
    const errors: unknown[] = []
    let begun = 0
    const end = repeat(
      100,
      () => works[begun++]!.promise,
      (error) => errors.push(error),
    )
    await vi.advanceTimersByTimeAsync(350)
    expect(begun).toBe(1)
    works[0]!.reject(new Error('broken'))
    await vi.advanceTimersByTimeAsync(100)
    expect([begun, errors.length]).toEqual([2, 1])
    works[1]!.resolve()
    end()
    await vi.advanceTimersByTimeAsync(500)
    expect(begun).toBe(2)
  })

  test('without a pause it never begins by itself', async () => {
    const work = vi.fn(async () => undefined)
    repeat(0, work, () => undefined)()
    await vi.advanceTimersByTimeAsync(1000)
    expect(work).not.toHaveBeenCalled()
  })
})

test('turns are taken one after the other, and one that fails keeps nobody from his', async () => {
  const turns = createTurns()
  const [first, order] = [pending(), [] as string[]]
  const a = turns.next(() => first.promise.finally(() => order.push('a')))
  const b = turns.next(async () => void order.push('b'))
  expect(order).toEqual([])
  first.reject(new Error('broken'))
  await expect(a).rejects.toThrow('broken')
  await b
  expect(order).toEqual(['a', 'b'])
  await turns.settled()
})

test('who asks while it is under way gets the same end, who asks later a new one', async () => {
  const works = [pending(), pending()]
  let begun = 0
  const joined = createJoined(() => works[begun++]!.promise)
  const both = [joined.now(), joined.now()]
  works[0]!.resolve()
  await Promise.all(both)
  expect(begun).toBe(1)
  const next = joined.now()
  expect(begun).toBe(2)
  works[1]!.reject(new Error('broken'))
  await expect(next).rejects.toThrow('broken')
  await joined.settled()
})

test('a queue is worked off so many pieces at a time, and stopping breaks off what is under way', async () => {
  const waiting = [1, 2, 3, 4, 5]
  const open = new Map<number, () => void>()
  const errors: unknown[] = []
  const loop = startQueue<number>({
    atOnce: 2,
    everyMs: 0,
    take: async (free) => waiting.splice(0, free),
    run: (piece, stop) =>
      new Promise((resolve, reject) => {
        open.set(piece, resolve)
        stop.addEventListener('abort', () => reject(new Error(`stopped ${piece}`)))
      }),
    logError: (error) => errors.push(error),
  })
  await Promise.all([loop.tick(), loop.tick()])
  expect([...open.keys()]).toEqual([1, 2])
  open.get(1)!()
  await vi.waitFor(async () => {
    await loop.tick()
    expect([...open.keys()]).toEqual([1, 2, 3])
  })
  await loop.close()
  expect(errors.map(String)).toEqual(['Error: stopped 2', 'Error: stopped 3'])
  await loop.tick()
  expect(waiting).toEqual([4, 5])
})
