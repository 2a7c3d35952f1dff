import { randomUUID } from 'node:crypto'
import type { BodyOf, Destination, sharingRoutes } from '@vigil/contract'
import type { Caller } from '../../kernel/access/caller.ts'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import type { TestApp } from '../../testing/app.ts'
import { callerAt, cityPath } from '../../testing/shop.ts'

type Routes = typeof sharingRoutes
type Create = BodyOf<Routes['sharing.create']>

/** Director who sets up, sends and may export in clear. */
export const director = callerAt(
  cityPath,
  'sharing.read',
  'sharing.manage',
  'sharing.send',
  'purchase.export',
  'purchase.export-clear',
)

/**
 * Gives a caller an account of his own with the same rights, as one that answers for clear text must have. The role is his
 * alone and named by his id.
 */
export async function enrol(app: TestApp, { id, name, grants }: Caller = director): Promise<void> {
  const [grant] = grants
  if (!id || !grant) throw new Error('somebody with a grant is needed')
  const areaCode = grant.path.split('/').at(-2) ?? ''
  await withScope(app.kernel.db, systemScope, async (tx) => {
    const role = {
      code: id,
      name: '测试',
      permissions: [...grant.permissions],
      requiresTotp: false,
      updatedAt: new Date(),
    }
    await tx.insertInto('access.role').values(role).execute()
    const account = { id, username: id, displayName: name, kind: 'person', status: 'active', path: grant.path } as const
    await tx
      .insertInto('access.account')
      .values({ ...account, createdAt: new Date() })
      .execute()
    await tx
      .insertInto('access.grant')
      .values({ id: randomUUID(), accountId: id, roleCode: id, areaCode, path: grant.path })
      .execute()
  })
}

/** Settings of a destination with a receipt that repeats digest and rows. */
export const settings = (url: string, change: Partial<Create> = {}): Create => ({
  name: '省平台',
  kind: 'province',
  url,
  areaCode: '350500',
  algorithm: 'ed25519',
  format: 'csv',
  templateId: null,
  clear: false,
  schedule: { every: 'day', at: '06:30' },
  cover: 'yesterday',
  receipt: { kind: 'json', field: 'code', value: '0', number: 'data.no', digest: 'data.digest', rows: 'data.rows' },
  timeoutSeconds: 1,
  retrySeconds: 30,
  maxAttempts: 5,
  maxAgeHours: 24,
  secretHeader: null,
  ca: null,
  ...change,
})

/** Calls a route as the console does, without HTTP. */
export function caller(app: TestApp, as: Caller = director) {
  return async <K extends keyof Routes>(name: K, input: { params?: object; body?: object; query?: object } = {}) => {
    type Result = Awaited<ReturnType<TestApp['modules']['handlers'][K]>>
    const handler = app.modules.handlers[name] as unknown as (call: object) => Promise<Result>
    return handler({ caller: as, params: {}, query: {}, ...input })
  }
}

/** An active destination. */
export async function destinationAt(
  app: TestApp,
  url: string,
  change: Partial<Create> = {},
  as: Caller = director,
): Promise<Destination> {
  const call = caller(app, as)
  const { id } = await call('sharing.create', { body: settings(url, change) })
  return call('sharing.set-state', { params: { id }, body: { state: 'active' } })
}

/** Sends what is due now, and waits until nothing is under way. */
export async function settle(app: TestApp): Promise<void> {
  await app.modules.sharing.loop.tick()
  await app.modules.sharing.loop.idle()
}

/** Audit rows of an action, oldest first. */
export const audited = (app: TestApp, action: string) =>
  withScope(app.kernel.db, systemScope, (tx) =>
    tx.selectFrom('audit.entry').selectAll().where('action', '=', action).orderBy('seq').execute(),
  )
