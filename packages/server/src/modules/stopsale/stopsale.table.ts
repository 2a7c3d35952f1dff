import type { Generated, JSONColumnType, Selectable } from 'kysely'

export interface OrderTable {
  id: string
  name: string
  areaCode: string
  path: string
  fromDay: string
  toDay: string | null
  reason: string
  documentNo: Generated<string>
  status: Generated<'draft' | 'issued' | 'dropped'>
  startsAt: Date | null
  endsAt: Date | null
  issuedAt: Date | null
  issuedBy: string | null
  liftedAt: Date | null
  liftedBy: string | null
  liftReason: string | null
  createdAt: Date
  createdBy: string
  updatedAt: Generated<Date>
  revision: Generated<number>
}
export type OrderRow = Selectable<OrderTable>

export interface ItemTable {
  id: string
  orderId: string
  kind: 'drug' | 'generic' | 'class'
  value: string
  toldAt: Date | null
  addedAt: Date | null
  removedAt: Date | null
}
export type ItemRow = Selectable<ItemTable>

interface KeptFile {
  id: string
  fileId: string
  filename: string
  mediaType: string
  bytes: number
  sha256: string
  at: Date
  by: string
}

export interface CampaignTable {
  id: string
  name: string
  areaCode: string
  path: string
  orderId: string | null
  dueOn: string
  state: Generated<'open' | 'closed'>
  createdAt: Date
  createdBy: string
}
export type CampaignRow = Selectable<CampaignTable>

export interface TaskTable {
  id: string
  campaignId: string
  storeCode: string
  county: string
  areaCode: string
  path: string
  result: Generated<'pending' | 'pass' | 'fail'>
  answers: JSONColumnType<Record<string, 'yes' | 'no' | 'na'>>
  note: Generated<string>
  officerId: string | null
  officer: string | null
  doneAt: Date | null
  revision: Generated<number>
}
export type TaskRow = Selectable<TaskTable>

export interface LineTable {
  id: string
  digest: Buffer
  storeCode: string
  county: string
  areaCode: string
  path: string
  drugId: string
  day: string
  quantity: number
  serial: string | null
  personIndex: Buffer | null
  keyMonth: string | null
  sealed: Buffer | null
  match: 'matched' | 'partial' | 'none'
  orderId: string | null
  importedAt: Date
  importedBy: string
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'stopsale.stopOrder': OrderTable
    'stopsale.orderItem': ItemTable
    'stopsale.document': KeptFile & { orderId: string }
    'stopsale.campaign': CampaignTable
    'stopsale.task': TaskTable
    'stopsale.photo': KeptFile & { taskId: string; path: string }
    'stopsale.line': LineTable
  }
}
