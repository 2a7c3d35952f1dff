import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect, type Page, request } from '@playwright/test'
import { filmOf, type Picture } from './counter.barcode.ts'
import { fillPerson, newPerson, openCounter } from './page.fixture.ts'

const heads = '类别,通用名,商品名,规格,商品条码,追溯码,启用'
const drugs = [
  '退热,扫码测试甲片,甲牌,0.3g,6901234567892,,是',
  '止咳,扫码测试乙片,乙牌,10mg,,8123456,是',
  '抗生素,扫码测试丙片,丙牌,0.25g,,8765432,是',
  '抗生素,扫码测试丙片,丙牌,0.5g,,8765432,是',
]

/** The page of a browser of its own, whose camera sees the picture. */
const test = base.extend<{ picture: Picture }, { catalogue: undefined }>({
  picture: [{ text: '6901234567892', format: 'EAN13', module: 5, degrees: 0 }, { option: true }],
  page: async ({ picture, playwright, launchOptions }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'vigil-film-'))
    const film = join(folder, 'camera.y4m')
    writeFileSync(film, await filmOf(picture))
    const camera = [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ]
    const browser = await playwright.chromium.launch({ args: [...(launchOptions.args ?? []), ...camera] })
    await use(await browser.newPage())
    await browser.close()
    rmSync(folder, { recursive: true })
  },
  catalogue: [
    async ({ browserName: _ }, use) => {
      const director = await request.newContext({ baseURL: process.env.VIGIL_E2E_URL ?? '' })
      await director.post('/api/session', { data: { username: 'director', password: 'shouwang-demo' } })
      const file = { name: '扫码.csv', mimeType: 'text/csv', buffer: Buffer.from([heads, ...drugs].join('\n')) }
      const answer = await director.post('/api/pharmacy/drugs/import', { multipart: { file } })
      expect(await answer.json()).toMatchObject({ accepted: drugs.length, rejected: 0 })
      await director.dispose()
      await use(undefined)
    },
    { scope: 'worker', auto: true },
  ],
})

/** Opens the counter and goes to the drugs, then points the camera at the picture. */
async function scan(page: Page): Promise<void> {
  await openCounter(page)
  await page.getByRole('textbox', { name: /身份证号码/ }).fill(newPerson())
  await fillPerson(page, '王小芳')
  await page.getByRole('button', { name: '扫码' }).click()
}

const cart = (page: Page) => page.locator('.cart li')
const closed = (page: Page) => expect(page.getByRole('dialog', { name: '扫码选药' })).toHaveCount(0)

test.describe('an EAN-13 on a box held a little crooked', () => {
  test.use({ picture: { text: '6901234567892', format: 'EAN13', module: 5, degrees: 6 } })
  test('puts the drug on the list, and the sale is registered with it', async ({ page }) => {
    await scan(page)
    await expect(cart(page)).toContainText('扫码测试甲片')
    await closed(page)
    await page.getByRole('button', { name: '无不适' }).click()
    await page.getByRole('button', { name: '完成登记' }).click()
    await expect(page.getByRole('heading', { name: '登记完成' })).toBeVisible()
    const today = await (await page.request.get('/api/purchases/today')).json()
    expect(today.items[0].items).toMatchObject([{ name: expect.stringContaining('扫码测试甲片'), quantity: 1 }])
  })
})

test.describe('a trace code of 20 digits as Code 128', () => {
  test.use({ picture: { text: '81234560000000000001', format: 'Code128', module: 3, degrees: -4 } })
  test('names its drug by the first seven digits', async ({ page }) => {
    await scan(page)
    await expect(cart(page)).toContainText('扫码测试乙片')
    await closed(page)
  })
})

test.describe('a trace code as Data Matrix that two packs share', () => {
  test.use({ picture: { text: '87654320000000000017', format: 'DataMatrix', module: 9, degrees: 11 } })
  test('asks which of them it is', async ({ page }) => {
    await scan(page)
    await expect(page.getByText('扫到多种规格，请选一种')).toBeVisible()
    await closed(page)
    const choices = page.getByRole('list', { name: '药品' }).getByRole('button')
    await expect(choices).toHaveCount(2)
    await choices.filter({ hasText: '0.5g' }).click()
    await expect(cart(page)).toContainText('0.5g')
  })
})

test.describe('a code of another ware', () => {
  test.use({ picture: { text: '4006381333931', format: 'EAN13', module: 4, degrees: 0 } })
  test('is told as not in the catalogue while the camera goes on', async ({ page }) => {
    await scan(page)
    await expect(page.getByText('4006381333931 不在登记目录中')).toBeVisible()
    await expect(page.getByRole('dialog', { name: '扫码选药' })).toBeVisible()
    await page.keyboard.press('Escape')
    await closed(page)
    await expect(cart(page)).toHaveCount(0)
  })
})
