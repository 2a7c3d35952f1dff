import { randomBytes } from 'node:crypto'
import { accessRoutes } from '@vigil/contract'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { sql } from 'kysely'
import pg from 'pg'
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts'
import { readConfig } from '../config.ts'
import { connect, systemScope, withScope } from '../db/index.ts'
import { createServer } from '../http/server.ts'
import type { Kernel } from '../kernel.ts'
import { openNotify } from '../notify/index.ts'
import { parseKeyRing, Vault } from '../vault/index.ts'
import type { GrantInput } from './grant.ts'
import {
  accessHandlers,
  authenticate,
  createAccount,
  issueStoreAccounts,
  registerStoreFacts,
  seedRoles,
} from './index.ts'

/** A small city for the tests: two counties, one office. */
export const city = '350500'
export const areas = [
  { code: '350000', level: 'province', path: '/350000/' },
  { code: city, level: 'city', path: '/350000/350500/' },
  { code: '350502', level: 'county', path: '/350000/350500/350502/' },
  { code: '350503', level: 'county', path: '/350000/350500/350503/' },
  { code: '350502001', level: 'office', path: '/350000/350500/350502/350502001/' },
] as const
export const pathOf = (code: string): string => areas.find((area) => area.code === code)!.path
export const password = 'correct horse battery'

/** A clock that tests move. */
export class TestClock {
  time = new Date('2026-11-23T08:00:00+08:00').getTime()
  now = (): Date => new Date(this.time)
  forward(seconds: number): void {
    this.time += seconds * 1000
  }
}

/** A browser, or a program: keeps cookies and sends them again. */
export class Client {
  readonly cookies = new Map<string, string>()
  readonly app: FastifyInstance
  readonly headers: Record<string, string>
  constructor(app: FastifyInstance, headers: Record<string, string> = {}) {
    this.app = app
    this.headers = headers
  }
  /** @returns the same cookies at another process */
  at(app: FastifyInstance): Client {
    const other = new Client(app, this.headers)
    for (const [name, value] of this.cookies) other.cookies.set(name, value)
    return other
  }
  async call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown): Promise<LightMyRequestResponse> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const options: InjectOptions = {
      method,
      url,
      headers: { 'user-agent': 'test', ...this.headers, ...(cookie && { cookie }) },
    }
    if (body !== undefined) options.payload = body as object
    const response = await this.app.inject(options)
    for (const { name, value } of response.cookies)
      if (value) this.cookies.set(name, value)
      else this.cookies.delete(name)
    return response
  }
  signIn(username: string, more: { totp?: string; password?: string } = {}): Promise<LightMyRequestResponse> {
    return this.call('POST', '/api/session', { username, password, ...more })
  }
}

/** One server process over a test database: kernel and HTTP. */
export interface TestProcess {
  readonly kernel: Kernel
  readonly app: FastifyInstance
  close(): Promise<void>
}

export interface TestCity extends TestProcess {
  readonly database: TestDatabase
  readonly clock: TestClock
  /** Starts one more process of the same installation. */
  another(): Promise<TestProcess>
  /** An active account with a password. @returns its id */
  person(username: string, ...grants: GrantInput[]): Promise<string>
  /** A store's account. @returns the activation code */
  store(code: string, areaCode: string, uses?: number): Promise<string>
  /** Rows of the audit log as the owner sees them, newest first. */
  audit(
    action: string,
  ): Promise<{ actor: string; outcome: string; object: string; path: string; detail: Record<string, unknown> }[]>
  owner(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
}

const ring = parseKeyRing(`test:${randomBytes(32).toString('base64')}`, 'test')

async function startProcess(database: TestDatabase, clock: TestClock): Promise<TestProcess> {
  const connections = connect(database.appUrl, 8)
  const notify = await openNotify(database.appUrl, connections.pool)
  const vault = await Vault.open({ db: connections.db, ring, suite: 'aes-256-gcm' })
  const config = readConfig({}, {})
  // Jobs and files play no part in access.
  const kernel = { config, connections, db: connections.db, vault, notify, clock } as Partial<Kernel> as Kernel
  const app = await createServer(accessRoutes, accessHandlers(kernel), {
    authenticate: (request) => authenticate(kernel, request),
    refused: async () => undefined,
    trustProxy: true,
    logError: (error) => console.error(error),
  })
  return {
    kernel,
    app,
    close: async () => {
      await app.close()
      vault.close()
      await notify.close()
      await connections.close()
    },
  }
}

/** An installation with areas, built-in roles and a second factor that is optional, as the demo has it. */
export async function createCity(totp: 'optional' | 'required' = 'optional'): Promise<TestCity> {
  const database = await createTestDatabase()
  const clock = new TestClock()
  const ownerPool = new pg.Pool({ connectionString: database.ownerUrl, max: 1 })
  // The database may go before the pool at the end of a test file.
  ownerPool.on('error', () => undefined)
  const owner = async (text: string, values: unknown[] = []) => (await ownerPool.query(text, values)).rows
  for (const [index, area] of areas.entries())
    await owner('insert into area.area (code, name, level, parent, path, standard) values ($1, $2, $3, $4, $5, true)', [
      area.code,
      `区划${area.code}`,
      area.level,
      index === 0 ? null : area.path.split('/').at(-3),
      area.path,
    ])
  await owner(`insert into vigil.setting (name, value) values ('access.totp', $1)`, [{ mode: totp }])
  const stores = new Map<string, { code: string; name: string; path: string }>()
  registerStoreFacts(async (tx, code) => {
    const store = stores.get(code)
    if (!store) return undefined
    const { rows } = await sql<{ seen: boolean }>`select vigil.in_scope(${store.path}) as seen`.execute(tx)
    return rows[0]!.seen ? { ...store, areaName: '测试区', status: 'active' } : undefined
  })
  const first = await startProcess(database, clock)
  const processes = [first]
  await withScope(first.kernel.db, systemScope, seedRoles)
  return {
    ...first,
    database,
    clock,
    owner,
    another: async () => {
      const process = await startProcess(database, clock)
      processes.push(process)
      return process
    },
    person: async (username, ...grants) =>
      withScope(first.kernel.db, systemScope, async (tx) => {
        const account = { username, displayName: `测试${username}`, grants, password, now: clock.now() }
        return (await createAccount(tx, account)).id
      }),
    store: async (code, areaCode, uses) => {
      const store = { code, name: `药店${code}`, path: `${pathOf(areaCode)}${code}/` }
      stores.set(code, store)
      const issued = await withScope(first.kernel.db, systemScope, (tx) =>
        issueStoreAccounts(tx, [store], { expiresDays: 30, now: clock.now(), ...(uses !== undefined && { uses }) }),
      )
      return issued[0]!.activationCode
    },
    audit: async (action) =>
      (await owner('select actor, outcome, object, path, detail from audit.entry where action = $1 order by seq desc', [
        action,
      ])) as never,
    close: async () => {
      for (const process of processes) await process.close()
      await ownerPool.end()
      await database.drop()
    },
  }
}
