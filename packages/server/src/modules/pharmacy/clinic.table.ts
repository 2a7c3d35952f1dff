import type { Generated } from 'kysely'

export interface ClinicTable {
  id: string
  name: string
  address: string
  phone: string
  lon: number
  lat: number
  areaCode: string
  path: string
  active: Generated<boolean>
  updatedAt: Generated<Date>
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'pharmacy.clinic': ClinicTable
  }
}
