const kinds: Readonly<Record<string, string>> = {
  account: '账号',
  'account-batch': '激活码批次',
  'api-key': '接口密钥',
  area: '区划',
  audit: '审计日志',
  base: '基础数据',
  duty: '登记范围',
  export: '导出',
  party: '市场主体',
  person: '购药人',
  'pharmacy.clinic': '发热门诊名单',
  'pharmacy.drug': '药品目录',
  'pharmacy.store': '药店名单',
  purchase: '登记',
  role: '角色',
  store: '药店',
  vault: '数据密钥',
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-/

/**
 * What an entry of the log is about, for people: the kind in Chinese and its number; a UUID is cut to its last 12 digits,
 * which tell two of them apart. What is unknown stands as the log has it.
 */
export function objectName(object: string): string {
  if (!object) return '—'
  const [, kind = object, own = ''] = /^([a-z.-]+)(?:[/:](.*))?$/.exec(object) ?? []
  if (kind === 'purchases') return `${own} 笔登记`
  const name = kinds[kind]
  if (!name) return object
  if (own === '' || own === '-') return name
  return `${name} ${uuid.test(own) ? own.slice(-12) : own}`
}
