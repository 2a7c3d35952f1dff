/** Closed lists of alerts with their Chinese names; no schema library. */
export const alertGrades = ['blue', 'yellow', 'orange', 'red'] as const
export type AlertGrade = (typeof alertGrades)[number]
export const alertGradeNames = { blue: '蓝', yellow: '黄', orange: '橙', red: '红' } as const

/** What is watched: the four classes and all of them together. */
export const alertClasses = ['all', 'antipyretic', 'cough', 'antibiotic', 'antiviral'] as const
export const alertClassNames = {
  all: '四类合计',
  antipyretic: '退热',
  cough: '止咳',
  antibiotic: '抗生素',
  antiviral: '抗病毒',
} as const

/** `faded` ended by itself before anybody took it; `merged` went on in another alert. */
export const alertStates = ['new', 'taken', 'checking', 'found', 'closed', 'faded', 'merged'] as const
export type AlertState = (typeof alertStates)[number]
export const alertStateNames = {
  new: '待响应',
  taken: '已受理',
  checking: '核查中',
  found: '已有结论',
  closed: '已办结',
  faded: '自行消退',
  merged: '已并入',
} as const

export const alertFindings = ['true', 'false', 'explained'] as const
export type AlertFinding = (typeof alertFindings)[number]
export const alertFindingNames = { true: '属实', false: '误报', explained: '有合理解释' } as const
export const alertExplanations = ['promotion', 'holiday', 'stock-up', 'other'] as const
export const alertExplanationNames = {
  promotion: '促销',
  holiday: '节假日',
  'stock-up': '集中备药',
  other: '其他原因',
} as const

export const alertUnitKinds = ['county', 'office', 'store'] as const
export const alertUnitKindNames = { county: '县（市、区）', office: '监管所', store: '药店' } as const

/** What is told of an alert as it goes on. */
export const alertStepKinds = [
  'opened',
  'grew',
  'upgraded',
  'merged',
  'faded',
  'reopened',
  'escalated',
  'taken',
  'assigned',
  'asked',
  'answered',
  'referred',
  'receipt',
  'noted',
  'found',
  'closed',
] as const
export const alertStepNames = {
  opened: '发出预警',
  grew: '范围扩大',
  upgraded: '升级',
  merged: '合并',
  faded: '消退',
  reopened: '重新发出',
  escalated: '上报上一级',
  taken: '受理',
  assigned: '指派',
  asked: '询问药店',
  answered: '药店答复',
  referred: '转疾控核查',
  receipt: '登记回执',
  noted: '记录',
  found: '给出结论',
  closed: '办结',
} as const
