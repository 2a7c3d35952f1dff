import { documentTypes } from '@vigil/codes'
import { findDrug } from './drugs.ts'
import type { DrugClass, Relation, SimulatedPurchase, Store, Symptom } from './types.ts'

const classNames: Readonly<Record<DrugClass, string>> = {
  antipyretic: '退热',
  cough: '止咳',
  antibiotic: '抗生素',
  antiviral: '抗病毒',
}
const symptomNames: Readonly<Record<Symptom, string>> = {
  fever: '发热',
  cough: '咳嗽',
  'sore-throat': '咽痛',
  fatigue: '乏力',
  'chest-tightness': '胸闷',
  diarrhoea: '腹泻',
  other: '其他',
}
const relationNames: Readonly<Record<Relation, string>> = {
  family: '家人',
  colleague: '同事',
  neighbour: '邻居',
  other: '其他',
}
const documentNames = new Map<string, string>(documentTypes.map(({ type, name }) => [type, name]))

/** Header of the purchase file: one row for each drug of a purchase, the purchase's own fields repeated. */
export const purchaseHeader = [
  '登记编号',
  '门店编码',
  '销售时间',
  '上报时间',
  '证件类型',
  '证件号码',
  '姓名',
  '手机号码',
  '居住地区划',
  '居住地址',
  '紧急联系人',
  '紧急联系电话',
  '药品类别',
  '药品通用名',
  '剂型',
  '规格',
  '数量',
  '症状',
  '体温(℃)',
  '代购对象',
  '代购对象证件类型',
  '代购对象证件号码',
  '与购药人关系',
  '旅居史',
] as const

/** Rows of a purchase under `purchaseHeader`; the truth label is left out. */
export function toCsvRows(purchase: SimulatedPurchase): string[][] {
  const { boughtFor, temperatureTenths } = purchase
  const before = [
    purchase.id,
    purchase.storeCode,
    purchase.soldAt,
    purchase.reportedAt,
    documentNames.get(purchase.documentType) ?? '',
    purchase.documentNumber,
    purchase.name,
    purchase.mobile,
    purchase.residenceAreaCode,
    purchase.residenceAddress,
    purchase.emergencyContact.name,
    purchase.emergencyContact.mobile,
  ]
  const after = [
    purchase.symptoms.map((symptom) => symptomNames[symptom]).join('、'),
    temperatureTenths === null ? '' : (temperatureTenths / 10).toFixed(1),
    boughtFor?.name ?? '',
    boughtFor === null ? '' : (documentNames.get(boughtFor.documentType) ?? ''),
    boughtFor?.documentNumber ?? '',
    boughtFor === null ? '' : relationNames[boughtFor.relation],
    purchase.travelHistory ?? '',
  ]
  return purchase.items.map((item) => {
    const drug = findDrug(item.drugKey)
    return [
      ...before,
      classNames[item.drugClass],
      drug?.genericName ?? item.drugKey,
      drug?.form ?? '',
      drug?.strength ?? '',
      String(item.quantity),
      ...after,
    ]
  })
}

/** Header of the store file. */
export const storeHeader = [
  '门店编码',
  '门店名称',
  '统一社会信用代码',
  '药品经营许可证号',
  '区县编码',
  '监管所编码',
  '地址',
  '经度',
  '纬度',
  '营业开始',
  '营业结束',
] as const

/** Row of a store under `storeHeader`. */
export function toStoreRow(store: Store): string[] {
  return [
    store.code,
    store.name,
    store.creditCode,
    store.licenceNo,
    store.areaCode,
    store.officeCode,
    store.address,
    String(store.lon),
    String(store.lat),
    clock(store.opensAt),
    clock(store.closesAt),
  ]
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

/** Rows as CSV text (RFC 4180, CRLF): cells with a comma, quote or line break are quoted. Add a BOM for spreadsheets. */
export function toCsv(rows: Iterable<readonly string[]>): string {
  let text = ''
  for (const row of rows) text += `${row.map(cell).join(',')}\r\n`
  return text
}

function cell(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}
