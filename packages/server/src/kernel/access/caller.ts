import type { Permission } from '@vigil/contract'
import type { Scope } from '../db/index.ts'
import { forbidden, notFound } from '../error/problem.ts'

/** Permissions within one subtree: an area, or one store (a store is the deepest step of a path). */
export interface CallerGrant {
  readonly roleCode: string
  readonly permissions: ReadonlySet<Permission>
  readonly path: string
}

/** Who calls: derived from a session, an API key, or a job of the system itself. */
export interface Caller {
  readonly kind: 'account' | 'api-key' | 'system'
  readonly id: string | null
  readonly name: string
  readonly grants: readonly CallerGrant[]
  readonly storeCode: string | null
  readonly ip: string
  readonly userAgent: string
  readonly requestId: string
}

/** True when `path` lies in the subtree `root`; both are materialised paths that end with a slash. */
export const within = (path: string, root: string): boolean => path.startsWith(root)

/** A permission, or several of which any will do. */
export type Needed = Permission | readonly Permission[]

/** Subtrees in which the caller has the permission, or any of several; none is inside another. */
export function scopeFor(caller: Caller, needed: Needed): Scope {
  const held = ({ permissions }: CallerGrant) =>
    typeof needed === 'string' ? permissions.has(needed) : needed.some((permission) => permissions.has(permission))
  const paths = caller.grants.filter(held).map((grant) => grant.path)
  const unique = [...new Set(paths)]
  return unique.filter((path) => !unique.some((other) => other !== path && within(path, other)))
}

/** Subtrees in which the caller has any permission at all. */
export function wholeScope(caller: Caller): Scope {
  const unique = [...new Set(caller.grants.map((grant) => grant.path))]
  return unique.filter((path) => !unique.some((other) => other !== path && within(path, other)))
}

export const can = (caller: Caller, permission: Permission, path: string): boolean =>
  caller.grants.some((grant) => grant.permissions.has(permission) && within(path, grant.path))

/**
 * Demands a permission for a place.
 * @throws Problem 403 when the caller has it nowhere, 404 when not there: what lies outside one's area does not exist
 */
export function assertCan(caller: Caller, permission: Permission, path: string, what = '内容'): void {
  if (can(caller, permission, path)) return
  throw scopeFor(caller, permission).length === 0 ? forbidden() : notFound(what)
}

/**
 * The caller's subtrees narrowed to a wanted one (an area that was picked): all of them without one.
 * @throws Problem 404 when the wanted subtree does not meet the caller's
 */
export function narrow(scope: Scope, wanted: string | undefined): Scope {
  if (wanted === undefined) return scope
  if (scope.some((path) => within(wanted, path))) return [wanted]
  const inside = scope.filter((path) => within(path, wanted))
  if (inside.length === 0) throw notFound('区划')
  return inside
}

/** The system itself: jobs and start-up. */
export function systemCaller(name: string, permissions: Iterable<Permission>): Caller {
  return {
    kind: 'system',
    id: null,
    name,
    grants: [{ roleCode: 'system', permissions: new Set(permissions), path: '/' }],
    storeCode: null,
    ip: '',
    userAgent: '',
    requestId: '',
  }
}
