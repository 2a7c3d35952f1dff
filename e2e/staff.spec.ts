import { type Browser, expect, type Page, test } from '@playwright/test'
import { citizenIdCheckDigit } from '@vigil/codes'
import { accessible, fitsWidth, openCounter, phonePage } from './page.fixture.ts'

const first17 = `35058219880617${String(100 + (Date.now() % 900))}`
const worker = { name: '钟灵秀', number: first17 + citizenIdCheckDigit(first17), mobile: '13900139000' }

async function counter(browser: Browser): Promise<Page> {
  const page = await phonePage(browser)
  await openCounter(page)
  await page.getByRole('button', { name: /^待办/ }).click()
  return page
}

test('a store adds somebody and enters a test; the supervisor sees it masked, takes it back and reveals with a purpose', async ({
  page,
  browser,
}) => {
  const phone = await counter(browser)
  const section = phone.getByRole('region', { name: /^人员检测/ })
  await expect(section.getByRole('listitem').first()).toBeVisible()
  await section.getByRole('button', { name: '添加从业人员' }).click()
  await section.getByLabel('姓名').fill(worker.name)
  await section.getByLabel('身份证号码').fill(worker.number.slice(0, 17))
  await section.getByLabel('手机号').fill(worker.mobile)
  await section.getByRole('button', { name: '添加', exact: true }).click()
  await expect(section.getByRole('alert')).not.toBeEmpty()
  await section.getByLabel('身份证号码').fill(worker.number)
  await section.getByRole('button', { name: '添加', exact: true }).click()
  const mine = section.getByRole('listitem').filter({ hasText: '钟**' })
  await expect(mine).toContainText('还没有检测记录')
  await expect(section).not.toContainText(worker.number)
  await mine.getByRole('button').first().click()
  const code = `TUBE-${Date.now().toString(36).toUpperCase()}`
  await mine.getByLabel('试管或报告编号').fill(code)
  await accessible(phone, 'counter')
  await mine.getByLabel('试管或报告编号').press('Enter')
  await expect(mine).toContainText('在有效期内')
  await expect(mine).toContainText('待出结果')
  await fitsWidth(phone)
  await phone.context().close()

  const answered = await page.request.post('/api/session', {
    data: { username: 'jinjiang', password: 'shouwang-demo' },
  })
  expect(answered.status()).toBe(200)
  await page.goto('/staff?store=DEMO-0001')
  await expect(page.getByRole('heading', { level: 1, name: '晋江市人员检测' })).toBeVisible()
  const row = page
    .getByRole('row')
    .filter({ hasText: '钟**' })
    .filter({ hasText: worker.number.slice(14) })
  await expect(row).toContainText('在有效期内')
  await accessible(page, 'page')
  await row.getByRole('button', { name: /^查看/ }).click()
  const drawer = page.getByRole('dialog', { name: '钟**' })
  await expect(drawer).toContainText(code)
  await drawer.getByRole('button', { name: '查看明文' }).click()
  const reveal = page.getByRole('dialog', { name: '查看个人信息明文' })
  await reveal.getByLabel('案件调查').check()
  await reveal.getByLabel('理由').fill('核对身份')
  await reveal.getByRole('button', { name: '查看明文' }).click()
  await expect(reveal).toContainText(worker.number)
  await page.keyboard.press('Escape')
  await expect(reveal).toBeHidden()
  await drawer.getByRole('button', { name: /^作\s?废$/ }).click()
  const voiding = page.getByRole('dialog', { name: '作废这次检测' })
  await voiding.getByLabel('理由').fill('样本污染')
  await voiding.getByRole('button', { name: /^确\s?定$/ }).click()
  await expect(drawer).toContainText('已作废')
  await expect(drawer).toContainText('即将到期')
  await accessible(page, 'drawer')
})

test('a past day is shown by what is known now and by what was known then; cards on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  const answered = await page.request.post('/api/session', {
    data: { username: 'jinjiang', password: 'shouwang-demo' },
  })
  expect(answered.status()).toBe(200)
  const day = new Date(Date.now() + 8 * 3_600_000 - 86_400_000).toISOString().slice(0, 10)
  await page.goto(`/staff?from=${day}&to=${day}`)
  await expect(page.getByText('当日已知覆盖率')).toBeVisible()
  await expect(page.getByText(new RegExp(`${day} 之后(没有补录|补录了)`))).toBeVisible()
  await page.getByLabel('按当日已知').check()
  await expect(page).toHaveURL(/known=then/)
  await expect(page.getByRole('list', { name: '人员名册' })).toBeVisible()
  await fitsWidth(page)
  await accessible(page, 'phone')
  await page.getByRole('button', { name: '检测周期' }).click()
  await expect(page.getByRole('dialog', { name: '检测周期' })).toContainText('每 15 天，提前 3 天提醒')
})
