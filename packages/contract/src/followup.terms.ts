/** Why a buyer becomes a person to follow up. */
export const followupCauses = ['fever', 'repeat', 'classes', 'mobile', 'address', 'proxy'] as const
export const followupCauseNames = {
  fever: '发热或症状购药',
  repeat: '短期多次购药',
  classes: '短期购买多类药品',
  mobile: '一个手机号多人购药',
  address: '同一住址多人异常购药',
  proxy: '多次代他人购药',
} as const
/** Lowest first. */
export const followupGrades = ['blue', 'yellow', 'orange', 'red'] as const
export const followupGradeNames = { blue: '蓝', yellow: '黄', orange: '橙', red: '红' } as const
export const followupStates = ['new', 'in-hand', 'handed', 'closed'] as const
export const followupStateNames = { new: '待随访', 'in-hand': '随访中', handed: '已转交', closed: '已办结' } as const
/** What a follow-up may find; the platform itself adds `withdrawn`. */
export const followupOutcomes = ['well', 'sent', 'tested', 'positive', 'unreachable', 'other'] as const
export const followupOutcomeNames = {
  well: '无恙',
  sent: '已引导发热门诊',
  tested: '已检测',
  positive: '阳性',
  unreachable: '失联',
  other: '其他',
  withdrawn: '登记已更正，不再随访',
} as const
export const followupRecipients = ['community', 'cdc', 'other'] as const
export const followupRecipientNames = { community: '社区', cdc: '疾控中心', other: '其他单位' } as const
/** What became of a sheet that is sent by itself. */
export const sheetDeliveries = ['waiting', 'refused', 'received'] as const
export const followupEvents = [
  'opened',
  'joined',
  'reopened',
  'withdrawn',
  'taken',
  'assigned',
  'noted',
  'handed',
  'receipt',
  'closed',
  'revealed',
] as const
