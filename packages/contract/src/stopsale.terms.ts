/** Where an order stands: being written, in force or about to be, over, or dropped before it was issued. */
export const stopSaleStates = ['draft', 'coming', 'in-force', 'over', 'dropped'] as const
export const stopSaleStateNames = {
  draft: '草稿',
  coming: '待执行',
  'in-force': '执行中',
  over: '已结束',
  dropped: '已作废',
} as const
/** How a line of the catalogue names drugs: one drug, all of a generic name, all of a class; the last two cover future drugs. */
export const stopSaleItemKinds = ['drug', 'generic', 'class'] as const
export const stopSaleItemKindNames = { drug: '药品', generic: '通用名', class: '类别' } as const

/** What an inspector looks at in a store while an order is in force. */
export const stopCheckPoints = ['sealed', 'counter', 'window', 'displayed', 'pledged'] as const
export const stopCheckPointNames = {
  sealed: '停售药品已下架封存',
  counter: '设有专柜存放',
  window: '窗口销售，不进店选购',
  displayed: '停售告示已张贴',
  pledged: '承诺书已签订',
} as const
export const stopCheckAnswers = ['yes', 'no', 'na'] as const
export const stopCheckAnswerNames = { yes: '符合', no: '不符合', na: '不涉及' } as const
export const stopCheckResults = ['pending', 'pass', 'fail'] as const
export const stopCheckResultNames = { pending: '待检查', pass: '合格', fail: '有问题' } as const

/** What a reimbursement line came to: sold while forbidden the whole day, on a day forbidden in part, or under no order. */
export const reimbursementMatches = ['matched', 'partial', 'none'] as const
export const reimbursementMatchNames = {
  matched: '停售期间',
  partial: '当日部分时段停售',
  none: '不在停售范围',
} as const

/** Days to sign for an order. */
export const stopSaleSignDays = 1
