import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../testing/index.ts'
import { ensureAppLogin, MigrationError } from './migrate.ts'

let database: TestDatabase
let admin: Client
let owner: string
let login: string

/** Connection of an owner as a bureau's server gives it: it may make roles and is no superuser. */
const ownerUrl = () => {
  const url = new URL(database.ownerUrl)
  url.username = owner
  url.password = 'owner'
  return url.toString()
}

beforeAll(async () => {
  database = await createTestDatabase()
  login = new URL(database.appUrl).username
  owner = `${login}_owner`
  admin = new Client({ connectionString: database.ownerUrl })
  await admin.connect()
  await admin.query(`CREATE ROLE ${owner} LOGIN CREATEROLE PASSWORD 'owner'`)
  // What PostgreSQL 16 and newer give to the role that has made another one.
  await admin.query(`GRANT vigil_app, ${login} TO ${owner} WITH ADMIN OPTION`)
})

afterAll(async () => {
  await admin?.query(`REVOKE vigil_app, ${login} FROM ${owner} CASCADE`)
  await admin?.query(`DROP ROLE ${owner}`)
  await admin?.end()
  await database?.drop()
})

test('an owner that is no superuser renews the password of the login at every start', async () => {
  const url = await ensureAppLogin(ownerUrl(), 'renewed')
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(`SELECT current_user AS name, pg_has_role('vigil_app', 'member') AS member`)
  await client.end()
  expect(rows).toEqual([{ name: login, member: true }])
})

test('a login that works is left as it is: the right to make roles is needed only once', async () => {
  await ensureAppLogin(database.ownerUrl, 'once')
  await admin.query(`ALTER ROLE ${owner} NOCREATEROLE`)
  await admin.query(`REVOKE vigil_app, ${login} FROM ${owner} CASCADE`)
  await admin.query(`GRANT vigil_app TO ${login}`)
  const url = await ensureAppLogin(ownerUrl(), 'once')
  expect(new URL(url).username).toBe(login)
  await admin.query(`ALTER ROLE ${owner} CREATEROLE`)
  await admin.query(`GRANT vigil_app, ${login} TO ${owner} WITH ADMIN OPTION`)
})

test('a connection string that can name no other user is refused instead of going on as the owner', async () => {
  const { port, username, password, pathname } = new URL(database.ownerUrl)
  const hostless = `postgres://${pathname}?host=127.0.0.1&port=${port}&user=${username}&password=${password}`
  await expect(ensureAppLogin(hostless, 'any')).rejects.toThrow(MigrationError)
})

test('a login that was given the right to bypass row-level security is refused', async () => {
  await admin.query(`ALTER ROLE ${login} BYPASSRLS`)
  await expect(ensureAppLogin(ownerUrl(), 'any')).rejects.toThrow(`the role ${login} may bypass`)
  await admin.query(`ALTER ROLE ${login} NOBYPASSRLS`)
})
