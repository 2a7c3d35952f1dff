import { expect, request } from '@playwright/test'
import { addDays, dayOf } from '@vigil/codes'
import { confirm, logged, row, saleOf, test, unique } from './console.fixture.ts'

test('data keys: wrapped anew; a month is destroyed only when it is past and its name is typed', async ({ page }) => {
  const api = page.request
  const past = addDays(dayOf(new Date()), -300)
  const duty = { areaCode: '350582', classes: ['antipyretic'], from: past, to: past, note: '' }
  expect((await api.post('/api/pharmacy/duties', { data: duty })).status()).toBe(200)
  const made = await api.post('/api/api-keys', {
    data: { name: `e2e ${unique()}`, days: 1, grants: [{ roleCode: 'chain-api', areaCode: '350582' }] },
  })
  const program = await request.newContext({
    baseURL: process.env.VIGIL_E2E_URL ?? '',
    extraHTTPHeaders: { authorization: `Bearer ${(await made.json()).key}` },
  })
  const sale = await saleOf(program, 'DEMO-0001', new Date(`${past}T10:00:00+08:00`))
  const sold = await program.post('/api/purchases', { data: sale })
  expect(await sold.json()).toMatchObject({ results: [{ status: 'registered' }] })
  await program.dispose()

  await page.goto('/vault')
  await page.getByRole('button', { name: '更换主密钥' }).click()
  await confirm(page, '用最新主密钥重新加密')
  await expect(page.getByText(/^已用最新主密钥重新加密 \d+ 个月密钥$/)).toBeVisible()
  await logged(page, 'vault.rotate', ({ outcome }) => outcome === 'done')

  const thisMonth = dayOf(new Date()).slice(0, 7)
  const keyOf = (month: string) => page.getByRole('row', { name: new RegExp(`^${month}`) })
  await expect(keyOf(thisMonth)).toContainText('在用')
  await expect(keyOf(thisMonth).getByRole('button')).toHaveCount(0)
  const young = await api.post(`/api/vault/keys/${thisMonth}/shred`, { data: { confirm: thisMonth, reason: '试' } })
  expect(young.status()).toBe(409)

  const month = past.slice(0, 7)
  await row(page, month)
    .getByRole('button', { name: `销毁 ${month}` })
    .click()
  const dialog = page.getByRole('dialog', { name: `销毁 ${month} 的数据密钥` })
  const sure = dialog.getByRole('button', { name: '确定' })
  await expect(sure).toBeDisabled()
  await dialog.getByLabel(`请输入 ${month} 以确认`).fill(thisMonth)
  await expect(sure).toBeDisabled()
  await dialog.getByLabel(`请输入 ${month} 以确认`).fill(month)
  await sure.click()
  await expect(dialog).toContainText('请写明理由')
  await dialog.getByLabel('理由').fill('保存期满')
  await sure.click()
  await expect(page.getByText(/^已销毁，\d+ 条记录的个人信息不可再读$/)).toBeVisible()
  await expect(keyOf(month)).toContainText('已销毁')
  await logged(page, 'vault.shred', ({ object, detail }) => object === `vault:${month}` && detail.reason === '保存期满')

  await page.goto(`/purchases?open=${sale.purchases[0]?.id}`)
  const drawer = page.getByRole('dialog', { name: /^登记 / })
  await expect(drawer.locator('tr').filter({ hasText: '购药人' })).toContainText('已销毁')
  await expect(drawer.getByRole('button', { name: '查看明文' })).toHaveCount(0)
})
