import { addDays, dayOf } from '@vigil/codes'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { replay } from '../../demo/alert.ts'
import type { Caller } from '../../kernel/access/caller.ts'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import { onLive } from '../../kernel/live/index.ts'
import { createTestApp, createTestDatabase, type TestApp, type TestDatabase } from '../../testing/index.ts'
import { callerAt, cityPath, createShop, purchase, sell } from '../../testing/shop.ts'
import { caller, countyPath, director, forget, hand, signalOf } from './alert.fixture.ts'
import { lookAfter } from './alert.loop.ts'
import { ruleRecords } from './record.read.ts'

class Clock {
  offset = 0
  now = () => new Date(Date.now() + this.offset)
  forward(minutes: number) {
    this.offset += minutes * 60_000
  }
}

const clock = new Clock()
let database: TestDatabase
let app: TestApp
let other: TestApp
let call: ReturnType<typeof caller>
const county = (code: string, ...more: Parameters<typeof callerAt>[1][]) =>
  callerAt(countyPath(code), 'alert.read', 'alert.handle', ...more)
const jinjiang = county('350582')
const office = callerAt('/350000/350500/350582/350582S01/', 'alert.read', 'alert.handle')
const today = () => dayOf(clock.now())

beforeAll(async () => {
  database = await createTestDatabase()
  app = await createShop({ clock, database })
  other = await createTestApp({ clock, database, dataDir: app.kernel.config.dataDir })
  call = caller(app)
})
afterAll(async () => {
  await other.close()
  await app.close()
  await database.drop()
})
afterEach(async () => {
  clock.offset = 0
  await forget(app)
})

const rows = () =>
  withScope(app.kernel.db, systemScope, (tx) => tx.selectFrom('alert.alert').selectAll().orderBy('id').execute())
const only = async () => {
  const [row, ...rest] = (await rows()).filter(({ state }) => state !== 'merged')
  expect(rest).toEqual([])
  return row!
}
const audited = (action: string) =>
  withScope(app.kernel.db, systemScope, (tx) =>
    tx.selectFrom('audit.entry').select('object').where('action', '=', action).execute(),
  )
const steps = async (id: string) => (await call('alert.read', { params: { id } })).steps.map(({ kind }) => kind)
const status = (promise: Promise<unknown>) =>
  promise.then(
    () => 200,
    (error: { details?: { status: number } }) => error.details?.status ?? error,
  )

describe('an event', () => {
  test('is one alert, whatever is handed over again, and it carries its evidence', async () => {
    const first = signalOf(app, '350582')
    await hand(app, first)
    await hand(app, first, first)
    const row = await only()
    expect([row.state, row.grade, row.number.slice(0, 3)]).toEqual(['new', 'orange', 'YJ-'])
    expect((row.dueAt.getTime() - row.openedAt.getTime()) / 60_000).toBe(60)
    const detail = await call('alert.read', { params: { id: row.id } })
    expect(detail.alert).toMatchObject({ reason: first.reason, observed: 52, expected: 21.4, beyond: 0 })
    expect(detail.alert.places).toEqual([{ kind: 'county', code: '350582', name: '晋江市' }])
    expect(detail.rules).toMatchObject([{ ruleName: '日常监测', alerts: 1, trueRate: null }])
    expect(detail.steps.map(({ kind }) => kind)).toEqual(['opened'])
    const { points } = await call('alert.series', { params: { id: row.id }, query: { kind: 'county', code: '350582' } })
    expect(points.at(-1)).toMatchObject({ day: today(), observed: 52, expected: 21.4, lower: 12, upper: 33 })
    expect((await audited('alert.open')).map(({ object }) => object)).toContain(`alert:${row.number}`)
  })

  test('grows by days and touching counties, is upgraded, and each sees of it what is its own', async () => {
    await hand(app, signalOf(app, '350582', { grade: 'yellow', day: addDays(today(), -1) }))
    const before = await only()
    await hand(app, signalOf(app, '350583', { grade: 'red' }))
    const row = await only()
    expect([row.id, row.grade, row.firstDay, row.lastDay, row.path]).toEqual([
      before.id,
      'red',
      addDays(today(), -1),
      today(),
      cityPath,
    ])
    expect(row.dueAt < before.dueAt).toBe(true)
    expect(await steps(row.id)).toEqual(['opened', 'upgraded'])
    const seen = await caller(app, jinjiang)('alert.list', {})
    expect(seen.items).toMatchObject([{ places: [{ code: '350582' }], beyond: 1 }])
    expect(JSON.stringify(seen)).not.toMatch(/350583|南安/)
    const own = await caller(app, jinjiang)('alert.read', { params: { id: row.id } })
    expect(JSON.stringify(own.units)).not.toMatch(/350583/)
    expect(await status(caller(app, county('350521'))('alert.read', { params: { id: row.id } }))).toBe(404)
  })

  test('a county whose signals are taken back by a new computation belongs to it no more', async () => {
    await hand(app, signalOf(app, '350582'), signalOf(app, '350583'))
    await hand(app, signalOf(app, '350583', { grade: null }))
    const row = await only()
    const { alert, units } = await call('alert.read', { params: { id: row.id } })
    expect(alert.places.map(({ code }) => code)).toEqual(['350582'])
    expect(units.map(({ code }) => code)).toEqual(['350582'])
    expect(row.path).toBe(countyPath('350582'))
  })

  test('a county far away, or another class, is another one; one between two makes them one', async () => {
    await hand(app, signalOf(app, '350581'), signalOf(app, '350583'), signalOf(app, '350583', { class: 'cough' }))
    expect((await rows()).length).toBe(3)
    const nanan = (await rows()).find((row) => row.class === 'antipyretic' && row.path === countyPath('350583'))!
    await call('alert.take', { params: { id: nanan.id } })
    await hand(app, signalOf(app, '350582'))
    const open = (await rows()).filter(({ state }) => state !== 'merged')
    expect(open.map((each) => each.class).sort()).toEqual(['antipyretic', 'cough'])
    const merged = (await rows()).find(({ state }) => state === 'merged')!
    const whole = open.find((each) => each.class === 'antipyretic')!
    expect([merged.mergedInto, whole.state]).toEqual([whole.id, 'taken'])
    expect((await call('alert.read', { params: { id: whole.id } })).units.map(({ code }) => code)).toEqual([
      '350581',
      '350582',
      '350583',
    ])
    expect(await status(call('alert.note', { params: { id: merged.id }, body: { text: '说明' } }))).toBe(409)
  })

  test('the sum of all classes is told by itself only where it tells more than a class did', async () => {
    const all = { class: 'all', ruleId: '00000000-0000-7000-8000-000000000002' } as const
    await hand(app, signalOf(app, '350582', { ...all, grade: 'orange' }), signalOf(app, '350582', { grade: 'orange' }))
    await hand(app, signalOf(app, '350526', { ...all, grade: 'blue' }))
    const classes = async () =>
      (await call('alert.list', { query: { limit: 50 } })).items.map((one) => `${one.class} ${one.grade}`).sort()
    expect(await classes()).toEqual(['all blue', 'antipyretic orange'])
    await hand(app, signalOf(app, '350582', { ...all, grade: 'red' }))
    expect(await classes()).toEqual(['all blue', 'all red', 'antipyretic orange'])
  })

  test('offices and stores are evidence of their county; an office hears of it', async () => {
    const store = app.modules.pharmacy.purchases.reference.store('JJ-0001')!
    const unit = { kind: 'store', code: store.code, name: store.name, path: store.path, county: '350582' } as const
    await hand(app, signalOf(app, '350582'), signalOf(app, '350582', { unit, grade: 'blue', observed: 9 }))
    const row = await only()
    const detail = await caller(app, office)('alert.read', { params: { id: row.id } })
    expect(detail.units.map(({ kind }) => kind)).toEqual(['store'])
    expect(detail.mayJudge).toBe(false)
    const body = { finding: 'false', text: '无异常' }
    expect(await status(caller(app, office)('alert.find', { params: { id: row.id }, body }))).toBe(403)
    expect(await status(caller(app, office)('alert.take', { params: { id: row.id } }))).toBe(200)
  })

  test('two processes at once open one', async () => {
    await Promise.all([app, other, app, other].map((each) => hand(each, signalOf(app, '350582'))))
    expect((await only()).state).toBe('new')
  })

  test('what is rolled back is no alert, and is told to nobody', async () => {
    const heard: unknown[] = []
    const end = onLive(app.kernel.notify, (event) => heard.push(event))
    const failed = withScope(app.kernel.db, systemScope, async (tx) => {
      await app.modules.alerts.applySignals(tx, [signalOf(app, '350582')])
      throw new Error('rolled back')
    })
    await expect(failed).rejects.toThrow('rolled back')
    await hand(app, signalOf(app, '350583'))
    const row = await only()
    await expect.poll(() => heard).toMatchObject([{ event: 'alert', data: { id: row.id, change: 'opened' } }])
    end()
  })

  test('taken back by a new computation it ends by itself; days long past open nothing', async () => {
    await hand(app, signalOf(app, '350582', { day: addDays(today(), -30) }))
    expect(await rows()).toEqual([])
    await hand(app, signalOf(app, '350582'))
    await hand(app, signalOf(app, '350582', { grade: null, observed: 22 }))
    expect(await only()).toMatchObject({ state: 'faded', escalateAt: null })
  })
})

describe('the clock', () => {
  test('what nobody answers goes up level by level, once each, from however many processes', async () => {
    await hand(app, signalOf(app, '350582'))
    const { id } = await only()
    const look = () => Promise.all([app, other].map((each) => lookAfter(each.modules.alerts.parts)))
    await look()
    expect((await only()).escalations).toBe(0)
    clock.forward(61)
    await look()
    expect(await only()).toMatchObject({ escalations: 1, levelPath: cityPath })
    clock.forward(61)
    await look()
    await look()
    expect(await only()).toMatchObject({ escalations: 1, escalateAt: null, state: 'new' })
    expect(await steps(id)).toEqual(['opened', 'escalated'])
    expect(await call('alert.count')).toEqual({ waiting: 1, late: 1, open: 1, worst: 'orange' })
  })

  test('who answers stops it, and of two at the same time one is first', async () => {
    await hand(app, signalOf(app, '350582'))
    const { id } = await only()
    const codes = await Promise.all(
      [app, other].map((each) => status(caller(each, jinjiang)('alert.take', { params: { id } }))),
    )
    expect(codes.sort()).toEqual([200, 409])
    clock.forward(24 * 60)
    await lookAfter(app.modules.alerts.parts)
    expect(await only()).toMatchObject({ state: 'taken', escalations: 0, assignee: jinjiang.name })
  })

  test('what is quiet for days ends by itself when nobody took it, and is marked when somebody did', async () => {
    await hand(app, signalOf(app, '350582'))
    await hand(app, signalOf(app, '350525', { class: 'cough' }))
    const [fever, cough] = await rows()
    await call('alert.take', { params: { id: cough!.id } })
    clock.forward(4 * 24 * 60)
    await lookAfter(app.modules.alerts.parts)
    const [a, b] = await rows()
    expect([a!.id, a!.state, b!.state]).toEqual([fever!.id, 'faded', 'taken'])
    expect(b!.fadedAt).not.toBeNull()
    // The clock was wrong: set right, the same signals open nothing again.
    clock.offset = 0
    await hand(app, signalOf(app, '350582'))
    expect((await rows()).length).toBe(2)
  })

  test('deadlines count from a day on, and a higher grade never has more time', async () => {
    const body = { validFrom: today(), blue: 2000, yellow: 200, orange: 100, red: 20, quietDays: 2 }
    await call('alert.set-policy', { body })
    await hand(app, signalOf(app, '350582'))
    const row = await only()
    expect((row.dueAt.getTime() - row.openedAt.getTime()) / 60_000).toBe(100)
    expect(await status(call('alert.set-policy', { body: { ...body, red: 150 } }))).toBe(400)
    expect(await status(call('alert.set-policy', { body: { ...body, validFrom: addDays(today(), -1) } }))).toBe(400)
    await call('alert.set-policy', { body: { ...body, blue: 1440, yellow: 240, orange: 60, red: 30, quietDays: 3 } })
  })
})

describe('a person', () => {
  test('asks stores, refers, finds and closes; it counts for the rule and for the response', async () => {
    await sell(app, [purchase(app, 1), purchase(app, 2)])
    await hand(app, signalOf(app, '350582'))
    const { id } = await only()
    const as = caller(app, jinjiang)
    clock.forward(30)
    const params = { id }
    expect(await status(as('alert.close', { params, body: {} }))).toBe(409)
    const detail = await as('alert.read', { params })
    expect(detail.stores).toMatchObject([{ code: 'JJ-0001', observed: 2, share: 1 }])
    const ask = (stores: string[]) => as('alert.ask', { params, body: { stores, text: '近日为何增多？', hours: 4 } })
    expect(await status(ask(['NA-0001']))).toBe(404)
    expect(await ask(['JJ-0001'])).toMatchObject({ state: 'checking', answeredAt: expect.any(String) })
    await answer('JJ-0001', '团购五十份')
    const { id: other } = director
    expect(await status(as('alert.assign', { params, body: { accountId: other! } }))).toBe(404)
    await as('alert.refer', { params, body: { recipient: '晋江市疾控中心', text: '请核查' } })
    const [referral] = (await as('alert.read', { params })).referrals
    const receipt = { params: { ...params, referralId: referral!.id }, body: { text: '已收到' } }
    await as('alert.receipt', receipt)
    expect(await status(as('alert.receipt', receipt))).toBe(409)
    const wrong = { finding: 'explained', text: '促销' }
    expect(await status(as('alert.find', { params, body: wrong }))).toBe(400)
    await as('alert.find', { params, body: { finding: 'true', text: '聚集性流感' } })
    await as('alert.close', { params, body: { text: '转入随访' } })
    const done = await as('alert.read', { params })
    expect(done.questions).toMatchObject([{ storeCode: 'JJ-0001', answer: '团购五十份' }])
    expect(done.steps.map(({ kind }) => kind)).toEqual([
      'opened',
      'asked',
      'answered',
      'referred',
      'receipt',
      'found',
      'closed',
    ])
    expect(done.rules).toMatchObject([{ true: 1, trueRate: 1 }])
    const query = { from: today(), to: today(), by: 'county' }
    const { total, rows: table } = await call('alert.response', { query })
    expect(total).toMatchObject({ alerts: 1, answered: 1, inTime: 1, judged: 1, true: 1, trueRate: 1 })
    expect(Math.round(total.medianMinutes!)).toBe(30)
    expect(table).toMatchObject([{ key: '350582', name: '晋江市', perCountyWeek: 7 }])
    for (const by of ['grade', 'rule', 'week'])
      expect((await call('alert.response', { query: { ...query, by } })).rows).toMatchObject([{ alerts: 1 }])
    expect((await caller(app, county('350525'))('alert.response', { query })).total.alerts).toBe(0)
    const record = await withScope(app.kernel.db, [countyPath('350525')], (tx) =>
      ruleRecords(tx, [{ ruleId: signalOf(app, '350582').ruleId, ruleVersion: 1, ruleName: '' }]),
    )
    expect(record).toMatchObject([{ alerts: 1, true: 1 }])
    await hand(app, signalOf(app, '350582', { day: addDays(today(), 1), grade: 'yellow' }))
    expect((await only()).state).toBe('closed')
  })
})

test('past days of the demo happen once more: each alert is told, answered and closed in its own time', async () => {
  const day = (ago: number) => addDays(today(), -ago)
  const at = (ago: number, change: object = {}) => signalOf(app, '350582', { day: day(ago), ...change })
  const byDay = new Map([
    [day(20), [at(20, { grade: 'yellow' })]],
    [day(19), [at(19, { grade: 'yellow' })]],
    [day(8), [at(8), signalOf(app, '350525', { day: day(8), grade: 'blue' })]],
  ])
  await replay(app.kernel, app.modules.alerts, byDay)
  const all = (await rows()).sort((a, b) => a.firstDay.localeCompare(b.firstDay) || b.grade.localeCompare(a.grade))
  expect(all.map(({ state, grade, finding }) => [state, grade, finding])).toEqual([
    ['closed', 'yellow', 'explained'],
    ['closed', 'orange', 'true'],
    ['closed', 'blue', 'false'],
  ])
  expect(all.map(({ openedAt }) => dayOf(openedAt))).toEqual([day(19), day(7), day(7)])
  const query = { from: day(30), to: today(), by: 'grade' }
  const { total } = await call('alert.response', { query })
  expect(total).toMatchObject({ alerts: 3, answered: 3, inTime: 1, true: 1 })
  expect(Math.round(total.medianMinutes!)).toBe(26)
})

/** Answers the newest notice of a store as its counter does. */
async function answer(store: string, value: string): Promise<void> {
  const path = app.modules.pharmacy.purchases.reference.store(store)!.path
  const clerk: Caller = { ...callerAt(path, 'notice.own'), storeCode: store }
  const run = app.modules.handlers as unknown as Record<string, (call: object) => Promise<{ items: { id: string }[] }>>
  const { items } = await run['notice.own']!({ caller: clerk, params: {}, query: {} })
  const replies = [{ code: 'explanation', value }]
  await run['notice.answer']!({
    caller: clerk,
    params: { id: items[0]!.id },
    query: {},
    body: { name: '店长', replies },
  })
}
