/** What a store says of its day. */
export const openingStates = ['open', 'closed'] as const
export const openingStateNames = { open: '营业', closed: '停业' } as const

/** Why a store does not open. */
export const closingReasons = [
  'outbreak-control',
  'staff-isolated',
  'no-pharmacist',
  'suspended',
  'renovation',
  'stocktaking',
  'holiday',
  'disaster',
  'moving',
  'other',
] as const
export const closingReasonNames = {
  'outbreak-control': '封控管控',
  'staff-isolated': '人员隔离或患病',
  'no-pharmacist': '药师不在岗',
  suspended: '责令停业整顿',
  renovation: '装修',
  stocktaking: '盘点',
  holiday: '节假休息',
  disaster: '停电、水灾等',
  moving: '搬迁',
  other: '其他',
} as const

/** Where a state comes from: the store's own counter, or somebody who called it. */
export const openingSources = ['counter', 'call'] as const
export const openingSourceNames = { counter: '药店签到', call: '电话核实' } as const

/** What a call to a missing store came to. */
export const callResults = ['open', 'closed', 'will-check-in', 'no-answer', 'wrong-number', 'other'] as const
export const callResultNames = {
  open: '已营业，代为签到',
  closed: '停业，代为登记',
  'will-check-in': '答复即将签到',
  'no-answer': '无人接听',
  'wrong-number': '电话有误',
  other: '其他',
} as const

/** How a store stands on a day, for the supervisor; `sold`: no check-in, but a sale was registered. */
export const openingStandings = ['open', 'closed', 'sold', 'missing'] as const
export const openingStandingNames = {
  open: '已签到营业',
  closed: '已报停业',
  sold: '有销售未签到',
  missing: '未签到',
} as const

/** Time of day in Asia/Shanghai by which a store checks in. */
export const checkInBefore = '10:00'
