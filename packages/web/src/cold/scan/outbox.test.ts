import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Cipher } from '../../device/cipher.ts'
import { SendError, type SendFailure } from '../../device/failure.ts'
import { Outbox, type OutboxRecord, type Work } from './outbox.ts'

type Turn = 'answer' | 'lost-before' | 'lost-after' | 'refuse'
const offline: SendFailure = { kind: 'offline', message: '', status: 0, code: 'offline' }
const refused: SendFailure = {
  ...{ kind: 'rejected', message: '第 1 个事件：库存不足', status: 400, code: 'event-refused' },
  errors: [{ pointer: '/0', detail: '库存不足', code: 'not-enough' }],
}
const cipher: Cipher = {
  seal: async (id, value) => ({
    iv: new Uint8Array(),
    data: new TextEncoder().encode(JSON.stringify([id, value])).buffer,
  }),
  open: async (id, { data }) => {
    const [sealedId, value] = JSON.parse(new TextDecoder().decode(data)) as [string, unknown]
    if (sealedId !== id) throw new Error('not authentic')
    return value
  },
}

/** A device, and a server that does each key once. */
function device() {
  const records = new Map<string, OutboxRecord>()
  const done: string[] = []
  const turns: Turn[] = []
  let [now, keys, tail] = [1_700_000_000_000, 0, Promise.resolve<unknown>(null)]
  const open = () =>
    new Outbox({
      store: {
        list: async () => [...records.values()],
        get: async (id) => records.get(id),
        put: async (record) => void records.set(record.id, record),
        delete: async (id) => void records.delete(id),
      },
      cipher,
      send: async (key) => {
        const turn = turns.shift() ?? 'answer'
        if (turn === 'lost-before') throw new SendError(offline)
        if (turn === 'refuse' && !done.includes(key)) throw new SendError(refused)
        if (!done.includes(key)) done.push(key)
        if (turn === 'lost-after') throw new SendError(offline)
      },
      isMine: (holderId) => holderId === 'h',
      newKey: () => `k${++keys}`,
      onSent: () => undefined,
      lock: (work) => {
        const next = tail.then(work)
        tail = next.catch(() => undefined)
        return next
      },
      now: () => now++,
      random: () => 0,
      schedule: () => undefined,
    })
  return { records, done, turns, open }
}
const work = (n: number): Work => ({
  kind: 'trade',
  body: { kind: 'sell', holderId: 'h', lines: [{ code: 'https://id.gs1.org/01/04012345111118/10/L', grams: n }] },
})

test('whatever the network does, each thing is done once, in order, or waits, or is shown as refused', async () => {
  const turn = fc.constantFrom<Turn>('answer', 'lost-before', 'lost-after', 'refuse')
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.array(turn, { maxLength: 12 }), async (count, turns) => {
      const { records, done, turns: script, open } = device()
      script.push(...turns)
      let box = open()
      for (let n = 1; n <= count; n++) await box.add('h', [{ title: `销售 ${n}`, work: work(n) }])
      for (let round = 0; round < turns.length + 1; round++) {
        // The page may be closed at any time.
        if (round % 2 === 1) box = open()
        await box.sync(true)
      }
      const left = box.entries.map(({ id, state }) => ({ id, state }))
      expect(left.every(({ state }) => state === 'refused')).toBe(true)
      expect(new Set([...done, ...left.map(({ id }) => id)]).size).toBe(count)
      expect(done).toEqual([...done].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))))
      expect(records.size).toBe(left.length)
      script.length = 0
      await box.retry()
      await box.sync(true)
      expect([done.length, box.entries.length]).toEqual([count, 0])
    }),
    { numRuns: 60 },
  )
})

test('a refusal keeps its place and says why; giving it up is the only way to lose it', async () => {
  const { turns, done, open } = device()
  turns.push('refuse')
  const box = open()
  await box.add('h', [
    { title: '收货', work: work(1) },
    { title: '销售', work: work(2) },
  ])
  await box.sync()
  expect(done).toEqual(['k2'])
  const [entry] = open().entries.length ? [] : box.entries
  expect(entry).toMatchObject({
    id: 'k1',
    state: 'refused',
    body: { problem: { code: 'not-enough', message: '库存不足' } },
  })
  await box.discard('k1')
  expect(box.entries).toEqual([])
})

test('work of a holder for whom nobody is signed in waits for its own account', async () => {
  const { done, open } = device()
  const box = open()
  await box.add('other', [{ title: '收货', work: work(1) }])
  await box.add('h', [{ title: '销售', work: work(2) }])
  await box.sync()
  expect(done).toEqual(['k2'])
  expect(box.entries).toMatchObject([{ id: 'k1', state: 'waiting' }])
})
