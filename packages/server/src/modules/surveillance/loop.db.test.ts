import { addDays, dayOf, uuidv7 } from '@vigil/codes'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import type { TestApp } from '../../testing/app.ts'
import { createShop, purchase, sell } from '../../testing/shop.ts'
import { openSurveillance, type Signal, type Surveillance, seriesOf } from './index.ts'
import { fillDays, poisson, putDay } from './surveillance.fixture.ts'

const noon = new Date('2026-11-18T04:00:00Z')
const today = dayOf(noon)
let now = noon
const clock = { now: () => now }

let app: TestApp
let other: Surveillance
const told: Signal[] = []
let importing: string[] = []

beforeAll(async () => {
  app = await createShop({ clock })
  await fillDays(app, 60, poisson(20))
  await app.modules.surveillance.loop.compare()
  const hooks = {
    onEvaluated: async (_tx: unknown, signals: readonly Signal[]) => void told.push(...signals),
    importing: async () => importing,
    saved: () => undefined,
  }
  const fail = (error: unknown) => console.error(error)
  // What another process over the same database has: its own engines, and a name of its own in the lease.
  other = openSurveillance(app.kernel, app.modules.pharmacy.purchases, hooks, fail, 0)
})
afterAll(async () => {
  await other.close()
  await app.close()
})

const series = (unit: string, to = today) =>
  withScope(app.kernel.db, systemScope, (tx) => seriesOf(tx, unit, 'antipyretic', addDays(today, -10), to))
const observed = async () => (await series('350582')).at(-1)?.observed

test('a sale is in the running state of its store and areas within seconds', async () => {
  expect(await observed()).toBe(0)
  await sell(
    app,
    [1, 2].map((n) => purchase(app, n, { id: uuidv7(noon.getTime()) })),
  )
  // Five seconds are promised; the machine of the tests may be busy.
  await vi.waitFor(async () => expect(await observed()).toBe(2), { timeout: 15_000, interval: 200 })
  expect((await series('JJ-0001')).at(-1)).toMatchObject({ observed: 2, running: true })
  expect((await series('350583')).at(-1)).toMatchObject({ observed: 0 })
})

test('of several processes one evaluates; the next finds what the one before forgot when it was killed, and tells it once', async () => {
  await app.modules.surveillance.loop.tick()
  await other.loop.tick()
  // It does not evaluate, but knows from the one that does.
  expect(other.loop.ready()).toBe(true)
  await app.modules.surveillance.loop.close()
  const day = addDays(today, -2)
  await putDay(app, 'JJ-0001', day, [120, 20, 20, 20])
  // A killed process gives nothing up: its lease ends.
  await app.kernel.connections.system.query(
    `UPDATE surveillance.lease SET by = gen_random_uuid(), until = now() + interval '1 hour', ready = false`,
  )
  await other.loop.tick()
  expect(other.loop.ready()).toBe(false)
  await app.kernel.connections.system.query(`UPDATE surveillance.lease SET until = now() - interval '1 second'`)
  await other.loop.tick()
  expect(other.loop.ready()).toBe(true)
  const graded = () =>
    told.filter((signal) => signal.day === day && signal.grade !== null && signal.class === 'antipyretic')
  // Two rules watch the counties.
  expect([...new Set(graded().map(({ unit }) => unit.kind))].sort()).toEqual(['county', 'office', 'store'])
  expect(graded()[0]).toMatchObject({ observed: 120, completeness: 1 })
  expect(graded()[0]!.reason).toMatch(/登记 120 笔，预计 .*达到.色/)
  const count = told.length
  await other.loop.compare()
  await other.loop.tick()
  expect(told.length).toBe(count)
})

test('a sale of today writes the running day only, and is told while a day before it has a grade', async () => {
  const months = async () => {
    const { rows } = await app.kernel.connections.system.query(
      'SELECT xmin::text, unit, class, rule_id, month FROM surveillance.month ORDER BY unit, class, rule_id, month',
    )
    return rows
  }
  const sold = async (store: string, count: number) => {
    await putDay(app, store, today, [count, 0, 0, 0])
    other.loop.mark(store, count)
    await other.loop.tick()
  }
  const before = await months()
  told.length = 0
  for (const count of [4, 7]) for (const store of ['JJ-0001', 'NA-0001']) await sold(store, count)
  expect(await months()).toEqual(before)
  expect((await series('JJ-0001')).at(-1)).toMatchObject({ day: today, observed: 7, running: true })
  const counts = (code: string) =>
    told.filter((one) => one.unit.code === code && one.class === 'antipyretic').map((one) => one.observed)
  expect(counts('JJ-0001')).toEqual([4, 7])
  expect(counts('NA-0001')).toEqual([])
})

test('a clock that jumps ahead and back leaves no day behind that has not come, and tells nothing twice', async () => {
  const before = await series('350582', addDays(today, 20))
  const keys = () =>
    told.filter(({ grade }) => grade !== null).map((one) => `${one.ruleId} ${one.unit.code} ${one.class} ${one.day}`)
  now = new Date(noon.getTime() + 3 * 86_400_000)
  await other.loop.tick()
  expect((await series('350582', addDays(today, 20))).at(-1)?.day).toBe(addDays(today, 3))
  now = noon
  await other.loop.tick()
  expect(await series('350582', addDays(today, 20))).toEqual(before)
  expect(new Set(keys()).size).toBe(keys().length)
})

test('silent stores are missing data, not low demand', async () => {
  now = new Date(noon.getTime() + 2 * 86_400_000)
  const yesterday = addDays(today, 1)
  for (const day of [today, yesterday]) await putDay(app, 'NA-0001', day, [20, 20, 20, 20])
  await other.loop.compare()
  const [silent] = (await series('JJ-0001', yesterday)).slice(-1)
  expect(silent).toMatchObject({ day: yesterday, untested: 'missing', completeness: 0 })
  const [county] = (await series('350583', yesterday)).slice(-1)
  expect(county).toMatchObject({ untested: null, completeness: 1 })
})

test('a county into which a file is written is left alone until the file is through', async () => {
  const day = addDays(today, -3)
  const jinjiang = '/350000/350500/350582/'
  const counted = async (unit: string) => (await series(unit)).find((one) => one.day === day)?.observed
  const [before, elsewhere] = [await counted('350582'), await counted('350583')]
  importing = ['/350000/350500/']
  // Told as by the process that imports.
  await app.kernel.notify.publish('pharmacy.imported', [jinjiang])
  await putDay(app, 'JJ-0001', day, [11, 20, 20, 20])
  await putDay(app, 'NA-0001', day, [12, 20, 20, 20])
  await vi.waitFor(async () => {
    await other.loop.compare()
    expect(await counted('350583')).toBe(12)
  })
  expect(elsewhere).not.toBe(12)
  expect(await counted('350582')).toBe(before)
  importing = []
  await other.loop.tick()
  expect(await counted('350582')).toBe(11)
})
