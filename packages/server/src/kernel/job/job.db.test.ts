import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../testing/index.ts'
import { type Connections, connect, systemScope, withScope } from '../db/index.ts'
import { type Jobs, openJobs } from './index.ts'

let database: TestDatabase
let connections: Connections
let jobs: Jobs
const faults: unknown[] = []
beforeAll(async () => {
  database = await createTestDatabase()
  connections = connect(database.appUrl, 3)
  jobs = await openJobs(database.appUrl, (error) => faults.push(error))
})
afterAll(async () => {
  await jobs.close()
  await connections.close()
  await database.drop()
})

async function until(done: () => boolean): Promise<void> {
  const end = Date.now() + 20_000
  while (!done()) {
    if (Date.now() > end) throw new Error('the job did not come within 20 s')
    await sleep(20)
  }
}

test('a job exists if and only if its transaction commits', async () => {
  const done: unknown[] = []
  await jobs.work('test-one', async (data) => {
    done.push(data)
  })
  const rolledBack = withScope(connections.db, systemScope, async (tx) => {
    await jobs.send(tx, 'test-one', { n: 1 })
    throw new Error('back')
  })
  await expect(rolledBack).rejects.toThrow('back')
  await withScope(connections.db, systemScope, (tx) => jobs.send(tx, 'test-one', { n: 2, text: '文' }))
  await until(() => done.length > 0)
  await sleep(1200)
  expect(done).toEqual([{ n: 2, text: '文' }])
})

test('a job that failed is told and tried again', async () => {
  let tries = 0
  await jobs.work('test-two', async () => {
    tries++
    if (tries === 1) throw new Error('not yet')
  })
  await withScope(connections.db, systemScope, (tx) => jobs.send(tx, 'test-two', {}))
  await until(() => tries === 2)
  expect(faults.map(String)).toEqual(['Error: not yet'])
})
