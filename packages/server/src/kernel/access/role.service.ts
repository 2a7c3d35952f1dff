import { type Permission, permissionNames } from '@vigil/contract'
import { systemCommand } from '../command/command.ts'
import type { Tx } from '../db/index.ts'
import { conflict, forbidden } from '../error/problem.ts'
import type { Kernel } from '../kernel.ts'
import { type Caller, scopeFor } from './caller.ts'
import { commonPath, refusal } from './grant.ts'
import { announce } from './state.ts'

/** A role is changed for everybody who has it: the caller must stand above all of them, before and after. */
async function assertMaySave(tx: Tx, caller: Caller, code: string, permissions: readonly Permission[]): Promise<void> {
  if (permissions.some((permission) => scopeFor(caller, permission).length === 0))
    throw forbidden('角色不能含有您自己没有的权限')
  const places = await tx.selectFrom('access.grant').select('path').distinct().where('roleCode', '=', code).execute()
  for (const { path } of places) {
    const why = refusal(caller, 'role.manage', { permissions, path })
    if (why === 'area') throw forbidden('该角色也用于您管辖范围之外的账号，请由上级修改')
    if (why === 'permission') throw forbidden('角色不能含有您自己没有的权限')
  }
}

/**
 * Creates or changes a role; it takes effect at once in all processes.
 * @throws Problem 403 when the caller lacks one of its permissions wherever the role is used, 409 for the administrator's role
 */
export async function saveRole(
  kernel: Kernel,
  caller: Caller,
  code: string,
  body: { name: string; permissions: Permission[]; requiresTotp: boolean },
): Promise<void> {
  if (scopeFor(caller, 'role.manage').length === 0) throw forbidden()
  const permissions = permissionNames.filter((name) => body.permissions.includes(name))
  if (code === 'city-director' && permissions.length < permissionNames.length)
    throw conflict('市局管理员必须拥有全部权限', 'built-in-role')
  await systemCommand(kernel.db, caller, async (tx, audit) => {
    // Locked: nobody is given the role between the check and the change.
    const before = await tx
      .selectFrom('access.role')
      .selectAll()
      .where('code', '=', code)
      .forUpdate()
      .executeTakeFirst()
    await assertMaySave(tx, caller, code, [
      ...new Set([...((before?.permissions ?? []) as Permission[]), ...permissions]),
    ])
    const values = { name: body.name, permissions, requiresTotp: body.requiresTotp, updatedAt: kernel.clock.now() }
    await tx
      .insertInto('access.role')
      .values({ code, ...values })
      .onConflict((conflicting) => conflicting.column('code').doUpdateSet(values))
      .execute()
    const shown = before && { name: before.name, permissions: before.permissions, requiresTotp: before.requiresTotp }
    await audit({
      action: 'role.save',
      object: `role/${code}`,
      path: commonPath(scopeFor(caller, 'role.manage')),
      detail: { before: shown ?? null, after: { ...body, permissions } },
    })
  })
  await announce(kernel, { all: true })
}
