import type { ColumnSpec } from '../../kernel/tabular/index.ts'

/** Columns of a file of sales: those of our own export, of the simulator, and what chains call them. */
export const purchaseImportColumns: readonly ColumnSpec[] = [
  { key: 'id', heads: ['登记编号', '小票号', 'id'] },
  { key: 'storeCode', heads: ['药店编码', '药店编号', '门店编码', '门店编号', '店码', '一店一码', 'storeCode'] },
  { key: 'storeName', heads: ['药店名称', '门店名称', '药店', '门店', 'storeName'] },
  {
    key: 'soldAt',
    heads: ['售出时间', '销售时间', '购药时间', '购买时间', '售出日期', '销售日期', '购药日期', '日期', 'soldAt'],
    required: true,
  },
  { key: 'name', heads: ['姓名', '购药人', '购药人姓名', '购买人', '购买人姓名', '顾客姓名', 'name'], required: true },
  { key: 'documentType', heads: ['证件类型', '证件种类', 'documentType'] },
  {
    key: 'documentNumber',
    heads: ['证件号码', '证件号', '身份证号', '身份证号码', '身份证', '购药人证件号码', 'documentNumber'],
    required: true,
  },
  { key: 'mobile', heads: ['手机号', '手机号码', '手机', '联系电话', '联系方式', '电话', 'mobile'], required: true },
  { key: 'residenceArea', heads: ['居住地区划', '居住地', '居住区县', '现居住地', 'residenceArea'] },
  { key: 'address', heads: ['居住地址', '地址', '详细地址', '住址', '家庭住址', '现住址', 'address'] },
  { key: 'emergencyName', heads: ['紧急联系人', '紧急联系人姓名', 'emergencyName'] },
  { key: 'emergencyMobile', heads: ['紧急联系电话', '紧急联系人电话', 'emergencyMobile'] },
  { key: 'drug', heads: ['药品名称', '药品通用名', '通用名', '通用名称', '品名', '商品名称', '药品', 'drug'] },
  { key: 'form', heads: ['剂型', 'form'] },
  { key: 'strength', heads: ['规格', '药品规格', 'strength'] },
  { key: 'ean13', heads: ['商品条码', '条码', '条形码', '药品条码', 'ean13'] },
  { key: 'approvalNo', heads: ['批准文号', '国药准字', 'approvalNo'] },
  { key: 'trace', heads: ['追溯码', '药品追溯码', 'trace'] },
  { key: 'quantity', heads: ['数量', '购买数量', '销售数量', 'quantity'], required: true },
  { key: 'symptoms', heads: ['症状', '主要症状', 'symptoms'] },
  { key: 'temperature', heads: ['体温', '体温(℃)', 'temperature'] },
  { key: 'proxy', heads: ['是否代购', '代购', 'proxy'] },
  { key: 'forName', heads: ['代购对象', '代购对象姓名', '用药人', '用药人姓名', 'boughtFor'] },
  { key: 'forRelation', heads: ['与对象关系', '与购药人关系', '代购关系', '与用药人关系', 'relation'] },
  { key: 'forDocumentType', heads: ['代购对象证件类型', '用药人证件类型'] },
  { key: 'forDocument', heads: ['代购对象证件号码', '用药人证件号码'] },
  { key: 'history', heads: ['旅居接触史', '旅居史', '接触史', 'history'] },
  { key: 'status', heads: ['状态', 'status'] },
]

/** Columns that tell of a person: shown masked when a file is looked at. */
export const personalColumns = [
  'name',
  'documentNumber',
  'mobile',
  'address',
  'emergencyName',
  'emergencyMobile',
  'forName',
  'forDocument',
  'history',
]

const columnOfPointer: Readonly<Record<string, string>> = {
  '/id': 'id',
  '/storeCode': 'storeCode',
  '/soldAt': 'soldAt',
  '/documentNumber': 'documentNumber',
  '/person/name': 'name',
  '/person/mobile': 'mobile',
  '/person/residenceAreaCode': 'residenceArea',
  '/person/residenceAddress': 'address',
  '/person/emergencyName': 'emergencyName',
  '/person/emergencyMobile': 'emergencyMobile',
  '/boughtFor/name': 'forName',
  '/boughtFor/documentNumber': 'forDocument',
}

/** The column to which an error of the rules belongs. */
export const columnOf = (pointer: string): string => columnOfPointer[pointer] ?? 'drug'
