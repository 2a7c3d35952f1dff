import type { AlertGrade, ChannelKind, MessageKind, TellStatus } from '@vigil/contract'
import type { Generated, JSONColumnType } from 'kysely'

export interface TargetTable {
  id: string
  kind: ChannelKind
  name: string
  ownerId: string | null
  areaCode: string | null
  /** Whom a module tells besides areas and persons. */
  subject: Generated<string | null>
  path: string
  sealedAddress: Buffer
  sealedSecret: Buffer | null
  hint: string
  grades: AlertGrade[]
  quiet: JSONColumnType<{ from: string; to: string }> | null
  active: boolean
  removedAt: Date | null
  createdAt: Date
  createdBy: string
  revision: Generated<number>
}

export interface MessageTable {
  id: string
  kind: MessageKind
  grade: AlertGrade | null
  path: string
  escalatedTo: string | null
  title: string
  text: string
  url: string
  source: Generated<string | null>
  createdAt: Date
}

export interface DeliveryTable {
  id: string
  messageId: string
  targetId: string
  path: string
  status: Generated<TellStatus>
  attempts: Generated<number>
  tries: Generated<number>
  nextAt: Date
  giveUpAt: Date
  leaseBy: string | null
  leaseUntil: Date | null
  errorCode: string | null
  error: string | null
  createdAt: Date
  sentAt: Date | null
  /** The recipient's own number for it. */
  receipt: Generated<string | null>
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'channel.target': TargetTable
    'channel.message': MessageTable
    'channel.delivery': DeliveryTable
  }
}
