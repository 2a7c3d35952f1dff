import type { SharingReceipt, SharingSchedule } from '@vigil/contract'
import type { Generated, JSONColumnType } from 'kysely'

export interface DestinationTable {
  id: string
  name: string
  kind: 'province' | 'digital-office' | 'medical-insurance' | 'community' | 'cdc' | 'other'
  url: string
  areaCode: string
  path: string
  list: 'purchases' | 'reimbursements' | 'joint-inspections' | 'followups'
  format: 'csv' | 'xlsx' | 'jsonl'
  templateId: string | null
  clear: boolean
  clearReason: string | null
  clearBy: string | null
  state: 'active' | 'paused'
  schedule: JSONColumnType<SharingSchedule>
  cover: 'yesterday' | 'since-acknowledged'
  receipt: JSONColumnType<SharingReceipt>
  timeoutSeconds: number
  retrySeconds: number
  maxAttempts: number
  maxAgeHours: number
  secretHeader: string | null
  sealedSecret: Buffer | null
  ca: string | null
  nextAt: Date | null
  createdAt: Date
  createdBy: string
  updatedAt: Generated<Date>
  revision: Generated<number>
}

export interface KeyTable {
  id: string
  destinationId: string
  path: string
  algorithm: 'ed25519' | 'sm2'
  state: 'next' | 'active' | 'retired'
  publicKey: string
  sealedPrivate: Buffer | null
  createdAt: Date
  activatedAt: Date | null
  retiredAt: Date | null
}

export interface DeliveryTable {
  id: string
  number: string
  destinationId: string
  path: string
  areaCode: string
  kind: 'scheduled' | 'manual' | 'handover' | 'test'
  /** Hand-over sheet that it brings. */
  sheetId: Generated<string | null>
  fromDay: string
  toDay: string
  version: number
  slotAt: Date | null
  format: 'csv' | 'xlsx' | 'jsonl'
  templateId: string | null
  clear: boolean
  status: Generated<'preparing' | 'waiting' | 'held' | 'acknowledged' | 'dead' | 'closed'>
  fileId: string | null
  exportId: string | null
  rows: Generated<number>
  bytes: Generated<number>
  sha256: string | null
  attempts: Generated<number>
  tries: Generated<number>
  nextAt: Date
  giveUpAt: Date
  leaseBy: string | null
  leaseUntil: Date | null
  errorCode: string | null
  error: string | null
  receiptNumber: string | null
  sealedReceipt: Buffer | null
  createdAt: Date
  createdBy: string
  acknowledgedAt: Date | null
}

export interface AttemptTable {
  deliveryId: string
  number: number
  path: string
  leaseBy: string
  outcome: Generated<'running' | 'acknowledged' | 'failed' | 'unknown'>
  startedAt: Date
  durationMs: number | null
  httpStatus: number | null
  errorCode: string | null
  error: string | null
  answer: string | null
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'sharing.counter': { day: string; last: number }
    'sharing.destination': DestinationTable
    'sharing.key': KeyTable
    'sharing.delivery': DeliveryTable
    'sharing.attempt': AttemptTable
  }
}
