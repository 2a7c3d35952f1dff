import type { AccountItem, accessRoutes, Me, Permission, ResponseOf } from '@vigil/contract'
import { sql } from 'kysely'
import { type Db, readScope, type Scope, type Tx } from '../db/index.ts'
import { invalidField, notFound } from '../error/problem.ts'
import { narrow } from './caller.ts'
import { findPlaceFacts } from './store-facts.ts'

type Routes = typeof accessRoutes
type GrantItem = Me['grants'][number]

/** Grants with the names of role and area, by owner. */
async function grantsByOwner(
  tx: Tx,
  column: 'accountId' | 'apiKeyId',
  ids: readonly string[],
): Promise<Map<string, GrantItem[]>> {
  const found = new Map<string, GrantItem[]>()
  if (ids.length === 0) return found
  const rows = await tx
    .selectFrom('access.grant as g')
    .innerJoin('access.role as r', 'r.code', 'g.roleCode')
    .select([`g.${column} as owner`, 'g.roleCode', 'r.name as roleName', 'g.areaCode', 'g.storeCode'])
    .select(sql<string>`(select name from area.area where code = g.area_code)`.as('areaName'))
    .where(`g.${column}`, 'in', ids)
    .orderBy('g.id')
    .execute()
  for (const { owner, ...grant } of rows) found.set(owner!, [...(found.get(owner!) ?? []), grant])
  return found
}

/**
 * The signed-in account as the screens need it. The transaction must see the account.
 * @param sessionExpiresAt absolute end of its session
 */
export async function getMe(tx: Tx, accountId: string, sessionExpiresAt: Date): Promise<Me> {
  const account = await tx
    .selectFrom('access.account')
    .selectAll()
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow()
  const roles = await tx
    .selectFrom('access.grant as g')
    .innerJoin('access.role as r', 'r.code', 'g.roleCode')
    .select(['r.permissions', 'r.requiresTotp', 'g.storeCode', 'g.path'])
    .where('g.accountId', '=', accountId)
    .execute()
  const { rows } = await sql<{ name: string; value: unknown }>`
    select name, value from vigil.setting where name in ('access.totp', 'demo')`.execute(tx)
  const setting = (name: string) => rows.find((row) => row.name === name)?.value
  const optional = (setting('access.totp') as { mode?: string } | undefined)?.mode === 'optional'
  const enrolled = account.totpConfirmedAt !== null
  const stores = new Set(roles.map((role) => role.storeCode))
  const storeCode = stores.size === 1 ? [...stores][0]! : null
  const store = storeCode === null ? undefined : await findPlaceFacts(tx, storeCode, roles[0]!.path)
  return {
    id: account.id,
    username: account.username,
    displayName: account.displayName,
    kind: account.kind,
    permissions: [...new Set(roles.flatMap((role) => role.permissions as Permission[]))],
    grants: (await grantsByOwner(tx, 'accountId', [accountId])).get(accountId) ?? [],
    totpEnrolled: enrolled,
    mustEnrolTotp: !enrolled && !optional && roles.some((role) => role.requiresTotp),
    mustChangePassword: account.mustChangePassword,
    sessionExpiresAt: sessionExpiresAt.toISOString(),
    demo: Boolean(setting('demo')),
    store: store ? { code: store.code, name: store.name, areaName: store.areaName, status: store.status } : null,
  }
}

const pattern = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`

const toCursor = (username: string) => Buffer.from(username).toString('base64url')
function fromCursor(cursor: string): string {
  const username = Buffer.from(cursor, 'base64url').toString()
  if (!/^[\x21-\x7e]{1,60}$/.test(username) || toCursor(username) !== cursor)
    throw invalidField('/query/cursor', '翻页位置无效', 'cursor')
  return username
}

interface AccountQuery {
  area?: string
  q?: string
  kind?: 'person' | 'store'
  cursor?: string
  limit?: number
}

/**
 * Accounts of a scope by user name, one page.
 * @throws Problem 404 for an area outside the scope, 400 for a cursor that is none
 */
export async function listAccounts(
  db: Db,
  scope: Scope,
  query: AccountQuery,
): Promise<{ items: AccountItem[]; next: string | null }> {
  const after = query.cursor === undefined ? undefined : fromCursor(query.cursor)
  const limit = query.limit ?? 50
  return readScope(db, await narrowTo(db, scope, query.area), async (tx) => {
    let select = tx
      .selectFrom('access.account')
      .select(['id', 'username', 'displayName', 'kind', 'status', 'totpConfirmedAt', 'lastSignInAt', 'createdAt'])
      .orderBy('username')
      .limit(limit + 1)
    if (after !== undefined) select = select.where('username', '>', after)
    if (query.kind !== undefined) select = select.where('kind', '=', query.kind)
    const q = query.q?.trim()
    if (q)
      select = select.where((eb) =>
        eb.or([eb('username', 'ilike', pattern(q)), eb('displayName', 'ilike', pattern(q))]),
      )
    const rows = await select.execute()
    const shown = rows.slice(0, limit)
    const grants = await grantsByOwner(
      tx,
      'accountId',
      shown.map((row) => row.id),
    )
    return {
      items: shown.map(({ totpConfirmedAt, lastSignInAt, createdAt, ...row }) => ({
        ...row,
        grants: grants.get(row.id) ?? [],
        totpEnrolled: totpConfirmedAt !== null,
        lastSignInAt: lastSignInAt?.toISOString() ?? null,
        createdAt: createdAt.toISOString(),
      })),
      next: rows.length > limit ? toCursor(shown.at(-1)!.username) : null,
    }
  })
}

async function narrowTo(db: Db, scope: Scope, area: string | undefined): Promise<Scope> {
  if (area === undefined) return scope
  const { rows } = await sql<{ path: string }>`select path from area.area where code = ${area}`.execute(db)
  if (!rows[0]) throw notFound('区划')
  return narrow(scope, rows[0].path)
}

/**
 * Devices of an account and its sessions in browsers, newest first, the ended ones of devices included.
 * @throws Problem 404 when the scope does not show the account
 */
export async function listDevices(
  db: Db,
  scope: Scope,
  accountId: string,
  now: Date,
): Promise<ResponseOf<Routes['account.devices']>> {
  return readScope(db, scope, async (tx) => {
    const account = await tx.selectFrom('access.account').select('id').where('id', '=', accountId).executeTakeFirst()
    if (!account) throw notFound('账号')
    const devices = await tx
      .selectFrom('access.device')
      .select(['id', 'name', 'createdAt', 'lastSeenAt', 'revokedAt'])
      .where('accountId', '=', accountId)
      .execute()
    const sessions = await tx
      .selectFrom('access.session')
      .select(['id', 'createdAt', 'lastSeenAt', 'ip', 'userAgent'])
      .where('accountId', '=', accountId)
      .where('deviceId', 'is', null)
      .where('expiresAt', '>', now)
      .execute()
    const browsers = sessions.map(({ ip, userAgent, ...rest }) => ({
      ...rest,
      name: `浏览器 ${ip} ${userAgent}`.slice(0, 200),
      revokedAt: null,
    }))
    const all = [...devices, ...browsers].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
    return {
      items: all.map((item) => ({
        id: item.id,
        name: item.name,
        createdAt: item.createdAt.toISOString(),
        lastSeenAt: item.lastSeenAt?.toISOString() ?? null,
        revokedAt: item.revokedAt?.toISOString() ?? null,
      })),
    }
  })
}

/** All roles. They belong to the whole installation. */
export async function listRoles(db: Db): Promise<ResponseOf<Routes['role.list']>> {
  const rows = await db
    .selectFrom('access.role')
    .select(['code', 'name', 'permissions', 'requiresTotp'])
    .orderBy('code')
    .execute()
  return { items: rows.map((row) => ({ ...row, permissions: row.permissions as Permission[] })) }
}

/** API keys of a scope, newest first; never the keys themselves. */
export async function listApiKeys(db: Db, scope: Scope): Promise<ResponseOf<Routes['api-key.list']>> {
  return readScope(db, scope, async (tx) => {
    const rows = await tx.selectFrom('access.apiKey').selectAll().orderBy('id', 'desc').execute()
    const grants = await grantsByOwner(
      tx,
      'apiKeyId',
      rows.map((row) => row.id),
    )
    return {
      items: rows.map((row) => ({
        id: row.id,
        name: row.name,
        prefix: row.prefix,
        grants: grants.get(row.id) ?? [],
        createdAt: row.createdAt.toISOString(),
        expiresAt: row.expiresAt.toISOString(),
        lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
        revokedAt: row.revokedAt?.toISOString() ?? null,
      })),
    }
  })
}
