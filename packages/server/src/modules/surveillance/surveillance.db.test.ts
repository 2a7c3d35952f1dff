import { addDays, dayOf } from '@vigil/codes'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import type { TestApp } from '../../testing/app.ts'
import { callerAt, cityPath, createShop } from '../../testing/shop.ts'
import { seriesOf } from './index.ts'
import { fillDays, poisson, putDay } from './surveillance.fixture.ts'

// Noon in Quanzhou on a plain Wednesday: half of a day is over.
const now = new Date('2026-11-18T04:00:00Z')
const today = dayOf(now)
const clock = { now: () => now }
const supervisor = callerAt(cityPath, 'overview.read', 'alert.read', 'rule.manage')

let app: TestApp
beforeAll(async () => {
  app = await createShop({ clock })
  await fillDays(app, 70, poisson(20))
  await app.modules.surveillance.loop.compare()
})
afterAll(() => app.close())

const series = (unit: string, days = 80) =>
  withScope(app.kernel.db, systemScope, (tx) => seriesOf(tx, unit, 'antipyretic', addDays(today, -days), today))

const written = async () => {
  const { rows } = await app.kernel.connections.system.query<{ xmin: string; days: Buffer; unit: string }>(
    `SELECT xmin::text, unit, class, rule_id, month, days FROM surveillance.month
     UNION ALL SELECT xmin::text, unit, class, rule_id, day, cell FROM surveillance.running
     ORDER BY unit, class, rule_id, month, days`,
  )
  return rows
}

test('a city has its rules from the first store on, and every day of it is judged', async () => {
  const days = await series('350582')
  expect(days.length).toBe(71)
  expect(days.at(-1)).toMatchObject({ day: today, running: true })
  expect(days.at(0)?.untested).toBe('too-short')
  const judged = days.filter(({ untested, running }) => untested === null && !running)
  expect(judged.length).toBe(70 - 28)
  for (const { expected, observed, upper } of judged) {
    expect(expected).toBeGreaterThan(10)
    expect(expected).toBeLessThan(32)
    expect(upper).toBeGreaterThanOrEqual(Math.floor(expected!))
    expect(observed).toBeLessThan(50)
  }
})

test('evaluated again, nothing is written', async () => {
  const before = await written()
  await app.modules.surveillance.loop.compare()
  await app.modules.surveillance.loop.tick()
  expect(await written()).toEqual(before)
  expect(before.length).toBeGreaterThan(0)
})

test('a correction is found by the sums and changes only what it touches, from its day on', async () => {
  const before = await written()
  const day = addDays(today, -5)
  await putDay(app, 'JJ-0001', day, [95, 20, 20, 20])
  await app.modules.surveillance.loop.compare()
  const after = await written()
  const changed = after.filter((row, at) => row.xmin !== before[at]?.xmin)
  expect(changed.length).toBeGreaterThan(0)
  expect(new Set(changed.map(({ unit }) => unit))).toEqual(new Set(['350582', '350582S01', 'JJ-0001']))
  const days = await series('JJ-0001')
  const hit = days.find((one) => one.day === day)
  expect(hit).toMatchObject({ observed: 95 })
  expect(hit?.grade).not.toBeNull()
})

test('what the console asks is answered in words', async () => {
  const answer = await app.modules.surveillance.handlers['surveillance.states']({
    caller: supervisor,
    query: { area: '350500', day: addDays(today, -5), class: 'antipyretic' },
  } as never)
  const county = answer.children.find(({ code }) => code === '350582')
  expect(county?.state?.grade).not.toBeNull()
  expect(county?.state?.reason).toMatch(/^晋江市退热当日登记 95 笔，预计 .* 笔（通常 .*），高出 .*，强度 .*，达到.色$/)
})
