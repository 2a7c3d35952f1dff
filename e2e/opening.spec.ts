import { type Browser, expect, type Page, test } from '@playwright/test'
import { accessible, fitsWidth, openCounter, phonePage } from './page.fixture.ts'

async function enter(page: Page): Promise<void> {
  const answered = await page.request.post('/api/session', {
    data: { username: 'jinjiang', password: 'shouwang-demo' },
  })
  expect(answered.status()).toBe(200)
  await page.goto('/opening')
  await expect(page.getByRole('heading', { level: 1, name: '晋江市营业情况' })).toBeVisible()
}

async function counter(browser: Browser): Promise<Page> {
  const page = await phonePage(browser)
  await openCounter(page)
  await page.getByRole('button', { name: /^待办/ }).click()
  return page
}

test('a missing store is called, checks in without the network, and is counted when it comes back', async ({
  page,
  browser,
}) => {
  await enter(page)
  // Another test may have sold there today: it is then listed among those that sold without a word.
  const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  const answer = await page.request.get(`/api/opening/stores/DEMO-0001?day=${day}`)
  const { store } = (await answer.json()) as { store: { standing: string } }
  await page.goto(`/opening?standing=${store.standing}`)
  const missing = page.getByRole('row').filter({ hasText: '守望示范大药房' })
  await expect(missing).toContainText('0595-85600000')
  await missing.getByRole('button', { name: '登记联系 守望示范大药房' }).click()
  const dialog = page.getByRole('dialog', { name: '登记联系：守望示范大药房' })
  await dialog.getByLabel('无人接听').check()
  await dialog.getByLabel('说明').fill('响铃两次')
  await accessible(page, 'call')
  await dialog.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(missing).toContainText('无人接听')
  await accessible(page, 'page')

  const phone = await counter(browser)
  const section = phone.getByRole('region', { name: /^营业签到/ })
  await expect(section.getByRole('button', { name: '正常营业' })).toBeVisible()
  await phone.context().setOffline(true)
  await section.getByRole('button', { name: '今日停业' }).click()
  await section.getByRole('button', { name: '登记停业' }).click()
  await expect(section.getByRole('alert')).toHaveText('请选择停业原因')
  await section.getByRole('button', { name: '盘点' }).click()
  await section.getByRole('button', { name: '登记停业' }).click()
  await expect(section).toContainText('待上传')
  // The page may be closed meanwhile: what was said waits sealed on the device.
  await phone.context().setOffline(false)
  await phone.reload()
  await phone.getByRole('button', { name: /^待办/ }).click()
  await expect(section).toContainText('已签到')
  await expect(section).toContainText('盘点')
  await section.getByRole('button', { name: '情况有变，重新签到' }).click()
  await section.getByRole('button', { name: '正常营业' }).click()
  await expect(section.getByRole('listitem')).toHaveCount(2)
  await fitsWidth(phone)
  await accessible(phone, 'counter')
  await phone.context().close()

  await page.goto('/opening?open=DEMO-0001')
  const drawer = page.getByRole('dialog', { name: '守望示范大药房' })
  await expect(drawer).toContainText('当日所报（2 次）')
  await expect(drawer).toContainText('停业 · 盘点')
  await expect(drawer).toContainText('联系记录（1 次）')
  await accessible(page, 'drawer')
})

test('the page is read as cards on a phone, drills down and names every figure in a table', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await enter(page)
  await expect(page.getByRole('list', { name: '辖区营业率' })).toBeVisible()
  await fitsWidth(page)
  await page.getByText('表', { exact: true }).click()
  await expect(page.getByRole('columnheader', { name: '营业率' })).toBeVisible()
  // Stores without an office stand beside the offices.
  await page
    .getByRole('list', { name: '辖区营业率' })
    .getByRole('button', { name: /监督管理所/ })
    .first()
    .click()
  await expect(page).toHaveURL(/area=350582/)
  await expect(page.getByRole('list', { name: '药店营业情况' })).toBeVisible()
  await accessible(page, 'phone')
})
