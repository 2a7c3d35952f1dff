import { expect } from '@playwright/test'
import { download, test } from './console.fixture.ts'
import { accessible, fitsWidth } from './page.fixture.ts'

test('a certificate and a box tell anybody with a phone whether they hold, and nothing to who guesses', async ({
  page,
  browser,
}) => {
  const api = async <T>(path: string, data?: object): Promise<T> => {
    const address = `/api/coldchain/${path}`
    const answer = await (data ? page.request.post(address, { data }) : page.request.get(address))
    expect([path, answer.status() < 300 ? '' : await answer.text()]).toEqual([path, ''])
    return answer.json() as Promise<T>
  }
  // The lots of the demo city are made in the background; the second one is released last.
  let id = ''
  const find = async () => {
    const { items } = await api<{ items: { id: string; supplierLot: string }[] }>('lots?gate=released')
    id = items.find(({ supplierLot }) => supplierLot === 'EXP-2201')?.id ?? ''
    const lot = id && (await api<{ certificates: { token: string }[] }>(`lots/${id}`))
    return lot ? lot.certificates.length : 0
  }
  await expect.poll(find, { timeout: 30_000 }).toBeGreaterThan(0)
  const { token } = await api<{ token: string }>(`lots/${id}/certificates`, { boxes: 2, grams: 12_500 })
  const { codes } = await api<{ codes: [string] }>(`lots/${id}/boxes`, { boxes: [{ grams: 1000 }] })
  const code = new URL(codes[0]).pathname

  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-CN' })
  const phone = await context.newPage()
  const complaints: string[] = []
  phone.on('pageerror', (error) => complaints.push(error.message))
  const shows = async (path: string, word: string) => {
    await phone.goto(new URL(path, process.env.VIGIL_E2E_URL).href)
    await expect(phone.getByRole('heading', { level: 1 })).toHaveText(word)
    await fitsWidth(phone)
  }
  await shows(`/z/${token}`, '有效')
  for (const text of ['冻牛腩', '巴西', '泉州海川进出口有限公司', '2 箱，净重 12.5 千克'])
    await expect(phone.getByText(text)).toBeVisible()
  await expect(phone.getByRole('link', { name: '拨打市场监管电话 0595-12315' })).toHaveAttribute(
    'href',
    'tel:059512315',
  )
  await expect(phone.locator('.host')).toHaveText(new URL(phone.url()).host)
  await accessible(phone, 'certificate')
  await shows(code, '有效')
  await expect(phone.getByText('这是第 1 次扫这个码。')).toBeVisible()
  await shows(`${code}X`, '查无此码')
  await shows('/00/069012340000000018', '请扫箱上的码')

  await api(`lots/${id}/withdraw`, { reason: '复检' })
  await shows(`/z/${token}`, '已撤销')
  await phone.route('**/api/**', (route) => route.abort())
  await shows(code, '没有网络')
  await phone.unroute('**/api/**')
  await phone.evaluate(() => dispatchEvent(new Event('online')))
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText('已撤销')
  await accessible(phone, 'withdrawn box')
  await api(`lots/${id}/release`, { reason: '复检合格' })
  await shows(`/z/${token}`, '已换发')
  const fresh = await api<{ token: string }>(`lots/${id}/certificates`, { boxes: 1, grams: 1000 })

  // Without a network the page checks by itself, and says what it cannot know.
  await phone.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await context.setOffline(true)
  await shows(`/z/${fresh.token}`, '签名真实')
  await expect(phone.getByText(/断网时查不到.*有没有撤销、换发/)).toBeVisible()
  await expect(phone.getByText('1 箱，净重 1 千克')).toBeVisible()
  await accessible(phone, 'certificate without a network')
  const at = fresh.token.length - 20
  const forged = `${fresh.token.slice(0, at)}${fresh.token[at] === 'A' ? 'B' : 'A'}${fresh.token.slice(at + 1)}`
  await shows(`/z/${forged}`, '伪造')
  await shows('/z/', '出仓证明核验')
  await phone.getByLabel('二维码内容').fill('不是证明')
  await phone.getByRole('button', { name: '核验' }).click()
  await expect(phone.getByRole('alert')).toHaveText('内容不是出仓证明的二维码，或没有扫全。')
  await accessible(phone, 'check page')
  await context.setOffline(false)
  await phone.getByLabel('二维码内容').fill(`https://example.cn/z/${fresh.token}`)
  await phone.getByRole('button', { name: '核验' }).click()
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText('有效')
  expect(complaints).toEqual([])
  await context.close()
})

test('an exercise is called out by a number on papers, once it is seen what it would affect', async ({ page }) => {
  const found = async () => {
    const answer = await page.request.get('/api/coldchain/lots?q=EXP-2202')
    const { items } = (await answer.json()) as { items: { gate: string }[] }
    return items[0]?.gate
  }
  await expect.poll(found, { timeout: 30_000 }).toBe('testing')
  const dialog = page.getByRole('dialog')
  await page.goto('/coldchain/recalls')
  await page.getByRole('button', { name: '发起召回' }).click()
  await dialog.getByText('模拟召回').click()
  await dialog.getByLabel('编码或单据编号').fill('EXP-2202')
  await dialog.getByRole('button', { name: '预览影响范围' }).click()
  await expect(dialog.getByText(/1 个批次，\d+(\.\d+)? kg/)).toBeVisible()
  await dialog.getByLabel('原因').fill('季度演练')
  await dialog.getByLabel('下达人').fill('林局长')
  await dialog.getByRole('button', { name: '开始演练' }).click()
  await expect(page.getByText('已清点 0/1 家')).toBeVisible()
  await page.getByRole('button', { name: '登记清点' }).click()
  await dialog.getByLabel('实际清点（克）').fill('199000')
  await dialog.getByRole('button', { name: '确定' }).click()
  await expect(page.getByText('已清点 1/1 家')).toBeVisible()
})

test('a code is traced both ways, what leaves is a file, and a violation is followed to its end', async ({ page }) => {
  const get = async <T>(path: string): Promise<T> =>
    (await page.request.get(`/api/coldchain/${path}`)).json() as Promise<T>
  await page.goto('/coldchain/trace')
  await page.getByLabel('任意编码或编号').fill('MSKU7100000')
  await page.getByRole('button', { name: '查找' }).click()
  await expect(page.getByRole('region', { name: '流向图' })).toContainText('晋江鑫达冷冻食品批发部')
  await expect(page.getByRole('img', { name: /个县（市、区）有库存或经手/ })).toBeVisible()
  await page.getByRole('button', { name: /三文鱼柳/ }).click()
  await expect(page.getByRole('heading', { name: /所选批次：三文鱼柳/ })).toBeVisible()
  await page.getByText('来源', { exact: true }).first().click()
  await expect(page).toHaveURL(/direction=backward/)
  await accessible(page, 'trace')
  await page.getByRole('button', { name: '导出' }).click()
  const { name, bytes } = await download(page, page.getByRole('menuitem', { name: /EPCIS 2.0 事件文档（来源）/ }))
  expect([/^VGL-.*\.jsonld$/.test(name), JSON.parse(bytes.toString()).type]).toEqual([true, 'EPCISDocument'])

  const { items } = await get<{ items: { id: string }[] }>('lots?q=EXP-2200')
  await page.goto(`/coldchain/${items[0]!.id}`)
  await page.getByRole('button', { name: '查看明文' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('案件调查').click()
  await dialog.getByLabel('理由').fill('核对运输车辆')
  await dialog.getByRole('button', { name: '查看明文' }).click()
  await expect(dialog.getByText('王建军')).toBeVisible()

  await page.goto('/coldchain')
  await page
    .getByRole('button', { name: /06901234567892/ })
    .first()
    .click()
  const drawer = page.getByRole('dialog', { name: '违规' })
  await drawer.getByRole('button', { name: '查看 1 张照片（记入审计日志）' }).click()
  await expect.poll(() => drawer.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(320)
  await drawer.getByRole('button', { name: /^办\s?结$/ }).click()
  const form = page.getByRole('dialog', { name: '办结违规' })
  await form.getByLabel('处置结果').fill('没收并销毁')
  await form.getByRole('button', { name: /^办\s?结$/ }).click()
  await expect(drawer.getByText('已处置')).toBeVisible()
  await expect(drawer.getByText('没收并销毁').first()).toBeVisible()
})
