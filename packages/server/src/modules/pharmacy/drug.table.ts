import type { DrugClass } from '@vigil/contract'
import type { Generated } from 'kysely'

export interface DrugTable {
  id: string
  class: DrugClass
  generic: string
  brand: Generated<string>
  form: Generated<string>
  strength: Generated<string>
  maker: Generated<string>
  approvalNo: string | null
  ean13: string | null
  tracePrefix: string | null
  active: Generated<boolean>
  updatedAt: Generated<Date>
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'pharmacy.drug': DrugTable
  }
}
