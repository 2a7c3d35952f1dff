import { type Browser, expect, type Page, test } from '@playwright/test'
import { citizenIdCheckDigit } from '@vigil/codes'
import { accessible, fillPerson, fitsWidth, openCounter, phonePage } from './page.fixture.ts'

const person = `35058219850412${String(100 + (Date.now() % 900))}`
const name = `停售目录 ${Date.now().toString(36)}`

async function enter(page: Page, path: string, title: string): Promise<void> {
  const answered = await page.request.post('/api/session', {
    data: { username: 'jinjiang', password: 'shouwang-demo' },
  })
  expect(answered.status()).toBe(200)
  await page.goto(path)
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
}

/** A phone of the demo store, at the choice of drugs for a buyer. */
async function atDrugs(browser: Browser): Promise<Page> {
  const page = await phonePage(browser)
  await openCounter(page)
  await page.getByRole('textbox', { name: /身份证号码/ }).fill(person + citizenIdCheckDigit(person))
  await fillPerson(page, '王小芳')
  return page
}

const drugOf = (page: Page) => page.getByRole('list', { name: '药品' }).getByRole('button').first()
async function search(page: Page): Promise<void> {
  await page.getByRole('searchbox').fill('')
  await page.getByRole('searchbox').fill('aspl')
  await expect(drugOf(page)).toContainText('阿司匹林泡腾片')
}

test('an order is issued, refused on a phone within a minute and offline, then lifted', async ({ page, browser }) => {
  // Up to half of it is the wait until the phone asks for orders by itself.
  test.setTimeout(120_000)
  const phone = await atDrugs(browser)
  await search(phone)
  await expect(drugOf(phone)).not.toContainText('停售')

  await enter(page, '/stop-sales', '停售目录')
  await page.getByRole('button', { name: '起草目录' }).click()
  const dialog = page.getByRole('dialog', { name: '起草停售目录' })
  await dialog.getByLabel('目录名称').fill(name)
  await dialog.getByLabel('原因').fill('疫情防控')
  await dialog.getByRole('combobox', { name: '加入药品' }).fill('aspl')
  await page.getByTitle(/^阿司匹林泡腾片/).click()
  await expect(dialog.getByRole('list', { name: '已选 1 项' })).toContainText('阿司匹林泡腾片')
  await accessible(page, 'dialog')
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  await page.getByRole('button', { name: '发布', exact: true }).click()
  await page
    .getByRole('dialog', { name: `发布“${name}”` })
    .getByRole('button', { name: '确定' })
    .click()
  await expect(page.getByText('执行中').first()).toBeVisible()
  const issued = Date.now()

  await expect(drugOf(phone)).toContainText('停售', { timeout: 60_000 - (Date.now() - issued) })
  await drugOf(phone).click()
  const refusal = phone.getByRole('alert').filter({ hasText: '禁止销售' })
  await expect(refusal).toContainText(name)
  await expect(refusal).toContainText('阿司匹林泡腾片')
  await expect(phone.getByRole('button', { name: /^增加/ })).toHaveCount(0)
  await accessible(phone, 'counter')

  await phone.context().setOffline(true)
  await search(phone)
  await expect(drugOf(phone)).toContainText('停售')
  await drugOf(phone).click()
  await expect(refusal).toContainText(name)
  await phone.context().setOffline(false)
  await phone.evaluate(() => dispatchEvent(new Event('online')))

  await page.reload()
  const refused = page.getByRole('region', { name: '拒售记录' })
  await expect(refused.getByRole('row').filter({ hasText: 'DEMO-0001' }).first()).toContainText('350***')
  await accessible(page, 'order')

  await page.getByRole('button', { name: '解除', exact: true }).click()
  const lift = page.getByRole('dialog', { name: `解除“${name}”` })
  await lift.getByLabel('理由').fill('疫情趋缓')
  await lift.getByRole('button', { name: '确定' }).click()
  await expect(page.getByText('已结束').first()).toBeVisible()
  await phone.evaluate(() => dispatchEvent(new Event('online')))
  await search(phone)
  await expect(drugOf(phone)).not.toContainText('停售', { timeout: 30_000 })
  await drugOf(phone).click()
  await expect(phone.getByRole('button', { name: /^增加/ })).toBeVisible()
  await phone.context().close()
})

test('an inspector records a store on a phone with one thumb', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await enter(page, '/stop-sale-tasks', '停售检查')
  await page.getByRole('button', { name: '发起检查' }).click()
  const dialog = page.getByRole('dialog', { name: '发起停售检查' })
  const campaign = `检查 ${Date.now().toString(36)}`
  await dialog.getByLabel('名称').fill(campaign)
  await dialog.getByRole('button', { name: /^发\s?起$/ }).click()
  await page.getByRole('button', { name: campaign }).click()
  await page
    .getByRole('button', { name: /^登记 / })
    .first()
    .click()
  const drawer = page.getByRole('dialog')
  for (const answer of await drawer.getByText('符合', { exact: true }).all()) await answer.click()
  await drawer.getByText('不符合', { exact: true }).first().click()
  const submit = drawer.getByRole('button', { name: '提交' })
  await expect(submit).toBeDisabled()
  await drawer.getByLabel(/^情况/).fill('停售药品未下架')
  await accessible(page, 'task')
  await submit.click()
  await expect(page.getByText('有问题').first()).toBeVisible()
  await fitsWidth(page)
  await accessible(page, 'tasks')
})

test('reimbursement lines show what was paid while barred; others do not see the pages', async ({ page }) => {
  await enter(page, '/reimbursements', '医保比对')
  await expect(page.getByRole('heading', { name: '联合检查名单' })).toBeVisible()
  await accessible(page, 'reimbursements')
  await page.setViewportSize({ width: 390, height: 844 })
  await fitsWidth(page)
})
