import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyDraft } from './draft.ts'
import { purchase, TestServer, TestTab, type Turn, testLock, testStore } from './queue.fixture.ts'

function device() {
  const server = new TestServer()
  const store = testStore()
  const lock = testLock()
  return { server, store, tab: new TestTab(server, store, lock), second: new TestTab(server, store, lock) }
}

describe('sending', () => {
  test('sends in the order of sale and shows the receipt number', async () => {
    const { server, tab } = device()
    for (const id of ['a', 'b', 'c']) await tab.sell(id)
    await tab.queue.sync()
    expect(server.stored).toEqual(['a', 'b', 'c'])
    const bodies = tab.queue.entries.map((entry) => (entry.body === 'unreadable' ? null : entry.body))
    expect(bodies.map((body) => body?.result?.receiptNo)).toEqual(['N-1', 'N-2', 'N-3'])
    expect(bodies.map((body) => body?.purchase)).toEqual([null, null, null])
  })

  test('an answer lost on the way is asked for again and nothing is doubled', async () => {
    const { server, tab } = device()
    await tab.sell('a')
    server.turns = ['lost-after']
    await tab.queue.sync()
    expect(tab.queue.entries[0]?.state).toBe('waiting')
    expect(tab.queue.trouble?.kind).toBe('offline')
    await tab.queue.sync(true)
    expect(server.stored).toEqual(['a'])
    expect(tab.queue.entries[0]?.state).toBe('registered')
    expect(tab.queue.trouble).toBeNull()
  })

  test('a second tab finds what the first one kept, and nothing is sent twice', async () => {
    const { server, tab, second } = device()
    await tab.sell('a')
    await Promise.all([tab.queue.sync(), second.queue.sync()])
    expect(server.calls).toHaveLength(1)
    await second.queue.refresh()
    expect(second.queue.entries.map((entry) => entry.state)).toEqual(['registered'])
  })

  test('one call states one clock', async () => {
    const { server, tab } = device()
    await tab.sell('a', 0)
    await tab.sell('b', 86_400_000)
    await tab.sell('c', 86_400_000)
    await tab.queue.sync()
    expect(server.calls).toEqual([
      { ids: ['a'], skew: 0 },
      { ids: ['b', 'c'], skew: 86_400_000 },
    ])
  })

  test('Retry-After is kept even when a person taps', async () => {
    const { server, tab } = device()
    await tab.sell('a')
    server.turns = ['busy']
    await tab.queue.sync()
    expect(tab.scheduled).toEqual([2050])
    await tab.queue.sync(true)
    expect(server.calls).toHaveLength(1)
    tab.now += 2100
    await tab.queue.sync()
    expect(server.stored).toEqual(['a'])
  })

  test('a session that ended stops the sending without a timer; the PIN starts it again', async () => {
    const { server, tab } = device()
    await tab.sell('a')
    server.turns = ['auth']
    await tab.queue.sync()
    expect(tab.queue.trouble?.kind).toBe('auth')
    expect(tab.scheduled).toEqual([])
    await tab.queue.sync(true)
    expect(server.stored).toEqual(['a'])
  })

  test('halves of a rejected batch find the row to blame; the others are registered', async () => {
    const { server, tab } = device()
    for (const id of ['a', 'b', 'c', 'd', 'e']) await tab.sell(id)
    server.poison.add('c')
    await tab.queue.sync()
    expect(server.stored).toEqual(['a', 'b', 'd', 'e'])
    const refused = tab.queue.entries.filter((entry) => entry.state === 'refused')
    expect(refused.map((entry) => entry.id)).toEqual(['c'])
  })
})

describe('refusals', () => {
  test('a refused entry can be mended and is sent again under its own id', async () => {
    const { server, tab } = device()
    await tab.sell('a')
    server.invalid.add('a')
    await tab.queue.sync()
    expect(tab.queue.entries[0]?.state).toBe('refused')
    await tab.queue.sync(true)
    expect(server.calls).toHaveLength(1)
    server.invalid.clear()
    await tab.queue.mend(purchase('a'), { ...emptyDraft(), id: 'a' })
    await tab.queue.sync(true)
    expect(server.stored).toEqual(['a'])
  })

  test('giving up a refused entry removes it; a waiting one stays', async () => {
    const { server, store, tab } = device()
    await tab.sell('a')
    await tab.queue.discard('a')
    expect(store.records.size).toBe(1)
    server.invalid.add('a')
    await tab.queue.sync()
    await tab.queue.discard('a')
    expect(store.records.size).toBe(0)
  })
})

describe('undo', () => {
  test('an entry that was never sent just goes', async () => {
    const { server, store, tab } = device()
    await tab.sell('a')
    await tab.queue.cancel('a')
    await tab.queue.sync()
    expect(server.calls).toHaveLength(0)
    expect(store.records.size).toBe(0)
  })

  test('an entry whose answer was lost is registered and then undone', async () => {
    const { server, tab } = device()
    await tab.sell('a')
    server.turns = ['lost-after']
    await tab.queue.sync()
    await tab.queue.cancel('a')
    await tab.queue.sync(true)
    expect(server.undone).toEqual(['a'])
    expect(tab.queue.entries[0]?.state).toBe('undone')
  })

  test('an undo while the entry is on its way is not lost', async () => {
    const { server, tab } = device()
    await tab.sell('a')
    const cancels: Promise<void>[] = []
    server.onCall = () => void cancels.push(tab.queue.cancel('a'))
    await tab.queue.sync()
    await Promise.all(cancels)
    await tab.queue.sync(true)
    expect(server.undone).toEqual(['a'])
  })

  test('an undo that comes too late is told and the entry stays', async () => {
    const { server, tab } = device()
    await tab.sell('a')
    await tab.queue.sync()
    server.undoProblem = { kind: 'rejected', message: '已超过 5 分钟', status: 409, code: 'undo-late' }
    await tab.queue.cancel('a')
    await tab.queue.sync(true)
    const [entry] = tab.queue.entries
    expect(entry?.state).toBe('registered')
    expect(entry?.body === 'unreadable' ? '' : entry?.body.undoProblem).toBe('已超过 5 分钟')
  })
})

test('nothing personal is kept in clear', async () => {
  const { store, tab } = device()
  await tab.sell('a')
  const [record] = store.records.values()
  const { sealed, ...clear } = record ?? { sealed: null }
  expect(sealed).not.toBeNull()
  expect(Object.keys(clear).sort()).toEqual(['attempts', 'cancelled', 'id', 'revision', 'seq', 'state', 'storeCode'])
})

test('an entry that cannot be decrypted is shown, not sent, and blocks nobody', async () => {
  const { server, store, tab, second } = device()
  await tab.sell('a')
  const record = store.records.get('a')
  if (record) store.records.set('a', { ...record, sealed: { iv: new Uint8Array(), data: new ArrayBuffer(3) } })
  second.now += 5000
  await second.sell('b')
  await second.queue.sync()
  expect(server.stored).toEqual(['b'])
  expect(second.queue.entries.find((entry) => entry.id === 'a')?.body).toBe('unreadable')
})

test('answered entries go after a day, waiting ones never', async () => {
  const { server, store, tab } = device()
  await tab.sell('a')
  await tab.queue.sync()
  server.turns = ['lost-before']
  await tab.sell('b')
  await tab.queue.sync()
  tab.now += 40 * 24 * 3_600_000
  await tab.queue.sync()
  expect(server.stored).toEqual(['a', 'b'])
  expect([...store.records.keys()]).toEqual(['b'])
})

test('property: whatever the network does, every sale arrives once and none that was undone counts', async () => {
  const turn = fc.constantFrom<Turn>('answer', 'answer', 'lost-before', 'lost-after', 'busy', 'auth')
  const step = fc.oneof(
    fc.constant({ type: 'sell' as const }),
    fc.record({ type: fc.constant('sync' as const), second: fc.boolean() }),
    fc.record({ type: fc.constant('cancel' as const), index: fc.nat(20) }),
    fc.constant({ type: 'restart' as const }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.array(turn, { maxLength: 40 }), async (steps, turns) => {
      const server = new TestServer()
      const store = testStore()
      const lock = testLock()
      let tab = new TestTab(server, store, lock)
      const second = new TestTab(server, store, lock)
      server.turns = [...turns]
      const sold: string[] = []
      const cancelled = new Set<string>()
      for (const one of steps) {
        if (one.type === 'sell') {
          const id = `e${String(sold.length).padStart(3, '0')}`
          sold.push(id)
          await tab.sell(id)
        } else if (one.type === 'sync') {
          const { queue } = one.second ? second : tab
          await queue.sync(true)
          await tab.queue.refresh()
        } else if (one.type === 'cancel' && sold.length > 0) {
          const id = sold[one.index % sold.length] ?? ''
          cancelled.add(id)
          await tab.queue.cancel(id)
        } else if (one.type === 'restart') {
          const { now } = tab
          tab = new TestTab(server, store, lock)
          tab.now = now
          await tab.queue.refresh()
        }
      }
      server.turns = []
      tab.now += 3_600_000
      await tab.queue.sync(true)
      await tab.queue.sync(true)
      const counted = server.stored.filter((id) => !server.undone.includes(id))
      expect(new Set(server.stored).size).toBe(server.stored.length)
      expect([...counted].sort()).toEqual(sold.filter((id) => !cancelled.has(id)))
      expect([...server.stored].sort()).toEqual(server.stored)
      expect(tab.queue.entries.filter((entry) => entry.state === 'waiting')).toEqual([])
    }),
    { numRuns: 150 },
  )
})
