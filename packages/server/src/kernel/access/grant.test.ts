import { type Permission, permissionNames } from '@vigil/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Caller, can, systemCaller } from './caller.ts'
import { commonPath, refusal, storePermissions } from './grant.ts'
import { builtInRoles } from './role.ts'

const step = fc.constantFrom('35', '36', '3505', '3502', 'A-1')
const path = fc.array(step, { maxLength: 4 }).map((steps) => `/${steps.map((one) => `${one}/`).join('')}`)
// Few permissions and shallow paths, so that many random grants do fit into one another.
const some: Permission[] = ['account.manage', 'api-key.manage', 'role.manage', 'purchase.read', 'purchase.reveal']
const permissions = fc.subarray(some)
const grant = fc.record({ permissions, path })
const caller = fc.array(grant, { maxLength: 4 }).map(
  (grants): Caller => ({
    ...systemCaller('test', []),
    kind: 'account',
    grants: grants.map((one) => ({ roleCode: 'r', path: one.path, permissions: new Set(one.permissions) })),
  }),
)
const manage = fc.constantFrom<Permission>('account.manage', 'api-key.manage', 'role.manage')

describe('what one may give', () => {
  test('is never above what one has: permission by permission, in every place below', () => {
    fc.assert(
      fc.property(caller, grant, manage, path, (who, given, by, below) => {
        fc.pre(refusal(who, by, given) === undefined)
        const place = given.path + below.slice(1)
        for (const permission of given.permissions) expect(can(who, permission, place)).toBe(true)
        expect(can(who, by, place)).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })

  test('cannot be raised by giving again: whoever receives can give on no more than the giver could', () => {
    fc.assert(
      fc.property(caller, fc.array(grant, { minLength: 1, maxLength: 3 }), grant, (who, first, second) => {
        fc.pre(first.every((one) => refusal(who, 'account.manage', one) === undefined))
        const receiver: Caller = {
          ...who,
          grants: first.map((one) => ({ roleCode: 'r', path: one.path, permissions: new Set(one.permissions) })),
        }
        if (refusal(receiver, 'account.manage', second) === undefined)
          expect(refusal(who, 'account.manage', second)).toBeUndefined()
      }),
      { numRuns: 5000 },
    )
  })

  test('is everything one has where one manages', () => {
    fc.assert(
      fc.property(permissions, path, path, (own, root, below) => {
        const all = new Set<Permission>([...own, 'account.manage'])
        const who: Caller = { ...systemCaller('test', []), grants: [{ roleCode: 'r', path: root, permissions: all }] }
        expect(refusal(who, 'account.manage', { permissions: own, path: root + below.slice(1) })).toBeUndefined()
      }),
    )
  })

  test('store rights pass only for a store account that one manages', () => {
    const who: Caller = {
      ...systemCaller('test', []),
      grants: [{ roleCode: 'county', path: '/35/', permissions: new Set<Permission>(['account.manage']) }],
    }
    const clerk = { permissions: ['purchase.register', 'drug.read'], path: '/35/A-1/' }
    expect(refusal(who, 'account.manage', clerk)).toBe('permission')
    expect(refusal(who, 'account.manage', clerk, true)).toBeUndefined()
    expect(refusal(who, 'account.manage', { ...clerk, path: '/36/A-1/' }, true)).toBe('area')
    expect(refusal(who, 'account.manage', { ...clerk, permissions: ['purchase.reveal'] }, true)).toBe('permission')
  })

  test('what a business does is handed on by who registers it there, for that business alone', () => {
    const who = (...permissions: Permission[]): Caller => ({
      ...systemCaller('test', []),
      grants: [{ roleCode: 'county', path: '/35/', permissions: new Set(permissions) }],
    })
    const registrar = who('account.manage', 'coldchain.manage')
    const business = { permissions: ['coldchain.read', 'coldchain.operate'], path: '/35/A-1/', storeCode: 'A-1' }
    expect(refusal(registrar, 'account.manage', business)).toBeUndefined()
    expect(refusal(who('account.manage'), 'account.manage', business)).toBe('permission')
    expect(refusal(registrar, 'account.manage', { ...business, storeCode: null })).toBe('permission')
    expect(refusal(registrar, 'account.manage', { ...business, path: '/36/A-1/' })).toBe('area')
    const more = { ...business, permissions: ['coldchain.inspect'] }
    expect(refusal(registrar, 'account.manage', more)).toBe('permission')
  })
})

describe('the path that holds all grants', () => {
  test('is the deepest one', () => {
    expect(commonPath(['/35/3505/350502/'])).toBe('/35/3505/350502/')
    expect(commonPath(['/35/3505/350502/', '/35/3505/350503/'])).toBe('/35/3505/')
    expect(commonPath(['/35/3505/', '/35/3505/350503/'])).toBe('/35/3505/')
    expect(commonPath(['/350/', '/35/'])).toBe('/')
    expect(commonPath(['/', '/35/'])).toBe('/')
    expect(commonPath([])).toBe('/')
  })

  test('contains each of them, and no child of it does', () => {
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 5 }), step, (paths, child) => {
        const common = commonPath(paths)
        expect(paths.every((one) => one.startsWith(common))).toBe(true)
        expect(paths.every((one) => one.startsWith(`${common}${child}/`))).toBe(false)
      }),
    )
  })
})

test('built-in roles hold known permissions, and the store’s role only store rights', () => {
  for (const role of builtInRoles) {
    expect(permissionNames).toEqual(expect.arrayContaining([...role.permissions]))
    expect(new Set(role.permissions).size).toBe(role.permissions.length)
  }
  const clerk = builtInRoles.find((role) => role.code === 'store-clerk')!
  expect(new Set(clerk.permissions)).toEqual(storePermissions)
})
