import type { Me } from '@vigil/contract'
import { systemCommand } from '../command/command.ts'
import { systemScope, type Tx, withScope } from '../db/index.ts'
import type { Kernel } from '../kernel.ts'
import { getMe } from './access.read.ts'
import { type AccountRow, findAccountForUpdate, placeOf } from './account-row.ts'
import { assertNotBlocked, attemptKey, forgiveAttempt, recordFailure, returnAttempt, takeAttempt } from './attempt.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { openSession, setSessionCookie } from './session.ts'
import { totpStep, unsealTotp, useRecoveryCode } from './totp.ts'
import { addressKey, recordRefusal, signInProblem, type Visit, visitor } from './visit.ts'

const action = 'session.create'
const wrong = () => signInProblem('wrong-credentials', '用户名或密码不正确')

type Opened = { me: Me; session: Awaited<ReturnType<typeof openSession>> }

/** Opens a session within the transaction that let the account in, and says who it is. */
export async function enter(tx: Tx, visit: Visit, account: { id: string; deviceId?: string }): Promise<Opened> {
  const session = await openSession(tx, visit.request, account, visit.now)
  await tx.updateTable('access.account').set({ lastSignInAt: visit.now }).where('id', '=', account.id).execute()
  return { me: await getMe(tx, account.id, session.expiresAt), session }
}

/** Sends the cookie after the transaction has committed. */
export function welcome(visit: Visit, opened: Opened): Me {
  setSessionCookie(visit.request, visit.reply, opened.session)
  return opened.me
}

/** Checks a code of the app, or a recovery code, and uses it up. */
async function passSecondFactor(
  tx: Tx,
  kernel: Kernel,
  account: AccountRow,
  code: string,
  now: Date,
): Promise<boolean> {
  const step = totpStep(unsealTotp(kernel.vault, account.id, account.totpSealed!), code, now, account.totpLastStep)
  const rest = step === undefined ? await useRecoveryCode(account.id, code, account.recoveryHashes) : undefined
  if (step === undefined && rest === undefined) return false
  await tx
    .updateTable('access.account')
    .set(rest === undefined ? { totpLastStep: step! } : { recoveryHashes: rest })
    .where('id', '=', account.id)
    .execute()
  return true
}

/**
 * Signs in with user name, password and, when enrolled, a second factor. Each try is counted before it is checked.
 * @throws Problem 401 `wrong-credentials`, `account-disabled`, `totp-required`, `totp-wrong`; 429 with Retry-After
 */
export async function signIn(visit: Visit, body: { username: string; password: string; totp?: string }): Promise<Me> {
  const { kernel, request, now } = visit
  const username = body.username.normalize('NFKC').trim().toLowerCase()
  const key = attemptKey('account', username)
  await assertNotBlocked(kernel.db, [addressKey(request)], now)
  const taken = await takeAttempt(kernel.db, key, now)
  const found = await withScope(kernel.db, systemScope, (tx) =>
    tx.selectFrom('access.account').selectAll().where('username', '=', username).executeTakeFirst(),
  )
  const check = await verifyPassword(body.password, found?.passwordHash ?? null)
  if (!found || !check.ok) {
    await recordRefusal(visit, action, found ? 'password' : 'unknown-user', found)
    throw wrong()
  }
  if (found.status !== 'active') {
    await recordRefusal(visit, action, 'disabled', found)
    throw signInProblem('account-disabled', '账号已停用，请联系管理员')
  }
  const code = body.totp?.normalize('NFKC').trim()
  if (found.totpConfirmedAt && !code) {
    await withScope(kernel.db, systemScope, (tx) => returnAttempt(tx, key, taken, now))
    throw signInProblem('totp-required', '请输入动态口令')
  }
  const renewed = check.stale ? await hashPassword(body.password) : undefined
  const opened = await systemCommand(kernel.db, visitor(request, found), async (tx, audit) => {
    const account = await findAccountForUpdate(tx, found.id)
    const place = placeOf(found)
    // Between the check and the lock the account may have been disabled or reset.
    const same = account?.status === 'active' && account.passwordHash === found.passwordHash
    const passed = same && (!account.totpConfirmedAt || (await passSecondFactor(tx, kernel, account, code ?? '', now)))
    if (!same || !passed) {
      await recordFailure(tx, addressKey(request), now)
      await audit({ action, ...place, outcome: 'refused', detail: { reason: same ? 'totp' : 'changed' } })
      return { problem: same ? signInProblem('totp-wrong', '动态口令不正确或已使用，请等下一个') : wrong() }
    }
    if (renewed)
      await tx.updateTable('access.account').set({ passwordHash: renewed }).where('id', '=', account.id).execute()
    await forgiveAttempt(tx, key)
    await audit({ action, ...place })
    return enter(tx, visit, { id: account.id })
  })
  if ('problem' in opened) throw opened.problem
  return welcome(visit, opened)
}
