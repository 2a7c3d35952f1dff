import type { Generated } from 'kysely'

export type PartyStatus = 'active' | 'suspended' | 'closed'
export type PartyKind = 'enterprise' | 'sole-trader' | 'other'

export interface PartyTable {
  id: string
  name: string
  creditCode: string | null
  kind: PartyKind
  licenceNo: string | null
  status: Generated<PartyStatus>
  areaCode: string
  path: string
  createdAt: Generated<Date>
  updatedAt: Generated<Date>
}

export interface PremisesTable {
  id: string
  partyId: string
  name: string
  address: string
  /** Degrees, WGS 84. */
  lon: number | null
  lat: number | null
  areaCode: string
  path: string
  status: Generated<PartyStatus>
  updatedAt: Generated<Date>
}

declare module '../db/database.ts' {
  interface Database {
    'party.party': PartyTable
    'party.premises': PremisesTable
  }
}
