import { expect, type Page } from '@playwright/test'
import { citizenIdCheckDigit } from '@vigil/codes'
import { openTable } from '../packages/server/src/kernel/tabular/index.ts'
import { download, logged, test, unique } from './console.fixture.ts'

/** A citizen ID of nobody (GB 11643); `n` below 1000. */
function citizenId(n: number): string {
  const body = `3505821971${String(1 + (n % 12)).padStart(2, '0')}${10 + (n % 18)}${String(n).padStart(3, '0')}`
  return body + citizenIdCheckDigit(body)
}

const heads = ['门店', '时间', '顾客', '身份号', '手机', '住在', '买了什么', '件数', '度数']
const fields = ['药店编码', '售出时间', '姓名', '证件号码', '手机号', '居住地址', '药品名称', '数量', '体温']

/** Sales as a chain's own program writes them, with heads that nobody knows; the last one is wrong. */
function foreignFile(count: number): Buffer {
  const start = Number(Date.now() % 400)
  const rows = Array.from({ length: count }, (_, n) => {
    const at = new Date(Date.now() - (n + 60) * 60_000 + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
    const quantity = n === count - 1 ? '一大堆' : '1'
    const address = '福建省泉州市晋江市青阳街道 1 号'
    return ['DEMO-0001', at, '林测试', citizenId(start + n), '13805950000', address, '布洛芬缓释胶囊', quantity, '38.5']
  })
  const note = [`${unique()} 连锁门店销售明细`]
  return Buffer.from(`\uFEFF${[note, heads, ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`)
}

/** Takes up an invitation as the invited person does, who is nobody's session. */
const accept = (page: Page, body: object) =>
  fetch(new URL('/api/invitations/accept', page.url()), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

test('a foreign file is mapped, tried, imported, and the bad row comes back with its reason', async ({ page }) => {
  await page.goto('/imports')
  await expect(page.getByRole('heading', { name: '数据导入' })).toBeVisible()
  const name = `${unique()}.csv`
  await page.getByRole('button', { name: '上传文件' }).click()
  const dialog = page.getByRole('dialog', { name: '上传要导入的文件' })
  await dialog.getByText('购药登记', { exact: true }).click()
  const buffer = foreignFile(6)
  await dialog.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer })

  await expect(page.getByRole('heading', { name: `导入：${name}` })).toBeVisible()
  await expect(page.getByText('还缺必需的列', { exact: false })).toBeVisible()
  // Nobody's number is on the screen, the time of the sale is.
  await expect(page.getByText(/\d{17}[\dX]/)).toHaveCount(0)
  for (const [index, head] of heads.entries()) {
    await page.getByLabel(`${head} 对应的字段`, { exact: true }).click()
    await page.keyboard.type(fields[index]!)
    await page.keyboard.press('Enter')
  }
  await page.getByRole('button', { name: '保存对应' }).click()
  await expect(page.getByText('列的对应由人工指定', { exact: false })).toBeVisible()
  await expect(page.getByText('还缺必需的列', { exact: false })).toHaveCount(0)

  await page.getByRole('button', { name: '试导入' }).click()
  const preview = page.getByRole('region', { name: '试导入的结果（没有写入）' })
  await expect(preview).toContainText('新增5')
  await expect(preview).toContainText('未导入1')
  await expect(page.getByText('数量应为 1 至 99 的整数')).toBeVisible()

  await page.getByRole('button', { name: '开始导入' }).click()
  await expect(page.getByText('已完成，有 1 行未导入')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('region', { name: '导入结果' })).toContainText('新增5')
  const { name: saved, bytes } = await download(page, page.getByRole('button', { name: '下载错误行' }))
  expect(saved).toBe(name.replace('.csv', '-错误行.csv'))
  const table = await openTable(bytes, {
    filename: saved,
    columns: [{ key: 'why', heads: ['错误原因'], required: true }],
  })
  const why: (string | undefined)[] = []
  for await (const row of table.rows) why.push(row.values.why)
  expect(why).toEqual(['件数：数量应为 1 至 99 的整数'])
  await logged(page, 'import.finish', (entry) => entry.detail.fresh === 5 && entry.detail.refused === 1)

  await page.getByRole('link', { name: '返回数据导入' }).click()
  const row = page.getByRole('row', { name: new RegExp(name) })
  await expect(row).toContainText('已完成')
  await expect(row).toContainText('新增 5')

  // The same sales once more: known by their head, there already, none doubled.
  await page.getByRole('button', { name: '上传文件' }).click()
  await dialog.getByText('购药登记', { exact: true }).click()
  await dialog.locator('input[type=file]').setInputFiles({ name: `again-${name}`, mimeType: 'text/csv', buffer })
  await page.getByRole('button', { name: '开始导入' }).click()
  await expect(page.getByRole('region', { name: '导入结果' })).toContainText('原已存在5', { timeout: 30_000 })
})

test('accounts come in from a file; their codes are fetched once and open them; the list of imports goes out', async ({
  page,
}) => {
  const [one, two] = [unique().toLowerCase(), unique().toLowerCase()]
  const name = `人员${one}.csv`
  const rows = [
    ['用户名', '姓名', '角色', '区划'],
    [one, '陈小文', '所级监管', '晋江市'],
    [two, '林小芳', '只读', '火星'],
  ]
  const buffer = Buffer.from(rows.map((row) => row.join(',')).join('\n'))
  await page.goto('/imports')
  await page.getByRole('button', { name: '上传文件' }).click()
  const dialog = page.getByRole('dialog', { name: '上传要导入的文件' })
  await dialog.getByText('人员账号', { exact: true }).click()
  await dialog.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer })
  await expect(page.getByRole('heading', { name: `导入：${name}` })).toBeVisible()
  await expect(dialog).toBeHidden()
  await page.getByRole('button', { name: '试导入' }).click()
  await expect(page.getByRole('region', { name: '试导入的结果（没有写入）' })).toContainText('新增1')
  await expect(page.getByText('区划“火星”不存在，或不在您的管辖范围内')).toBeVisible()
  await page.getByRole('button', { name: '开始导入' }).click()
  await expect(page.getByText('1 个新账号的邀请码待下载')).toBeVisible({ timeout: 30_000 })

  const { name: saved, bytes } = await download(page, page.getByRole('button', { name: '下载邀请码' }))
  expect(saved).toBe(name.replace('.csv', '-邀请码.xlsx'))
  await expect(page.getByText('不能再次下载', { exact: false })).toBeVisible()
  await expect(page.getByRole('button', { name: '下载邀请码' })).toHaveCount(0)
  const columns = ['用户名', '邀请码'].map((head) => ({ key: head, heads: [head], required: true }))
  const codes: Record<string, string>[] = []
  for await (const row of (await openTable(bytes, { filename: saved, columns })).rows) codes.push(row.values)
  expect(codes.map((row) => row.用户名)).toEqual([one])
  const body = { username: one, code: codes[0]?.邀请码, password: 'shouwang-invited' }
  expect((await accept(page, body)).status).toBe(200)
  await logged(page, 'import.handout', (entry) => entry.detail.rows === 1)

  await page.getByRole('link', { name: '返回数据导入' }).click()
  await page.getByRole('button', { name: '导出', exact: true }).click()
  const list = await download(page, page.getByRole('menuitem', { name: '导出 CSV' }))
  expect(list.name).toContain('导入记录')
  expect(list.bytes.toString()).toContain(`${name},人员账号,已完成,2,1,0,0,1,`)
})

test('a file that is no table is refused with the reason', async ({ page }) => {
  await page.goto('/imports')
  await page.getByRole('button', { name: '上传文件' }).click()
  const dialog = page.getByRole('dialog', { name: '上传要导入的文件' })
  const buffer = Buffer.from('%PDF-1.7 nothing')
  await dialog.locator('input[type=file]').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer })
  await expect(dialog.getByText('内容却不是文本表格', { exact: false }).first()).toBeVisible()
})
