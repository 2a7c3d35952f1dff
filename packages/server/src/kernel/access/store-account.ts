import { uuidv7 } from '@vigil/codes'
import { sql } from 'kysely'
import type { Tx } from '../db/index.ts'
import { conflict } from '../error/problem.ts'
import { areaOf } from './account-row.ts'
import { storeRole } from './role.ts'
import { hashCode, newCode } from './token.ts'

export interface StoreAccountInput {
  readonly code: string
  readonly name: string
  /** Area path + code + '/'. */
  readonly path: string
}

/**
 * One store, one account: makes the accounts of many stores at once, or renews the code of those that have one already
 * (their devices go on working). Six statements for any number of stores. The caller records it and must have checked
 * the right to manage the stores.
 * @param options.uses devices that one code may activate
 * @returns the activation codes in clear, which exist nowhere else
 * @throws Problem 409 when a store code is another account's user name
 */
export async function issueStoreAccounts(
  tx: Tx,
  stores: readonly StoreAccountInput[],
  { expiresDays, uses = 3, now = new Date() }: { expiresDays: number; uses?: number; now?: Date },
): Promise<{ storeCode: string; activationCode: string }[]> {
  const list = [...new Map(stores.map((store) => [store.code, store])).values()]
  if (list.length === 0) return []
  const codes = list.map((store) => store.code)
  const paths = list.map((store) => store.path)
  const usernames = codes.map((code) => code.toLowerCase())
  const taken = await tx
    .selectFrom('access.account')
    .select('username')
    .where(sql<boolean>`username = any(${usernames}::text[])`)
    .where((eb) => eb.or([eb('storeCode', 'is', null), eb(sql`lower(store_code)`, '!=', eb.ref('username'))]))
    .executeTakeFirst()
  if (taken) throw conflict(`用户名 ${taken.username} 已被其他账号使用`, 'username-taken')
  // CamelCasePlugin names the returned column storeCode.
  const { rows: accounts } = await sql<{ id: string; storeCode: string }>`
    insert into access.account as a (id, username, display_name, kind, status, path, store_code, created_at)
    select id, username, name, 'store', 'invited', path, code, ${now}::timestamptz from unnest(
      ${codes.map(() => uuidv7())}::uuid[], ${usernames}::text[], ${list.map((store) => store.name)}::text[],
      ${paths}::text[], ${codes}::text[]) as t (id, username, name, path, code)
    on conflict (store_code) where store_code is not null do update set display_name = excluded.display_name, path = excluded.path
    returning a.id, a.store_code`.execute(tx)
  const idOf = new Map(accounts.map((account) => [account.storeCode, account.id]))
  const ids = codes.map((code) => idOf.get(code)!)
  await sql`delete from access.grant where account_id = any(${ids}::uuid[]) and store_code is not null`.execute(tx)
  await sql`
    insert into access.grant (id, account_id, role_code, area_code, store_code, path)
    select id, account_id, ${storeRole}, area, code, path from unnest(${ids.map(() => uuidv7())}::uuid[], ${ids}::uuid[],
      ${list.map((store) => areaOf(store.path, store.code))}::text[], ${codes}::text[], ${paths}::text[])
      as t (id, account_id, area, code, path)`.execute(tx)
  const issued = codes.map((storeCode) => ({ storeCode, activationCode: newCode() }))
  await sql`
    insert into access.invitation (account_id, code_hash, uses_left, expires_at, created_at)
    select id, hash, ${uses}::int, ${new Date(now.getTime() + expiresDays * 86_400_000)}::timestamptz, ${now}::timestamptz
    from unnest(${ids}::uuid[], ${issued.map((one) => hashCode(one.activationCode))}::bytea[]) as t (id, hash)
    on conflict (account_id) do update set code_hash = excluded.code_hash, uses_left = excluded.uses_left,
      expires_at = excluded.expires_at, created_at = excluded.created_at`.execute(tx)
  return issued
}
