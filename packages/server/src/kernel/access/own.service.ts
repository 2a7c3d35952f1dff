import { timingSafeEqual } from 'node:crypto'
import type { Me } from '@vigil/contract'
import { systemCommand } from '../command/command.ts'
import { systemScope, withScope } from '../db/index.ts'
import { conflict, forbidden, invalidField, unauthenticated } from '../error/problem.ts'
import type { Kernel } from '../kernel.ts'
import { getMe } from './access.read.ts'
import { findAccountForUpdate, placeOf } from './account-row.ts'
import { assertNotBlocked, attemptKey, forgiveAttempt, recordFailure, takeAttempt } from './attempt.ts'
import type { Caller } from './caller.ts'
import { assertGoodPassword, hashPassword, verifyPassword } from './password.ts'
import { clearSessionCookie, endSessions, openSession, sessionHash, setSessionCookie } from './session.ts'
import { enter, welcome } from './sign-in.service.ts'
import { announce } from './state.ts'
import { hashCode } from './token.ts'
import { newRecoveryCodes, newTotp, sealTotp, totpStep, unsealTotp } from './totp.ts'
import { addressKey, recordRefusal, signInProblem, type Visit, visitor } from './visit.ts'

/** Id of the account that calls. @throws Problem 403 for a program: it has no session, password or second factor */
function ownId(caller: Caller): string {
  if (caller.kind !== 'account' || caller.id === null) throw forbidden('接口密钥不能进行此操作')
  return caller.id
}

/** The signed-in account. @throws Problem 403 for an API key, 401 when the session has ended meanwhile */
export async function readOwn(visit: Visit, caller: Caller): Promise<Me> {
  const id = ownId(caller)
  const hash = sessionHash(visit.request)
  return withScope(visit.kernel.db, systemScope, async (tx) => {
    const session = await tx
      .selectFrom('access.session')
      .select('expiresAt')
      .where('tokenHash', '=', hash ?? Buffer.alloc(0))
      .executeTakeFirst()
    if (!session) throw unauthenticated()
    return getMe(tx, id, session.expiresAt)
  })
}

/** Ends the session of this browser. */
export async function signOut({ kernel, request, reply }: Visit, caller: Caller): Promise<void> {
  const id = ownId(caller)
  const hash = sessionHash(request)
  await systemCommand(kernel.db, caller, async (tx, audit) => {
    const account = await findAccountForUpdate(tx, id)
    if (hash) await tx.deleteFrom('access.session').where('tokenHash', '=', hash).execute()
    await audit({ action: 'session.delete', ...(account ? placeOf(account) : { object: `account/${id}`, path: '/' }) })
  })
  clearSessionCookie(request, reply)
  await announce(kernel, { account: id })
}

/**
 * Sets the first password with an invitation or reset code, which then is used up, and signs in.
 * @throws Problem 401 `wrong-code`, 400 for a weak password, 429 with Retry-After
 */
export async function acceptInvitation(
  visit: Visit,
  body: { username: string; code: string; password: string },
): Promise<Me> {
  const { kernel, request, now } = visit
  const action = 'session.accept-invitation'
  const username = body.username.normalize('NFKC').trim().toLowerCase()
  assertGoodPassword(body.password, username)
  const key = attemptKey('code', `person ${username}`)
  await assertNotBlocked(kernel.db, [addressKey(request)], now)
  await takeAttempt(kernel.db, key, now)
  const passwordHash = await hashPassword(body.password)
  const found = await withScope(kernel.db, systemScope, (tx) =>
    tx
      .selectFrom('access.account')
      .selectAll()
      .where('username', '=', username)
      .where('kind', '=', 'person')
      .executeTakeFirst(),
  )
  const opened =
    found &&
    (await systemCommand(kernel.db, visitor(request, found), async (tx, audit) => {
      const account = await findAccountForUpdate(tx, found.id)
      const invitation = await tx
        .selectFrom('access.invitation')
        .selectAll()
        .where('accountId', '=', found.id)
        .forUpdate()
        .executeTakeFirst()
      const good =
        account?.status === 'invited' &&
        invitation !== undefined &&
        invitation.usesLeft > 0 &&
        invitation.expiresAt > now &&
        timingSafeEqual(invitation.codeHash, hashCode(body.code))
      if (!good) {
        await recordFailure(tx, addressKey(request), now)
        await audit({ action, ...placeOf(found), outcome: 'refused', detail: { reason: 'code' } })
        return undefined
      }
      await tx.deleteFrom('access.invitation').where('accountId', '=', found.id).execute()
      await tx
        .updateTable('access.account')
        .set({ passwordHash, status: 'active', mustChangePassword: false })
        .where('id', '=', found.id)
        .execute()
      await forgiveAttempt(tx, key)
      await forgiveAttempt(tx, attemptKey('account', username))
      await audit({ action, ...placeOf(found) })
      return enter(tx, visit, { id: found.id })
    }))
  if (!opened) {
    if (!found) await recordRefusal(visit, action, 'unknown-user')
    throw signInProblem('wrong-code', '用户名或邀请码不正确，或邀请码已用过、已过期')
  }
  return welcome(visit, opened)
}

/**
 * Changes the own password; every other session of the account ends and this one gets a new token.
 * @throws Problem 400 at `/current` or `/password`, 429 with Retry-After
 */
export async function changePassword(
  visit: Visit,
  caller: Caller,
  body: { current: string; password: string },
): Promise<void> {
  const { kernel, request, reply, now } = visit
  const id = ownId(caller)
  const found = await withScope(kernel.db, systemScope, (tx) =>
    tx.selectFrom('access.account').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
  )
  assertGoodPassword(body.password, found.username)
  const key = attemptKey('account', found.username)
  await takeAttempt(kernel.db, key, now)
  const { ok } = await verifyPassword(body.current, found.passwordHash)
  if (!ok) {
    await recordRefusal(visit, 'session.change-password', 'password', found)
    throw invalidField('/current', '当前密码不正确', 'wrong-password')
  }
  if (body.current === body.password) throw invalidField('/password', '新密码不能与当前密码相同', 'unchanged')
  const passwordHash = await hashPassword(body.password)
  const session = await systemCommand(kernel.db, caller, async (tx, audit) => {
    const account = await findAccountForUpdate(tx, id)
    if (account?.passwordHash !== found.passwordHash || account.status !== 'active') throw unauthenticated()
    await tx
      .updateTable('access.account')
      .set({ passwordHash, mustChangePassword: false })
      .where('id', '=', id)
      .execute()
    await forgiveAttempt(tx, key)
    await endSessions(tx, id)
    await audit({ action: 'session.change-password', ...placeOf(account) })
    return openSession(tx, request, { id }, now)
  })
  await announce(kernel, { account: id })
  setSessionCookie(request, reply, session)
}

/**
 * Begins enrolment: the secret is kept sealed and counts only once a code of it was confirmed.
 * @throws Problem 409 when a second factor is enrolled already
 */
export async function beginTotp(kernel: Kernel, caller: Caller): Promise<{ secret: string; uri: string }> {
  const id = ownId(caller)
  return systemCommand(kernel.db, caller, async (tx, audit) => {
    const account = await findAccountForUpdate(tx, id)
    if (!account) throw unauthenticated()
    if (account.totpConfirmedAt) throw conflict('已绑定动态口令；更换手机请联系管理员重置', 'totp-enrolled')
    const totp = newTotp(account.username)
    await tx
      .updateTable('access.account')
      .set({ totpSealed: sealTotp(kernel.vault, id, totp.secret) })
      .where('id', '=', id)
      .execute()
    await audit({ action: 'totp.begin', ...placeOf(account) })
    return totp
  })
}

/**
 * Confirms the second factor with a code of the app.
 * @returns recovery codes, shown once
 * @throws Problem 400 at `/code` when it is wrong, 409 when nothing was begun or all is done, 429 with Retry-After
 */
export async function confirmTotp(
  { kernel, now }: Visit,
  caller: Caller,
  code: string,
): Promise<{ recoveryCodes: string[] }> {
  const id = ownId(caller)
  const key = attemptKey('code', `totp ${id}`)
  await takeAttempt(kernel.db, key, now)
  const { codes, hashes } = await newRecoveryCodes(id)
  await systemCommand(kernel.db, caller, async (tx, audit) => {
    const account = await findAccountForUpdate(tx, id)
    if (!account?.totpSealed || account.totpConfirmedAt) throw conflict('请先开始绑定动态口令', 'totp-state')
    const step = totpStep(unsealTotp(kernel.vault, id, account.totpSealed), code, now, null)
    if (step === undefined) throw invalidField('/code', '动态口令不正确，请核对手机时间后重试', 'totp-wrong')
    await tx
      .updateTable('access.account')
      .set({ totpConfirmedAt: now, totpLastStep: step, recoveryHashes: hashes })
      .where('id', '=', id)
      .execute()
    await forgiveAttempt(tx, key)
    await audit({ action: 'totp.confirm', ...placeOf(account) })
  })
  await announce(kernel, { account: id })
  return { recoveryCodes: codes }
}
