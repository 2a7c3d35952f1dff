import type { Generated } from 'kysely'

export interface DutyTable {
  id: string
  areaCode: string
  path: string
  classes: string[]
  validFrom: string
  validTo: string | null
  note: Generated<string>
  updatedAt: Generated<Date>
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'pharmacy.duty': DutyTable
  }
}
