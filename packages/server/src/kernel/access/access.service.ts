import { type CommandAudit, command } from '../command/command.ts'
import type { Tx } from '../db/index.ts'
import { conflict, forbidden, notFound } from '../error/problem.ts'
import type { Kernel } from '../kernel.ts'
import { type Invitation, insertAccount, issueCode } from './account.ts'
import { type AccountRow, findAccountForUpdate, placeOf } from './account-row.ts'
import type { Caller } from './caller.ts'
import { revokeDevices } from './device.service.ts'
import { assertCanGive, commonPath, type GrantInput, type ResolvedGrant, refusal, resolveGrants } from './grant.ts'
import { endSessions } from './session.ts'
import { announce } from './state.ts'

const manage = 'account.manage'

/**
 * An account that the caller may manage: inside his area, and with no permission that he lacks himself. Otherwise
 * a reset would hand him its rights.
 * @throws Problem 404 outside the area, 403 for an account with more rights
 */
async function getManaged(tx: Tx, caller: Caller, id: string): Promise<AccountRow> {
  const account = await findAccountForUpdate(tx, id)
  if (!account) throw notFound('账号')
  const grants = await tx
    .selectFrom('access.grant as g')
    .innerJoin('access.role as r', 'r.code', 'g.roleCode')
    .select(['g.path', 'g.storeCode', 'r.permissions'])
    .where('g.accountId', '=', id)
    .execute()
  for (const grant of grants)
    if (refusal(caller, manage, grant, account.kind === 'store'))
      throw forbidden('该账号的权限超出您自己的权限，请由上级处理')
  return account
}

/**
 * An invitation within a command: account, grants, code and audit row. Whether the caller may give the grants must have been
 * checked in the same transaction.
 * @throws Problem 409 for a taken user name
 */
export async function invite(
  tx: Tx,
  audit: (entry: CommandAudit) => Promise<void>,
  account: { readonly username: string; readonly displayName: string },
  grants: readonly ResolvedGrant[],
  now: Date,
): Promise<Invitation> {
  const { username, displayName } = account
  const invitation = await insertAccount(tx, { username, displayName, now }, grants)
  await audit({
    action: 'account.invite',
    ...placeOf({ id: invitation.id, path: commonPath(grants.map((grant) => grant.path)), storeCode: null }),
    detail: {
      username: username.toLowerCase(),
      grants: grants.map(({ roleCode, areaCode, storeCode }) => ({ roleCode, areaCode, storeCode })),
    },
  })
  return invitation
}

/**
 * Creates a person's account and its invitation code.
 * @throws Problem 404 for an area outside one's own, 403 for more than one's own permissions, 409 for a taken user name
 */
export async function inviteAccount(
  kernel: Kernel,
  caller: Caller,
  body: { username: string; displayName: string; grants: GrantInput[] },
): Promise<Invitation> {
  return command(kernel.db, caller, manage, async (tx, audit) => {
    const grants = await resolveGrants(tx, body.grants)
    assertCanGive(caller, manage, grants)
    return invite(tx, audit, body, grants, kernel.clock.now())
  })
}

/** Disables an account; its sessions end at once in all processes. @throws Problem 409 for oneself, 404, 403 */
export async function disableAccount(kernel: Kernel, caller: Caller, id: string): Promise<void> {
  if (id === caller.id) throw conflict('不能停用自己的账号', 'own-account')
  await command(kernel.db, caller, manage, async (tx, audit) => {
    const account = await getManaged(tx, caller, id)
    await tx.updateTable('access.account').set({ status: 'disabled' }).where('id', '=', id).execute()
    await endSessions(tx, id)
    await audit({
      action: 'account.disable',
      ...placeOf(account),
      detail: { before: account.status, after: 'disabled' },
    })
  })
  await announce(kernel, { account: id })
}

/** Enables an account again, as it was. @throws Problem 409 when it is not disabled, 404, 403 */
export async function enableAccount(kernel: Kernel, caller: Caller, id: string): Promise<void> {
  await command(kernel.db, caller, manage, async (tx, audit) => {
    const account = await getManaged(tx, caller, id)
    if (account.status !== 'disabled') throw conflict('账号没有停用', 'not-disabled')
    const used = account.kind === 'store' ? await hasDevice(tx, id) : account.passwordHash !== null
    const status = used ? 'active' : 'invited'
    await tx.updateTable('access.account').set({ status }).where('id', '=', id).execute()
    await audit({ action: 'account.enable', ...placeOf(account), detail: { before: 'disabled', after: status } })
  })
  await announce(kernel, { account: id })
}

async function hasDevice(tx: Tx, accountId: string): Promise<boolean> {
  const device = await tx.selectFrom('access.device').select('id').where('accountId', '=', accountId).executeTakeFirst()
  return device !== undefined
}

/**
 * Drops password, second factor, recovery codes, devices and sessions of an account and gives it a new one-time code.
 * @throws Problem 409 for oneself (a stolen session must not shed the second factor) or a disabled account, 404, 403
 */
export async function resetAccount(kernel: Kernel, caller: Caller, id: string): Promise<Invitation> {
  if (id === caller.id) throw conflict('不能重置自己的账号，请由其他管理员操作', 'own-account')
  const now = kernel.clock.now()
  const invitation = await command(kernel.db, caller, manage, async (tx, audit) => {
    const account = await getManaged(tx, caller, id)
    if (account.status === 'disabled') throw conflict('账号已停用，请先启用', 'disabled')
    await tx
      .updateTable('access.account')
      .set({
        status: 'invited',
        passwordHash: null,
        mustChangePassword: false,
        totpSealed: null,
        totpConfirmedAt: null,
        totpLastStep: null,
        recoveryHashes: [],
      })
      .where('id', '=', id)
      .execute()
    const devices = await revokeDevices(tx, id, now)
    await endSessions(tx, id)
    await audit({ action: 'account.reset', ...placeOf(account), detail: { devicesRevoked: devices } })
    return issueCode(tx, id, now)
  })
  await announce(kernel, { account: id })
  return invitation
}

/** Revokes a lost device, or ends a session in a browser; at once in all processes. @throws Problem 404, 403 */
export async function revokeDevice(kernel: Kernel, caller: Caller, id: string, deviceId: string): Promise<void> {
  const now = kernel.clock.now()
  await command(kernel.db, caller, manage, async (tx, audit) => {
    const account = await getManaged(tx, caller, id)
    const device = await tx
      .selectFrom('access.device')
      .select('id')
      .where('id', '=', deviceId)
      .where('accountId', '=', id)
      .executeTakeFirst()
    if (device) await revokeDevices(tx, id, now, deviceId)
    else {
      const ended = await tx
        .deleteFrom('access.session')
        .where('id', '=', deviceId)
        .where('accountId', '=', id)
        .executeTakeFirst()
      if (ended.numDeletedRows === 0n) throw notFound('设备')
    }
    await audit({
      action: 'device.revoke',
      ...placeOf(account),
      detail: { [device ? 'deviceId' : 'sessionId']: deviceId },
    })
  })
  await announce(kernel, { account: id })
}
