import type { ColumnType, Generated } from 'kysely'
import type { Suite } from './cipher.ts'

export interface DataKeyTable {
  name: string
  suite: Suite
  wrapped: Buffer | null
  masterKeyId: string
  createdAt: Generated<Date>
  rotatedAt: ColumnType<Date | null, never, Date | null>
  shreddedAt: ColumnType<Date | null, never, Date | null>
}

declare module '../db/database.ts' {
  interface Database {
    'vault.dataKey': DataKeyTable
  }
}
