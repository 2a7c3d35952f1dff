import { type Permission, permissionNames } from '@vigil/contract'
import { sql } from 'kysely'
import type { Tx } from '../db/index.ts'

interface BuiltInRole {
  readonly code: string
  readonly name: string
  readonly permissions: readonly Permission[]
  readonly requiresTotp: boolean
}

/** Code of the role that a store's own account has. */
export const storeRole = 'store-clerk'

/** Roles that every installation starts with. They are data: a bureau changes them and adds its own. */
export const builtInRoles: readonly BuiltInRole[] = [
  { code: 'city-director', name: '市局管理员', requiresTotp: true, permissions: permissionNames },
  {
    code: 'county-supervisor',
    name: '县区监管',
    requiresTotp: true,
    permissions: [
      'area.read',
      'account.read',
      'account.manage',
      'party.read',
      'party.manage',
      'store.read',
      'store.manage',
      'drug.read',
      'purchase.read',
      'purchase.reveal',
      'purchase.export',
      'overview.read',
      'clinic.manage',
      'audit.read',
      'sharing.read',
      'sharing.send',
      'alert.read',
      'alert.handle',
      'followup.read',
      'followup.handle',
      'compliance.read',
      'compliance.handle',
      'stopsale.read',
      'stopsale.manage',
      'opening.read',
      'staff.read',
      'staff.manage',
      'coldchain.read',
      'coldchain.inspect',
      'coldchain.manage',
      'epcis.read',
    ],
  },
  {
    code: 'office-officer',
    name: '所级监管',
    requiresTotp: true,
    permissions: [
      'area.read',
      'account.read',
      'party.read',
      'store.read',
      'drug.read',
      'purchase.read',
      'purchase.reveal',
      'purchase.export',
      'overview.read',
      'alert.read',
      'alert.handle',
      'followup.read',
      'followup.handle',
      'compliance.read',
      'compliance.handle',
      'stopsale.read',
      'opening.read',
      'staff.read',
      'coldchain.read',
      'coldchain.inspect',
    ],
  },
  {
    code: 'auditor',
    name: '审计员',
    requiresTotp: true,
    permissions: [
      'area.read',
      'account.read',
      'party.read',
      'store.read',
      'overview.read',
      'audit.read',
      'sharing.read',
      'alert.read',
      'compliance.read',
      'stopsale.read',
      'opening.read',
      'coldchain.read',
    ],
  },
  {
    code: storeRole,
    name: '药店店员',
    requiresTotp: false,
    permissions: [
      'purchase.register',
      'purchase.read-own',
      'purchase.correct',
      'drug.read',
      'notice.own',
      'opening.own',
      'staff.own',
    ],
  },
  {
    code: 'epcis-api',
    name: '追溯接口',
    requiresTotp: false,
    permissions: ['epcis.capture', 'epcis.read', 'epcis.subscribe'],
  },
  {
    code: 'cold-operator',
    name: '冷链经营者',
    requiresTotp: false,
    permissions: ['coldchain.read', 'coldchain.operate'],
  },
  { code: 'chain-api', name: '连锁接口', requiresTotp: false, permissions: ['purchase.register', 'drug.read'] },
  {
    code: 'viewer',
    name: '只读',
    requiresTotp: false,
    permissions: ['area.read', 'party.read', 'store.read', 'drug.read', 'purchase.read', 'overview.read'],
  },
]

/** Adds the built-in roles that are missing; what the bureau has changed stays as it is, except that the city director has every permission. */
export async function seedRoles(tx: Tx): Promise<void> {
  const now = new Date()
  await tx
    .insertInto('access.role')
    .values(builtInRoles.map((role) => ({ ...role, permissions: [...role.permissions], updatedAt: now })))
    .onConflict((conflict) => conflict.column('code').doNothing())
    .execute()
  await tx
    .updateTable('access.role')
    .set({ permissions: [...permissionNames], updatedAt: now })
    .where('code', '=', 'city-director')
    .where(sql<boolean>`not permissions @> ${[...permissionNames]}::text[]`)
    .execute()
}
