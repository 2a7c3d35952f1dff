/** What a business does in the imported cold chain. */
export const coldHolderKinds = ['importer', 'warehouse', 'trader', 'processor', 'shop'] as const
export const coldHolderKindNames = {
  importer: '货主',
  warehouse: '集中监管仓',
  trader: '经营者',
  processor: '加工企业',
  shop: '零售与餐饮',
} as const
export const coldDocumentKinds = ['customs', 'quarantine', 'test', 'disinfection'] as const
export const coldDocumentKindNames = {
  customs: '报关单',
  quarantine: '入境货物检验检疫证明',
  test: '核酸检测证明',
  disinfection: '消毒证明',
} as const
export const coldDeclarationStates = ['declared', 'disputed', 'entered', 'cancelled'] as const
export const coldDeclarationStateNames = {
  declared: '待入仓',
  disputed: '数量不符',
  entered: '已入仓',
  cancelled: '已取消',
} as const
export const coldSides = ['consignor', 'warehouse'] as const
export const coldSideNames = { consignor: '货主', warehouse: '监管仓' } as const
export const coldLotKinds = ['imported', 'foreign', 'made'] as const
export const coldLotKindNames = { imported: '本地入仓', foreign: '外省出仓', made: '分装加工' } as const
/** Where a lot stands before the gate. */
export const coldGateStates = ['declared', 'testing', 'positive', 'released', 'withdrawn'] as const
export const coldGateStateNames = {
  declared: '未入仓',
  testing: '待检放行',
  positive: '检出阳性',
  released: '已放行',
  withdrawn: '放行已撤销',
} as const
export const coldSubjects = ['goods', 'packaging', 'vehicle'] as const
export const coldSubjectNames = { goods: '食品', packaging: '外包装', vehicle: '运输工具' } as const
export const coldResults = ['pending', 'negative', 'positive'] as const
export const coldResultNames = { pending: '待出结果', negative: '阴性', positive: '阳性' } as const
export const coldMovementKinds = [
  'enter',
  'receive',
  'make',
  'difference',
  'sample',
  'ship',
  'use',
  'sell',
  'lose',
  'destroy',
  'handle',
  'observe',
  'count',
] as const
export const coldMovementKindNames = {
  enter: '入仓',
  receive: '收货',
  make: '产出',
  difference: '计量差',
  sample: '抽样',
  ship: '发货',
  use: '投料',
  sell: '销售',
  lose: '损失',
  destroy: '销毁',
  handle: '作业',
  observe: '记录',
  count: '盘点',
} as const
/** What a trader records, each as an event. */
export const coldTradeKinds = [
  'ship',
  'return',
  'receive',
  'split',
  'repack',
  'process',
  'sell',
  'count',
  'lose',
  'destroy',
] as const
export const coldTradeKindNames = {
  ship: '发货',
  return: '退货',
  receive: '收货',
  split: '分装',
  repack: '换包装',
  process: '加工',
  sell: '销售',
  count: '盘点',
  lose: '报损',
  destroy: '销毁',
} as const
export const coldViolationKinds = ['unknown-code', 'not-released', 'not-here', 'no-entry'] as const
export const coldViolationKindNames = {
  'unknown-code': '来源不明',
  'not-released': '未放行',
  'not-here': '持有人不符',
  'no-entry': '未入监管仓',
} as const
export const coldViolationStates = ['open', 'taken', 'closed'] as const
export const coldViolationStateNames = { open: '待处置', taken: '处置中', closed: '已处置' } as const
/** What is done about a violation. */
export const coldViolationStepKinds = ['take', 'note', 'close'] as const
export const coldViolationStepNames = { take: '接手处置', note: '跟进', close: '办结' } as const
/** Where the release stands that a certificate was issued under. */
export const coldPaperStates = ['valid', 'withdrawn', 'replaced'] as const
export const coldPaperStateNames = { valid: '有效', withdrawn: '已撤销', replaced: '已换发' } as const
export const coldCertificateStates = [...coldPaperStates, 'unknown', 'forged'] as const
/** What should have happened and did not. */
export const coldGapKinds = ['not-received', 'not-sent-on', 'no-entry', 'expired', 'uncounted'] as const
export const coldGapKindNames = {
  'not-received': '已发未收',
  'not-sent-on': '收后长期未动',
  'no-entry': '在售无入仓记录',
  expired: '超过保质期',
  uncounted: '久未盘点',
} as const
/** A recall in earnest freezes what it finds; a mock one only counts. */
export const coldRecallKinds = ['real', 'mock'] as const
export const coldRecallKindNames = { real: '召回', mock: '模拟召回' } as const
export const coldRecallStates = ['draft', 'open', 'closed'] as const
export const coldRecallStateNames = { draft: '待启动', open: '进行中', closed: '已完成' } as const
/** Where a gram of recalled goods is. */
export const coldFates = [
  'on-hand',
  'in-transit',
  'left',
  'consumed',
  'destroyed',
  'sampled',
  'lost',
  'unaccounted',
] as const
export const coldFateNames = {
  'on-hand': '在库',
  'in-transit': '在途',
  left: '已出市',
  consumed: '已售出',
  destroyed: '已销毁',
  sampled: '已抽样',
  lost: '申报损耗',
  unaccounted: '去向不明',
} as const
/** What waits for a business, the most pressing first. */
export const coldTaskKinds = ['recall', 'dispute', 'receive', 'arrival', 'count', 'papers', 'violation', 'gap'] as const
export const coldTaskKindNames = {
  recall: '召回待确认',
  dispute: '数量不符',
  receive: '待收货',
  arrival: '待入仓',
  count: '待报数',
  papers: '单证待补',
  violation: '违规待处置',
  gap: '流向缺口',
} as const
