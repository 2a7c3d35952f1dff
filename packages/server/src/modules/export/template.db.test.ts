import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { ExportItem, TemplateColumn, TemplateItem } from '@vigil/contract'
import { readXlsx } from 'hucre/xlsx'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Caller } from '../../kernel/access/caller.ts'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import { Problem } from '../../kernel/error/problem.ts'
import type { TestApp } from '../../testing/app.ts'
import { callerAt, citizenId, cityPath, createShop, purchase, sell } from '../../testing/shop.ts'
import { fetchFile, period, settled } from './export.fixture.ts'
import { runExport } from './export.job.ts'
import { createExport } from './export.service.ts'
import { openExport, orderExport } from './export.system.ts'
import { createExporter, type Exporter } from './exporter.ts'
import { type FormColumn, formWorkbook } from './template.workbook.ts'

let app: TestApp
let exporter: Exporter
const boss = callerAt(
  cityPath,
  'purchase.export',
  'purchase.export-clear',
  'purchase.correct',
  'template.manage',
  'store.read',
  'store.manage',
  'area.read',
  'audit.read',
  'account.read',
  'party.read',
  'drug.read',
)
const ids: string[] = []

beforeAll(async () => {
  app = await createShop()
  exporter = app.modules.exporter
  const drugs = [...app.modules.pharmacy.purchases.reference.drugs()].filter((drug) => drug.class === 'antipyretic')
  const two = drugs.slice(0, 2).map((drug, at) => ({ drugId: drug.id, quantity: at + 2 }))
  const entries = [purchase(app, 1), purchase(app, 2, { items: two, storeCode: 'NA-0001' }), purchase(app, 3)]
  for (const entry of entries) {
    await sell(app, [entry])
    ids.unshift(entry.id)
  }
})
afterAll(() => app.close())

const handle = (name: string, call: object): Promise<object> =>
  (app.modules.handlers as Record<string, (call: never) => Promise<object>>)[name]!({
    caller: boss,
    query: {},
    ...call,
  } as never)
const upload = (content: Buffer, fields: Record<string, string> = {}) => ({
  upload: { filename: '省厅直报表.xlsx', stream: Readable.from([content]), fields },
})
const columns: FormColumn[] = [
  { group: null, head: '序号', width: 6, style: 'number' },
  { group: '购药人', head: '姓名', width: 10, style: 'text' },
  { group: '购药人', head: '证件号', width: 22, style: 'text' },
  { group: '药品', head: '药品名称', width: 20, style: 'text' },
  { group: '药品', head: '数量', width: 8, style: 'number' },
  { group: null, head: '上报代码', width: 8, style: 'centre' },
]
const bookOf = (change: (columns: FormColumn[]) => FormColumn[] = (same) => same) =>
  buffer(formWorkbook('测试表', change(columns), ['说明']))

async function exported(body: object, caller: Caller = boss): Promise<ExportItem> {
  const made = await createExport(exporter, caller, { format: 'xlsx', filter: period(app), ...body } as never)
  return settled(app, caller, made.id)
}
const sheetOf = async (id: string, caller = boss) => (await readXlsx(await fetchFile(app, caller, id))).sheets

describe('the template that comes with the system', () => {
  test('is filled by drug, with codes, patterns, its title, heads, signatures and second sheet', async () => {
    const { items } = (await handle('template.list', { query: { list: 'purchases' } })) as { items: TemplateItem[] }
    const shipped = items[0]!
    expect(shipped).toMatchObject({ grain: 'item', problems: [] })
    const item = await exported({ templateId: shipped.id })
    expect(item).toMatchObject({
      status: 'ready',
      rows: 4,
      templateVersion: 1,
      templateName: shipped.name,
      traced: true,
    })
    const [form, notes] = await sheetOf(item.id)
    expect(notes?.rows[0]?.[0]).toBe('填表说明')
    expect(form?.rows[0]?.[0]).toContain('直报表')
    expect(form?.rows[2]?.[5]).toBe('购药人')
    const data = form!.rows.slice(4, 8)
    expect(data.map((row) => row[0])).toEqual([1, 2, 3, 4])
    expect(data.map((row) => row[13])).toEqual([1, 2, 3, 2])
    expect(data[0]).toMatchObject({ 1: '晋江市', 3: 'JJ-0001', 5: '林**', 6: '01', 10: '1', 14: 38.5, 16: '1' })
    expect(String(data[0]?.[4])).toMatch(/^\d{4}\/\d\d\/\d\d \d\d:\d\d$/)
    expect(form?.rows.flat()).toContain('填报人：')
    expect(form?.merges?.length).toBeGreaterThan(8)
  })

  test('is not seeded again, and gives CSV by the same mapping', async () => {
    const { items } = (await handle('template.list', {})) as { items: TemplateItem[] }
    expect(items).toHaveLength(1)
    const item = await exported({ templateId: items[0]!.id, format: 'csv' })
    const text = (await fetchFile(app, boss, item.id)).toString()
    expect(text.split('\r\n')[0]).toContain('购药人 / 证件号码')
    expect(text.split('\r\n')).toHaveLength(6)
  })
})

describe('an uploaded template', () => {
  const made = { id: '' }
  const mapping = (extra: Partial<TemplateColumn>[] = []) => ({
    grain: 'record',
    sheet: '直报表',
    headFrom: 3,
    headTo: 4,
    columns: [
      { column: 1, source: 'number' },
      { column: 2, source: 'field', field: 'name' },
      { column: 3, source: 'field', field: 'documentNumber' },
      { column: 4, source: 'field', field: 'drugName' },
      { column: 5, source: 'field', field: 'quantity' },
      { column: 6, source: 'constant', constant: 'FJ-05' },
      ...extra,
    ],
  })
  beforeAll(async () => {
    const item = (await handle('template.create', upload(await bookOf(), { name: '省厅表', list: 'purchases' }))) as {
      id: string
    }
    made.id = item.id
  })

  test('has its known heads mapped, is mapped by hand, previewed masked, and every change is a version', async () => {
    const first = (await handle('template.read', { params: { id: made.id } })) as {
      mapped: { field?: string; head: string; source: string }[]
      heads: { text: string; cell: string; merge: string | null }[]
    }
    expect(first.mapped.map(({ source, field }) => field ?? source)).toEqual([
      'number',
      'name',
      'documentNumber',
      'drugName',
      'quantity',
      'empty',
    ])
    expect(first.heads[1]).toMatchObject({ text: '购药人 / 姓名', cell: 'B4', merge: null })
    const preview = (await handle('template.preview', { params: { id: made.id }, body: mapping() })) as {
      rows: string[][]
    }
    expect(preview.rows).toHaveLength(3)
    expect(preview.rows[0]?.slice(0, 2)).toEqual(['1', '林**'])
    const saved = await handle('template.save', {
      params: { id: made.id },
      body: { name: '省厅表二', version: 1, ...mapping() },
    })
    expect(saved).toMatchObject({ version: 2, name: '省厅表二', problems: [] })
    await expect(
      handle('template.save', { params: { id: made.id }, body: { name: 'x', version: 1, ...mapping() } }),
    ).rejects.toMatchObject({ details: { status: 409 } })
    const item = await exported({ templateId: made.id, clear: true, reason: '省厅直报' })
    expect(item).toMatchObject({ templateVersion: 2, rows: 3 })
    const [form] = await sheetOf(item.id)
    expect(form?.rows[4]).toEqual([1, '林小明', citizenId(3), expect.any(String), 1, 'FJ-05'])
    const downloaded = await handle('template.download', { params: { id: made.id } })
    expect(Buffer.from((downloaded as { body: Buffer }).body).equals(await bookOf())).toBe(true)
  })

  test.each([
    [
      'a column deleted',
      (all: FormColumn[]) => all.filter(({ head }) => head !== '证件号'),
      'column-missing|column-moved',
      /证件号/,
    ],
    [
      'a column moved',
      (all: FormColumn[]) => [all[0]!, all[2]!, all[1]!, ...all.slice(3)],
      'column-moved',
      /姓名.*由 B 列（B4）移到了 C 列（C4）/,
    ],
    [
      'a head renamed',
      (all: FormColumn[]) => all.map((one) => (one.head === '数量' ? { ...one, head: '盒数' } : one)),
      'head-changed',
      /E4 .*数量.*盒数/,
    ],
  ])('tells %s before anything is made', async (_what, change, code, words) => {
    const { version } = (await handle('template.read', { params: { id: made.id } })) as { version: number }
    const replaced = (await handle('template.replace', {
      params: { id: made.id },
      ...upload(await bookOf(change)),
    })) as {
      version: number
      problems: { code: string; detail: string }[]
    }
    expect(replaced.version).toBe(version + 1)
    const problem = replaced.problems.find((each) => words.test(each.detail))
    expect(problem?.code).toMatch(new RegExp(code))
    await expect(exported({ templateId: made.id })).rejects.toThrow(words)
    await handle('template.replace', { params: { id: made.id }, ...upload(await bookOf()) })
  })

  test('refuses what is no workbook, a wrong mapping, and a stranger', async () => {
    const fields = { name: '坏', list: 'purchases' }
    await expect(handle('template.create', upload(Buffer.from('a,b'), fields))).rejects.toMatchObject({
      details: { status: 400, detail: expect.stringContaining('.xlsx') },
    })
    const wrong = mapping([{ column: 2, source: 'field', field: 'mobile' } as TemplateColumn])
    await expect(
      handle('template.save', { params: { id: made.id }, body: { name: 'x', version: 99, ...wrong } }),
    ).rejects.toMatchObject({ details: { status: 409 } })
    await expect(handle('template.preview', { params: { id: made.id }, body: wrong })).rejects.toThrow('对应了两次')
    const county = callerAt('/350000/350500/350583/', 'template.manage', 'purchase.export')
    await expect(handle('template.read', { caller: county, params: { id: made.id } })).rejects.toMatchObject({
      details: { status: 404 },
    })
    const replaced = handle('template.replace', { caller: county, params: { id: made.id }, ...upload(await bookOf()) })
    await expect(replaced).rejects.toMatchObject({ details: { status: 404 } })
    const elsewhere = upload(await bookOf(), { name: '越权', list: 'purchases', area: '350582' })
    await expect(handle('template.create', { caller: county, ...elsewhere })).rejects.toMatchObject({
      details: { status: 404 },
    })
    // It may use the city's template all the same, for its own rows.
    const item = await exported({ templateId: made.id, filter: { ...period(app) } }, county)
    expect(item.rows).toBe(1)
  })

  test('is used no more once archived; the files made with it stay', async () => {
    const item = await exported({ templateId: made.id })
    await handle('template.archive', { params: { id: made.id } })
    await expect(exported({ templateId: made.id })).rejects.toMatchObject({ details: { status: 404 } })
    expect((await sheetOf(item.id))[0]?.rows[4]?.[1]).toBe('林**')
  })
})

test.each(['stores', 'drugs', 'clinics', 'parties', 'areas', 'accounts', 'audit', 'imports'] as const)(
  'the list of %s goes out under its permission, in both formats',
  async (list) => {
    for (const format of ['csv', 'xlsx'] as const) {
      const item = await exported({ list, format, filter: {} })
      expect(item).toMatchObject({ status: 'ready', list, from: null, error: null, traced: false })
      expect(item.rows).toBe(item.expectedRows)
    }
    const other = callerAt(cityPath, 'purchase.export')
    await expect(exported({ list, filter: {} }, other)).rejects.toMatchObject({ details: { status: 403 } })
  },
)

test('a small export is ready when the answer comes; a list stays inside the own area', async () => {
  const county = callerAt('/350000/350500/350583/', 'store.read')
  const item = await createExport(exporter, county, { list: 'stores', format: 'csv', filter: {}, wait: true })
  expect(item).toMatchObject({ status: 'ready', rows: 1 })
  expect((await fetchFile(app, county, item.id)).toString()).toContain('NA-0001')
})

test('a row of a file opens its purchase, and later changes are listed against what was sent', async () => {
  const item = await exported({})
  const row = (number: number, column?: number) =>
    handle('export.row', { params: { id: item.id }, query: { row: number, ...(column && { column }) } })
  expect(await row(1)).toMatchObject({ recordId: ids[0], sheetRow: 2, revision: 0, field: null })
  expect(await row(3, 17)).toMatchObject({ recordId: ids[2], field: 'quantity', fieldName: '数量' })
  await expect(row(4)).rejects.toMatchObject({ details: { status: 404 } })
  const differences = () => handle('export.differences', { params: { id: item.id } })
  expect(await differences()).toEqual({ items: [], compared: 3, rows: 3, next: null })

  const person = { name: '陈大文', mobile: '13900000002', residenceAreaCode: '350582', residenceAddress: '青阳街道1号' }
  const changes = { temperatureTenths: 366, symptoms: ['cough'], person }
  await handle('purchase.correct', { params: { id: ids[1] }, body: { revision: 0, reason: '录入有误', changes } })
  const late = purchase(app, 9)
  await sell(app, [late])
  const { items } = (await differences()) as { items: { kind: string; recordId: string; head: string | null }[] }
  expect(items.filter(({ kind }) => kind === 'late').map(({ recordId }) => recordId)).toEqual([late.id])
  const cells = items.filter(({ kind }) => kind === 'corrected')
  expect(cells.map(({ head }) => head).sort()).toEqual(['体温(℃)', '姓名', '是否发热', '状态', '症状'].sort())
  expect(cells.find(({ head }) => head === '姓名')).toMatchObject({
    row: 2,
    recordId: ids[1],
    sent: '林**',
    present: '陈**',
  })
  expect(cells.find(({ head }) => head === '体温(℃)')).toMatchObject({ sent: '38.5', present: '36.6' })
  const stranger = callerAt(cityPath, 'purchase.export')
  await expect(handle('export.differences', { caller: stranger, params: { id: item.id } })).rejects.toMatchObject({
    details: { status: 404 },
  })
})

test('the system orders an export in its own transaction and is told of its end', async () => {
  const told: unknown[] = []
  await app.kernel.jobs.work('test.told', async (data) => void told.push(data))
  const order = {
    list: 'purchases',
    format: 'csv',
    filter: { area: '350582', ...period(app) },
    by: '数据共享',
    tell: 'test.told',
  } as const
  const made = await withScope(app.kernel.db, systemScope, (tx) => orderExport(exporter, tx, order))
  await expect.poll(() => told, { timeout: 15_000 }).toEqual([{ exportId: made.id }])
  const file = await openExport(exporter, made.id)
  expect(file).toMatchObject({ rows: 3, filename: expect.stringContaining('晋江市') })
  expect((await buffer(file.stream)).toString()).toContain('JJ-0001')
})

test('a full disk ends the export with a sentence that says so', async () => {
  const full = new Problem({
    status: 507,
    code: 'disk-full',
    title: '磁盘空间不足',
    detail: '服务器磁盘空间不足，文件没有保存',
  })
  const files = { ...app.kernel.files, save: () => Promise.reject(full) }
  const quiet = { ...app.kernel.jobs, send: async () => undefined }
  const broken = createExporter({ ...app.kernel, files, jobs: quiet }, app.modules.pharmacy.purchases)
  const { id } = await createExport(broken, boss, { format: 'csv', filter: period(app) })
  await runExport(broken, id)
  expect(await settled(app, boss, id)).toMatchObject({
    status: 'failed',
    error: expect.stringContaining('磁盘空间不足'),
  })
})
