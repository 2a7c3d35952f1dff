/** Grades of an alert about a store, mildest first: 蓝黄橙红. */
export const complianceGrades = ['blue', 'yellow', 'orange', 'red'] as const
export const complianceGradeNames = { blue: '蓝色', yellow: '黄色', orange: '橙色', red: '红色' } as const
export const measureKinds = ['warning', 'letter', 'interview', 'task', 'pledge'] as const
export const measureKindNames = {
  warning: '提醒',
  letter: '提醒告诫书',
  interview: '约谈',
  task: '现场检查',
  pledge: '承诺书',
} as const
export const measureStates = ['open', 'answered', 'done', 'cancelled'] as const
export const measureStateNames = {
  open: '办理中',
  answered: '药店已回应',
  done: '已办结',
  cancelled: '已撤销',
} as const
export const measureOutcomes = ['confirmed', 'unfounded', 'rectified'] as const
export const measureOutcomeNames = { confirmed: '属实', unfounded: '不属实', rectified: '属实，已整改' } as const
