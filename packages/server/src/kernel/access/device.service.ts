import { timingSafeEqual } from 'node:crypto'
import { uuidv7 } from '@vigil/codes'
import type { Me } from '@vigil/contract'
import { systemCommand } from '../command/command.ts'
import { systemScope, withScope } from '../db/index.ts'
import { invalidField } from '../error/problem.ts'
import { findAccountForUpdate, placeOf } from './account-row.ts'
import { assertNotBlocked, attemptKey, forgiveAttempt, recordFailure, takeAttempt } from './attempt.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { deviceCookie, originOf, setDeviceCookie } from './session.ts'
import { enter, welcome } from './sign-in.service.ts'
import { announce } from './state.ts'
import { hashCode, hashToken, newToken } from './token.ts'
import { addressKey, recordRefusal, signInProblem, type Visit, visitor } from './visit.ts'

/** Wrong PINs in a row after which a device must be activated anew. */
const pinTries = 10

/** Refuses one repeated digit and runs up or down. @throws Problem 400 at `/pin` */
export function assertGoodPin(pin: string): void {
  const steps = new Set([...pin].slice(1).map((digit, i) => Number(digit) - Number(pin[i])))
  if (steps.size === 1 && Math.abs([...steps][0]!) <= 1)
    throw invalidField('/pin', '这个 PIN 太容易猜，请换一个', 'too-common')
}

/** Revokes devices of an account (all without `deviceId`) and ends their sessions. @returns how many were active */
export async function revokeDevices(
  tx: Parameters<typeof forgiveAttempt>[0],
  accountId: string,
  now: Date,
  deviceId?: string,
): Promise<number> {
  const revoked = await tx
    .updateTable('access.device')
    .set({ revokedAt: now })
    .where('accountId', '=', accountId)
    .where('revokedAt', 'is', null)
    .$if(deviceId !== undefined, (query) => query.where('id', '=', deviceId!))
    .returning('id')
    .execute()
  const ids = revoked.map((device) => device.id)
  if (ids.length > 0) await tx.deleteFrom('access.session').where('deviceId', 'in', ids).execute()
  return ids.length
}

/**
 * Activates a store's device with a one-time code, sets its PIN and signs it in. A device that this browser had for the
 * store before is replaced.
 * @throws Problem 401 `wrong-code`, `account-disabled`; 400 for a weak PIN; 429 with Retry-After
 */
export async function activateDevice(
  visit: Visit,
  body: { storeCode: string; activationCode: string; pin: string; deviceName?: string },
): Promise<Me> {
  const { kernel, request, reply, now } = visit
  const action = 'device.activate'
  const wrong = () => signInProblem('wrong-code', '药店编码或激活码不正确，或激活码已用完、已过期')
  assertGoodPin(body.pin)
  const key = attemptKey('code', `store ${body.storeCode}`)
  await assertNotBlocked(kernel.db, [addressKey(request)], now)
  await takeAttempt(kernel.db, key, now)
  const found = await withScope(kernel.db, systemScope, (tx) =>
    tx.selectFrom('access.account').selectAll().where('storeCode', '=', body.storeCode).executeTakeFirst(),
  )
  if (!found) {
    await recordRefusal(visit, action, 'unknown-store')
    throw wrong()
  }
  const pinHash = await hashPassword(body.pin)
  const token = newToken()
  const before = request.cookies[deviceCookie]
  const opened = await systemCommand(kernel.db, visitor(request, found), async (tx, audit) => {
    const account = await findAccountForUpdate(tx, found.id)
    const invitation = await tx
      .selectFrom('access.invitation')
      .selectAll()
      .where('accountId', '=', found.id)
      .forUpdate()
      .executeTakeFirst()
    const right =
      invitation !== undefined &&
      invitation.usesLeft > 0 &&
      invitation.expiresAt > now &&
      timingSafeEqual(invitation.codeHash, hashCode(body.activationCode))
    if (!right || account?.status === 'disabled') {
      await recordFailure(tx, addressKey(request), now)
      await audit({ action, ...placeOf(found), outcome: 'refused', detail: { reason: right ? 'disabled' : 'code' } })
      return { problem: right ? signInProblem('account-disabled', '本店账号已停用，请联系监管所') : wrong() }
    }
    await tx
      .updateTable('access.invitation')
      .set({ usesLeft: invitation.usesLeft - 1 })
      .where('accountId', '=', found.id)
      .execute()
    const old =
      before === undefined
        ? undefined
        : await tx
            .selectFrom('access.device')
            .select('id')
            .where('tokenHash', '=', hashToken(before))
            .where('accountId', '=', found.id)
            .executeTakeFirst()
    if (old) await revokeDevices(tx, found.id, now, old.id)
    const deviceId = uuidv7()
    await tx
      .insertInto('access.device')
      .values({
        id: deviceId,
        accountId: found.id,
        tokenHash: hashToken(token),
        pinHash,
        name: body.deviceName?.trim() || originOf(request).userAgent.slice(0, 60) || '收银设备',
        createdAt: now,
        lastSeenAt: now,
      })
      .execute()
    await tx.updateTable('access.account').set({ status: 'active' }).where('id', '=', found.id).execute()
    await forgiveAttempt(tx, key)
    await audit({ action, ...placeOf(found), detail: { deviceId } })
    return enter(tx, visit, { id: found.id, deviceId })
  })
  if ('problem' in opened) throw opened.problem
  setDeviceCookie(request, reply, token)
  await announce(kernel, { account: found.id })
  return welcome(visit, opened)
}

/**
 * Opens a session on an activated device with its PIN. After ten wrong PINs in a row the device is revoked.
 * @throws Problem 401 `no-device`, `device-revoked`, `wrong-pin`, `device-locked`, `account-disabled`; 429 with Retry-After
 */
export async function unlockDevice(visit: Visit, pin: string): Promise<Me> {
  const { kernel, request, now } = visit
  const action = 'device.unlock'
  const token = request.cookies[deviceCookie]
  const device =
    token === undefined
      ? undefined
      : await withScope(kernel.db, systemScope, (tx) =>
          tx.selectFrom('access.device').selectAll().where('tokenHash', '=', hashToken(token)).executeTakeFirst(),
        )
  if (!device) throw signInProblem('no-device', '本机尚未激活，请输入激活码')
  if (device.revokedAt) throw signInProblem('device-revoked', '本机已被停用，请向监管所索取新的激活码')
  const key = attemptKey('device', device.id)
  const tries = await takeAttempt(kernel.db, key, now)
  // Tries taken in parallel beyond the tenth are not even checked.
  const { ok, stale } = tries > pinTries ? { ok: false, stale: false } : await verifyPassword(pin, device.pinHash)
  const renewed = ok && stale ? await hashPassword(pin) : undefined
  const found = await withScope(kernel.db, systemScope, (tx) =>
    tx.selectFrom('access.account').selectAll().where('id', '=', device.accountId).executeTakeFirstOrThrow(),
  )
  const opened = await systemCommand(kernel.db, visitor(request, found), async (tx, audit) => {
    const account = await findAccountForUpdate(tx, found.id)
    const detail = { deviceId: device.id }
    const refuse = async (reason: string, code: string, text: string) => {
      await audit({ action, ...placeOf(found), outcome: 'refused', detail: { ...detail, reason } })
      return { problem: signInProblem(code, text) }
    }
    if (!ok) {
      if (tries < pinTries) return refuse('pin', 'wrong-pin', `PIN 不正确，还可以再试 ${pinTries - tries} 次`)
      await revokeDevices(tx, found.id, now, device.id)
      return refuse('locked', 'device-locked', 'PIN 连续错误，本机已锁定，请向监管所索取新的激活码')
    }
    const current = await tx
      .selectFrom('access.device')
      .select('revokedAt')
      .where('id', '=', device.id)
      .forUpdate()
      .executeTakeFirst()
    if (current?.revokedAt !== null)
      return refuse('revoked', 'device-revoked', '本机已被停用，请向监管所索取新的激活码')
    if (account?.status !== 'active') return refuse('disabled', 'account-disabled', '本店账号已停用，请联系监管所')
    await tx
      .updateTable('access.device')
      .set({ lastSeenAt: now, ...(renewed && { pinHash: renewed }) })
      .where('id', '=', device.id)
      .execute()
    await forgiveAttempt(tx, key)
    await audit({ action, ...placeOf(found), detail })
    return enter(tx, visit, { id: found.id, deviceId: device.id })
  })
  if ('problem' in opened) {
    await announce(kernel, { account: found.id })
    throw opened.problem
  }
  return welcome(visit, opened)
}
