export interface StaffRuleTable {
  id: string
  areaCode: string
  path: string
  validFrom: string
  cycleDays: number | null
  warnDays: number
  note: string
  createdAt: Date
  createdBy: string
}

export interface MemberTable {
  id: string
  storeCode: string
  county: string
  areaCode: string
  path: string
  role: 'pharmacist' | 'clerk' | 'other'
  documentType: string
  personIndex: Buffer | null
  mobileIndex: Buffer | null
  keyMonth: string
  sealed: Buffer
  digest: Buffer | null
  joinedOn: string
  recordedAt: Date
  recordedBy: string
  leftOn: string | null
  leftReason: string | null
  leftRecordedAt: Date | null
  voidAt: Date | null
  updatedAt: Date
}

export interface ResultTable {
  id: string
  memberId: string
  path: string
  sampledAt: Date
  sampledOn: string
  outcome: 'pending' | 'negative' | 'positive'
  outcomeAt: Date | null
  code: string | null
  lab: string
  source: 'store' | 'supervisor' | 'import' | 'scanned'
  enteredAt: Date
  enteredBy: string
  voidAt: Date | null
  voidReason: string | null
}

export interface ExemptionTable {
  id: string
  memberId: string
  path: string
  fromDay: string
  toDay: string
  reason: string
  note: string
  enteredAt: Date
  enteredBy: string
  voidAt: Date | null
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'staff.rule': StaffRuleTable
    'staff.member': MemberTable
    'staff.result': ResultTable
    'staff.exemption': ExemptionTable
  }
}
