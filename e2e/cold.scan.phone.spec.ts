import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { phoneOf } from './cold.fixture.ts'
import { accessible, fitsWidth } from './page.fixture.ts'

const api = (request: APIRequestContext) =>
  async function call<T>(path: string, data?: object): Promise<T> {
    const address = `/api/coldchain/${path}`
    const answer = await (data ? request.post(address, { data }) : request.get(address))
    expect([path, answer.status() < 300 ? '' : await answer.text()]).toEqual([path, ''])
    return answer.json() as Promise<T>
  }

/** A scanner that types: keys at once, and Enter, wherever the focus is; a field takes what nobody stops. */
const scan = (page: Page, text: string) =>
  page.evaluate((typed) => {
    for (const key of [...typed, 'Enter']) {
      const field = document.activeElement ?? document.body
      const goesOn = field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
      if (!goesOn || key === 'Enter' || !(field instanceof HTMLInputElement)) continue
      field.value += key
      field.dispatchEvent(new Event('input', { bubbles: true }))
    }
  }, text)

const told = (page: Page, word: string) => expect(page.locator('.scan-told strong')).toHaveText(word)

interface Me {
  readonly holders: readonly [{ readonly id: string }]
}
interface Pack {
  readonly stock: readonly { readonly lotId: string; readonly grams: number }[]
}

/** Declared with its papers by its owner, who says that 4 boxes of 10 kg came. */
async function arrive(owner: ReturnType<typeof api>, request: APIRequestContext) {
  const { holders } = await owner<Me>('me')
  const { items: warehouses } = await owner<{ items: { id: string; name: string }[] }>('warehouses')
  const warehouseId = warehouses.find(({ name }) => name.startsWith('晋江'))!.id
  const { items: goods } = await owner<{ items: { id: string; gtin: string }[] }>('goods?q=冻三文鱼')
  const day = (days: number) => new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10)
  const { items: slots } = await owner<{ items: { at: string; free: number }[] }>(
    `warehouses/${warehouseId}/slots?day=${day(5)}`,
  )
  const declared = await owner<{ id: string; number: string; lotId: string; lotNo: string }>('declarations', {
    ...{ goodsId: goods[0]!.id, lotNo: '', origin: '挪威', plantNo: 'N-418', supplierLot: 'SCAN-1', containerNo: '' },
    ...{ producedOn: day(-30), expiresOn: day(300), boxes: 4, grams: 40_000, ownerId: holders[0].id, warehouseId },
    ...{ slotAt: slots.find(({ free }) => free > 0)!.at, vehicle: '闽C·S0001' },
    ...{ driverName: '王建军', driverMobile: '13800000000' },
  })
  for (const kind of ['customs', 'quarantine', 'test', 'disinfection']) {
    const file = {
      name: `${kind}.pdf`,
      mimeType: 'application/pdf',
      buffer: Buffer.from(`%PDF-1.4 ${kind} ${declared.id}`),
    }
    const query = `kind=${kind}&number=${kind}-${declared.lotNo}&issuedOn=${day(0)}`
    const kept = await request.post(`/api/coldchain/declarations/${declared.id}/documents?${query}`, {
      multipart: { file },
    })
    expect(kept.status()).toBe(201)
  }
  await owner(`declarations/${declared.id}/figures`, { side: 'consignor', boxes: 4, grams: 40_000, reason: '' })
  const codes = [1, 2, 3, 4].map((n) => `(01)${goods[0]!.gtin}(21)${declared.lotNo}-${n}`)
  return { ...declared, codes, links: codes.map((_, n) => `/01/${goods[0]!.gtin}/21/${declared.lotNo}-${n + 1}`) }
}

/** Sampled, tested, disinfected and released by an inspector. */
async function release(inspector: ReturnType<typeof api>, lotId: string): Promise<void> {
  for (const subject of ['goods', 'packaging', 'vehicle']) {
    const sample = await inspector<{ id: string }>(`lots/${lotId}/samples`, {
      code: `${subject}-${lotId}`.slice(0, 40),
      subject,
      grams: 0,
    })
    await inspector(`samples/${sample.id}/result`, { result: 'negative', lab: '晋江市疾控中心', reportNo: 'HS-S' })
  }
  const doneAt = new Date(Date.now() - 1000).toISOString()
  await inspector(`lots/${lotId}/disinfections`, { agent: '低温型过氧乙酸', doneAt, note: '' })
  await inspector(`lots/${lotId}/release`, { reason: '' })
}

test('a vehicle is scanned in, goods go out by scanning, and a shop receives and sells without a network', async ({
  browser,
}) => {
  const [house, shop] = [await phoneOf(browser, 'warehouse'), await phoneOf(browser, 'shop')]
  const [owner, inspector] = [await phoneOf(browser, 'importer'), await phoneOf(browser, 'director')]
  const inspect = api(inspector.request)
  const lot = await arrive(api(owner.request), owner.request)
  let pallet = ''

  await test.step('the warehouse scans what comes off the vehicle, and weighs it', async () => {
    await house.goto('/cold/arrivals')
    await house.getByRole('link', { name: lot.number }).click()
    await house.getByLabel('过磅重量').focus()
    for (const code of [...lot.codes, lot.codes[0]!]) await scan(house, code)
    await told(house, '重复：已经扫过')
    // What the scanner typed did not stay in the field that had the focus.
    await expect(house.getByLabel('过磅重量')).toHaveValue('')
    await house.getByLabel('过磅重量').fill('39.5')
    await expect(house.getByText('提交后列为待处理差异')).toBeVisible()
    await house.getByLabel('过磅重量').fill('40')
    await house.getByRole('button', { name: '登记仓方数量' }).click()
    await expect(house.getByText('已入仓')).toBeVisible()
    await house.getByRole('link', { name: '赋码、打印标签' }).click()
    await expect(house.getByText('保留货物自带的 4 个箱码')).toBeVisible()
    await house.getByLabel('每箱千克数').fill('10')
    await house.getByRole('button', { name: '生成箱码' }).click()
    await expect(house.getByRole('link', { name: '打印标签（PDF）' })).toBeVisible()
    await fitsWidth(house)
    await house.goto('/cold/pallets')
    await house.getByRole('button', { name: `选上 ${lot.lotNo} 全部未上托的 4 箱` }).click()
    await house.getByRole('button', { name: '生成托盘码' }).click()
    await expect(house.locator('.pallet.found')).toContainText('4 箱 40 千克')
    pallet = (await house.locator('.pallet.found .code').textContent()) ?? ''
    await accessible(house, 'pallets')
    await fitsWidth(house)
  })

  await test.step('nothing leaves before the release, and everything after it', async () => {
    await house.goto('/cold/ship')
    await house.getByLabel('收货方').fill('石狮万家')
    await house.getByRole('button', { name: '石狮万家生鲜超市' }).click()
    await scan(house, lot.codes[0]!)
    await told(house, '待检放行，不能出库、销售')
    await release(inspect, lot.lotId)
    await house.reload()
    await house.getByRole('button', { name: '石狮万家生鲜超市' }).click()
    await expect(house.getByText(new RegExp(`${lot.lotNo}.*箱 0/4`))).toBeVisible()
    await scan(house, pallet)
    await told(house, '整托已扫')
    await house.getByRole('button', { name: '发货给 石狮万家生鲜超市' }).click()
    await expect(house.getByText('已登记').last()).toBeVisible()
  })

  await test.step('the shop receives three of four and sells one in the cold room, where no network is', async () => {
    await shop.goto('/cold/receive')
    const coming = shop.getByRole('link', { name: lot.lotNo })
    await expect(coming).toBeVisible()
    await shop.evaluate(() => navigator.serviceWorker.ready)
    await coming.click()
    await told(shop, '请扫码')
    await shop.context().setOffline(true)
    for (const code of [...lot.codes.slice(0, 3), 'https://id.gs1.org/01/06901234567892/21/A0001'])
      await scan(shop, code)
    await told(shop, '不在清单里')
    await accessible(shop, 'receive')
    await shop.getByLabel('缺少的 1 箱（10 千克）确认在途丢失').check()
    await shop.getByRole('button', { name: '确认收货' }).click()
    await expect(shop.getByRole('link', { name: '2 件待上传' })).toBeVisible()
    await shop.goto('/cold/sell')
    await told(shop, '请扫码')
    await scan(shop, lot.codes[0]!)
    await shop.getByRole('button', { name: '登记销售' }).click()
    await expect(shop.getByRole('link', { name: '3 件待上传' })).toBeVisible()
  })

  await test.step('what the gate refuses is shown with its reason, and passes when that is gone', async () => {
    await inspect(`lots/${lot.lotId}/withdraw`, { reason: '复检' })
    await shop.reload()
    await shop.context().setOffline(false)
    await expect(shop.getByRole('link', { name: /2 件被退回/ })).toBeVisible()
    await shop.getByRole('link', { name: /2 件被退回/ }).click()
    await expect(shop.getByRole('alert').filter({ hasText: '批次未放行' }).first()).toBeVisible()
    await fitsWidth(shop)
    await inspect(`lots/${lot.lotId}/release`, { reason: '复检合格' })
    await shop.getByRole('button', { name: '全部按顺序再试' }).click()
    await expect(shop.getByText('都已上传')).toBeVisible()
    const call = api(shop.request)
    const { holders } = await call<Me>('me')
    const { stock } = await call<Pack>(`holders/${holders[0].id}/pack`)
    expect(stock.filter(({ lotId }) => lotId === lot.lotId)).toMatchObject([{ grams: 20_000 }])
  })

  await test.step('the code on the plate tells where it comes from', async () => {
    await shop.goto(lot.links[0]!)
    await expect(shop.getByRole('heading', { level: 1 })).toHaveText('有效')
    await expect(shop.getByText('冻三文鱼')).toBeVisible()
  })
  for (const page of [house, shop, owner, inspector]) await page.context().close()
})
