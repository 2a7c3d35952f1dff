import type { Db, Tx } from '../db/index.ts'
import type { Suite } from './cipher.ts'

export interface DataKeyInfo {
  month: string
  suite: Suite
  masterKeyId: string
  createdAt: Date
  shreddedAt: Date | null
}

/** The monthly data keys, newest first, without key material. */
export async function listMonthKeys(db: Db | Tx): Promise<DataKeyInfo[]> {
  return db
    .selectFrom('vault.dataKey')
    .select(['name as month', 'suite', 'masterKeyId', 'createdAt', 'shreddedAt'])
    .where('name', 'not in', ['install', 'index', 'long-term'])
    .orderBy('name', 'desc')
    .execute()
}
