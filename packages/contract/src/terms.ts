/** Closed lists of codes with their Chinese names; no schema library, so that the counter can import them. */
export * from './alert.terms.ts'
export * from './channel.terms.ts'
export * from './notice.terms.ts'

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

export const destinationKinds = ['province', 'digital-office', 'medical-insurance', 'other'] as const
export const destinationKindNames = {
  province: '省级直报',
  'digital-office': '数字办',
  'medical-insurance': '医保',
  other: '其他',
} as const
export const sharingFormats = ['csv', 'xlsx', 'jsonl'] as const
export const signatureAlgorithms = ['ed25519', 'sm2'] as const
export const deliveryKinds = ['scheduled', 'manual', 'test'] as const
export const deliveryStatuses = ['preparing', 'waiting', 'held', 'acknowledged', 'dead', 'closed'] as const
export const attemptOutcomes = ['running', 'acknowledged', 'failed', 'unknown'] as const

/** Lists that can be exported. */
export const exportLists = [
  'purchases',
  'stores',
  'drugs',
  'clinics',
  'parties',
  'areas',
  'accounts',
  'audit',
  'imports',
  'followups',
] as const
export const exportListNames = {
  purchases: '购药登记',
  stores: '药店',
  drugs: '药品目录',
  clinics: '发热门诊',
  parties: '市场主体',
  areas: '区划',
  accounts: '账号',
  audit: '审计日志',
  imports: '导入记录',
  followups: '随访名单',
} as const
/** One row of a file for each entry, or for each drug of an entry. */
export const exportGrains = ['record', 'item'] as const
/** What a column of a template is filled from. */
export const columnSources = ['field', 'constant', 'join', 'number', 'empty'] as const

/** What can be imported from a file, and who may do it. */
export const importKinds = ['purchase', 'store', 'drug', 'clinic', 'area', 'party', 'account'] as const
export const importKindNames = {
  purchase: '购药登记',
  store: '药店',
  drug: '药品目录',
  clinic: '发热门诊',
  area: '区划',
  party: '市场主体',
  account: '人员账号',
} as const
export const importPermissions = {
  purchase: 'purchase.register',
  store: 'store.manage',
  drug: 'drug.manage',
  clinic: 'clinic.manage',
  area: 'area.manage',
  party: 'party.manage',
  account: 'account.manage',
} as const
export const importStates = ['uploaded', 'checking', 'checked', 'running', 'done', 'failed', 'cancelled'] as const

/** What the audit log calls each command. `rules/contract.test.ts` checks that every one has a name. */
export const auditActionNames: Readonly<Record<string, string>> = {
  'session.create': '登录',
  'session.delete': '退出',
  'session.accept-invitation': '启用账号',
  'session.change-password': '修改密码',
  'totp.begin': '开始绑定动态口令',
  'totp.confirm': '绑定动态口令',
  'device.activate': '激活登记设备',
  'device.unlock': '解锁登记设备',
  'device.revoke': '吊销设备',
  'account.invite': '邀请人员',
  'account.import': '批量邀请人员',
  'account.disable': '停用账号',
  'account.enable': '启用停用账号',
  'account.reset': '重置账号',
  'role.save': '修改角色',
  'api-key.create': '新建接口密钥',
  'api-key.revoke': '吊销接口密钥',
  'area.import': '导入区划',
  'party.import': '导入市场主体',
  'store.import': '导入药店',
  'store.set-status': '变更药店状态',
  'store.issue-accounts': '生成药店账号',
  'store.account-sheet': '下载激活码',
  'drug.import': '导入药品',
  'duty.save': '设定登记范围',
  'clinic.import': '导入发热门诊',
  'purchase.register': '购药登记',
  'purchase.refuse': '拒绝售药',
  'purchase.correct': '更正登记',
  'purchase.undo': '撤销登记',
  'purchase.reveal': '查看明文',
  'buyer.lookup': '查询回头客',
  'export.create': '申请导出',
  'export.finish': '完成导出',
  'export.download': '下载导出',
  'template.create': '上传导出模板',
  'template.replace': '更换模板文件',
  'template.save': '设定模板各列',
  'template.archive': '停用导出模板',
  'import.create': '上传导入文件',
  'import.map': '指定导入列',
  'import.check': '试导入',
  'import.run': '开始导入',
  'import.cancel': '停止导入',
  'import.finish': '完成导入',
  'import.errors': '下载导入错误行',
  'import.handout': '下载邀请码',
  'purchase.import': '批量导入登记',
  'audit.verify': '核验日志',
  'vault.rotate': '更换主密钥',
  'vault.shred': '销毁数据密钥',
  'sharing.create': '新增接收方',
  'sharing.change': '修改接收方',
  'sharing.set-state': '启停接收方',
  'sharing.prepare-key': '生成签名密钥',
  'sharing.activate-key': '更换签名密钥',
  'sharing.schedule': '到点推送',
  'sharing.push': '手工推送',
  'sharing.test': '试推送',
  'sharing.resend': '重发',
  'sharing.acknowledge': '推送签收',
  'sharing.give-up': '推送失败',
  'sharing.hold': '暂缓明文推送',
  'sharing.close': '不再推送',
  'sharing.receipt': '下载回执',
  'followup.open': '列入随访',
  'followup.join': '随访新增原因',
  'followup.reopen': '重新随访',
  'followup.withdraw': '撤回随访',
  'followup.lookup': '查询随访对象',
  'followup.reveal': '查看随访对象明文',
  'followup.take': '承办随访',
  'followup.note': '登记随访情况',
  'followup.close': '办结随访',
  'followup.hand-over': '转交随访对象',
  'followup.sheet': '下载转交单',
  'followup.receipt': '登记转交回执',
  'followup.rules': '设定随访规则',
  'alert.open': '发出预警',
  'alert.upgrade': '预警升级',
  'alert.reopen': '重新发出预警',
  'alert.merge': '合并预警',
  'alert.fade': '预警消退',
  'alert.escalate': '预警上报上一级',
  'alert.take': '受理预警',
  'alert.assign': '指派预警',
  'alert.ask': '询问药店',
  'alert.answer': '药店答复预警询问',
  'alert.refer': '预警转疾控核查',
  'alert.receipt': '登记转交疾控回执',
  'alert.note': '记录预警处置',
  'alert.find': '给出预警结论',
  'alert.close': '办结预警',
  'alert.set-policy': '设定预警响应时限',
  'channel.create': '新增推送对象',
  'channel.change': '修改推送对象',
  'channel.remove': '移除推送对象',
  'channel.test': '测试推送',
  'channel.resend': '重新推送预警',
  'channel.give-up': '预警推送失败',
  'notice.send': '发送通知',
  'notice.withdraw': '撤回通知',
  'notice.read': '阅读通知',
  'notice.sign': '签收通知',
  'notice.answer': '答复通知',
  'request.refused': '越权被拒',
  'system.seed': '安装基础数据',
  'demo.create': '建立示范城市',
  'simulate.install': '建立模拟城市',
}
