import { maskDocument, maskMobile, maskName } from '@vigil/codes'
import { receiptNo } from '@vigil/contract/receipt'
import { documentTypeNames, drugClassNames, relationNames, statusNames, symptomNames } from '@vigil/contract/terms'
import type { Field } from '../../kernel/export/index.ts'
import type { Drug } from './drug.domain.ts'
import type { PurchaseRow } from './purchase.block.ts'
import type { Line, Personal } from './purchase.domain.ts'
import type { PurchaseRecord } from './purchase.record.ts'
import type { Store } from './reference.table.ts'
import type { Reference } from './reference.ts'

type PurchaseField = Field<PurchaseRow>

const named = (names: Readonly<Record<string, string>>, code: string): string => names[code] ?? code
const joined = (values: readonly string[]): string =>
  values.length === 1 ? values[0]! : [...new Set(values)].join('、')
const hidden = '****'
const gone = '已销毁'

/** A function whose answers are kept while a file is made: the same store and area come again in every row. */
function remembered<T>(find: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>()
  return (key) => {
    let value = known.get(key)
    if (value === undefined) {
      value = find(key)
      if (known.size > 100_000) known.clear()
      known.set(key, value)
    }
    return value
  }
}

const text = (
  key: string,
  name: string,
  width: number,
  value: (row: PurchaseRow) => string,
  values?: readonly string[],
): PurchaseField => ({ key, name, type: 'text', width, value, ...(values && { values }) })

const yesNo = (key: string, name: string, of: (record: PurchaseRecord) => boolean): PurchaseField =>
  text(key, name, 10, ({ record }) => (of(record) ? '是' : '否'), ['是', '否'])

/** A field of the buyer: masked unless clear, empty after shredding. */
const personal = (
  key: string,
  name: string,
  width: number,
  clearText: (person: Personal) => string | undefined,
  mask: (text: string, record: PurchaseRecord) => string,
): PurchaseField => ({
  key,
  name,
  type: 'text',
  width,
  personal: true,
  value: ({ record }, clear) => {
    const value = record.personal && clearText(record.personal)
    if (!value) return ''
    return clear ? value : mask(value, record)
  },
})

/** What rows show besides the purchase itself; every `Reference` is one. */
export interface Names extends Pick<Reference, 'areaName' | 'areaFullName'> {
  store(code: string): Pick<Store, 'name' | 'county' | 'address' | 'phone'> | undefined
  drug(id: string): Pick<Drug, 'name' | 'generic' | 'form' | 'strength' | 'maker' | 'approvalNo'> | undefined
}

/** The fields of a purchase, in the order of the file without a template. */
export function purchaseFieldsOf(reference: Names): readonly PurchaseField[] {
  const storeName = remembered((code) => reference.store(code)?.name ?? '')
  const fullName = remembered((code) => reference.areaFullName(code))
  const county = remembered((code) => reference.areaName(reference.store(code)?.county ?? ''))
  const drug = (id: string) => reference.drug(id)
  const drugFact = (key: string, name: string, width: number, of: (line: Line) => string, values?: readonly string[]) =>
    text(key, name, width, ({ lines }) => joined(lines.map(of)), values)
  return [
    text('id', '登记编号', 38, ({ record }) => record.id),
    text('receiptNo', '流水号', 10, ({ record }) => receiptNo(record.id)),
    text('storeCode', '药店编码', 16, ({ record }) => record.storeCode),
    text('storeName', '药店名称', 24, ({ record }) => storeName(record.storeCode)),
    text('area', '所在区划', 28, ({ record }) => fullName(record.areaCode)),
    { key: 'soldAt', name: '售出时间', type: 'datetime', value: ({ record }) => record.soldAt },
    {
      key: 'name',
      name: '姓名',
      type: 'text',
      width: 12,
      personal: true,
      value: ({ record: { personal: person } }, clear) =>
        person ? (clear ? person.name : maskName(person.name)) : gone,
    },
    text(
      'documentType',
      '证件类型',
      14,
      ({ record }) => named(documentTypeNames, record.documentType),
      Object.values(documentTypeNames),
    ),
    personal(
      'documentNumber',
      '证件号码',
      22,
      (person) => person.documentNumber,
      (number, record) => maskDocument(record.documentType as Parameters<typeof maskDocument>[0], number),
    ),
    personal('mobile', '手机号', 16, (person) => person.mobile, maskMobile),
    text('residence', '居住地区划', 28, ({ record }) =>
      record.personal ? fullName(record.personal.residenceAreaCode) : '',
    ),
    personal(
      'residenceAddress',
      '居住地址',
      32,
      (person) => person.residenceAddress,
      () => hidden,
    ),
    personal('emergencyName', '紧急联系人', 12, (person) => person.emergencyName, maskName),
    personal('emergencyMobile', '紧急联系电话', 16, (person) => person.emergencyMobile, maskMobile),
    drugFact('drugClass', '药品类别', 16, (line) => named(drugClassNames, line.class), Object.values(drugClassNames)),
    text('drugName', '药品名称', 36, ({ lines }) => {
      const several = lines.length > 1
      return lines.map((line) => `${drug(line.drugId)?.name ?? ''}${several ? `×${line.quantity}` : ''}`).join('、')
    }),
    {
      key: 'quantity',
      name: '数量',
      type: 'integer',
      width: 8,
      value: ({ lines }) => lines.reduce((sum, line) => sum + line.quantity, 0),
    },
    text(
      'symptoms',
      '症状',
      20,
      ({ record }) => joined(record.symptoms.map((symptom) => named(symptomNames, symptom))),
      Object.values(symptomNames),
    ),
    {
      key: 'temperature',
      name: '体温(℃)',
      type: 'decimal',
      width: 10,
      value: ({ record }) => (record.temperatureTenths === null ? null : (record.temperatureTenths / 10).toFixed(1)),
    },
    yesNo('fever', '是否发热', (record) => record.fever),
    yesNo('referred', '是否引导就诊', (record) => record.referred),
    yesNo('proxy', '是否代购', (record) => record.proxy),
    personal('boughtFor', '代购对象', 12, (person) => person.boughtFor?.name, maskName),
    text(
      'relation',
      '与对象关系',
      12,
      ({ record }) => {
        const other = record.personal?.boughtFor
        return other ? named(relationNames, other.relation) : ''
      },
      Object.values(relationNames),
    ),
    personal(
      'history',
      '旅居接触史',
      30,
      (person) => person.history,
      () => hidden,
    ),
    text('status', '状态', 10, ({ record }) => named(statusNames, record.status), Object.values(statusNames)),
    { key: 'receivedAt', name: '上报时间', type: 'datetime', value: ({ record }) => record.receivedAt },
    // Fields for templates only follow.
    text('county', '县（市、区）', 16, ({ record }) => county(record.storeCode)),
    text('areaCode', '区划代码', 14, ({ record }) => record.areaCode),
    text('storeAddress', '药店地址', 30, ({ record }) => reference.store(record.storeCode)?.address ?? ''),
    text('storePhone', '药店电话', 16, ({ record }) => reference.store(record.storeCode)?.phone ?? ''),
    text('residenceAreaCode', '居住地区划代码', 14, ({ record }) => record.personal?.residenceAreaCode ?? ''),
    text('drugGeneric', '药品通用名', 24, ({ lines }) => joined(lines.map((line) => drug(line.drugId)?.generic ?? ''))),
    drugFact('drugSpecification', '药品规格', 20, (line) => {
      const found = drug(line.drugId)
      return found ? [found.form, found.strength].filter(Boolean).join(' ') : ''
    }),
    drugFact('drugMaker', '生产企业', 24, (line) => drug(line.drugId)?.maker ?? ''),
    drugFact('approvalNo', '批准文号', 20, (line) => drug(line.drugId)?.approvalNo ?? ''),
    yesNo('offline', '是否离线登记', (record) => record.offline),
    { key: 'revision', name: '更正次数', type: 'integer', width: 10, value: ({ record }) => record.revision },
  ]
}

/** Names and types of the fields, which no reference data is needed for. */
export const purchaseFields: readonly Omit<PurchaseField, 'value'>[] = purchaseFieldsOf({} as Names)

/** Fields of a file without a template. */
export const plainPurchaseFields = 27
