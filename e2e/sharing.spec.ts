import { type Download, expect, type Page, test } from '@playwright/test'
import {
  accept,
  answer,
  isGenuine,
  type Receiver,
  startReceiver,
} from '../packages/server/src/modules/sharing/receiver.fixture.ts'
import { accessible } from './page.fixture.ts'

let receiver: Receiver
test.beforeAll(async () => {
  receiver = await startReceiver()
})
test.afterAll(() => receiver.close())

async function enter(page: Page, username = 'director'): Promise<void> {
  const answered = await page.request.post('/api/session', { data: { username, password: 'shouwang-demo' } })
  expect(answered.status()).toBe(200)
  await page.goto('/sharing')
  await expect(page.getByRole('heading', { level: 1, name: '数据共享' })).toBeVisible()
}

async function setUp(page: Page, name: string, template?: RegExp): Promise<void> {
  await page.getByRole('button', { name: '新增接收方' }).click()
  const dialog = page.getByRole('dialog', { name: '新增接收方' })
  await dialog.getByLabel('名称', { exact: true }).fill(name)
  await dialog.getByLabel('推送地址').fill('http://10.0.0.1/in')
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(dialog.getByText('推送地址是内网地址').first()).toBeVisible()
  await dialog.getByLabel('推送地址').fill(receiver.url)
  await dialog.getByLabel('回执编号字段').fill('data.no')
  await dialog.getByLabel('校验值字段').fill('data.digest')
  if (template) {
    await dialog.getByText('XLSX', { exact: true }).click()
    await dialog.getByRole('combobox', { name: '导出模板' }).click()
    await page.getByTitle(template).click()
  }
  await dialog.getByText('请求头口令、证书与重试').click()
  await dialog.getByLabel('首次重试间隔').fill('1')
  await accessible(page, 'dialog')
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(page.getByRole('dialog', { name })).toBeVisible()
}

test('a recipient is set up, fails twice, signs the third time; the receipt and the public key are taken away', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await enter(page)
  const name = `省平台 ${Date.now().toString(36)}`
  await setUp(page, name, /^零售药店.*直报表/)
  const drawer = page.getByRole('dialog', { name })
  await expect(drawer.getByText('还没有推送过')).toBeVisible()
  await expect(drawer.getByRole('button', { name: '推送一段时间' })).toBeDisabled()

  receiver.behave(accept)
  await drawer.getByRole('button', { name: '试推送' }).click()
  await expect(drawer.getByText('已签收').first()).toBeVisible({ timeout: 15_000 })
  expect(receiver.received.at(-1)?.headers['vigil-test']).toBe('?1')

  await drawer.getByRole('button', { name: '启用', exact: true }).click()
  await page
    .getByRole('dialog', { name: `启用 ${name}` })
    .getByRole('button', { name: '确定' })
    .click()
  await expect(drawer.getByRole('button', { name: '推送一段时间' })).toBeEnabled()

  receiver.behave(answer(500, '系统繁忙'), answer(200, { code: 9, msg: '库满' }), accept)
  await drawer.getByRole('button', { name: '推送一段时间' }).click()
  await page
    .getByRole('dialog', { name: `推送：${name}` })
    .getByRole('button', { name: '推送', exact: true })
    .click()
  const entry = drawer.getByRole('button', { name: /手工/ })
  await expect(entry).toContainText('失败待重试', { timeout: 15_000 })
  await expect(entry).toContainText('已签收', { timeout: 30_000 })
  await entry.click()
  await expect(drawer.getByText('第 3 次')).toBeVisible()
  await expect(drawer.getByText('接收方系统出错（HTTP 500）')).toBeVisible()
  await expect(drawer.getByText('接收方未签收：回执“code”应为“0”，实为“9”')).toBeVisible()
  await drawer.getByRole('button', { name: '核对差异' }).click()
  const changes = page.getByRole('dialog', { name: /^核对 VGL-/ })
  await expect(changes.getByText(/^全部 [\d,]+ 行已核对/)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(changes).toBeHidden()
  await accessible(page, 'drawer')

  const tries = receiver.received.slice(-3)
  for (const { headers, body } of tries) {
    expect(headers['content-type']).toContain('spreadsheetml')
    expect(body.subarray(0, 2).toString()).toBe('PK')
  }
  expect(new Set(tries.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
  await drawer.getByRole('button', { name: /^复制公钥/ }).click()
  await expect(page.getByText('已复制公钥')).toBeVisible()
  const publicKey = await page.evaluate(() => navigator.clipboard.readText())
  for (const request of tries) expect(isGenuine(request, new URL(receiver.url).host, publicKey)).toBe(true)

  const [file] = await Promise.all([
    page.waitForEvent('download') as Promise<Download>,
    drawer.getByRole('button', { name: '下载回执' }).click(),
  ])
  expect(file.suggestedFilename()).toMatch(/^回执_VGS-\d{8}-\d{6}\.json$/)
})

test('what could not be delivered is counted in the menu until it is sent again', async ({ page }) => {
  await enter(page)
  const name = `医保 ${Date.now().toString(36)}`
  await setUp(page, name)
  const drawer = page.getByRole('dialog', { name })
  await drawer.getByRole('button', { name: '启用', exact: true }).click()
  await page
    .getByRole('dialog', { name: `启用 ${name}` })
    .getByRole('button', { name: '确定' })
    .click()
  receiver.behave(answer(302, '', { location: 'https://elsewhere.example/' }))
  await drawer.getByRole('button', { name: '推送一段时间' }).click()
  await page
    .getByRole('dialog', { name: `推送：${name}` })
    .getByRole('button', { name: '推送', exact: true })
    .click()
  const entry = drawer.getByRole('button', { name: /手工/ })
  await expect(entry).toContainText('未送达', { timeout: 30_000 })
  await expect(entry).toContainText('接收方让转到别处（HTTP 302），未予跟随')
  await expect(page.getByText('，1 次推送没有送达').first()).toBeAttached()
  await entry.click()
  receiver.behave(accept)
  await drawer.getByRole('button', { name: '重发' }).click()
  await expect(entry).toContainText('已签收', { timeout: 15_000 })
  await drawer.getByRole('button', { name: 'Close' }).or(drawer.getByLabel('关闭')).first().click()
  await expect(page.getByText(/次推送没有送达/)).toHaveCount(0)
  const row = page.getByRole('row').filter({ hasText: name })
  await expect(row).toContainText('正常')
  await accessible(page, 'page')
})

test('on a phone the list is read as cards, and who may not see it does not', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await enter(page)
  await expect(page.getByRole('list', { name: '数据共享' })).toBeVisible()
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(wide).toBeLessThanOrEqual(0)
  await page.request.delete('/api/session')
  await page.request.post('/api/session', { data: { username: 'office', password: 'shouwang-demo' } })
  expect((await page.request.get('/api/sharing/destinations')).status()).toBe(403)
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto('/')
  await expect(page.getByRole('navigation', { name: '模块', exact: true })).toBeVisible()
  await expect(page.getByRole('link', { name: '数据共享' })).toHaveCount(0)
})
