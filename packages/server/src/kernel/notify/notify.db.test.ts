import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../testing/index.ts'
import { type Notify, openNotify } from './index.ts'

let database: TestDatabase
let pool: pg.Pool
let here: Notify
let there: Notify
beforeAll(async () => {
  database = await createTestDatabase()
  pool = new pg.Pool({ connectionString: database.appUrl, max: 2 })
  here = await openNotify(database.appUrl, pool)
  there = await openNotify(database.appUrl, pool)
})
afterAll(async () => {
  await here.close()
  await there.close()
  await pool.end()
  await database.drop()
})

async function until(done: () => boolean): Promise<void> {
  const end = Date.now() + 5000
  while (!done()) {
    if (Date.now() > end) throw new Error('nothing came within 5 s')
    await sleep(5)
  }
}

test('a message reaches all processes, this one too, by topic and in order', async () => {
  const got: unknown[] = []
  const other: unknown[] = []
  const ends = [
    here.subscribe('a', (payload) => got.push(['here', payload])),
    there.subscribe('a', (payload) => got.push(['there', payload])),
    there.subscribe('b', (payload) => other.push(payload)),
  ]
  await here.publish('a', { n: 1, text: "引号'\n" })
  await here.publish('a', { n: 2 })
  await until(() => got.length === 4)
  const of = (name: string) =>
    got.filter((item) => (item as [string])[0] === name).map((item) => (item as [string, unknown])[1])
  expect(of('here')).toEqual([{ n: 1, text: "引号'\n" }, { n: 2 }])
  expect(of('there')).toEqual(of('here'))
  expect(other).toEqual([])
  for (const end of ends) end()
  await here.publish('a', { n: 3 })
  const last = new Promise((resolve) => here.subscribe('last', resolve))
  await here.publish('last', {})
  await last
  expect(got).toHaveLength(4)
})

test('the listening connection comes back by itself', async () => {
  const got: unknown[] = []
  there.subscribe('c', (payload) => got.push(payload))
  const owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
  const { rowCount } = await owner.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'vigil-notify' AND datname = current_database()`,
  )
  await owner.end()
  expect(rowCount).toBe(2)
  const end = Date.now() + 8000
  while (got.length === 0 && Date.now() < end) {
    await here.publish('c', 'again')
    await sleep(100)
  }
  expect(got[0]).toBe('again')
})
