export const staffRoles = ['pharmacist', 'clerk', 'other'] as const
export const staffRoleNames = { pharmacist: '药师', clerk: '营业员', other: '其他' } as const

/** How a worker stands on a day. */
export const staffStates = ['overdue', 'due', 'soon', 'covered', 'exempt', 'free'] as const
export const staffStateNames = {
  overdue: '已逾期',
  due: '今日到期',
  soon: '即将到期',
  covered: '在有效期内',
  exempt: '暂免',
  free: '未要求',
} as const

export const testOutcomes = ['pending', 'negative', 'positive'] as const
export const testOutcomeNames = { pending: '待出结果', negative: '阴性', positive: '阳性' } as const

/** Who entered a test: its store, a supervisor, a file; `scanned`: by the code of a tube or report. */
export const testSources = ['store', 'supervisor', 'import', 'scanned'] as const
export const testSourceNames = {
  store: '药店录入',
  supervisor: '监管录入',
  import: '导入',
  scanned: '扫码录入',
} as const

export const exemptReasons = ['leave', 'sick', 'isolated', 'trip', 'pregnant', 'contraindicated', 'other'] as const
export const exemptReasonNames = {
  leave: '休假',
  sick: '病假',
  isolated: '隔离',
  trip: '外出',
  pregnant: '孕产',
  contraindicated: '不宜采样',
  other: '其他',
} as const

export const leaveReasons = ['resigned', 'moved', 'mistake', 'other'] as const
export const leaveReasonNames = { resigned: '离职', moved: '调离', mistake: '登记有误', other: '其他' } as const
