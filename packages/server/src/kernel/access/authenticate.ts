import type { Permission } from '@vigil/contract'
import type { FastifyRequest } from 'fastify'
import { Problem, unauthenticated } from '../error/problem.ts'
import { keyOfSocket } from '../http/socket.ts'
import type { Kernel } from '../kernel.ts'
import type { Caller } from './caller.ts'
import { originOf, sessionCookie } from './session.ts'
import { accessState, type Principal } from './state.ts'
import { hashToken } from './token.ts'

interface GrantJson {
  roleCode: string
  permissions: Permission[]
  path: string
  storeCode: string | null
  requiresTotp: boolean
}

interface SessionRow {
  id: string
  name: string
  grants: GrantJson[]
  totp_confirmed: boolean
  totp_optional: boolean
  must_change_password: boolean
  expires_at: Date
  idle_minutes: number
  last_seen_at: Date
}

const grantsOf = (column: 'account_id' | 'api_key_id', id: string) => `coalesce((
  select json_agg(json_build_object('roleCode', r.code, 'permissions', r.permissions, 'path', g.path, 'storeCode', g.store_code, 'requiresTotp', r.requires_totp))
  from access.grant g join access.role r on r.code = g.role_code where g.${column} = ${id}), '[]') as grants`

const sessionSql = `select a.id, a.display_name as name, ${grantsOf('account_id', 'a.id')},
  a.totp_confirmed_at is not null as totp_confirmed, a.must_change_password,
  coalesce((select value->>'mode' = 'optional' from vigil.setting where name = 'access.totp'), false) as totp_optional,
  s.expires_at, s.idle_minutes, s.last_seen_at
  from access.session s join access.account a on a.id = s.account_id left join access.device d on d.id = s.device_id
  where s.token_hash = $1 and a.status = 'active' and d.revoked_at is null`

const keySql = `select k.id, k.name, ${grantsOf('api_key_id', 'k.id')}, k.expires_at, k.last_used_at
  from access.api_key k where k.key_hash = $1 and k.revoked_at is null`

const callerGrants = (grants: readonly GrantJson[]) =>
  grants.map(({ roleCode, permissions, path }) => ({ roleCode, permissions: new Set(permissions), path }))

/** The one store that all grants are for, if there is one. */
function onlyStore(grants: readonly GrantJson[]): string | null {
  const codes = new Set(grants.map((grant) => grant.storeCode))
  return codes.size === 1 ? [...codes][0]! : null
}

async function readSession(kernel: Kernel, hash: Buffer): Promise<Principal | undefined> {
  const row = (await kernel.connections.system.query<SessionRow>(sessionSql, [hash])).rows[0]
  if (!row) return undefined
  return {
    kind: 'account',
    id: row.id,
    name: row.name,
    grants: callerGrants(row.grants),
    storeCode: onlyStore(row.grants),
    mustEnrolTotp: !row.totp_confirmed && !row.totp_optional && row.grants.some((grant) => grant.requiresTotp),
    mustChangePassword: row.must_change_password,
    expiresAt: row.expires_at,
    idleMs: row.idle_minutes * 60_000,
    lastSeenAt: row.last_seen_at,
  }
}

async function readKey(kernel: Kernel, hash: Buffer): Promise<Principal | undefined> {
  type Row = { id: string; name: string; grants: GrantJson[]; expires_at: Date; last_used_at: Date | null }
  const row = (await kernel.connections.system.query<Row>(keySql, [hash])).rows[0]
  if (!row) return undefined
  return {
    kind: 'api-key',
    id: row.id,
    name: row.name,
    grants: callerGrants(row.grants),
    storeCode: onlyStore(row.grants),
    mustEnrolTotp: false,
    mustChangePassword: false,
    expiresAt: row.expires_at,
    idleMs: Number.POSITIVE_INFINITY,
    lastSeenAt: row.last_used_at ?? new Date(0),
  }
}

const touchSql = {
  account: `update access.session set last_seen_at = $2 where token_hash = $1 and last_seen_at < $2`,
  'api-key': `update access.api_key set last_used_at = $2 where key_hash = $1 and (last_used_at is null or last_used_at < $2)`,
} as const
const touchDeviceSql = `update access.device set last_seen_at = $2 where id = (select device_id from access.session where token_hash = $1)`

/** Notes that the session or key is used, at most once a minute. */
async function touch(kernel: Kernel, principal: Principal, hash: Buffer, now: Date): Promise<void> {
  if (now.getTime() - principal.lastSeenAt.getTime() < 60_000) return
  principal.lastSeenAt = now
  await kernel.connections.system.query(touchSql[principal.kind], [hash, now])
  if (principal.kind === 'account') await kernel.connections.system.query(touchDeviceSql, [hash, now])
}

/** Set by a page on requests that no person caused. */
const backgroundHeader = 'x-vigil-background'

/** Open while an account must still enrol its second factor or change its password. */
const always = new Set(['/api/session', '/api/session/password', '/api/session/totp', '/api/session/totp/confirm'])

function assertReady(principal: Principal, request: FastifyRequest): void {
  if (always.has(request.routeOptions.url ?? '')) return
  if (principal.mustChangePassword)
    throw new Problem({ status: 403, code: 'password-change', title: '需要修改密码', detail: '请先修改初始密码' })
  if (principal.mustEnrolTotp)
    throw new Problem({
      status: 403,
      code: 'totp-enrolment',
      title: '需要绑定动态口令',
      detail: '请先绑定动态口令再继续',
    })
}

/** The token and its kind; a program that sends a key is never taken for the browser's session. */
function credentialOf(request: FastifyRequest): { kind: Principal['kind']; token: string } | undefined {
  const offered = keyOfSocket(request)
  const header = request.headers.authorization ?? (offered && `Bearer ${offered}`)
  if (header !== undefined) {
    const key = /^Bearer (vgl_[0-9A-Za-z]{32})$/i.exec(header)?.[1]
    if (!key) throw unauthenticated('接口密钥格式不对', 'bad-key')
    return { kind: 'api-key', token: key }
  }
  const token = request.cookies[sessionCookie]
  return token ? { kind: 'account', token } : undefined
}

/**
 * Finds out who calls, from the session cookie or `Authorization: Bearer vgl_…`.
 * What a page does by itself (header `x-vigil-background`, live events) does not count as activity: a screen that nobody
 * touches still goes idle.
 * @returns undefined when the request carries no credential
 * @throws Problem 401 when the credential is unknown, revoked or over; 403 `totp-enrolment` or `password-change` when
 *   the account has to do that first
 */
export async function authenticate(
  kernel: Kernel,
  request: FastifyRequest,
  { touch: active = request.headers[backgroundHeader] === undefined }: { touch?: boolean } = {},
): Promise<Caller | undefined> {
  const credential = credentialOf(request)
  if (!credential) return undefined
  const now = kernel.clock.now()
  const hash = hashToken(credential.token)
  const key = `${credential.kind}:${hash.toString('base64')}`
  const state = accessState(kernel)
  const read = credential.kind === 'account' ? readSession : readKey
  const principal = state.find(key, now) ?? (await state.load(key, now, () => read(kernel, hash)))
  const isKey = credential.kind === 'api-key'
  const wrong = () =>
    isKey
      ? unauthenticated('接口密钥无效、已过期或已吊销', 'bad-key')
      : unauthenticated('登录已失效，请重新登录', 'session-ended')
  if (!principal || principal.expiresAt <= now) throw wrong()
  if (now.getTime() - principal.lastSeenAt.getTime() > principal.idleMs) throw wrong()
  assertReady(principal, request)
  if (active) await touch(kernel, principal, hash, now)
  return {
    kind: principal.kind,
    id: principal.id,
    name: principal.name,
    grants: principal.grants,
    storeCode: principal.storeCode,
    ...originOf(request),
    requestId: request.id,
  }
}
