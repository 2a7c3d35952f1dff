import type { Selectable } from 'kysely'
import type { Database, Tx } from '../db/index.ts'

export type AccountRow = Selectable<Database['access.account']>

/** The account locked until the transaction ends, if the transaction's scope shows it. */
export const findAccountForUpdate = (tx: Tx, id: string): Promise<AccountRow | undefined> =>
  tx.selectFrom('access.account').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

/** The area a path leads to: its last step, or the one above a store; null for the whole. */
export function areaOf(path: string, storeCode: string | null): string | null {
  const steps = path.split('/').filter(Boolean)
  if (storeCode !== null && steps.at(-1) === storeCode) steps.pop()
  return steps.at(-1) ?? null
}

/** Where an account stands, for its audit rows. */
export const placeOf = (account: { id: string; path: string; storeCode: string | null }) => ({
  object: `account/${account.id}`,
  path: account.path,
  areaCode: areaOf(account.path, account.storeCode),
})
