import { addDays, dayOf } from '@vigil/codes'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import type { TestApp } from '../../testing/app.ts'
import { callerAt, cityPath, createShop } from '../../testing/shop.ts'
import { backtestOf } from './index.ts'
import { defaultRules } from './rule.defaults.ts'
import { leastStores, orderDueBacktests } from './study.due.ts'
import { fillDays, poisson } from './surveillance.fixture.ts'

const now = new Date('2026-11-18T04:00:00Z')
const today = dayOf(now)
const supervisor = callerAt(cityPath, 'overview.read', 'alert.read', 'rule.manage')
const outsider = callerAt('/140000/140500/', 'overview.read', 'alert.read', 'rule.manage')
const sound = defaultRules[0]!.settings

let app: TestApp
type Handlers = TestApp['modules']['handlers']
const call = async <K extends keyof Handlers>(name: K, input: object = {}, caller = supervisor) =>
  (app.modules.handlers[name] as (call: object) => ReturnType<Handlers[K]>)({ caller, params: {}, query: {}, ...input })

beforeAll(async () => {
  app = await createShop({ clock: { now: () => now } })
  const draw = [poisson(40), poisson(20, 8)]
  await fillDays(app, 60, (store, at, day) => draw[store === 'JJ-0001' ? 0 : 1]!(store, at, day))
  await app.modules.surveillance.loop.compare()
})
afterAll(() => app.close())

const rules = async () => (await call('surveillance.rules')).items

test('a rule with impossible parameters is refused with the field and a reason', async () => {
  const settings = { ...sound, grades: { blue: 3, yellow: 2, orange: 5, red: 7 } }
  const body = { name: '试', areaCode: '350500', note: '', settings }
  await expect(call('surveillance.create', { body })).rejects.toMatchObject({
    details: { errors: [{ pointer: '/body/settings/grades/yellow', detail: '黄色强度应高于前一等级的 3' }] },
  })
})

test('a change makes a new version in force, the old one stays; whoever comes second is told', async () => {
  const [rule] = await rules()
  const { id, revision, name } = rule!
  const settings = { ...sound, minExcess: 8 }
  const body = { name, settings, note: '试行', revision }
  const changed = await call('surveillance.revise', { params: { id }, body })
  expect(changed).toMatchObject({ activeVersion: 2, latestVersion: 2, current: { settings } })
  await expect(call('surveillance.revise', { params: { id }, body })).rejects.toMatchObject({
    details: { status: 409 },
  })
  const { versions } = await call('surveillance.rule', { params: { id } })
  expect(versions.map(({ version, settings: one }) => [version, one.minExcess])).toEqual([
    [2, 8],
    [1, sound.minExcess],
  ])
  await app.modules.surveillance.loop.tick()
  const series = await call('surveillance.series', {
    query: { unit: '350582', class: 'all', from: addDays(today, -3), to: today },
  })
  expect(series.rule).toMatchObject({ id, version: 2 })
  expect(series.days).toHaveLength(4)
})

test('a rule does not exist outside its area', async () => {
  const [rule] = await rules()
  expect((await call('surveillance.rules', {}, outsider)).items).toEqual([])
  await expect(call('surveillance.rule', { params: { id: rule!.id } }, outsider)).rejects.toMatchObject({
    details: { status: 404 },
  })
  const query = { unit: '350582', class: 'all', from: today, to: today }
  await expect(call('surveillance.series', { query }, outsider)).rejects.toMatchObject({ details: { status: 404 } })
})

test("a city's days are the sum of its counties', and its running day is told by hour, to those in charge of all of it", async () => {
  const query = { class: 'all', from: addDays(today, -3), to: addDays(today, -1) }
  const of = async (unit: string) => (await call('surveillance.series', { query: { ...query, unit } })).days
  const [city, one, other] = [await of('350500'), await of('350582'), await of('350583')]
  expect(city.map(({ observed }) => observed)).toEqual(one.map(({ observed }, at) => observed! + other[at]!.observed!))
  expect(city[0]!.expected!).toBeCloseTo(one[0]!.expected! + other[0]!.expected!, 3)
  expect(city[0]!.reason).toContain('各区县预计合计')
  const hours = await call('surveillance.hours', { query: { unit: '350500', class: 'all' } })
  expect(hours.hours).toHaveLength(24)
  expect(hours.hours.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5)
  const county = { ...query, unit: '350500' }
  await expect(call('surveillance.series', { query: county }, outsider)).rejects.toMatchObject({
    details: { status: 404 },
  })
})

test('rules and scans are taken out with what they say', async () => {
  const { exporter } = app.modules
  const rowsOf = async (key: 'surveillance-rules' | 'scans') => {
    const list = exporter.lists.get(key)!
    const client = await app.kernel.connections.system.connect()
    try {
      const rows: unknown[][] = []
      const filter = list.resolve(supervisor, {}, false)
      for await (const { cells } of list.batches(client, filter, undefined, false)) rows.push(...cells)
      return rows
    } finally {
      client.release()
    }
  }
  const [first] = await rowsOf('surveillance-rules')
  expect(first!.slice(0, 5)).toEqual(['区县日监测', '泉州市', '启用', 2, '日销量模型'])
  expect(await rowsOf('scans')).toEqual([])
})

test('a back-test tells how good a version is; a killed one goes on where it stopped, to the same figures', async () => {
  const [rule] = await rules()
  const params = { id: rule!.id, version: 1 }
  const first = await call('surveillance.start-backtest', { params, body: { seed: 7 } })
  await app.modules.surveillance.studies.tick()
  const { backtest } = await call('surveillance.backtest', { params })
  expect(backtest).toMatchObject({ id: first.id, state: 'done', error: null })
  const result = backtest!.result!
  expect(result.days).toBeGreaterThan(200)
  expect(result.fpr).toBeLessThan(0.05)
  const pods = result.sizes.map(({ pod }) => pod!)
  expect(pods.at(-1)).toBeGreaterThan(0.8)
  expect(pods.at(-1)).toBeGreaterThan(pods[0]!)
  expect(result.sizes.at(-1)!.delay).toBeLessThan(5)
  // As a killed process leaves it: one county done, the lease over.
  const again = await call('surveillance.start-backtest', { params, body: { seed: 7 } })
  const { system } = app.kernel.connections
  await system.query(
    `UPDATE surveillance.study SET state = 'running', lease_by = gen_random_uuid(), lease_until = now() - interval '1 second',
       done = 0, partial = NULL WHERE id = $1`,
    [again.id],
  )
  await app.modules.surveillance.studies.tick()
  const second = await call('surveillance.backtest', { params })
  expect(second.backtest).toMatchObject({ id: again.id, state: 'done' })
  expect(second.backtest!.result).toEqual(result)
  const shown = await withScope(app.kernel.db, systemScope, (tx) => backtestOf(tx, rule!.id, 1))
  expect(shown?.result).toEqual(result)
})

test('a scan over too few sales says so, and a day to come is refused', async () => {
  const body = { areaCode: '350500', class: 'cough' as const }
  await expect(call('surveillance.start-scan', { body: { ...body, day: addDays(today, 2) } })).rejects.toMatchObject({
    details: { errors: [{ pointer: '/body/day' }] },
  })
  const { id } = await call('surveillance.start-scan', { body: { ...body, day: addDays(today, -59) } })
  await app.modules.surveillance.studies.tick()
  expect(await call('surveillance.scan', { params: { id } })).toMatchObject({
    state: 'failed',
    error: '所选区划近四周的登记太少，无法扫描',
    clusters: null,
  })
})

test('a scan finds the store in which more is bought than its days and neighbours explain', async () => {
  const { system } = app.kernel.connections
  await system.query(`UPDATE pharmacy.store SET lon = 118.9, lat = 24.9, updated_at = now() WHERE code = 'NA-0001'`)
  await app.modules.pharmacy.purchases.reference.refresh('store')
  await system.query(
    `UPDATE pharmacy.rollup_store_day SET purchases = purchases + 60 WHERE store_code = 'NA-0001' AND class = 'cough' AND day >= $1`,
    [addDays(today, -3)],
  )
  const { id } = await call('surveillance.start-scan', { body: { areaCode: '350500', class: 'cough' } })
  await app.modules.surveillance.studies.tick()
  const scan = await call('surveillance.scan', { params: { id } })
  expect(scan.state).toBe('done')
  expect(scan.clusters?.[0]).toMatchObject({
    centre: { code: 'NA-0001' },
    from: addDays(today, -3),
    to: addDays(today, -1),
  })
  expect(scan.clusters![0]!.p).toBeLessThan(0.02)
})

test('rules in force are back-tested by themselves where there are stores and history enough, and once', async () => {
  const { reference } = app.modules.pharmacy.purchases
  const ordered = async () => {
    const { rows } = await app.kernel.connections.system.query<{ rule: string; version: number }>(
      `SELECT rule_id AS rule, version FROM surveillance.study WHERE kind = 'backtest' AND created_by = '系统自动回测' ORDER BY 1`,
    )
    return rows
  }
  await orderDueBacktests({ kernel: app.kernel, reference }, leastStores)
  expect(await ordered()).toEqual([])
  const due = []
  for (const { id: rule, activeVersion: version } of await rules()) {
    if (version === null) continue
    const { backtest } = await call('surveillance.backtest', { params: { id: rule, version } })
    if (!backtest) due.push({ rule, version })
  }
  expect(due.length).toBeGreaterThan(0)
  for (let twice = 0; twice < 2; twice++) {
    await orderDueBacktests({ kernel: app.kernel, reference }, 2)
    expect(await ordered()).toEqual(due.sort((a, b) => (a.rule < b.rule ? -1 : 1)))
  }
})
