/** Closed lists of codes with their Chinese names, and shapes of answers; no schema library, so that the counter can import them. */
export * from './alert.terms.ts'
export * from './audit.terms.ts'
export * from './channel.terms.ts'
export * from './coldchain.terms.ts'
export * from './coldchain-trace.terms.ts'
export * from './compliance.terms.ts'
export * from './export.terms.ts'
export * from './notice.terms.ts'
export * from './opening.terms.ts'
export * from './staff.terms.ts'
export * from './stopsale.terms.ts'

export const drugClasses = ['antipyretic', 'cough', 'antibiotic', 'antiviral'] as const
export const drugClassNames = { antipyretic: '退热', cough: '止咳', antibiotic: '抗生素', antiviral: '抗病毒' } as const
export const documentTypes = [
  'citizen-id',
  'passport',
  'hk-macau-permit',
  'taiwan-permit',
  'hmt-residence',
  'foreign-permanent-residence',
] as const
export const symptoms = ['fever', 'cough', 'sore-throat', 'fatigue', 'chest-tightness', 'diarrhoea', 'other'] as const
export const symptomNames = {
  fever: '发热',
  cough: '咳嗽',
  'sore-throat': '咽痛',
  fatigue: '乏力',
  'chest-tightness': '胸闷',
  diarrhoea: '腹泻',
  other: '其他',
} as const
export const relations = ['family', 'colleague', 'neighbour', 'other'] as const
export const relationNames = { family: '家人', colleague: '同事', neighbour: '邻居', other: '其他' } as const
export const revealPurposes = ['follow-up', 'investigation', 'correction', 'subject-request'] as const
export const revealPurposeNames = {
  'follow-up': '随访处置',
  investigation: '案件调查',
  correction: '核对更正',
  'subject-request': '本人申请',
} as const
export const documentTypeNames = {
  'citizen-id': '居民身份证',
  passport: '护照',
  'hk-macau-permit': '港澳居民来往内地通行证',
  'taiwan-permit': '台湾居民来往大陆通行证',
  'hmt-residence': '港澳台居民居住证',
  'foreign-permanent-residence': '外国人永久居留身份证',
} as const
export const statusNames = { valid: '有效', corrected: '已更正', undone: '已撤销' } as const

export const destinationKinds = [
  'province',
  'digital-office',
  'medical-insurance',
  'community',
  'cdc',
  'other',
] as const
export const destinationKindNames = {
  province: '省级直报',
  'digital-office': '数字办',
  'medical-insurance': '医保',
  community: '社区',
  cdc: '疾控中心',
  other: '其他',
} as const
/** Lists that a destination may get. */
export const sharingLists = ['purchases', 'reimbursements', 'joint-inspections', 'followups'] as const
export const sharingFormats = ['csv', 'xlsx', 'jsonl'] as const
export const signatureAlgorithms = ['ed25519', 'sm2'] as const
export const deliveryKinds = ['scheduled', 'manual', 'handover', 'test'] as const
export const deliveryStatuses = ['preparing', 'waiting', 'held', 'acknowledged', 'dead', 'closed'] as const
export const attemptOutcomes = ['running', 'acknowledged', 'failed', 'unknown'] as const

/** One row of a file for each entry, or for each drug of an entry. */
export const exportGrains = ['record', 'item'] as const
/** What a column of a template is filled from. */
export const columnSources = ['field', 'constant', 'join', 'number', 'empty'] as const

/** What can be imported from a file, and who may do it. */
export const importKinds = [
  'purchase',
  'store',
  'drug',
  'clinic',
  'area',
  'party',
  'account',
  'reimbursement',
  'staff',
  'staff-result',
  'coldchain-result',
] as const
export const importKindNames = {
  purchase: '购药登记',
  store: '药店',
  drug: '药品目录',
  clinic: '发热门诊',
  area: '区划',
  party: '市场主体',
  account: '人员账号',
  reimbursement: '医保结算明细',
  staff: '从业人员名册',
  'staff-result': '人员检测结果',
  'coldchain-result': '冷链检测结果',
} as const
export const importPermissions = {
  purchase: 'purchase.register',
  store: 'store.manage',
  drug: 'drug.manage',
  clinic: 'clinic.manage',
  area: 'area.manage',
  party: 'party.manage',
  account: 'account.manage',
  reimbursement: 'stopsale.manage',
  staff: 'staff.manage',
  'staff-result': 'staff.manage',
  'coldchain-result': 'coldchain.inspect',
} as const
export const importStates = ['uploaded', 'checking', 'checked', 'running', 'done', 'failed', 'cancelled'] as const
