export interface EntryTable {
  id: string
  day: string
  storeCode: string
  county: string
  areaCode: string
  path: string
  state: 'open' | 'closed'
  reason: string | null
  note: string
  backOn: string | null
  source: 'counter' | 'call'
  saidAt: Date
  receivedAt: Date
  actor: string
  accountId: string | null
}

export interface DayTable {
  day: string
  storeCode: string
  entryId: string
  county: string
  areaCode: string
  path: string
  state: 'open' | 'closed'
  reason: string | null
  note: string
  backOn: string | null
  source: 'counter' | 'call'
  saidAt: Date
  receivedAt: Date
  firstAt: Date
  entries: number
}

export interface CallTable {
  id: string
  day: string
  storeCode: string
  path: string
  at: Date
  result: string
  note: string
  actor: string
  accountId: string | null
}

export interface ReminderRuleTable {
  id: string
  areaCode: string
  path: string
  validFrom: string
  at: string | null
  note: string
  createdAt: Date
  createdBy: string
}

export interface ReminderTable {
  day: string
  path: string
  areaCode: string
  at: Date
  missing: number
  recipients: number
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'opening.entry': EntryTable
    'opening.day': DayTable
    'opening.call': CallTable
    'opening.reminderRule': ReminderRuleTable
    'opening.reminder': ReminderTable
  }
}
