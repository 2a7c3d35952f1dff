import type { ColumnType, Generated, RawBuilder } from 'kysely'
import type { Refusal } from './refusal.ts'

export interface EventTable {
  seq: Generated<number>
  hash: Buffer
  declaredAt: Date | null
  txid: Generated<string>
  path: string
  eventId: string | null
  type: string
  action: string | null
  eventTime: Date
  recordTime: Date
  bizStep: string | null
  disposition: string | null
  readPoint: string | null
  bizLocation: string | null
  transformationId: string | null
  errorReason: string | null
  context: unknown
  doc: unknown
}

export type ThingRole = 'epc' | 'child' | 'parent' | 'input' | 'output'

export interface ThingTable {
  seq: number
  path: string
  value: string
  role: ThingRole
  isClass: boolean
  quantity: number | null
  uom: string | null
}

export interface FactTable {
  seq: number
  path: string
  name: string
  value: string | null
  number: number | null
  at: Date | null
}

export interface JobTable {
  id: string
  path: string
  behaviour: 'rollback' | 'proceed'
  mediaType: string
  document: Buffer | null
  total: number
  done: Generated<number>
  stored: Generated<number>
  known: Generated<number>
  refused: Generated<number>
  errors: ColumnType<Refusal[], string | undefined, string | RawBuilder<unknown>>
  success: Generated<boolean>
  attempts: Generated<number>
  leaseUntil: Date | null
  createdAt: Date
  createdBy: string
  finishedAt: Date | null
}

export interface MasterTable {
  uri: string
  path: string
  vocabulary: string
  name: string
  value: string | null
}

export interface QueryTable {
  name: string
  path: string
  definition: ColumnType<Record<string, unknown>, string, string>
  createdAt: Date
  createdBy: string
}

export interface SubscriptionTable {
  id: string
  queryName: string
  path: string
  dest: string
  sealedToken: Buffer | null
  stream: boolean
  schedule: ColumnType<Record<string, string> | null, string | null, never>
  reportIfEmpty: boolean
  initialRecordTime: Date
  afterTxid: string
  afterSeq: number
  untilTxid: string | null
  untilSeq: number | null
  batch: number
  nextAt: Date
  leaseUntil: Date | null
  failures: Generated<number>
  error: string | null
  notifiedAt: Date | null
  createdAt: Date
  createdBy: string
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'epcis.event': EventTable
    'epcis.thing': ThingTable
    'epcis.fact': FactTable
    'epcis.job': JobTable
    'epcis.master': MasterTable
    'epcis.query': QueryTable
    'epcis.subscription': SubscriptionTable
  }
}
