import { expect, type Page } from '@playwright/test'
import { citizenIdCheckDigit } from '@vigil/codes'
import { download, logged, saleOf, test } from './console.fixture.ts'
import { accessible } from './page.fixture.ts'

/** A sale to somebody with 39.1 °C whom no other test knows; answers the document number. */
async function feverSale(page: Page): Promise<string> {
  const first = `35058219810${1 + (Date.now() % 9)}${10 + (Math.floor(Date.now() / 10) % 18)}${100 + (Math.floor(Date.now() / 180) % 900)}`
  const number = first + citizenIdCheckDigit(first)
  const body = await saleOf(page.request, 'DEMO-0001')
  Object.assign(body.purchases[0]!, { documentNumber: number, symptoms: ['fever'], temperatureTenths: 391 })
  Object.assign(body.purchases[0]!.person, { residenceAddress: `青阳街道 ${Date.now()} 号` })
  const answered = await page.request.post('/api/purchases', { data: body })
  expect((await answered.json()).results[0].status).toBe('registered')
  return number
}

async function findPerson(page: Page, number: string): Promise<void> {
  await page.getByRole('button', { name: '查人' }).click()
  const dialog = page.getByRole('dialog', { name: '按号码查找随访对象' })
  await dialog.getByLabel('完整证件号码或手机号').fill(number)
  await dialog.getByLabel('理由').fill('群众来电核实')
  const link = dialog.getByRole('list', { name: '查到的随访对象' }).getByRole('link').first()
  // Found in the background, some seconds after the sale.
  await expect(async () => {
    await dialog.getByRole('button', { name: '查找' }).click()
    await expect(link).toBeVisible({ timeout: 1500 })
  }).toPass({ timeout: 15_000 })
  await link.click()
  await expect(page.getByRole('heading', { level: 1, name: /^随访 / })).toBeVisible()
}

test('a fever sale becomes a person to follow up; taken, noted, revealed, handed over, signed for, closed', async ({
  page,
}) => {
  const number = await feverSale(page)
  await page.goto('/followups')
  await expect(page.getByRole('heading', { level: 2, name: /^待随访 \d/ })).toBeVisible()
  await accessible(page, 'board')
  await findPerson(page, number)
  expect(page.url()).not.toContain(number)
  const main = page.getByRole('main')
  await expect(main.getByText('最高体温 39.1 ℃；症状：发热')).toBeVisible()
  await expect(main.getByText('林**').first()).toBeVisible()
  await expect(main).not.toContainText(number)

  await page.getByRole('button', { name: '我来承办' }).click()
  await expect(main.getByText('随访中').first()).toBeVisible()
  await page.getByRole('button', { name: '登记情况' }).click()
  const note = page.getByRole('dialog', { name: '登记随访情况' })
  await note.getByLabel('情况（加密保存）').fill('电话已接通，自述已退烧')
  await note.getByRole('button', { name: '保存' }).click()
  await expect(main.getByText('电话已接通，自述已退烧')).toBeVisible()

  await page.getByRole('button', { name: '查看明文' }).click()
  const reveal = page.getByRole('dialog', { name: '查看个人信息明文' })
  await reveal.getByRole('radio', { name: '随访处置' }).check()
  await reveal.getByLabel('理由').fill('电话随访')
  await reveal.getByRole('button', { name: '查看明文' }).click()
  await expect(reveal.getByText(number)).toBeVisible()
  await reveal.getByRole('button', { name: '立即隐藏' }).click()
  const id = new URL(page.url()).pathname.split('/').at(-1)!
  await logged(
    page,
    'followup.reveal',
    (entry) => entry.object === `followup:${id}` && entry.detail.reason === '电话随访',
  )

  await page.getByRole('button', { name: '转交', exact: true }).click()
  const hand = page.getByRole('dialog', { name: '转交 1 人' })
  await hand.getByRole('radio', { name: '疾控中心' }).check()
  await hand.getByLabel('接收单位').fill('晋江市疾控中心')
  await hand.getByRole('button', { name: '生成转交单' }).click()
  await expect(main.getByText('待回执').first()).toBeVisible()
  await main.getByRole('button', { name: '下载' }).click()
  const sheet = page.getByRole('dialog', { name: /^下载转交单 VGF-/ })
  const file = await download(page, sheet.getByRole('button', { name: '下载 XLSX' }))
  expect(file.name).toMatch(/^转交单_VGF-\d{8}-\d{4}_脱敏\.xlsx$/)
  expect(file.bytes.subarray(0, 2).toString()).toBe('PK')
  await main.getByRole('button', { name: '登记回执' }).click()
  const receipt = page.getByRole('dialog', { name: /的回执$/ })
  await receipt.getByLabel('回执编号').fill('CDC-2022-17')
  await receipt.getByRole('button', { name: '保存' }).click()
  await expect(main.getByText('回执 CDC-2022-17').first()).toBeVisible()

  await page.getByRole('button', { name: '办结', exact: true }).click()
  const close = page.getByRole('dialog', { name: '办结随访' })
  await close.getByRole('radio', { name: '已引导发热门诊' }).check()
  await close.getByRole('button', { name: '办结', exact: true }).click()
  await expect(main.getByText('办结：已引导发热门诊')).toBeVisible()
  await expect(page.getByRole('button', { name: '重新随访' })).toBeVisible()
  await accessible(page, 'person')
})

test('the list is filtered and exported; on a phone it is read as cards, the board one column at a time', async ({
  page,
}) => {
  await page.goto('/followups?view=list')
  await expect(page.getByRole('table').getByRole('row').nth(1)).toBeVisible()
  await page.getByRole('checkbox', { name: '只看超期' }).check()
  await expect(page).toHaveURL(/overdue=1/)
  await page.getByRole('checkbox', { name: '只看超期' }).uncheck()
  await accessible(page, 'list')
  await page.getByRole('button', { name: '导出', exact: true }).click()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: '导出 CSV' }).click(),
  ])
  expect(file.suggestedFilename()).toContain('.csv')
  await page.setViewportSize({ width: 390, height: 844 })
  await expect(page.getByRole('list', { name: '随访名单' })).toBeVisible()
  await page.goto('/followups')
  await expect(page.getByRole('radiogroup', { name: '状态' })).toBeVisible()
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(wide).toBeLessThanOrEqual(0)
})

test('rules that nobody could meet are refused with the reason; possible ones become a version', async ({ page }) => {
  await page.goto('/followups/rules?area=350583')
  const repeat = page.getByRole('group', { name: '短期多次购药' })
  await repeat.getByLabel('药店家数').fill('9')
  await page.getByLabel('修改原因').fill('试行')
  await page.getByRole('button', { name: '为本区划另设规则' }).click()
  await expect(page.getByText('药店家数多于购药次数，永远不会满足').first()).toBeVisible()
  await repeat.getByLabel('药店家数').fill('1')
  await page.getByRole('button', { name: '为本区划另设规则' }).click()
  await expect(page.getByText('南安市 第 1 版').first()).toBeVisible()
  await accessible(page, 'rules')
})
