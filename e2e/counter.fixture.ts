import { expect, type Page } from '@playwright/test'
import type { PurchaseItem } from '@vigil/contract'
import { fillPerson } from './page.fixture.ts'

/** Takes the first drug that its pinyin initials find. */
export async function pickDrug(page: Page): Promise<void> {
  await page.getByRole('searchbox').fill('blf')
  await page.getByRole('list', { name: '药品' }).getByRole('button').first().click()
}

/** Registers a sale to a buyer whom nobody has seen before, from the empty form on. */
export async function registerNew(page: Page, id: string, name = '王小芳'): Promise<void> {
  await page.getByRole('textbox', { name: /身份证号码/ }).fill(id)
  await fillPerson(page, name)
  await pickDrug(page)
  await page.getByRole('button', { name: '无不适' }).click()
  await page.getByRole('button', { name: '完成登记' }).click()
}

/** Rows of today's list of the store, as the server has them. */
export async function stored(page: Page): Promise<PurchaseItem[]> {
  const answer = await page.request.get('/api/purchases/today')
  expect(answer.status()).toBe(200)
  return (await answer.json()).items
}
