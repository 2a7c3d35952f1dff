import { uuidv7 } from '@vigil/codes'
import type { Permission } from '@vigil/contract'
import { sql } from 'kysely'
import type { Tx } from '../db/index.ts'
import { forbidden, invalidField, notFound } from '../error/problem.ts'
import { type Caller, can } from './caller.ts'
import { findPlaceFacts } from './store-facts.ts'

export interface GrantInput {
  readonly roleCode: string
  readonly areaCode: string
  readonly storeCode?: string | undefined
}

export interface ResolvedGrant {
  readonly roleCode: string
  readonly permissions: readonly Permission[]
  readonly areaCode: string
  readonly storeCode: string | null
  readonly path: string
}

/** What a store's own account may do in its own store. Whoever manages a store's account may hand these on, as store rights only. */
export const storePermissions: ReadonlySet<Permission> = new Set<Permission>([
  'purchase.register',
  'purchase.read-own',
  'purchase.correct',
  'drug.read',
  'notice.own',
  'opening.own',
  'staff.own',
])

/** What a business of the cold chain does at its own place. Whoever keeps the register of these businesses may hand it on. */
const businessPermissions: ReadonlySet<string> = new Set<Permission>(['coldchain.read', 'coldchain.operate'])

/** Deepest path that contains all given ones: `/` when they share nothing. */
export function commonPath(paths: readonly string[]): string {
  const [first = '/', ...rest] = paths
  const steps = first.split('/').slice(0, -1)
  const shared = rest.reduce((length, path) => {
    const other = path.split('/').slice(0, -1)
    let i = 0
    while (i < length && other[i] === steps[i]) i++
    return i
  }, steps.length)
  return `${steps.slice(0, Math.max(shared, 1)).join('/')}/`
}

/**
 * Why a caller may not give (or hold power over) a set of permissions at a place: he must have the managing permission
 * there, and every single one of the permissions himself. For a store's own account the store permissions are enough
 * to be managed; what a business does at its own place is given by those who register it, though they do none of it.
 */
export function refusal(
  caller: Caller,
  manage: Permission,
  grant: { readonly permissions: readonly string[]; readonly path: string; readonly storeCode?: string | null },
  ofStore = false,
): 'area' | 'permission' | undefined {
  if (!can(caller, manage, grant.path)) return 'area'
  const registers = typeof grant.storeCode === 'string' && can(caller, 'coldchain.manage', grant.path)
  const held = (permission: Permission) =>
    (ofStore && storePermissions.has(permission)) ||
    (registers && businessPermissions.has(permission)) ||
    can(caller, permission, grant.path)
  return (grant.permissions as readonly Permission[]).every(held) ? undefined : 'permission'
}

/**
 * Demands that the caller may give these grants.
 * @throws Problem 404 outside the caller's area, 403 when he lacks one of the permissions himself
 */
export function assertCanGive(caller: Caller, manage: Permission, grants: readonly ResolvedGrant[]): void {
  for (const grant of grants) {
    const why = refusal(caller, manage, grant)
    if (why === 'area') throw notFound('区划')
    if (why === 'permission') throw forbidden('不能授予自己在该区划没有的权限')
  }
}

/**
 * Looks up role, area and store of each grant. The roles stay locked until the transaction ends, so that what was
 * checked is what is given.
 * @throws Problem 400 that names the grant, 404 for an area or store that is not there
 */
export async function resolveGrants(tx: Tx, inputs: readonly GrantInput[]): Promise<ResolvedGrant[]> {
  const codes = [...new Set(inputs.map((input) => input.roleCode))].sort()
  const roles = await tx
    .selectFrom('access.role')
    .selectAll()
    .where('code', 'in', codes)
    .orderBy('code')
    .forShare()
    .execute()
  const resolved: ResolvedGrant[] = []
  for (const [index, input] of inputs.entries()) {
    const role = roles.find((one) => one.code === input.roleCode)
    if (!role) throw invalidField(`/grants/${index}/roleCode`, `没有角色 ${input.roleCode}`, 'unknown-role')
    const { rows } = await sql<{ path: string }>`select path from area.area where code = ${input.areaCode}`.execute(tx)
    const areaPath = rows[0]?.path
    if (areaPath === undefined) throw notFound('区划')
    const code = input.storeCode
    const store = code === undefined ? undefined : await findPlaceFacts(tx, code, `${areaPath}${code}/`)
    if (code !== undefined && !store) throw notFound('药店或经营者')
    resolved.push({
      roleCode: role.code,
      permissions: role.permissions as Permission[],
      areaCode: input.areaCode,
      storeCode: store?.code ?? null,
      path: store?.path ?? areaPath,
    })
  }
  const keys = new Set(resolved.map((grant) => `${grant.roleCode} ${grant.path}`))
  if (keys.size < resolved.length) throw invalidField('/grants', '同一角色和区划重复', 'duplicate')
  return resolved
}

/** Writes the grants of an account or of an API key. */
export async function insertGrants(
  tx: Tx,
  owner: { accountId: string } | { apiKeyId: string },
  grants: readonly ResolvedGrant[],
): Promise<void> {
  await tx
    .insertInto('access.grant')
    .values(
      grants.map(({ roleCode, areaCode, storeCode, path }) => ({
        id: uuidv7(),
        ...owner,
        roleCode,
        areaCode,
        storeCode,
        path,
      })),
    )
    .execute()
}
