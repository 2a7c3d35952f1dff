import type { NoticeQuestion } from '@vigil/contract'
import type { Generated, JSONColumnType } from 'kysely'

export interface NoticeTable {
  id: string
  storeCode: string
  path: string
  kind: 'warning' | 'letter' | 'pledge' | 'inquiry' | 'stop-sale' | 'opening' | 'staff' | 'other'
  title: string
  body: string
  needs: 'read' | 'sign' | 'answer'
  questions: JSONColumnType<NoticeQuestion[]>
  sourceModule: string
  sourceId: string
  state: Generated<'sent' | 'read' | 'done' | 'withdrawn'>
  sentAt: Date
  sentBy: string
  dueAt: Date | null
  readAt: Date | null
  doneAt: Date | null
  sealedReply: Buffer | null
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'notice.notice': NoticeTable
  }
}
