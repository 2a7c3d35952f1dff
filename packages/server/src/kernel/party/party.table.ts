import type { Generated } from 'kysely'

type Status = 'active' | 'suspended' | 'closed'

export interface PartyTable {
  id: string
  name: string
  creditCode: string | null
  kind: 'enterprise' | 'sole-trader' | 'other'
  licenceNo: string | null
  status: Generated<Status>
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
  lon: number | null
  lat: number | null
  areaCode: string
  path: string
  status: Generated<Status>
  updatedAt: Generated<Date>
}

declare module '../db/database.ts' {
  interface Database {
    'party.party': PartyTable
    'party.premises': PremisesTable
  }
}
