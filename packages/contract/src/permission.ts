/** Every permission with its Chinese name. A role is a set of these; a grant ties a role to an area subtree or a store. */
export const permissions = {
  'area.read': '查看区划',
  'area.manage': '维护区划',
  'account.read': '查看账号',
  'account.manage': '管理账号与设备',
  'api-key.manage': '管理接口密钥',
  'role.manage': '管理角色',
  'party.read': '查看市场主体',
  'party.manage': '维护市场主体',
  'store.read': '查看药店',
  'store.manage': '维护药店与一店一码',
  'drug.read': '查询药品目录',
  'drug.manage': '维护药品目录',
  'duty.manage': '设定登记范围',
  'purchase.register': '购药登记',
  'purchase.read': '查看购药登记（脱敏）',
  'purchase.read-own': '查看本店登记（脱敏）',
  'purchase.correct': '更正购药登记',
  'purchase.reveal': '查看个人信息明文',
  'purchase.export': '导出购药登记（脱敏）',
  'purchase.export-clear': '导出个人信息明文',
  'template.manage': '维护导出模板',
  'overview.read': '查看态势总览',
  'clinic.manage': '维护发热门诊',
  'audit.read': '查看审计日志',
  'vault.manage': '管理数据密钥',
  'sharing.read': '查看数据共享',
  'sharing.manage': '设定接收方',
  'sharing.send': '推送与重发',
} as const

export type Permission = keyof typeof permissions
export const permissionNames = Object.keys(permissions) as Permission[]
