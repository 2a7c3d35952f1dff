import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../testing/index.ts'
import { type Connections, connect } from './index.ts'

let database: TestDatabase
let connections: Connections
beforeAll(async () => {
  database = await createTestDatabase()
  connections = connect(database.appUrl, 2)
})
afterAll(async () => {
  await connections.close()
  await database.drop()
})

test('a connection lost between two statements of a transaction fails the transaction, not the process', async () => {
  const uncaught: unknown[] = []
  const note = (error: unknown) => void uncaught.push(error)
  const before = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException').on('uncaughtException', note)
  try {
    const broken = connections.db.transaction().execute(async (tx) => {
      const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx)
      await sql`SELECT pg_terminate_backend(${rows[0]!.pid})`.execute(connections.db)
      await sleep(100)
      await sql`SELECT 1`.execute(tx)
    })
    await expect(broken).rejects.toThrow()
    await sleep(20)
  } finally {
    process.removeListener('uncaughtException', note)
    for (const listener of before) process.on('uncaughtException', listener)
  }
  expect(uncaught).toEqual([])
  const { rows } = await sql<{ one: number }>`SELECT 1 AS one`.execute(connections.db)
  expect(rows).toEqual([{ one: 1 }])
})
