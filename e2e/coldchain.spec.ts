import { expect } from '@playwright/test'
import { test } from './console.fixture.ts'
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
  expect(complaints).toEqual([])
  await context.close()
})
