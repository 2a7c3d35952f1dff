import type { Permission } from '@vigil/contract'
import { importPermissions } from '@vigil/contract/terms'
import { t } from '../text.ts'
import type { IconName } from './ui/icons.tsx'

export interface MenuItem {
  readonly to: string
  readonly name: string
  readonly icon: IconName
  /** Shown to whoever holds this permission, or one of these; to everybody when null. */
  readonly permission: Permission | readonly Permission[] | null
}

export const menu: readonly { readonly name: string; readonly items: readonly MenuItem[] }[] = [
  {
    name: t('监测'),
    items: [
      { to: '/', name: t('态势总览'), icon: 'overview', permission: 'overview.read' },
      { to: '/alerts', name: t('预警'), icon: 'alert', permission: 'alert.read' },
      { to: '/response', name: t('响应时效'), icon: 'clock', permission: 'alert.read' },
      { to: '/channels', name: t('预警推送'), icon: 'bell', permission: 'channel.manage' },
      { to: '/purchases', name: t('购药登记'), icon: 'purchase', permission: 'purchase.read' },
      { to: '/followups', name: t('随访'), icon: 'followup', permission: 'followup.read' },
      { to: '/scans', name: t('时空扫描'), icon: 'scan', permission: 'alert.read' },
      { to: '/rules', name: t('监测规则'), icon: 'rule', permission: 'alert.read' },
      { to: '/exports', name: t('数据导出'), icon: 'export', permission: null },
      { to: '/export-templates', name: t('导出模板'), icon: 'template', permission: 'template.manage' },
      { to: '/sharing', name: t('数据共享'), icon: 'sharing', permission: 'sharing.read' },
    ],
  },
  {
    name: t('药店'),
    items: [
      { to: '/stores', name: t('药店与一店一码'), icon: 'store', permission: 'store.read' },
      { to: '/opening', name: t('营业情况'), icon: 'opening', permission: 'opening.read' },
      { to: '/staff', name: t('人员检测'), icon: 'staff', permission: 'staff.read' },
      { to: '/compliance', name: t('药店规范'), icon: 'conduct', permission: 'compliance.read' },
      { to: '/drugs', name: t('药品目录'), icon: 'drug', permission: 'drug.read' },
      { to: '/duties', name: t('登记范围'), icon: 'duty', permission: null },
      { to: '/clinics', name: t('发热门诊'), icon: 'clinic', permission: 'store.read' },
      { to: '/stop-sales', name: t('停售目录'), icon: 'stop', permission: 'stopsale.read' },
      { to: '/stop-sale-tasks', name: t('停售检查'), icon: 'check', permission: 'stopsale.read' },
      { to: '/reimbursements', name: t('医保比对'), icon: 'match', permission: 'stopsale.read' },
    ],
  },
  {
    name: t('冷链'),
    items: [
      { to: '/coldchain', name: t('进口冷链'), icon: 'cold', permission: 'coldchain.read' },
      { to: '/coldchain/trace', name: t('冷链追溯'), icon: 'match', permission: 'coldchain.read' },
      { to: '/coldchain/recalls', name: t('冷链召回'), icon: 'refresh', permission: 'coldchain.read' },
      { to: '/coldchain/mocks', name: t('召回演练'), icon: 'clock', permission: 'coldchain.inspect' },
    ],
  },
  {
    name: t('数据'),
    items: [{ to: '/imports', name: t('数据导入'), icon: 'upload', permission: Object.values(importPermissions) }],
  },
  {
    name: t('基础数据'),
    items: [
      { to: '/areas', name: t('区划'), icon: 'area', permission: 'area.read' },
      { to: '/parties', name: t('市场主体'), icon: 'party', permission: 'party.read' },
    ],
  },
  {
    name: t('管理'),
    items: [
      { to: '/accounts', name: t('账号'), icon: 'account', permission: 'account.read' },
      { to: '/roles', name: t('角色'), icon: 'role', permission: 'account.read' },
      { to: '/api-keys', name: t('接口密钥'), icon: 'key', permission: 'api-key.manage' },
      { to: '/audit', name: t('审计日志'), icon: 'audit', permission: 'audit.read' },
      { to: '/vault', name: t('数据密钥'), icon: 'vault', permission: 'vault.manage' },
    ],
  },
]
