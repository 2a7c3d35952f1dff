import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import './staff.table.ts'

export interface StaffIndexes {
  /** Keyed indexes of documents, as `purchase.person_index` has them. */
  readonly persons: readonly Buffer[]
  /** Keyed indexes of telephones, as `purchase.mobile_index` has them. */
  readonly mobiles: readonly Buffer[]
}

/**
 * Keyed indexes of everybody who is on a store's roster today, in the scope of the transaction: whether a buyer is of the
 * staff is told by equality, without decryption.
 */
export async function staffIndexes(tx: Tx, storeCode: string): Promise<StaffIndexes> {
  const rows = await tx
    .selectFrom('staff.member')
    .select(['personIndex', 'mobileIndex'])
    .where('storeCode', '=', storeCode)
    .where('voidAt', 'is', null)
    .where(sql<boolean>`(left_on IS NULL OR left_on > (now() AT TIME ZONE 'Asia/Shanghai')::date)`)
    .execute()
  return {
    persons: rows.flatMap(({ personIndex }) => personIndex ?? []),
    mobiles: rows.flatMap(({ mobileIndex }) => mobileIndex ?? []),
  }
}
