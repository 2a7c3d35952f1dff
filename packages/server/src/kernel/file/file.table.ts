import type { Generated } from 'kysely'
import type { Suite } from '../vault/index.ts'

export interface FileTable {
  id: string
  ownerId: string | null
  path: string
  filename: string
  mediaType: string
  bytes: number
  sha256: string
  suite: Suite
  sealedKey: Buffer
  blob: string
  direct: boolean
  createdAt: Generated<Date>
  expiresAt: Date
}

declare module '../db/database.ts' {
  interface Database {
    'file.file': FileTable
  }
}
