import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import { citizenIdCheckDigit } from '@vigil/codes'
import { demoPassword, demoStore } from '../packages/server/src/demo/accounts.ts'
import { findChromium } from './chromium.ts'

const base = process.argv[2] ?? 'http://127.0.0.1:8080'
const folder = resolve(process.argv[3] ?? join(import.meta.dirname, '../docs/images'))
const desk = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }
const common = { locale: 'zh-CN', timezoneId: 'Asia/Shanghai', baseURL: base }

const press = async (page: Page, keys: string) => {
  for (const key of keys) await page.getByRole('button', { name: key, exact: true }).click()
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(900)
  await page.screenshot({ path: join(folder, `${name}.png`) })
  console.log(name)
}

/** The console's main pages, as the director sees the demo city. */
async function consolePages(browser: Browser): Promise<void> {
  const context = await browser.newContext({ ...common, viewport: desk })
  const page = await context.newPage()
  await page.request.post('/api/session', { data: { username: 'director', password: demoPassword } })
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  for (const format of ['csv', 'xlsx'])
    await page.request.post('/api/exports', { data: { format, filter: { from: today, to: today } } })
  await page.waitForTimeout(3000)
  for (const [name, path] of [
    ['overview-1440', '/'],
    ['purchases-1440', '/purchases'],
    ['alerts-1440', '/alerts'],
    ['compliance-1440', '/compliance'],
    ['followups-1440', '/followups'],
    ['export-1440', '/exports'],
  ] as const) {
    await page.goto(path)
    await page.waitForLoadState('networkidle').catch(() => undefined)
    await shoot(page, name)
  }
  await context.close()
}

/** The counter: a buyer with fever from the first digit to the slip, then a sale without a network. */
async function counterPages(browser: Browser): Promise<void> {
  const context = await browser.newContext({
    ...common,
    viewport: phone,
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
  })
  const page = await context.newPage()
  await page.goto(`/c/${demoStore.code}`)
  await page.getByLabel('激活码').fill(demoStore.activationCode)
  await page.getByRole('button', { name: '下一步' }).click()
  for (let round = 0; round < 2; round++) {
    await page.getByRole('heading', { name: round === 0 ? '设置 6 位 PIN' : '再输入一次' }).waitFor()
    await press(page, '135790')
  }
  const register = async (first17: string, fever: boolean, name?: string) => {
    await page.getByRole('group', { name: '身份证号码键盘' }).waitFor()
    await press(page, first17 + citizenIdCheckDigit(first17))
    await page.getByLabel('姓名').fill('王小芳')
    await page.getByLabel('手机号').fill('13800131234')
    await page.getByLabel('详细住址').fill('青阳街道曾井社区 12 号')
    await page.getByRole('button', { name: '下一步：选药品' }).click()
    await page.getByRole('searchbox').fill('blf')
    await page.getByRole('list', { name: '药品' }).getByRole('button').first().click()
    await page.getByRole('button', { name: fever ? '发热' : '无不适', exact: true }).click()
    if (name) await shoot(page, name)
    await page.getByRole('button', { name: '完成登记' }).click()
    await page.waitForTimeout(600)
  }
  const serial = String(100 + (Date.now() % 900))
  await register(`35058219850412${serial}`, true, 'counter-390')
  await shoot(page, 'counter-done-390')
  await page.getByRole('button', { name: '下一位' }).click()
  await context.setOffline(true)
  await register(`35058219900307${serial}`, false)
  await shoot(page, 'counter-offline-390')
  await context.close()
}

// Pictures of the documents: `node scripts/screenshots.ts [address] [folder]` against a running demo city.
mkdirSync(folder, { recursive: true })
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
})
try {
  await consolePages(browser)
  await counterPages(browser)
} finally {
  await browser.close()
}
