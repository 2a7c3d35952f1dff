import { expect, type Page } from '@playwright/test'
import { citizenIdCheckDigit } from '@vigil/codes'
import { download, saleOf, test } from './console.fixture.ts'
import { accessible, openCounter, phonePage, store } from './page.fixture.ts'

/** Six sales under one ID and six names: what the store is found by. */
async function misbehave(page: Page): Promise<void> {
  const first = `3505821966${String(10 + (Date.now() % 3))}12${100 + (Date.now() % 900)}`
  for (const [index, name] of ['甲', '乙', '丙', '丁', '戊', '己'].entries()) {
    const { purchases } = await saleOf(page.request, store.code, new Date(Date.now() - (7 - index) * 600_000))
    const [sale] = purchases
    const body = {
      ...sale,
      documentNumber: first + citizenIdCheckDigit(first),
      person: { ...sale!.person, name: `林${name}` },
    }
    const answer = await page.request.post('/api/purchases', { data: { purchases: [body] } })
    expect((await answer.json()).results[0].status).toBe('registered')
  }
}

/** Closes what the demo city began with, so that each measure can be decided anew. */
async function settleAll(page: Page): Promise<void> {
  const answer = await page.request.get(`/api/compliance/stores/${store.code}`)
  const { measures } = (await answer.json()) as { measures: { id: string; state: string }[] }
  for (const { id, state } of measures)
    if (state === 'open' || state === 'answered')
      await page.request.post(`/api/compliance/measures/${id}/cancel`, { data: { reason: '重新开始' } })
}

test('a store with a bad habit is found, warned at its counter, answers, gets a letter and an inspector', async ({
  page,
  browser,
}) => {
  await misbehave(page)
  await page.goto('/compliance?grade=all')
  await page.getByRole('button', { name: '重新核查' }).click()
  await expect
    .poll(async () => {
      const answer = await page.request.get(`/api/compliance/stores/${store.code}`)
      return answer.ok() ? (await answer.json()).store.parts.map(({ rule }: { rule: string }) => rule) : []
    })
    .toContain('shared-id')
  await settleAll(page)
  await page.goto(`/compliance?grade=all&q=${store.code}`)
  const row = page.getByRole('row').filter({ hasText: store.name })
  await expect(row).toContainText('一证多人')
  await accessible(page, 'list')
  // Whoever comes from another area's page must see whose stores these are.
  await expect(page.getByRole('banner').getByLabel('区划')).toBeVisible()

  await page.getByRole('button', { name: store.name }).click()
  await expect(page.getByRole('heading', { level: 1, name: store.name })).toBeVisible()
  const part = page.getByRole('region', { name: '一证多人' })
  await expect(part).toContainText('同一证件')
  await accessible(page, 'store')
  await part.getByRole('button', { name: /^查看 \d+ 笔登记$/ }).click()
  const entries = page.getByRole('dialog')
  await expect(entries.getByText('林*').first()).toBeVisible()
  await entries
    .getByRole('button', { name: 'Close' })
    .or(entries.getByRole('button', { name: '关闭' }))
    .first()
    .click()

  await page.getByRole('button', { name: '提醒', exact: true }).click()
  await page.getByRole('dialog').getByLabel('补充说明').fill('请今天内核实')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /确\s*定/ })
    .click()
  await expect(page.getByRole('listitem').filter({ hasText: '请今天内核实' })).toContainText('办理中')

  const phone = await phonePage(browser)
  await openCounter(phone)
  await phone.getByRole('button', { name: /^待办/ }).click()
  await phone
    .getByRole('button', { name: /经营规范提醒/ })
    .first()
    .click()
  await expect(phone.getByText('请今天内核实')).toBeVisible()
  await accessible(phone, 'counter')
  await phone.getByRole('button', { name: '提交答复' }).click()
  await expect(phone.getByRole('alert').filter({ hasText: '请回答“原因说明”' })).toBeVisible()
  await phone.getByLabel('原因说明').fill('店员图快，用了熟人证件')
  await phone.getByLabel('整改措施').fill('已培训，逐人核对')
  await phone.getByRole('button', { name: '已改好' }).click()
  await phone.getByLabel('答复人姓名').fill('王店长')
  await phone.context().setOffline(true)
  await phone.getByRole('button', { name: '提交答复' }).click()
  await expect(phone.getByText('没有网络，未能提交')).toBeVisible()
  await phone.context().setOffline(false)
  await phone.getByRole('button', { name: '提交答复' }).click()
  await expect(phone.getByText('已答复，监管人员会看到')).toBeVisible()

  await page.reload()
  const warned = page.getByRole('listitem').filter({ hasText: '请今天内核实' })
  await expect(warned).toContainText('药店已回应')
  await expect(warned).toContainText('原因说明：店员图快，用了熟人证件')

  await page.getByRole('button', { name: '提醒告诫书', exact: true }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /确\s*定/ })
    .click()
  const letter = page.getByRole('listitem').filter({ hasText: '药规告诫' }).filter({ hasText: '办理中' })
  const file = await download(page, letter.getByRole('button', { name: '下载文书' }))
  expect(file.name).toMatch(/^药规告诫〔\d{4}〕\d{4}号\.pdf$/)
  expect(file.bytes.subarray(0, 5).toString()).toBe('%PDF-')

  await page.getByRole('button', { name: '现场检查', exact: true }).click()
  await page.getByRole('dialog').getByLabel('执法人员').fill('科长')
  await page.locator('.ant-select-item-option').filter({ hasText: '陈科长（晋江市）' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /确\s*定/ })
    .click()
  const task = page.getByRole('listitem').filter({ hasText: '由陈科长办理' })
  await task.getByRole('button', { name: '登记结果' }).click()
  await page.getByRole('dialog').getByText('属实，已整改').click()
  await page.getByRole('dialog').getByLabel('办理结果').fill('现场核对，已改')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /办\s*结/ })
    .click()
  await expect(page.getByRole('listitem').filter({ hasText: '由陈科长办理' })).toContainText('现场核对，已改')
  await phone.context().close()
})
