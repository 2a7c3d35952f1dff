import { drugClassNames } from '@vigil/contract'
import { containing, type Field, type List, queryList } from '../../kernel/export/index.ts'
import type { Reference } from './reference.ts'

const stateNames: Readonly<Record<string, string>> = { active: '正常', suspended: '暂停', closed: '关闭' }

interface StoreRow {
  code: string
  name: string
  address: string
  area_code: string
  county: string
  licence_no: string | null
  phone: string | null
  chain: string | null
  lon: number | null
  lat: number | null
  status: string
}

/** The stores of an area. */
export const storeList = (reference: Reference): List<StoreRow> =>
  queryList<StoreRow>({
    key: 'stores',
    name: '药店',
    permission: 'store.read',
    pathOf: (code) => reference.area(code)?.path,
    fields: [
      { key: 'code', name: '药店编码', type: 'text', width: 16, value: (row) => row.code },
      { key: 'name', name: '药店名称', type: 'text', width: 28, value: (row) => row.name },
      { key: 'address', name: '地址', type: 'text', width: 36, value: (row) => row.address },
      { key: 'area', name: '所在区划', type: 'text', width: 28, value: (row) => reference.areaFullName(row.area_code) },
      { key: 'areaCode', name: '区划代码', type: 'text', width: 14, value: (row) => row.area_code },
      { key: 'county', name: '县（市、区）', type: 'text', width: 16, value: (row) => reference.areaName(row.county) },
      { key: 'licenceNo', name: '许可证号', type: 'text', width: 20, value: (row) => row.licence_no },
      { key: 'phone', name: '电话', type: 'text', width: 16, value: (row) => row.phone },
      { key: 'chain', name: '所属连锁', type: 'text', width: 24, value: (row) => row.chain },
      { key: 'lon', name: '经度', type: 'decimal', value: (row) => row.lon },
      { key: 'lat', name: '纬度', type: 'decimal', value: (row) => row.lat },
      {
        key: 'status',
        name: '状态',
        type: 'text',
        width: 10,
        values: Object.values(stateNames),
        value: (row) => stateNames[row.status] ?? row.status,
      },
    ],
    query: ({ q, status, account }) => ({
      text: `SELECT code, name, address, area_code, county, licence_no, phone, chain, lon, lat, status FROM pharmacy.store
        WHERE ($1::text IS NULL OR name ILIKE $1 OR address ILIKE $1 OR code ILIKE $1 OR licence_no ILIKE $1 OR chain ILIKE $1)
          AND ($2::text IS NULL OR status = $2)
          AND ($3::text IS NULL OR coalesce((SELECT a.status FROM access.account a WHERE a.store_code = store.code), 'none') = $3)
        ORDER BY code`,
      values: [q?.trim() ? containing(q.trim()) : null, status ?? null, account ?? null],
    }),
  })

interface DrugRow {
  id: string
  class: string
  generic: string
  brand: string
  form: string
  strength: string
  maker: string
  approval_no: string | null
  ean13: string | null
  trace_prefix: string | null
  active: boolean
}

const drugFields: readonly Field<DrugRow>[] = [
  { key: 'generic', name: '通用名', type: 'text', width: 24, value: (row) => row.generic },
  { key: 'brand', name: '商品名', type: 'text', width: 16, value: (row) => row.brand },
  {
    key: 'class',
    name: '类别',
    type: 'text',
    width: 10,
    values: Object.values(drugClassNames),
    value: (row) => drugClassNames[row.class as keyof typeof drugClassNames] ?? row.class,
  },
  { key: 'form', name: '剂型', type: 'text', width: 14, value: (row) => row.form },
  { key: 'strength', name: '规格', type: 'text', width: 18, value: (row) => row.strength },
  { key: 'maker', name: '生产企业', type: 'text', width: 30, value: (row) => row.maker },
  { key: 'approvalNo', name: '批准文号', type: 'text', width: 20, value: (row) => row.approval_no },
  { key: 'ean13', name: '商品条码', type: 'text', width: 16, value: (row) => row.ean13 },
  { key: 'tracePrefix', name: '追溯码前缀', type: 'text', width: 14, value: (row) => row.trace_prefix },
  { key: 'active', name: '启用', type: 'text', width: 8, values: ['是', '否'], value: (row) => row.active },
]

/** The catalogue of drugs, the same for every area. */
export const drugList = (reference: Reference): List<DrugRow> =>
  queryList<DrugRow>({
    key: 'drugs',
    name: '药品目录',
    permission: 'drug.read',
    pathOf: (code) => reference.area(code)?.path,
    fields: drugFields,
    query: ({ q, class: drugClass }) => ({
      text: `SELECT id, class, generic, brand, form, strength, maker, approval_no, ean13, trace_prefix, active FROM pharmacy.drug
        WHERE ($1::text IS NULL OR generic ILIKE $1 OR brand ILIKE $1 OR maker ILIKE $1 OR approval_no ILIKE $1)
          AND ($2::text IS NULL OR class = $2) ORDER BY class, generic, id`,
      values: [q?.trim() ? containing(q.trim()) : null, drugClass ?? null],
    }),
  })

interface ClinicRow {
  name: string
  address: string
  phone: string
  area_code: string
  lon: number
  lat: number
  active: boolean
}

/** The fever clinics of an area. */
export const clinicList = (reference: Reference): List<ClinicRow> =>
  queryList<ClinicRow>({
    key: 'clinics',
    name: '发热门诊',
    permission: 'store.read',
    pathOf: (code) => reference.area(code)?.path,
    fields: [
      { key: 'name', name: '名称', type: 'text', width: 30, value: (row) => row.name },
      { key: 'address', name: '地址', type: 'text', width: 36, value: (row) => row.address },
      { key: 'phone', name: '电话', type: 'text', width: 16, value: (row) => row.phone },
      { key: 'area', name: '所在区划', type: 'text', width: 24, value: (row) => reference.areaFullName(row.area_code) },
      { key: 'lon', name: '经度', type: 'decimal', value: (row) => row.lon },
      { key: 'lat', name: '纬度', type: 'decimal', value: (row) => row.lat },
      { key: 'active', name: '开诊', type: 'text', width: 8, values: ['是', '否'], value: (row) => row.active },
    ],
    // Clinics are outside the wall of the database, since a store must find one across the border; a list is not.
    query: ({ scope, q }) => ({
      text: `SELECT name, address, phone, area_code, lon, lat, active FROM pharmacy.clinic
        WHERE path ^@ ANY ($1::text[]) AND ($2::text IS NULL OR name ILIKE $2 OR address ILIKE $2) ORDER BY path, name`,
      values: [[...scope], q?.trim() ? containing(q.trim()) : null],
    }),
  })
