import type { Generated } from 'kysely'

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

declare module '../../kernel/db/database.ts' {
  interface Database {
    'epcis.event': EventTable
    'epcis.thing': ThingTable
    'epcis.fact': FactTable
  }
}
