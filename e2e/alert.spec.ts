import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { download, logged, test } from './console.fixture.ts'
import { accessible } from './page.fixture.ts'

/** A county and class in which the demo city is quiet. */
const [county, name, className] = ['350526', '德化县', 'antiviral'] as const

const raise = () =>
  execFileSync(
    process.execPath,
    [join(import.meta.dirname, 'alert.signal.ts'), process.env.VIGIL_E2E_DATA ?? '', county, className],
    { stdio: 'inherit' },
  )

// Opening an installation takes its time on a busy machine.
test.setTimeout(120_000)

/** Fills the open dialog and confirms it. */
async function confirm(page: Page, title: string, fill?: (dialog: ReturnType<Page['getByRole']>) => Promise<unknown>) {
  const dialog = page.getByRole('dialog', { name: title })
  await expect(dialog).toBeVisible()
  await fill?.(dialog)
  await dialog
    .getByRole('button', { name: '确 定' })
    .or(dialog.getByRole('button', { name: '确定' }))
    .click()
  await expect(dialog).toBeHidden()
}

test('an orange alert is told at once, taken, checked at its stores and the CDC, closed with a finding, and counted', async ({
  page,
}) => {
  await page.goto('/response')
  await expect(page.getByRole('heading', { level: 1, name: '响应时效' })).toBeVisible()
  await expect(page.getByText('实时', { exact: false }).first()).toBeVisible()
  raise()
  const toast = page.getByRole('alert').filter({ hasText: name })
  await expect(toast).toContainText('橙色预警')
  // By its own line: at some hours the demo's own sales raise others beside it.
  await toast.getByRole('button', { name: `${name}抗病毒` }).click()
  await expect(page.getByRole('heading', { level: 1, name: `${name}抗病毒需求异常` })).toBeVisible()
  await expect(page.getByText('今日登记 88 笔，预期 30 笔').first()).toBeVisible()
  await expect(page.getByText(/剩余 (59|60) 分钟|剩余 1 小时/).first()).toBeVisible()
  await page.getByText('表', { exact: true }).click()
  await expect(page.getByRole('cell', { name: '88', exact: true })).toBeVisible()
  await accessible(page, 'alert')

  await page
    .getByRole('button', { name: '受 理' })
    .or(page.getByRole('button', { name: '受理' }))
    .click()
  await expect(page.getByText('已受理').first()).toBeVisible()
  const stores = page.getByRole('region', { name: '贡献药店' })
  const hasStores = (await stores.getByRole('link').count()) > 0
  await page.getByRole('button', { name: '询问药店' }).click()
  await confirm(page, '询问药店', async (dialog) => {
    if (hasStores && (await dialog.locator('.ant-select-selection-item').count()) > 0) return
    await dialog.getByRole('combobox', { name: '药店' }).click()
    await page.locator('.ant-select-item-option').first().click()
    await page.keyboard.press('Escape')
  })
  await expect(page.getByText('核查中').first()).toBeVisible()
  await expect(page.getByText(/待答复/).first()).toBeVisible()
  await page.getByRole('button', { name: '转疾控' }).click()
  await confirm(page, '转疾控核查')
  await page.getByRole('button', { name: '登记回执' }).click()
  await confirm(page, `登记 ${name}疾病预防控制中心 的回执`, (dialog) =>
    dialog.getByLabel('回执内容').fill('已派员核查，为聚集性流感'),
  )
  await expect(page.getByText('回执：已派员核查，为聚集性流感')).toBeVisible()
  await page.getByRole('button', { name: '给出结论' }).click()
  await confirm(page, '给出结论', async (dialog) => {
    await dialog.getByText('属实', { exact: true }).click()
    await dialog.getByLabel('依据').fill('疾控核查属实')
  })
  await page
    .getByRole('button', { name: '办 结' })
    .or(page.getByRole('button', { name: '办结', exact: true }))
    .click()
  await confirm(page, '办结预警')
  await expect(page.getByText('已办结').first()).toBeVisible()
  const number = await page.getByText(/^YJ-\d{8}-\d{4}$/).textContent()
  await logged(page, 'alert.close', ({ object, outcome }) => object === `alert:${number}` && outcome === 'done')

  await page.goto('/response')
  const row = page.getByRole('row').filter({ hasText: name })
  await expect(row).toContainText('1 / 1')
  await expect(row).toContainText('100%')
  await accessible(page, 'response')
  await page.goto('/alerts?state=ended')
  await expect(page.getByRole('row').filter({ hasText: name })).toContainText('属实')
})

test('a robot and one’s own mailbox are set up; a private address is refused', async ({ page }) => {
  await page.goto('/channels')
  await expect(page.getByRole('heading', { level: 1, name: '预警推送' })).toBeVisible()
  await page.getByRole('button', { name: '新增推送' }).click()
  const dialog = page.getByRole('dialog', { name: '新增推送' })
  const group = `值班群${Date.now().toString(36)}`
  await dialog.getByLabel('名称').fill(group)
  await dialog.getByLabel('机器人 Webhook 地址').fill('http://10.0.0.1/robot?key=1')
  await accessible(page, 'target')
  const save = dialog.getByRole('button', { name: '保 存' }).or(dialog.getByRole('button', { name: '保存' }))
  await save.click()
  await expect(dialog.getByText('内网地址').first()).toBeVisible()
  await dialog.getByLabel('机器人 Webhook 地址').fill('http://127.0.0.1:9/robot?key=0123456789')
  await save.click()
  await expect(dialog).toBeHidden()
  const row = page.getByRole('row').filter({ hasText: group }).first()
  await expect(row).not.toContainText('0123456789')
  await row
    .getByRole('button', { name: '测 试' })
    .or(row.getByRole('button', { name: '测试' }))
    .click()
  await expect(page.getByRole('row').filter({ hasText: '【测试】' }).first()).toContainText(/拒绝连接|待推送/)
  await accessible(page, 'channels')

  await page.goto('/me')
  await page.getByRole('button', { name: '新增接收方式' }).click()
  const own = page.getByRole('dialog', { name: '新增推送' })
  await own.getByLabel('邮箱地址').fill('director@example.cn')
  await own
    .getByRole('button', { name: '保 存' })
    .or(own.getByRole('button', { name: '保存' }))
    .click()
  await expect(page.getByText('d***@example.cn')).toBeVisible()
})

test('the list of alerts is taken out as it is shown', async ({ page }) => {
  await page.goto('/alerts?state=all')
  await page.getByRole('button', { name: '导出' }).first().click()
  const file = await download(page, page.getByRole('menuitem', { name: '导出 CSV' }))
  expect(file.bytes.toString('utf8')).toContain('编号')
})
