import { uuidv7 } from '@vigil/codes'
import { sql } from 'kysely'
import { systemCommand } from '../command/command.ts'
import type { Tx } from '../db/index.ts'
import { conflict } from '../error/problem.ts'
import type { Kernel } from '../kernel.ts'
import { placeOf } from './account-row.ts'
import { systemCaller } from './caller.ts'
import { commonPath, type GrantInput, insertGrants, type ResolvedGrant, resolveGrants } from './grant.ts'
import { hashPassword } from './password.ts'
import { hashCode, newCode } from './token.ts'

const dayMs = 86_400_000
/** How long an invitation or a reset code may be used. */
export const invitationDays = 7

export interface Invitation {
  readonly id: string
  readonly code: string
  readonly expiresAt: Date
}

/** A new one-time code for an account; an older one stops working. */
export async function issueCode(
  tx: Tx,
  accountId: string,
  now: Date,
  { days = invitationDays, uses = 1 }: { days?: number; uses?: number } = {},
): Promise<Invitation> {
  const code = newCode()
  const expiresAt = new Date(now.getTime() + days * dayMs)
  const values = { codeHash: hashCode(code), usesLeft: uses, expiresAt, createdAt: now }
  await tx
    .insertInto('access.invitation')
    .values({ accountId, ...values })
    .onConflict((conflicting) => conflicting.column('accountId').doUpdateSet(values))
    .execute()
  return { id: accountId, code, expiresAt }
}

export interface NewAccount {
  /** Stored in lower case. */
  readonly username: string
  readonly displayName: string
  readonly now?: Date
  /** Sets the password at once (demo, tests); otherwise only the invitation code opens the account. */
  readonly password?: string
  readonly mustChangePassword?: boolean
}

/**
 * Creates a person's account from grants that are already looked up. Whether the caller may give them is not checked here.
 * @throws Problem 409 when the user name is taken
 */
export async function insertAccount(
  tx: Tx,
  account: NewAccount,
  grants: readonly ResolvedGrant[],
): Promise<Invitation> {
  const now = account.now ?? new Date()
  const id = uuidv7()
  const inserted = await sql<{ id: string }>`
    insert into access.account (id, username, display_name, kind, status, password_hash, must_change_password, path, created_at)
    values (${id}, ${account.username.toLowerCase()}, ${account.displayName}, 'person', ${account.password ? 'active' : 'invited'},
      ${account.password ? await hashPassword(account.password) : null}, ${account.mustChangePassword ?? false},
      ${commonPath(grants.map((grant) => grant.path))}, ${now})
    on conflict (username) do nothing returning id`.execute(tx)
  if (inserted.rows.length === 0) throw conflict('这个用户名已被使用，请换一个', 'username-taken')
  await insertGrants(tx, { accountId: id }, grants)
  return issueCode(tx, id, now)
}

/**
 * Creates a person's account with grants, for seeds and the command line. The transaction must see the areas' subtrees.
 * @throws Problem 400 or 404 for a role, area or store that is not there, 409 when the user name is taken
 */
export async function createAccount(
  tx: Tx,
  account: NewAccount & { readonly grants: readonly GrantInput[] },
): Promise<Invitation> {
  return insertAccount(tx, account, await resolveGrants(tx, account.grants))
}

/** The area of the whole installation: the only city, else the only area that has no parent. */
async function findTopArea(tx: Tx): Promise<string> {
  const { rows } = await sql<{ code: string; level: string; parent: string | null }>`
    select code, level, parent from area.area where level = 'city' or parent is null`.execute(tx)
  const cities = rows.filter((row) => row.level === 'city')
  const roots = rows.filter((row) => row.parent === null)
  const only = cities.length === 1 ? cities[0] : roots.length === 1 ? roots[0] : undefined
  if (!only) throw new Error('areaCode is needed: there is no single city 请用区划代码指明管理员所在的市')
  return only.code
}

/**
 * Makes the administrator who invites everybody else, from the command line of the server.
 * @param input.areaCode the city; may be left out when there is only one
 * @returns the invitation code, to be printed once
 * @throws Problem 409 when the user name is taken; Error that names `areaCode` or `username`
 */
export async function createFirstAdministrator(
  kernel: Kernel,
  input: { username: string; displayName: string; areaCode?: string },
): Promise<Invitation> {
  if (!/^[A-Za-z0-9._-]{3,60}$/.test(input.username))
    throw new Error('username: 3 to 60 letters, digits, dots, dashes 用户名须为 3 至 60 位字母、数字、点或横线')
  return systemCommand(kernel.db, systemCaller('命令行', []), async (tx, audit) => {
    const areaCode = input.areaCode ?? (await findTopArea(tx))
    const grants = await resolveGrants(tx, [{ roleCode: 'city-director', areaCode }])
    const invitation = await insertAccount(tx, { ...input, now: kernel.clock.now() }, grants)
    await audit({
      action: 'account.invite',
      ...placeOf({ id: invitation.id, path: commonPath(grants.map((grant) => grant.path)), storeCode: null }),
      detail: { username: input.username.toLowerCase(), grants: [{ roleCode: 'city-director', areaCode }] },
    })
    return invitation
  })
}
