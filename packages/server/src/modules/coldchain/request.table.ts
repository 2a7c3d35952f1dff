import type { JSONColumnType } from 'kysely'

declare module '../../kernel/db/database.ts' {
  interface Database {
    'coldchain.request': {
      key: string
      digest: string
      answer: JSONColumnType<object, string | null | undefined, string> | null
      path: string
      at: Date
      by: string
    }
  }
}
