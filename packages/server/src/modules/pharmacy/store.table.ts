import type { Generated } from 'kysely'

export interface StoreTable {
  code: string
  partyId: string | null
  name: string
  address: string
  licenceNo: string | null
  phone: string | null
  chain: string | null
  lon: number | null
  lat: number | null
  county: string
  areaCode: string
  path: string
  status: Generated<'active' | 'suspended' | 'closed'>
  createdAt: Generated<Date>
  updatedAt: Generated<Date>
}

export interface AccountBatchTable {
  id: string
  path: string
  areaCode: string
  /** Store codes and activation codes; emptied when fetched or a day old. */
  sealed: Buffer | null
  createdBy: string | null
  createdAt: Generated<Date>
  fetchedAt: Date | null
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'pharmacy.store': StoreTable
    'pharmacy.accountBatch': AccountBatchTable
  }
}
