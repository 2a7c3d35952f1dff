import { buffer } from 'node:stream/consumers'
import { expect } from '@playwright/test'
import { dayOf } from '@vigil/codes'
import { openTable } from '../packages/server/src/kernel/tabular/index.ts'
import { type FormColumn, formWorkbook } from '../packages/server/src/modules/export/index.ts'
import { download, saleOf, test, unique } from './console.fixture.ts'

const form: FormColumn[] = [
  { group: null, head: '序号', width: 6, style: 'number' },
  { group: '购药人', head: '姓名', width: 10, style: 'text' },
  { group: '购药人', head: '联系方式', width: 18, style: 'text' },
  { group: '登记', head: '流水号', width: 12, style: 'text' },
  { group: '登记', head: '体温', width: 8, style: 'number' },
  { group: null, head: '填报代码', width: 10, style: 'centre' },
]
const workbook = (columns: FormColumn[]) => buffer(formWorkbook('测试直报表', columns, ['说明']))
const fileOf = async (columns: FormColumn[]) => ({
  name: '省厅表.xlsx',
  mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  buffer: await workbook(columns),
})

/** Rows of the filled form by their heads. */
async function rowsOf(bytes: Buffer): Promise<string[][]> {
  const columns = [{ key: 'receipt', heads: ['流水号'], required: true }]
  const table = await openTable(bytes, { filename: 'a.xlsx', columns })
  const rows: string[][] = []
  for await (const row of table.rows) rows.push(row.raw)
  return rows
}

test('a template is uploaded, mapped and filled; what is corrected later is listed; a changed one is refused', async ({
  page,
}) => {
  test.setTimeout(180_000)
  const name = `直报表${unique()}`
  await page.goto('/export-templates')
  await expect(page.getByRole('heading', { level: 1, name: '导出模板' })).toBeVisible()
  await expect(page.getByText('零售药店“四类药品”销售实名登记直报表').first()).toBeVisible()

  await page.getByRole('button', { name: '上传模板' }).click()
  const dialog = page.getByRole('dialog', { name: '上传导出模板' })
  await dialog.getByLabel('模板名称').fill(name)
  await dialog.locator('input[type=file]').setInputFiles(await fileOf(form))
  await dialog.getByRole('button', { name: '上传', exact: true }).click()

  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  const fill = async (head: string, choice: string) => {
    await page.getByRole('combobox', { name: `${head} 填入` }).fill(choice)
    await page.getByTitle(choice, { exact: true }).click()
  }
  await fill('购药人 / 联系方式', '手机号（个人信息）')
  await fill('填报代码', '固定文字')
  await page.getByLabel('填报代码 的固定文字').fill('FJ-05')
  await page.getByRole('button', { name: '预览三行' }).click()
  await expect(page.locator('.preview-line').filter({ hasText: '****' }).first()).toBeVisible()
  await page.getByRole('button', { name: '保存对应关系' }).click()
  await expect(page.getByText('第 2 版', { exact: false }).first()).toBeVisible()

  const stores = await (await page.request.get('/api/pharmacy/stores?area=350582&status=active&limit=1')).json()
  const store = stores.items[0].code as string
  const sale = await saleOf(page.request, store)
  const sold = await page.request.post('/api/purchases', { data: sale })
  const { results } = (await sold.json()) as { results: { receiptNo: string; status: string }[] }
  expect(results[0]?.status, JSON.stringify(results)).toBe('registered')
  const receipt = results[0]!.receiptNo
  const day = dayOf(new Date())
  await page.goto(`/purchases?area=350582&store=${store}&from=${day}&to=${day}`)
  await expect(page.locator('tbody tr.clickable').first()).toBeVisible()
  await page.getByRole('button', { name: '导出', exact: true }).click()
  const saved = await download(page, page.getByRole('menuitem', { name }))
  expect(saved.name).toContain(name)
  const rows = await rowsOf(saved.bytes)
  const row = rows.find((cells) => cells.includes(receipt))
  expect(row).toEqual([expect.any(String), '林**', '138****0000', receipt, '36.6', 'FJ-05'])

  const id = sale.purchases[0]!.id
  const changes = { temperatureTenths: 385, symptoms: ['fever'] }
  const corrected = await page.request.post(`/api/purchases/${id}/corrections`, {
    data: { revision: 0, reason: '体温录错', changes },
  })
  expect(corrected.status(), await corrected.text()).toBe(200)
  await page.goto('/exports')
  await page
    .getByRole('button', { name: /^核对 VGL-/ })
    .first()
    .click()
  const drawer = page.getByRole('dialog', { name: /^核对 VGL-/ })
  const difference = drawer.getByRole('row').filter({ hasText: receipt }).filter({ hasText: '体温' })
  await expect(difference).toContainText('36.6')
  await expect(difference).toContainText('38.5')
  await drawer.getByLabel('第几行数据').fill(row![0]!)
  await drawer.getByRole('button', { name: '查找' }).click()
  await drawer.getByRole('status').filter({ hasText: '来自登记' }).getByRole('link', { name: receipt }).click()
  await expect(page).toHaveURL(new RegExp(`open=${id}`))

  await page.goto('/export-templates')
  await page.getByRole('button', { name: `对应 ${name}` }).click()
  const changed = form.filter(({ head }) => head !== '流水号')
  await page.locator('.page-actions input[type=file]').setInputFiles(await fileOf(changed))
  await expect(page.getByText(/列“登记 \/ 流水号”（原 D4 单元格）已被删除/)).toBeVisible()
  const refused = await page.request.post('/api/exports', {
    data: {
      format: 'xlsx',
      templateId: new URL(page.url()).searchParams.get('template'),
      filter: { from: day, to: day },
    },
  })
  expect(refused.status()).toBe(400)
  expect(await refused.text()).toContain('流水号')
})

test('the list of stores is saved as it is shown', async ({ page }) => {
  await page.goto('/stores?area=350582')
  await expect(page.locator('tbody tr.clickable').first()).toBeVisible()
  await page.getByRole('button', { name: '导出', exact: true }).click()
  const saved = await download(page, page.getByRole('menuitem', { name: '导出 CSV' }))
  expect(saved.name).toMatch(/^晋江市药店.*\.csv$/)
  expect(saved.bytes.toString()).toContain('药店编码')
})
