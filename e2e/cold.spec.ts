import { type APIRequestContext, type Browser, expect, type Page, test } from '@playwright/test'
import { creditCodeCheckDigit, organizationCodeCheckDigit } from '@vigil/codes'
import { accessible, fitsWidth, phonePage } from './page.fixture.ts'

const password = 'shouwang-demo'

/** Asks the server for what no screen here does, as whoever is signed in there. */
async function ask<T>(of: APIRequestContext, path: string, data?: object): Promise<T> {
  const address = new URL(`/api/coldchain/${path}`, process.env.VIGIL_E2E_URL).href
  const answer = await (data ? of.post(address, { data }) : of.get(address))
  expect([path, answer.ok() ? '' : await answer.text()]).toEqual([path, ''])
  return answer.json() as Promise<T>
}

/** A phone on which a business of the demo city is signed in. */
async function phoneOf(browser: Browser, username: string): Promise<Page> {
  const page = await phonePage(browser)
  // The accounts of the demo are made in the background.
  const entered = () => page.request.post('/api/session', { data: { username, password } })
  await expect.poll(async () => (await entered()).status(), { timeout: 30_000 }).toBe(200)
  return page
}

const dayAhead = (days: number) => new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10)
const paper = { name: 'paper.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 e2e') }

/** A credit code (GB 32100) of a shop that is registered here. */
function freshCreditCode(): string {
  const organization = `E2E${String(Date.now() % 100_000).padStart(5, '0')}`
  const first = `91350582${organization}${organizationCodeCheckDigit(organization)}`
  return first + creditCodeCheckDigit(first)
}

async function fillDeclaration(page: Page, supplierLot: string): Promise<void> {
  await page.getByRole('button', { name: '选择商品' }).click()
  await page.getByLabel('按名称或条码查找').fill('三文鱼')
  await page.getByRole('button', { name: /冻三文鱼/ }).click()
  const typed: [string, string][] = [
    ['原产国（地区）', '挪威'],
    ['境外生产企业注册编号', 'N-418'],
    ['供应商批号', supplierLot],
    ['集装箱号或提单号', 'CSQU3054384'],
    ['生产日期', dayAhead(-30)],
    ['保质期至', dayAhead(300)],
    ['箱数', '12'],
    ['净重', '120.5'],
    ['到仓日期', dayAhead(4)],
    ['车牌号', '闽C·12345'],
    ['司机姓名', '王建军'],
    ['司机手机号', '13800000000'],
  ]
  for (const [label, value] of typed) await page.getByLabel(label).fill(value)
  await page.getByLabel('集中监管仓').selectOption({ label: '晋江市进口冷链食品集中监管仓（晋江市）' })
  await page.getByLabel('到仓日期').fill(dayAhead(4))
  const hours = page.getByLabel('到仓时段')
  await expect(hours.locator('option').nth(1)).toBeAttached()
  await hours.selectOption({ index: 1 + (Date.now() % 20) })
}

test('a lot goes from declaration to plate: owner, warehouse, inspector, trader, shop, and anybody with a phone', async ({
  browser,
}) => {
  const supplierLot = `E2E-${Date.now().toString(36).toUpperCase()}`
  const owner = await phonePage(browser)
  const complaints: string[] = []
  owner.on('pageerror', (error) => complaints.push(error.message))

  await test.step('the owner signs in', async () => {
    await owner.goto('/cold')
    await accessible(owner, 'sign-in')
    await expect(async () => {
      await owner.getByLabel('用户名').fill('importer')
      await owner.getByLabel('密码').fill(password)
      await owner.getByRole('button', { name: '登录', exact: true }).click()
      await expect(owner.getByRole('heading', { name: '待办' })).toBeVisible({ timeout: 2000 })
    }).toPass({ timeout: 30_000 })
    await fitsWidth(owner)
  })

  const declaration =
    await test.step('the owner declares: wrong fields are named, and a lost network loses nothing', async () => {
      await owner.getByRole('link', { name: '申报' }).click()
      await owner.getByRole('link', { name: '新申报' }).click()
      await owner.getByRole('button', { name: '提交申报' }).click()
      await expect(owner.getByText('请填写境外生产企业注册编号')).toBeVisible()
      await expect(owner.getByText('请选择集中监管仓')).toBeVisible()
      await fillDeclaration(owner, supplierLot)
      await expect(owner.getByText('集装箱号的校验位不对，请核对')).toBeVisible()
      await owner.getByLabel('集装箱号或提单号').fill('CSQU3054383')
      await accessible(owner, 'declaration')
      await owner.route('**/api/coldchain/declarations', (route) => route.abort())
      await owner.getByRole('button', { name: '提交申报' }).click()
      await expect(owner.getByText('填写的内容已保存在本机')).toBeVisible()
      await owner.unroute('**/api/coldchain/declarations')
      await owner.reload()
      await expect(owner.getByLabel('供应商批号')).toHaveValue(supplierLot)
      await owner.getByRole('button', { name: '提交申报' }).click()
      await expect(owner.getByRole('heading', { name: '随附单证' })).toBeVisible()
      await fitsWidth(owner)
      return owner.url().split('/').at(-1)!
    })

  await test.step('the owner uploads the four documents and says what arrived', async () => {
    // The form is the same for all four: one is filled in, the others are sent as it sends them.
    for (const kind of ['quarantine', 'test', 'disinfection']) {
      const address = `/api/coldchain/declarations/${declaration}/documents?kind=${kind}&number=${kind}&issuedOn=${dayAhead(0)}`
      const sent = await owner.request.post(address, { multipart: { file: paper } })
      expect([kind, sent.status()]).toEqual([kind, 201])
    }
    await owner.reload()
    await owner.getByRole('button', { name: /上传\s*报关单/ }).click()
    await owner.getByLabel('单证编号').fill('NO-1')
    await owner.getByLabel('签发日期').fill(dayAhead(0))
    await owner.getByLabel('照片或 PDF').setInputFiles(paper)
    await owner.getByRole('button', { name: /上传\s*报关单/ }).click()
    await expect(owner.getByText('4 / 4 项')).toBeVisible()
    await owner.getByRole('button', { name: '与申报一致，填入申报数' }).click()
    await owner.getByRole('button', { name: '货主报数' }).click()
    await expect(owner.getByText('已报数，等待对方')).toBeVisible()
  })

  const warehouse = await phoneOf(browser, 'warehouse')
  const lot = await test.step('the warehouse counts the same, and the lot is in', async () => {
    await warehouse.goto(`/cold/declarations/${declaration}`)
    await warehouse.getByLabel('实到箱数').fill('12')
    await warehouse.getByLabel('实到净重').fill('120.5')
    await warehouse.getByRole('button', { name: '监管仓报数' }).click()
    await expect(warehouse.getByText('数量一致，已入仓')).toBeVisible()
    const { items } = await ask<{ items: { id: string; uri: string; supplierLot: string }[] }>(
      warehouse.request,
      `lots?q=${supplierLot}`,
    )
    return items[0]!
  })

  const director = await browser.newContext({ baseURL: process.env.VIGIL_E2E_URL ?? '' })
  await director.request.post('/api/session', { data: { username: 'director', password } })
  await test.step('the inspector samples and releases', async () => {
    for (const subject of ['goods', 'packaging', 'vehicle']) {
      const code = `${supplierLot}-${subject}`
      const sample = await ask<{ id: string }>(director.request, `lots/${lot.id}/samples`, { code, subject, grams: 0 })
      await ask(director.request, `samples/${sample.id}/result`, { result: 'negative', lab: '市疾控', reportNo: 'R1' })
    }
    const doneAt = new Date(Date.now() - 1000).toISOString()
    await ask(director.request, `lots/${lot.id}/disinfections`, { agent: '过氧乙酸', doneAt, note: '' })
    await ask(director.request, `lots/${lot.id}/release`, { reason: '' })
  })

  await test.step('the warehouse issues the certificate and ships by weight to the trader', async () => {
    await ask(warehouse.request, `lots/${lot.id}/certificates`, { boxes: 12, grams: 120_500 })
    await trade(warehouse, lot.id, '发货', '60.5', '晋江鑫达')
  })

  const trader = await phoneOf(browser, 'trader')
  await test.step('the trader receives, and ships on to a shop', async () => {
    await receive(trader, lot)
    await trader.goto('/cold/stock')
    await fitsWidth(trader)
    await trade(trader, lot.id, '发货', '20', '石狮万家')
    await expect(trader.getByText('40.5 千克').first()).toBeVisible()
    await accessible(trader, 'lot')
  })

  const shop = await phoneOf(browser, 'shop')
  await test.step('the shop receives and sells', async () => {
    await receive(shop, lot)
    await trade(shop, lot.id, '销售', '3.25')
    await expect(shop.getByText('16.75 千克').first()).toBeVisible()
  })

  await test.step('the certificate holds, for whoever scans it from the screen of the trader', async () => {
    await trader.goto(`/cold/lots/${lot.id}`)
    await trader.getByRole('button', { name: '二维码' }).click()
    const address = await trader.getByRole('link', { name: '打开查验页' }).getAttribute('href')
    const anybody = await phonePage(browser)
    await anybody.goto(address!)
    await expect(anybody.getByRole('heading', { level: 1 })).toHaveText('有效')
    await expect(anybody.getByText('冻三文鱼')).toBeVisible()
    await anybody.close()
  })

  await test.step('a positive result recalls it: the shop confirms its grams with one tap', async () => {
    const order = { kind: 'mock', lotIds: [lot.id], reason: '演练', orderedBy: '市冷链专班' }
    const { id } = await ask<{ id: string }>(director.request, 'recalls', order)
    await shop.goto('/cold')
    await shop.getByRole('link', { name: /召回待确认/ }).click()
    await accessible(shop, 'recall')
    await shop.getByRole('button', { name: '与账面一致，确认 16.75 千克' }).click()
    await expect(shop.getByText('已报数。')).toBeVisible()
    const { counts } = await ask<{ counts: { grams: number }[] }>(director.request, `recalls/${id}`)
    expect(counts.map(({ grams }) => grams)).toEqual([16_750])
  })

  await test.step('the trader registers a partner', async () => {
    await trader.goto('/cold/partners')
    await trader.getByRole('button', { name: '登记往来单位' }).click()
    await trader.getByRole('button', { name: '登记单位' }).click()
    await expect(trader.getByText('请填写单位名称')).toBeVisible()
    await trader.getByLabel('单位名称').fill(`小店 ${supplierLot}`)
    await trader.getByLabel('统一社会信用代码').fill(freshCreditCode())
    await trader.getByLabel('所在县区').selectOption('350582')
    await trader.getByLabel('地址').fill('东街 1 号')
    await trader.getByRole('button', { name: '登记单位' }).click()
    await expect(trader.getByText(`小店 ${supplierLot}`).first()).toBeVisible()
  })
  expect(complaints).toEqual([])
  await director.close()
  for (const page of [owner, warehouse, trader, shop]) await page.context().close()
})

/** Does something with a lot by its weight, on the page of the lot. */
async function trade(page: Page, lotId: string, kind: string, kilograms: string, to?: string): Promise<void> {
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

/** Takes in everything of a lot that is on the way to a business. */
async function receive(page: Page, lot: { id: string; uri: string }): Promise<void> {
  const { holders } = await ask<{ holders: { id: string }[] }>(page.request, 'me')
  const { items } = await ask<{ items: { uri: string; lotId: string; grams: number }[] }>(page.request, 'dispatches')
  const way = items.find(({ lotId }) => lotId === lot.id)!
  const lines = [{ code: lot.uri, grams: way.grams }]
  await ask(page.request, 'trade', { kind: 'receive', holderId: holders[0]!.id, dispatch: way.uri, lines })
}
