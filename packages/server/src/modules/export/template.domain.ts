import type { MappedColumn, TemplateColumn, TemplateProblem } from '@vigil/contract'

/** Facts about a field that mapping needs. */
export interface FieldFacts {
  readonly key: string
  readonly name: string
}

/** The head of a column as a workbook has it. */
export interface Head {
  readonly column: number
  readonly cell: string
  readonly text: string
  readonly merge: string | null
}

/** What a mapping is compared with: the sheets of the workbook, and the heads of the mapped one. */
export interface Present {
  readonly sheets: readonly string[]
  /** Undefined when the mapped sheet is missing. */
  readonly heads: readonly Head[] | undefined
}

const plain = (text: string): string => text.replace(/[\s（）()：:*＊]/g, '').toLowerCase()

/** Other names under which provinces ask for a field. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  storeName: ['药店名称', '药品零售企业名称', '零售药店', '药店', '企业名称'],
  storeCode: ['药店编码', '药店代码', '企业编码'],
  soldAt: ['售出时间', '购药时间', '购药日期', '销售时间', '销售日期', '登记时间'],
  name: ['姓名', '购药人姓名', '购药人', '购买人姓名'],
  documentType: ['证件类型', '证件种类'],
  documentNumber: ['证件号码', '身份证号', '身份证号码', '证件号'],
  mobile: ['手机号', '联系电话', '手机号码', '电话'],
  residence: ['居住地区划', '现住区划', '户籍地区'],
  residenceAddress: ['居住地址', '现住址', '住址', '详细地址'],
  drugName: ['药品名称', '购买药品', '药品'],
  drugClass: ['药品类别', '药品种类', '类别'],
  drugSpecification: ['药品规格', '规格'],
  quantity: ['数量', '购买数量', '购药数量'],
  temperature: ['体温', '体温℃'],
  symptoms: ['症状', '主要症状'],
  county: ['县市区', '县区', '区县'],
  history: ['旅居接触史', '旅居史', '流行病学史'],
  receivedAt: ['上报时间'],
}

/** Maps the columns whose head is known, by the whole head or its last part; the others stay empty. */
export function guessColumns(heads: readonly Head[], fields: readonly FieldFacts[]): TemplateColumn[] {
  const known = new Map<string, string>()
  for (const { key, name } of fields)
    for (const text of [name, ...(synonyms[key] ?? [])]) if (!known.has(plain(text))) known.set(plain(text), key)
  return heads.map(({ column, text }): TemplateColumn => {
    const last = plain(text.split(' / ').at(-1) ?? '')
    if (['序号', '编号', 'no', 'no.'].includes(last)) return { column, source: 'number' }
    const field = known.get(plain(text)) ?? known.get(last)
    return field === undefined ? { column, source: 'empty' } : { column, source: 'field', field }
  })
}

/** Binds columns to the heads above them as they are now, so that a later workbook can be compared. */
export function bindColumns(columns: readonly TemplateColumn[], heads: readonly Head[]): MappedColumn[] {
  return [...columns]
    .sort((a, b) => a.column - b.column)
    .map((column) => {
      const head = heads.find((each) => each.column === column.column)
      return { ...column, head: head?.text ?? '', cell: head?.cell ?? '', merge: head?.merge ?? null }
    })
}

const letters = (column: number): string => {
  const before = Math.floor((column - 1) / 26)
  return (before > 0 ? letters(before) : '') + String.fromCharCode(65 + ((column - 1) % 26))
}

function headProblem(
  column: MappedColumn,
  heads: readonly Head[],
  mapped: ReadonlySet<string>,
): TemplateProblem | undefined {
  const name = column.head || `第 ${letters(column.column)} 列`
  const problem = (code: TemplateProblem['code'], cell: string, detail: string): TemplateProblem => ({
    code,
    column: column.column,
    cell,
    detail,
  })
  const here = heads.find((head) => head.column === column.column)
  if (here?.text === column.head) {
    if (here.merge === column.merge) return undefined
    return here.merge
      ? problem('head-merged', here.cell, `列“${name}”的表头单元格 ${column.cell} 已合并为 ${here.merge}，请重新对应`)
      : problem(
          'head-merged',
          here.cell,
          `列“${name}”的表头单元格 ${column.cell} 已取消合并（原为 ${column.merge}），请重新对应`,
        )
  }
  if (column.head === '') return undefined
  const moved = heads.filter((head) => head.text === column.head)
  if (moved.length > 0) {
    const to = moved[0]!
    return problem(
      'column-moved',
      to.cell,
      `列“${name}”由 ${letters(column.column)} 列（${column.cell}）移到了 ${letters(to.column)} 列（${to.cell}），请重新对应`,
    )
  }
  if (here?.merge && here.merge !== column.merge)
    return problem(
      'head-merged',
      here.cell,
      `列“${name}”的表头单元格 ${column.cell} 已并入 ${here.merge}（现为“${here.text}”），请重新对应`,
    )
  // The head of another column in this place says that this one was taken out, not renamed.
  if (here && !mapped.has(here.text))
    return problem('head-changed', here.cell, `${here.cell} 的表头由“${name}”改成了“${here.text}”，请核对后重新对应`)
  return problem('column-missing', column.cell, `列“${name}”（原 ${column.cell} 单元格）已被删除，请重新对应`)
}

/** Everything that keeps a mapping from fitting a workbook and a list; empty when it fits. */
export function problemsOf(
  mapping: { readonly sheet: string; readonly columns: readonly MappedColumn[] },
  present: Present,
  fields: readonly FieldFacts[],
): TemplateProblem[] {
  if (!present.heads) {
    const others = present.sheets.map((name) => `“${name}”`).join('、')
    return [
      {
        code: 'sheet-missing',
        column: null,
        cell: null,
        detail: `模板中没有工作表“${mapping.sheet}”，可能已改名。现有工作表：${others}`.slice(0, 400),
      },
    ]
  }
  const heads = present.heads
  const keys = new Set(fields.map(({ key }) => key))
  const used = mapping.columns.filter(({ source }) => source !== 'empty')
  const mapped = new Set(mapping.columns.map(({ head }) => head))
  const problems = used.flatMap((column) => headProblem(column, heads, mapped) ?? [])
  for (const column of used)
    for (const key of column.source === 'field' ? [column.field ?? ''] : (column.fields ?? []))
      if (!keys.has(key))
        problems.push({
          code: 'field-unknown',
          column: column.column,
          cell: column.cell,
          detail: `列“${column.head}”对应的字段已不存在，请重新选择`,
        })
  if (used.length === 0)
    problems.push({ code: 'empty', column: null, cell: null, detail: '还没有对应任何一列，请为各列选择要填的字段' })
  return problems
}
