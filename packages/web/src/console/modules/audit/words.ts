import { t } from '../../../text.ts'

const kinds: Readonly<Record<string, string>> = {
  account: t('账号'),
  'account-batch': t('激活码批次'),
  'api-key': t('接口密钥'),
  area: t('区划'),
  audit: t('审计日志'),
  base: t('基础数据'),
  duty: t('登记范围'),
  export: t('导出'),
  party: t('市场主体'),
  person: t('购药人'),
  'pharmacy.clinic': t('发热门诊名单'),
  'pharmacy.drug': t('药品目录'),
  'pharmacy.store': t('药店名单'),
  purchase: t('登记'),
  role: t('角色'),
  store: t('药店'),
  vault: t('数据密钥'),
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-/

/**
 * What an entry of the log is about, for people: the kind in Chinese and its number; a UUID is cut to its last 12 digits,
 * which tell two of them apart. What is unknown stands as the log has it.
 */
export function objectName(object: string): string {
  if (!object) return '—'
  const [, kind = object, own = ''] = /^([a-z.-]+)(?:[/:](.*))?$/.exec(object) ?? []
  if (kind === 'purchases') return t('{own} 笔登记', { own })
  const name = kinds[kind]
  if (!name) return object
  if (own === '' || own === '-') return name
  return `${name} ${uuid.test(own) ? own.slice(-12) : own}`
}
