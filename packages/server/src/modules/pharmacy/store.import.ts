import { type Checked, checkCreditCode, checkPhone, valid } from '@vigil/codes'
import type { Db, Scope } from '../../kernel/db/index.ts'
import { Cells } from '../../kernel/import/index.ts'
import type { ColumnSpec, Parsed, RowProblem } from '../../kernel/tabular/index.ts'
import { areaFinder } from './area.find.ts'
import type { Store } from './reference.table.ts'
import type { Reference } from './reference.ts'
import { findByCreditCode, type NewStore, storeKey } from './store.store.ts'

export const storeColumns: readonly ColumnSpec[] = [
  { key: 'code', heads: ['药店编号', '一店一码', '店码', '编号', 'code'] },
  { key: 'name', heads: ['药店名称', '企业名称', '名称', '门店名称', 'name'], required: true },
  { key: 'creditCode', heads: ['统一社会信用代码', '信用代码', '社会信用代码', 'credit'] },
  { key: 'licenceNo', heads: ['药品经营许可证号', '许可证号', '许可证编号', 'licence'] },
  { key: 'address', heads: ['地址', '经营地址', '详细地址', 'address'], required: true },
  { key: 'county', heads: ['区县', '县区', '所属区县', '区划', '区划代码', 'county', 'area'] },
  { key: 'office', heads: ['监管所', '市场监管所', '所属监管所', '辖区', 'office'] },
  { key: 'phone', heads: ['电话', '联系电话', '手机', 'phone'] },
  { key: 'chain', heads: ['连锁企业', '所属连锁', '连锁总部', 'chain'] },
  { key: 'lon', heads: ['经度', 'lon', 'longitude'] },
  { key: 'lat', heads: ['纬度', 'lat', 'latitude'] },
]

const codePattern = /^[0-9A-Z-]{3,24}$/

function checkStorePhone(text: string): Checked<string> {
  const result = checkPhone(text)
  if (!result.ok) return result
  return valid(typeof result.value === 'string' ? result.value : result.value.number)
}

/** The store of a code, if the caller may know of it. */
function ownStore(reference: Reference, code: string | null, scope: Scope): Store | undefined {
  const store = code === null ? undefined : reference.store(code)
  return store && scope.some((path) => store.path.startsWith(path)) ? store : undefined
}

function readCode(cells: Cells, reference: Reference, scope: Scope): string | null {
  const code = cells.text('code', 24).toUpperCase()
  if (code === '') return null
  if (!codePattern.test(code)) cells.problem('code', '药店编号为 3 至 24 位数字、大写字母或连字符')
  else if (reference.store(code) && !ownStore(reference, code, scope)) cells.problem('code', '该编号已被使用')
  return code
}

/** A reader of rows for one file: checks each row by itself, and tells rows that repeat an earlier one. */
export function storeParser(
  reference: Reference,
  scope: Scope,
): (values: Record<string, string>, row: number) => Parsed<NewStore> {
  const seen = new Map<string, number>()
  const find = areaFinder(reference, scope)
  return (values, rowNumber) => {
    const cells = new Cells(values)
    const code = readCode(cells, reference, scope)
    const known = ownStore(reference, code, scope)
    const place = cells.place('lon', 'lat')
    const credit = cells.checked('creditCode', checkCreditCode)
    const store = {
      code,
      name: cells.required('name', 120, '药店名称'),
      creditCode: credit?.code ?? null,
      licenceNo: cells.text('licenceNo', 60) || null,
      address: cells.required('address', 200, '地址'),
      phone: cells.checked('phone', checkStorePhone),
      chain: cells.text('chain', 100) || null,
      lon: place?.lon ?? null,
      lat: place?.lat ?? null,
    }
    if (!known && !values.creditCode?.trim()) cells.problem('creditCode', '新药店请填写统一社会信用代码')
    const county = cells.text('county', 100)
    const office = cells.text('office', 100)
    const found = known && county === '' && office === '' ? find(known.areaCode, '') : find(county, office)
    if ('problem' in found) cells.problem(office === '' ? 'county' : 'office', found.problem)
    else if (known && known.areaCode !== found.area.code && found.area.code !== known.county)
      cells.problem('office', `该店登记在“${reference.areaName(known.areaCode)}”，导入不能改变辖区`)
    const keys = [code, store.creditCode && storeKey(store.creditCode, store.address)].filter((key) => key !== null)
    const earlier = keys.map((key) => seen.get(key)).find((row) => row !== undefined)
    if (earlier !== undefined) cells.problem('name', `与第 ${earlier} 行是同一药店，请删除其中一行`)
    if (cells.problems.length > 0 || 'problem' in found) return { errors: cells.problems }
    for (const key of keys) seen.set(key, rowNumber)
    // Who names only the county of a known store leaves it with its office.
    const area = known ? reference.area(known.areaCode) : found.area
    return {
      ok: {
        ...store,
        county: found.county,
        areaCode: area?.code ?? found.area.code,
        areaPath: area?.path ?? found.area.path,
      },
    }
  }
}

/** Rows whose store exists already, by credit code and address, where the caller has no say. */
export async function checkKnownStores(
  db: Db,
  rows: readonly { rowNumber: number; value: NewStore }[],
  scope: Scope,
): Promise<RowProblem[]> {
  const known = await findByCreditCode(
    db,
    rows.map((row) => row.value),
  )
  return rows.flatMap(({ rowNumber, value }): RowProblem[] => {
    const store = value.creditCode && known.get(storeKey(value.creditCode, value.address))
    if (!store || store.code === value.code) return []
    if (!scope.some((path) => store.path.startsWith(path)))
      return [{ rowNumber, column: '地址', message: '该主体在此地址的药店已由其他辖区登记' }]
    if (value.code !== null)
      return [{ rowNumber, column: '药店编号', message: `该主体在此地址的药店已登记，编号为 ${store.code}` }]
    if (store.areaCode !== value.areaCode && !store.path.startsWith(value.areaPath))
      return [{ rowNumber, column: '监管所', message: `该店（${store.code}）已登记在其他辖区，导入不能改变辖区` }]
    return []
  })
}
