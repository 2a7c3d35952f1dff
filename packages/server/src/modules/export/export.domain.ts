import { maskDocument, maskMobile, maskName } from '@vigil/codes'
import { documentTypeNames, drugClassNames, receiptNo, relationNames, statusNames, symptomNames } from '@vigil/contract'
import type { CellValue, Column } from '../../kernel/tabular/index.ts'

/** What a row of the file is made of. Codes are those of the contract; `personal` is undefined after shredding. */
export interface ExportRow {
  readonly id: string
  readonly storeCode: string
  readonly storeName: string
  readonly area: string
  readonly soldAt: Date
  readonly receivedAt: Date
  readonly documentType: string
  readonly status: string
  readonly drugs: readonly { readonly name: string; readonly class: string; readonly quantity: number }[]
  readonly symptoms: readonly string[]
  readonly temperatureTenths: number | null
  readonly fever: boolean
  readonly referred: boolean
  readonly proxy: boolean
  readonly personal: ExportPerson | undefined
}

export interface ExportPerson {
  readonly name: string
  readonly documentNumber: string
  readonly mobile: string
  readonly residenceArea: string
  readonly residenceAddress: string
  readonly emergencyName?: string | undefined
  readonly emergencyMobile?: string | undefined
  readonly boughtFor?: { readonly name: string; readonly relation: string } | undefined
  readonly history?: string | undefined
}

/** Columns of the file of purchases, in order. */
export const purchaseColumns: readonly Column[] = [
  { head: '登记编号', type: 'text', width: 38 },
  { head: '流水号', type: 'text', width: 10 },
  { head: '药店编码', type: 'text', width: 16 },
  { head: '药店名称', type: 'text', width: 24 },
  { head: '所在区划', type: 'text', width: 28 },
  { head: '售出时间', type: 'datetime' },
  { head: '姓名', type: 'text', width: 12 },
  { head: '证件类型', type: 'text', width: 14 },
  { head: '证件号码', type: 'text', width: 22 },
  { head: '手机号', type: 'text', width: 16 },
  { head: '居住地区划', type: 'text', width: 28 },
  { head: '居住地址', type: 'text', width: 32 },
  { head: '紧急联系人', type: 'text', width: 12 },
  { head: '紧急联系电话', type: 'text', width: 16 },
  { head: '药品类别', type: 'text', width: 16 },
  { head: '药品名称', type: 'text', width: 36 },
  { head: '数量', type: 'integer', width: 8 },
  { head: '症状', type: 'text', width: 20 },
  { head: '体温(℃)', type: 'decimal', width: 10 },
  { head: '是否发热', type: 'text', width: 10 },
  { head: '是否引导就诊', type: 'text', width: 14 },
  { head: '是否代购', type: 'text', width: 10 },
  { head: '代购对象', type: 'text', width: 12 },
  { head: '与对象关系', type: 'text', width: 12 },
  { head: '旅居接触史', type: 'text', width: 30 },
  { head: '状态', type: 'text', width: 10 },
  { head: '上报时间', type: 'datetime' },
]

const named = (names: Readonly<Record<string, string>>, code: string): string => names[code] ?? code
const join = (values: Iterable<string>): string => [...new Set(values)].join('、')
const hidden = '****'

type PersonCells = readonly string[]

/** Name, document, mobile, residence, address, emergency contact and telephone, bought for, history. */
function personCells(row: ExportRow, clear: boolean): PersonCells {
  const person = row.personal
  if (!person) return ['已销毁', '', '', '', '', '', '', '', '']
  const { name, documentNumber, mobile, residenceArea, residenceAddress, history = '' } = person
  const { emergencyName = '', emergencyMobile = '' } = person
  const boughtFor = person.boughtFor?.name ?? ''
  if (clear)
    return [
      name,
      documentNumber,
      mobile,
      residenceArea,
      residenceAddress,
      emergencyName,
      emergencyMobile,
      boughtFor,
      history,
    ]
  return [
    maskName(name),
    maskDocument(row.documentType as Parameters<typeof maskDocument>[0], documentNumber),
    maskMobile(mobile),
    residenceArea,
    residenceAddress && hidden,
    maskName(emergencyName),
    emergencyMobile && maskMobile(emergencyMobile),
    maskName(boughtFor),
    history && hidden,
  ]
}

/** Cells of one purchase; the drugs of one purchase stand in one cell, with quantities when there are several. */
export function purchaseCells(row: ExportRow, clear: boolean): CellValue[] {
  const [name, document, mobile, residence, address, emergency, emergencyMobile, boughtFor, history] = personCells(
    row,
    clear,
  )
  const several = row.drugs.length > 1
  return [
    row.id,
    receiptNo(row.id),
    row.storeCode,
    row.storeName,
    row.area,
    row.soldAt,
    name,
    named(documentTypeNames, row.documentType),
    document,
    mobile,
    residence,
    address,
    emergency,
    emergencyMobile,
    join(row.drugs.map((drug) => named(drugClassNames, drug.class))),
    row.drugs.map((drug) => (several ? `${drug.name}×${drug.quantity}` : drug.name)).join('、'),
    row.drugs.reduce((sum, drug) => sum + drug.quantity, 0),
    join(row.symptoms.map((symptom) => named(symptomNames, symptom))),
    row.temperatureTenths === null ? null : (row.temperatureTenths / 10).toFixed(1),
    row.fever,
    row.referred,
    row.proxy,
    boughtFor,
    row.personal?.boughtFor ? named(relationNames, row.personal.boughtFor.relation) : '',
    history,
    named(statusNames, row.status),
    row.receivedAt,
  ]
}

/** Running number of a file: `VGL-20220301-000001`. @param day 'YYYY-MM-DD' */
export const exportNumber = (day: string, last: number): string =>
  `VGL-${day.replaceAll('-', '')}-${String(last).padStart(6, '0')}`
