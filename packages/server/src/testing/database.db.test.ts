import { Client } from 'pg'
import { expect, inject, test } from 'vitest'
import { createTestDatabase } from './database.ts'

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

test('each test database is migrated and its own, and its application role is bound by row-level security', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()])
  await query(one.ownerUrl, 'CREATE TABLE public.only_here (id int)')
  expect(await query(two.ownerUrl, `SELECT to_regclass('public.only_here') AS found`)).toEqual([{ found: null }])
  const [migrated] = await query(one.ownerUrl, 'SELECT count(*)::int > 0 AS any FROM vigil.migration')
  expect(migrated).toEqual({ any: true })
  const [role] = await query(
    one.appUrl,
    'SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user',
  )
  expect(role).toEqual({ rolsuper: false, rolbypassrls: false, rolcreatedb: false })

  const names = [one, two].map(({ ownerUrl }) => new URL(ownerUrl).pathname.slice(1))
  await Promise.all([one.drop(), two.drop()])
  const list = names.map((name) => `'${name}', '${name}_login'`).join(', ')
  expect(
    await query(
      inject('vigilServerUrl'),
      `SELECT datname FROM pg_database WHERE datname IN (${list}) UNION ALL SELECT rolname FROM pg_roles WHERE rolname IN (${list})`,
    ),
  ).toEqual([])
})
