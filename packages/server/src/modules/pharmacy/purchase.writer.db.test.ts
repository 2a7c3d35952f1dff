import { dayOf, uuidv7 } from '@vigil/codes'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { AuditInput } from '../../kernel/audit/index.ts'
import { Problem } from '../../kernel/error/problem.ts'
import { citizenId, createPharmacyCity, type PharmacyCity } from './pharmacy.fixture.ts'
import { type PurchaseRow, PurchaseWriter, type WriterOptions } from './purchase.writer.ts'

let city: PharmacyCity
beforeAll(async () => {
  city = await createPharmacyCity()
})
afterAll(async () => {
  expect(await city.drift()).toEqual([])
  await city.close()
})

const path = '/350000/350500/350582/350582S01/STORE-A/'
function row(change: Partial<PurchaseRow> = {}): PurchaseRow {
  const now = city.clock.now()
  return {
    id: uuidv7(),
    county: '350582',
    countyPath: '/350000/350500/350582/',
    storeCode: 'STORE-A',
    areaCode: '350582S01',
    path,
    soldAt: now,
    day: dayOf(now),
    receivedAt: now,
    documentType: 'citizen-id',
    personIndex: city.app.kernel.vault.index('document', uuidv7()),
    mobileIndex: Buffer.alloc(16),
    keyMonth: dayOf(now).slice(0, 7),
    sealed: Buffer.alloc(40),
    classes: ['cough'],
    units: 1,
    symptoms: [],
    temperatureTenths: null,
    fever: false,
    clinicIds: [],
    proxy: false,
    offline: false,
    accountId: null,
    digest: Buffer.alloc(16),
    lines: [{ drugId: city.drug.cough, class: 'cough', quantity: 1 }],
    ...change,
  }
}
const audit = (action = 'test.write'): AuditInput => ({
  actorId: null,
  actor: '测试',
  action,
  outcome: 'done',
  object: 'purchase',
  areaCode: null,
  path,
  ip: '',
  userAgent: '',
  requestId: '',
  detail: {},
})

/** A writer over the real pool whose statements are counted and may be held back. */
function counted(options: WriterOptions = {}) {
  const pool = city.app.kernel.connections.system
  let statements = 0
  let gate = Promise.resolve()
  const query = async (config: pg.QueryConfig) => {
    statements++
    await gate
    return pool.query(config)
  }
  const writer = new PurchaseWriter({ query } as Partial<pg.Pool> as pg.Pool, options)
  return {
    writer,
    statements: () => statements,
    hold: () => {
      let open = () => {}
      gate = new Promise((resolve) => {
        open = resolve
      })
      return open
    },
  }
}
const stored = async (rows: readonly PurchaseRow[]) => {
  const [answer] = await city.owner<{ n: number }>(
    'SELECT count(*)::int AS n FROM pharmacy.purchase p WHERE id = ANY($1::uuid[]) AND EXISTS (SELECT FROM pharmacy.purchase_drug i WHERE i.purchase_id = p.id)',
    [rows.map(({ id }) => id)],
  )
  return answer!.n
}
const audited = async (action: string) =>
  (
    await city.owner<{ detail: { registered: number } }>('SELECT detail FROM audit.entry WHERE action = $1', [action])
  ).map(({ detail }) => detail.registered)

test('requests that come together share statements, each with its own audit row', async () => {
  const { writer, statements } = counted()
  const rows = Array.from({ length: 200 }, () => row())
  const answers = await Promise.all(rows.map((one) => writer.write([one], audit('test.group'))))
  expect(statements()).toBeLessThanOrEqual(3)
  expect(answers.every((ids, index) => ids.has(rows[index]!.id))).toBe(true)
  expect(await stored(rows)).toBe(200)
  expect(await audited('test.group')).toEqual(Array(200).fill(1))
})

test('a statement takes at most as many rows as allowed, but one request stays whole', async () => {
  const { writer, statements } = counted({ maxBatch: 10 })
  const requests = Array.from({ length: 9 }, () => [row(), row(), row(), row()])
  const large = Array.from({ length: 25 }, () => row())
  await Promise.all([...requests, large].map((rows) => writer.write(rows, audit())))
  expect(statements()).toBe(6)
  expect(await stored([...requests.flat(), ...large])).toBe(61)
})

test('the same id from two requests at once is inserted once', async () => {
  const { writer, statements } = counted()
  const one = row()
  const answers = await Promise.all([1, 2, 3].map(() => writer.write([one], audit('test.twin'))))
  expect(answers.map((ids) => ids.size).sort()).toEqual([0, 0, 1])
  expect(statements()).toBe(3)
  expect((await audited('test.twin')).sort()).toEqual([0, 0, 1])
})

test('a second statement sets out beside a slow one, but not for a few rows', async () => {
  const { writer, statements, hold } = counted({ laneRows: 8 })
  const open = hold()
  const first = writer.write([row()], audit())
  await vi.waitFor(() => expect(statements()).toBe(1))
  const few = Array.from({ length: 7 }, () => writer.write([row()], audit()))
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(statements()).toBe(1)
  const one = row()
  const more = [writer.write([one], audit('test.lane')), writer.write([row()], audit())]
  await vi.waitFor(() => expect(statements()).toBe(2))
  // The same id waits for the statement that carries it.
  const again = [
    writer.write([one], audit('test.lane')),
    ...Array.from({ length: 8 }, () => writer.write([row()], audit())),
  ]
  open()
  await Promise.all([first, ...few, ...more, ...again])
  expect((await audited('test.lane')).sort()).toEqual([0, 1])
  await writer.idle()
})

test('the longer the queue may become the faster it moves', async () => {
  const { writer } = counted({ minWaiting: 2, maxWaitMs: 10_000 })
  expect(() => writer.assertRoom(3)).toThrow(Problem)
  await writer.write([row(), row()], audit())
  expect(() => writer.assertRoom(3)).not.toThrow()
})

test('when too much waits the next is told to come back, and nothing is lost or half written', async () => {
  const { writer, hold } = counted({ maxBatch: 5, minWaiting: 20, maxWaitMs: 0 })
  const open = hold()
  const requests = Array.from({ length: 30 }, () => [row(), row()])
  const answers = Promise.allSettled(requests.map((rows) => writer.write(rows, audit('test.full'))))
  const late = [row()]
  await new Promise((resolve) => setTimeout(resolve, 20))
  open()
  const results = await answers
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
  expect(refused).toHaveLength(20)
  for (const problem of refused) {
    expect(problem).toBeInstanceOf(Problem)
    expect(problem.details).toMatchObject({ status: 503, retryAfter: 1 })
  }
  const accepted = requests.filter((_, index) => results[index]!.status === 'fulfilled')
  expect(await stored(accepted.flat())).toBe(20)
  expect(await stored(requests.flat())).toBe(20)
  expect(await audited('test.full')).toEqual(Array(10).fill(2))
  expect([...(await writer.write(late, audit()))]).toEqual([late[0]!.id])
})

test('503 reaches the client with Retry-After', async () => {
  const { purchases } = city.app.modules.pharmacy
  const full = new PurchaseWriter(city.app.kernel.connections.system, { minWaiting: 0, maxWaitMs: 0 })
  const real = purchases.writer
  Object.assign(purchases, { writer: full })
  try {
    const sale = city.sale({ documentNumber: citizenId(5) })
    const answer = await city.chain.call('POST', '/api/purchases', { purchases: [sale] })
    expect([answer.statusCode, answer.headers['retry-after'], answer.json().retryAfter]).toEqual([503, '1', 1])
    Object.assign(purchases, { writer: real })
    expect((await city.register([sale]))[0]!.status).toBe('registered')
  } finally {
    Object.assign(purchases, { writer: real })
  }
})

test('a row that the database refuses does not take the others of its statement with it', async () => {
  const { writer } = counted()
  const poison = [
    row({ lines: [{ drugId: city.drug.cough, class: 'cough', quantity: 0 }] }),
    row({ documentType: 'a\0b' }),
    row({ temperatureTenths: 70_000 }),
  ]
  const good = Array.from({ length: 12 }, () => row())
  const requests = good.flatMap((one, index) => (index % 4 === 0 ? [[one], [poison[index / 4]!]] : [[one]]))
  const results = await Promise.allSettled(requests.map((rows) => writer.write(rows, audit('test.poison'))))
  expect(results.filter((result) => result.status === 'rejected')).toHaveLength(3)
  expect(await stored(good)).toBe(12)
  expect(await stored(poison)).toBe(0)
  expect(await audited('test.poison')).toEqual(Array(12).fill(1))
})

test('only what is new is told after the commit', async () => {
  const told: string[] = []
  const { writer } = counted({ onCommit: (rows) => told.push(...rows.map(({ id }) => id)) })
  const one = row()
  await writer.write([one], audit())
  await writer.write([one], audit())
  await writer.idle()
  expect(told).toEqual([one.id])
})
