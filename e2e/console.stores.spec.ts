import { expect, type Page } from '@playwright/test'
import { creditCode, download, test, unique } from './console.fixture.ts'
import { csv, tableOf } from './console.table.ts'

/** Imports stores without accounts, all with `mark` in the name. */
async function newStores(page: Page, mark: string, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, at) => [
    `${mark}药店${at + 1}`,
    creditCode(),
    `${mark}路 ${at} 号`,
    '晋江市',
  ])
  const answer = await page.request.post('/api/pharmacy/stores/import', {
    multipart: {
      file: {
        name: '药店.csv',
        mimeType: 'text/csv',
        buffer: csv([['药店名称', '统一社会信用代码', '地址', '区县'], ...rows]),
      },
    },
  })
  expect(await answer.json()).toMatchObject({ accepted: count, rejected: 0 })
}

const rowsOf = (page: Page) => page.getByRole('region', { name: '药店' }).locator('tbody tr.clickable')

test('many stores at once: accounts, posters, suspension with one reason', async ({ page }) => {
  const mark = unique()
  await page.goto('/')
  await newStores(page, mark, 3)
  const chosen = page.getByRole('region', { name: '所选药店' })
  const find = page.getByLabel('药店名称、编号或地址')
  await page.goto(`/stores?q=${mark}药店2`)
  await rowsOf(page).getByRole('checkbox').check()
  // What is ticked stays under another search.
  await find.fill(mark)
  await find.press('Enter')
  await expect(rowsOf(page)).toHaveCount(3)
  await rowsOf(page)
    .filter({ hasText: `${mark}药店1` })
    .getByRole('checkbox')
    .check()
  await expect(chosen).toContainText('已选 2 家')
  await page.locator('thead').getByRole('checkbox').check()
  await expect(chosen).toContainText('已选 3 家')

  await chosen.getByRole('button', { name: '生成账号' }).click()
  const dialog = page.getByRole('dialog', { name: '所选 3 家药店：一店一码一账号' })
  await dialog.getByRole('button', { name: '生成', exact: true }).click()
  await expect(dialog).toContainText('新生成 3 个账号，已有 0 个')
  const sheet = await download(page, dialog.getByRole('button', { name: '下载激活码表（XLSX）' }))
  expect(sheet.name).toBe('一店一码激活码-3家.xlsx')
  const lines = await tableOf(sheet.bytes, sheet.name, '药店编号')
  expect(lines).toHaveLength(4)
  expect(new Set(lines.slice(1).map((line) => line[5])).size).toBe(3)
  await expect(dialog.getByRole('button', { name: '已下载' })).toBeDisabled()
  await dialog.getByRole('button', { name: '关闭', exact: true }).last().click()
  await expect(rowsOf(page).filter({ hasText: '待激活' })).toHaveCount(3)

  await chosen.getByRole('button', { name: '二维码海报' }).click()
  const posters = await download(page, page.getByRole('menuitem', { name: /A6/ }))
  expect(posters.name).toMatch(/\.pdf$/)
  expect(posters.bytes.subarray(0, 5).toString()).toBe('%PDF-')

  await chosen.getByRole('button', { name: '暂停' }).click()
  const ask = page.getByRole('dialog', { name: '暂停所选 3 家药店' })
  await ask.getByRole('button', { name: '确定' }).click()
  await expect(ask).toContainText('请写明理由')
  await ask.getByLabel('理由').fill(`专项检查 ${mark}`)
  await ask.getByRole('button', { name: '确定' }).click()
  await expect(page.getByText('已暂停 3 家')).toBeVisible()
  await expect(chosen).toHaveCount(0)
  await expect(rowsOf(page).filter({ hasText: '暂停' })).toHaveCount(3)

  await page.goto('/audit?action=store.set-status')
  await page.locator('tbody tr').filter({ hasText: mark }).first().getByText('原始内容').click()
  await expect(
    page
      .locator('pre')
      .filter({ hasText: `专项检查 ${mark}` })
      .first(),
  ).toBeVisible()
  await expect(page.locator('pre').filter({ hasText: `专项检查 ${mark}` })).toHaveCount(3)
})

test('a view is kept through a reload and opens with its filter in the fields', async ({ page }) => {
  await page.goto('/stores?q=示范&status=active')
  await page.getByRole('button', { name: '视图' }).click()
  await page.getByLabel('视图名称').fill('示范店')
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await page.goto('/stores')
  await expect(page.getByLabel('药店名称、编号或地址')).toHaveValue('')
  await page.reload()
  await page.getByRole('button', { name: '视图' }).click()
  await page.getByRole('button', { name: '示范店', exact: true }).click()
  await expect(page).toHaveURL(/status=active/)
  await expect(page.getByLabel('药店名称、编号或地址')).toHaveValue('示范')
  await expect(rowsOf(page)).toHaveCount(1)
  await page.goBack()
  await expect(page.getByLabel('药店名称、编号或地址')).toHaveValue('')
  await page.getByRole('button', { name: '视图' }).click()
  await page.getByRole('button', { name: '删除视图 示范店' }).click()
  await expect(page.getByRole('button', { name: '示范店', exact: true })).toHaveCount(0)
})

test('one store: particulars, suspension and reopening', async ({ page }) => {
  const mark = unique()
  await page.goto('/')
  await newStores(page, mark, 1)
  await page.goto(`/stores?q=${mark}`)
  await page.getByRole('button', { name: `查看 ${mark}药店1` }).click()
  const drawer = page.getByRole('dialog', { name: `${mark}药店1` })
  await expect(drawer).toContainText(`${mark}路 0 号`)
  for (const [step, state] of [
    ['暂停', '暂停'],
    ['恢复营业', '营业'],
  ] as const) {
    await drawer.getByRole('button', { name: step }).click()
    const ask = page.getByRole('dialog', { name: `${step}：${mark}药店1` })
    await ask.getByLabel('理由').fill('检查')
    await ask.getByRole('button', { name: '确定' }).click()
    await expect(ask).toBeHidden()
    await expect(drawer.locator('tr').filter({ hasText: '状态' })).toContainText(state)
  }
  await drawer.getByRole('link', { name: '本店登记' }).click()
  await expect(page.getByRole('heading', { name: '购药登记' })).toBeVisible()
  await expect(page.getByRole('navigation', { name: '所在区划' })).toContainText(`${mark}药店1`)
})

test('on a narrow screen stores are cards that can be ticked and opened', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/stores?q=示范')
  const card = page.getByRole('list', { name: '药店' }).locator('> li')
  await expect(card).toHaveCount(1)
  await card.getByRole('checkbox').check()
  await expect(page.getByRole('region', { name: '所选药店' })).toContainText('已选 1 家')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await card.getByRole('button', { name: /^查看/ }).click()
  await expect(page.getByRole('dialog')).toContainText('DEMO-0001')
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(beyond).toBeLessThanOrEqual(0)
})
