import { createRequire } from 'node:module'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { citizenIdCheckDigit } from '@vigil/codes'

const { AxeBuilder } = createRequire(import.meta.url)('@axe-core/playwright') as typeof import('@axe-core/playwright')

/** The store that every demo city has, with the code that opens its counter, and the PIN the tests give it. */
export const store = { code: 'DEMO-0001', name: '守望示范大药房', activationCode: 'DEMO-0001-OPEN' }
export const pin = '135790'

/** The page as it stands keeps WCAG 2.2 AA, as far as axe can tell; `where` names it in the message. */
export async function accessible(page: Page, where: string): Promise<void> {
  // Colours half-way through an animation are nobody's choice; one without end is not waited for.
  await page.evaluate(() => {
    const ends = (one: Animation) => Number.isFinite(one.effect?.getComputedTiming().endTime)
    return Promise.allSettled(
      document
        .getAnimations()
        .filter(ends)
        .map((one) => one.finished),
    )
  })
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    // No page has frames: a second tab, in which axe else gathers their results, is spared.
    .setLegacyMode(true)
    .analyze()
  expect(violations.map(({ id, nodes }) => `${where} ${id}: ${nodes[0]?.html}`)).toEqual([])
}

/** Nothing is wider than the screen. */
export async function fitsWidth(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(over).toBeLessThanOrEqual(0)
}

/** A new page on a phone of its own. */
export async function phonePage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    ...test.info().project.use,
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    baseURL: process.env.VIGIL_E2E_URL ?? '',
  })
  return context.newPage()
}

/** Presses keys of the counter's own keyboard, one after the other. */
export async function press(page: Page, keys: string): Promise<void> {
  for (const key of keys) await page.getByRole('button', { name: key, exact: true }).click()
}

/** Opens the demo store's counter on this page's device: code of the store, new PIN, the form of a sale. */
export async function openCounter(page: Page): Promise<void> {
  await page.goto(`/c/${store.code}`)
  await page.getByLabel('激活码').fill(store.activationCode)
  await page.getByRole('button', { name: '下一步' }).click()
  for (const heading of ['设置 6 位 PIN', '再输入一次']) {
    await page.getByRole('heading', { name: heading }).waitFor()
    await press(page, pin)
  }
  await page.getByRole('group', { name: '身份证号码键盘' }).waitFor()
}

/** Fills in whom the sale is to, and goes on to the drugs. */
export async function fillPerson(page: Page, name: string): Promise<void> {
  await page.getByLabel('姓名').fill(name)
  await page.getByLabel('手机号').fill('13800131234')
  await page.getByLabel('详细住址').fill('青阳街道曾井社区 12 号')
  await page.getByRole('button', { name: '下一步：选药品' }).click()
}

let persons = 0
/** A citizen ID number of Jinjiang that no other test uses. */
export function newPerson(): string {
  persons += 1
  const birth = new Date(Date.UTC(1960, 0, 1 + Math.floor(Math.random() * 14_000))).toISOString().slice(0, 10)
  const first = `350582${birth.replace(/-/g, '')}${String(100 + persons)}`
  return first + citizenIdCheckDigit(first)
}
