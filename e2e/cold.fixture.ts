import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, expect, type Locator, type Page } from '@playwright/test'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { phonePage } from './page.fixture.ts'

const password = 'shouwang-demo'

/** A phone on which a business of the demo city is signed in. */
export async function phoneOf(browser: Browser, username: string): Promise<Page> {
  const page = await phonePage(browser)
  // The accounts of the demo are made in the background.
  const entered = () => page.request.post('/api/session', { data: { username, password } })
  await expect.poll(async () => (await entered()).status(), { timeout: 30_000 }).toBe(200)
  return page
}

/** A day of Shanghai, so many days from now. */
export const dayAhead = (days: number) =>
  new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10)

/** The text of the one code that a picture on the screen shows, read from its pixels as a camera would. */
export async function codeOn(picture: Locator): Promise<string> {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
  prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(readFileSync(wasm)).buffer } })
  const found = await readBarcodes(new Uint8Array(await picture.screenshot()), { formats: ['QRCode'] })
  expect(found).toHaveLength(1)
  return found[0]!.text
}

/** Does something with a lot by its weight, on the page of the lot. */
export async function trade(page: Page, lotId: string, kind: string, kilograms: string, to?: string): Promise<void> {
  await page.goto(`/cold/lots/${lotId}`)
  await page.getByRole('link', { name: '办理业务' }).click()
  await page.getByRole('button', { name: kind, exact: true }).click()
  if (to !== undefined) {
    await page.getByLabel('收货方').fill(to)
    await page.getByRole('button', { name: new RegExp(to) }).click()
  }
  await page.getByLabel('净重').fill(kilograms)
  await page.getByRole('button', { name: `确认${kind}` }).click()
  await expect(page.getByText(`${kind} ${kilograms} 千克 已登记`)).toBeVisible()
}

/** Takes in by its weight the newest dispatch of so much that is on the way to a business. */
export async function receive(page: Page, kilograms: string): Promise<void> {
  await page.goto('/cold/receive')
  await page
    .getByRole('link', { name: new RegExp(`${kilograms} 千克`) })
    .last()
    .click()
  await page.getByLabel(/的重量（千克）/).fill(kilograms)
  await page.getByRole('button', { name: '填入' }).click()
  await page.getByRole('button', { name: '确认收货' }).click()
  await expect(page.getByText('：已登记')).toBeVisible()
}
