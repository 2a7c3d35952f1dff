import { readFile } from 'node:fs/promises'
import {
  type APIRequestContext,
  type BrowserContext,
  test as base,
  expect,
  type Locator,
  type Page,
} from '@playwright/test'
import { citizenIdCheckDigit, creditCodeCheckDigit, organizationCodeCheckDigit, uuidv7 } from '@vigil/codes'

/** Tests of a director whose browser stays signed in, with its cache, from test to test; each has a tab of its own. */
export const test = base.extend<object, { desk: BrowserContext }>({
  desk: [
    async ({ browser }, use, { project }) => {
      const { baseURL = process.env.VIGIL_E2E_URL, viewport, locale, timezoneId } = project.use
      const given = Object.entries({ baseURL, viewport, locale, timezoneId }).filter(([, value]) => value !== undefined)
      const desk = await browser.newContext({ ...Object.fromEntries(given), reducedMotion: 'reduce' })
      const entered = await desk.request.post('/api/session', {
        data: { username: 'director', password: 'shouwang-demo' },
      })
      expect(entered.status()).toBe(200)
      await use(desk)
      await desk.close()
    },
    { scope: 'worker' },
  ],
  page: async ({ desk }, use) => {
    const page = await desk.newPage()
    await use(page)
    await page.close()
  },
})

/** A text that no other test and no earlier run uses. */
export const unique = () => `${Date.now().toString(36)}${(serial++).toString(36)}`.toUpperCase()
let serial = 0

/** A unified social credit code (GB 32100) of Jinjiang that no other test uses. */
export function creditCode(): string {
  const own = String(10_000_000 + ((Date.now() + serial++ * 7919) % 89_999_999))
  const first = `91350582${own}${organizationCodeCheckDigit(own)}`
  return first + creditCodeCheckDigit(first)
}

/** Presses a button that saves a file; answers the file's name and bytes. */
export async function download(page: Page, button: Locator): Promise<{ name: string; bytes: Buffer }> {
  const [file] = await Promise.all([page.waitForEvent('download'), button.click()])
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) }
}

/** The row of a table that shows this text. */
export const row = (page: Page, text: string) => page.locator('tbody tr').filter({ hasText: text })

/** Says yes in the dialog of that name. */
export async function confirm(page: Page, name: string | RegExp): Promise<void> {
  const dialog = page.getByRole('dialog', { name })
  await dialog.getByRole('button', { name: '确定' }).click()
  await expect(dialog).toBeHidden()
}

/** Waits until the log holds an entry of this action about this object. */
export async function logged(page: Page, action: string, test: (entry: Entry) => boolean): Promise<void> {
  const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  const answer = await page.request.get(`/api/audit?from=${day}&to=${day}&action=${action}&limit=50`)
  expect(answer.status()).toBe(200)
  const { items } = (await answer.json()) as { items: Entry[] }
  expect(items.some(test), `${action}: ${JSON.stringify(items.slice(0, 3))}`).toBe(true)
}

interface Entry {
  readonly object: string
  readonly outcome: string
  readonly actor: string
  readonly detail: Record<string, unknown>
}

/** Body of one sale to a person never seen before. */
export async function saleOf(api: APIRequestContext, storeCode: string, soldAt = new Date()) {
  const drugs = await (await api.get('/api/pharmacy/drugs?q=blf&limit=1')).json()
  const first = `350582197${serial % 10}01${10 + (serial % 18)}${100 + (Date.now() % 900)}`
  serial += 1
  return {
    purchases: [
      {
        id: uuidv7(soldAt.getTime()),
        storeCode,
        soldAt: soldAt.toISOString(),
        documentType: 'citizen-id',
        documentNumber: first + citizenIdCheckDigit(first),
        person: {
          name: '林测试',
          mobile: '13805950000',
          residenceAreaCode: '350582',
          residenceAddress: '青阳街道 1 号',
        },
        items: [{ drugId: drugs.items[0].id as string, quantity: 1 }],
        symptoms: ['cough'],
        temperatureTenths: 366,
      },
    ],
  }
}
