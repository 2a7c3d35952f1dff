/** Closed lists of codes with their Chinese names; no schema library, so that the counter can import them. */
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
