import { type Checked, checkApprovalNumber, checkEan13, invalid, uuidv7, valid } from '@vigil/codes'
import { type DrugClass, drugClasses, drugClassNames } from '@vigil/contract'
import { Cells } from '../../kernel/import/index.ts'
import type { ColumnSpec, Parsed } from '../../kernel/tabular/index.ts'
import type { NewDrug } from './drug.store.ts'

export const drugColumns: readonly ColumnSpec[] = [
  { key: 'class', heads: ['药品类别', '类别', '分类', 'class'], required: true },
  { key: 'generic', heads: ['通用名', '通用名称', '药品名称', '药品通用名', 'generic'], required: true },
  { key: 'brand', heads: ['商品名', '品牌', '商品名称', 'brand'] },
  { key: 'form', heads: ['剂型', 'form'] },
  { key: 'strength', heads: ['规格', '药品规格', 'strength'] },
  { key: 'maker', heads: ['生产企业', '生产厂家', '上市许可持有人', '厂家', 'maker'] },
  { key: 'approvalNo', heads: ['批准文号', '国药准字', 'approval'] },
  { key: 'ean13', heads: ['商品条码', '条码', '条形码', 'EAN-13', 'ean13'] },
  { key: 'tracePrefix', heads: ['追溯码前7位', '追溯码标识', '药品标识码', '追溯码', 'trace'] },
  { key: 'active', heads: ['启用', '是否启用', '状态', 'active'] },
]

const classOf: ReadonlyMap<string, DrugClass> = new Map(
  drugClasses.flatMap((code) => [[drugClassNames[code], code] as const, [code, code] as const]),
)

const yes = new Set(['', '是', '启用', '有效', 'true', 'yes', 'y', '1'])
const no = new Set(['否', '停用', '无效', 'false', 'no', 'n', '0'])

/** The drug identifier: seven digits, or those that a whole 20-digit trace code begins with (NMPAB/T 1002-2019). */
function checkTracePrefix(text: string): Checked<string> {
  const digits = text.replace(/[\s-]/g, '')
  if (/^\d{7}$/.test(digits) || /^\d{20}$/.test(digits)) return valid(digits.slice(0, 7))
  return invalid('format', '追溯码标识应为 7 位数字，或完整的 20 位药品追溯码')
}

function checkApproval(text: string): Checked<string> {
  const result = checkApprovalNumber(text)
  return result.ok ? valid(result.value.number) : result
}

/** What makes two rows the same drug: the columns of the unique key. */
export const drugKey = (drug: NewDrug): string =>
  JSON.stringify([drug.generic, drug.brand, drug.form, drug.strength, drug.maker, drug.approvalNo])

/** A reader of rows for one file, which tells rows that repeat an earlier one. */
export function drugParser(): (values: Record<string, string>, rowNumber: number) => Parsed<NewDrug> {
  const seen = new Map<string, number>()
  return (values, rowNumber) => {
    const cells = new Cells(values)
    const drugClass = cells.choice('class', classOf, '药品类别')
    const active = cells.text('active', 10).toLowerCase()
    if (!yes.has(active) && !no.has(active)) cells.problem('active', '请填写“是”或“否”')
    const drug: NewDrug = {
      id: uuidv7(),
      class: drugClass ?? 'antipyretic',
      generic: cells.required('generic', 120, '通用名'),
      brand: cells.text('brand', 120),
      form: cells.text('form', 60),
      strength: cells.text('strength', 60),
      maker: cells.text('maker', 120),
      approvalNo: cells.checked('approvalNo', checkApproval),
      ean13: cells.checked('ean13', checkEan13),
      tracePrefix: cells.checked('tracePrefix', checkTracePrefix),
      active: !no.has(active),
    }
    const key = drugKey(drug)
    const earlier = seen.get(key)
    if (earlier !== undefined) cells.problem('generic', `与第 ${earlier} 行是同一药品，请删除其中一行`)
    if (cells.problems.length > 0) return { errors: cells.problems }
    seen.set(key, rowNumber)
    return { ok: drug }
  }
}
