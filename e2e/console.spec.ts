import { readFile } from 'node:fs/promises'
import { type APIRequestContext, expect, type Page, request, test } from '@playwright/test'
import { citizenIdCheckDigit, dayOf, uuidv7 } from '@vigil/codes'
import { openTable } from '../packages/server/src/kernel/tabular/index.ts'
import { accessible } from './page.fixture.ts'

const password = 'shouwang-demo'
const base = () => process.env.VIGIL_E2E_URL ?? ''

async function signIn(page: Page, username = 'director', at = '/') {
  await page.goto(at)
  await page.getByLabel('用户名').fill(username)
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page.getByRole('navigation', { name: '模块', exact: true })).toBeVisible()
}

/** A program with an API key for a county, as a chain has it. */
async function programOf(areaCode: string): Promise<APIRequestContext> {
  const director = await request.newContext({ baseURL: base() })
  await director.post('/api/session', { data: { username: 'director', password } })
  const made = await director.post('/api/api-keys', {
    data: { name: `e2e ${Date.now()}`, days: 1, grants: [{ roleCode: 'chain-api', areaCode }] },
  })
  expect(made.status()).toBe(201)
  const { key } = (await made.json()) as { key: string }
  await director.dispose()
  return request.newContext({ baseURL: base(), extraHTTPHeaders: { authorization: `Bearer ${key}` } })
}

/** Cells of an exported file, read as an import would read them. */
async function rowsOf(file: Buffer, format: string): Promise<string[][]> {
  const columns = [{ key: 'receipt', heads: ['流水号'], required: true }]
  const table = await openTable(file, { filename: `file.${format.toLowerCase()}`, columns })
  const rows: string[][] = []
  for await (const row of table.rows) rows.push(row.raw)
  return rows
}

let serial = 0
/** Registers one sale with a person never seen before; answers its receipt number. */
async function sell(program: APIRequestContext, storeCode: string): Promise<string> {
  const drugs = (await (await program.get('/api/pharmacy/drugs?q=blf&limit=1')).json()) as { items: { id: string }[] }
  serial += 1
  const body = `350582199001${String(10 + (serial % 18))}${String(100 + (Date.now() % 900))}`
  const answer = await program.post('/api/purchases', {
    data: {
      purchases: [
        {
          id: uuidv7(),
          storeCode,
          soldAt: new Date().toISOString(),
          documentType: 'citizen-id',
          documentNumber: `${body}${citizenIdCheckDigit(body)}`,
          person: {
            name: '林测试',
            mobile: '13805950000',
            residenceAreaCode: '350582',
            residenceAddress: '青阳街道 1 号',
          },
          items: [{ drugId: drugs.items[0]?.id, quantity: 2 }],
          symptoms: ['cough'],
          temperatureTenths: 366,
        },
      ],
    },
  })
  const { results } = (await answer.json()) as { results: { status: string; receiptNo?: string; errors?: unknown }[] }
  expect(results[0], JSON.stringify(results)).toMatchObject({ status: 'registered' })
  return results[0]?.receiptNo ?? ''
}

async function storeOf(page: Page, area: string): Promise<{ code: string; name: string }> {
  const list = (await (await page.request.get(`/api/pharmacy/stores?area=${area}&status=active&limit=1`)).json()) as {
    items: { code: string; name: string }[]
  }
  const store = list.items[0]
  if (!store) throw new Error(`no store in ${area}`)
  return store
}

const figure = async (page: Page) =>
  Number((await page.locator('.figure-value').first().textContent())?.replace(/\D/g, ''))

test('wrong password is told and the address asked for opens after signing in', async ({ page }) => {
  await page.goto('/purchases?status=valid')
  await page.getByLabel('用户名').fill('office')
  await page.getByLabel('密码', { exact: true }).fill('wrong-password-1')
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page.getByRole('heading', { name: '购药登记' })).toBeVisible()
  await expect(page).toHaveURL(/\/purchases\?status=valid/)
  await expect(page).toHaveTitle('购药登记 · 守望')
})

test('a sale shows in overview and list within two seconds, without reload', async ({ page, context }) => {
  await signIn(page, 'director', `/?from=${dayOf(new Date())}&to=${dayOf(new Date())}`)
  await expect(page.locator('.live')).toHaveText('实时')
  const before = await figure(page)
  const list = await context.newPage()
  await list.goto('/purchases')
  await expect(list.locator('.live')).toHaveText('实时')
  const store = await storeOf(page, '350582')
  const program = await programOf('350582')
  const began = Date.now()
  await sell(program, store.code)
  await Promise.all([
    expect.poll(() => figure(page), { timeout: 2000, intervals: [50] }).toBeGreaterThan(before),
    expect(list.locator('tbody tr.clickable').first()).toContainText('林**', { timeout: 2000 }),
  ])
  expect(Date.now() - began).toBeLessThan(2600)
  await program.dispose()
})

test('drilling down and Back', async ({ page }) => {
  await signIn(page)
  await expect(page.getByRole('heading', { name: '泉州市态势总览' })).toBeVisible()
  await page.locator('section[aria-label="辖区排行"]').getByRole('button', { name: '晋江市' }).click()
  await expect(page.getByRole('heading', { name: '晋江市态势总览' })).toBeVisible()
  await expect(page).toHaveURL(/area=350582/)
  await expect(page.getByRole('navigation', { name: '所在区划' })).toContainText('泉州市')
  await page.goBack()
  await expect(page.getByRole('heading', { name: '泉州市态势总览' })).toBeVisible()
})

test('clear text needs a purpose and a reason, and is hidden again', async ({ page }) => {
  await signIn(page, 'director', '/purchases')
  await page.locator('tbody tr.clickable').first().getByRole('button').click()
  await page.getByRole('button', { name: '查看明文' }).click()
  const dialog = page.getByRole('dialog', { name: '查看个人信息明文' })
  await dialog.getByRole('button', { name: '查看明文' }).click()
  await expect(dialog.getByText('请选择目的')).toBeVisible()
  await expect(dialog.getByText('请写明理由')).toBeVisible()
  await dialog.getByLabel('随访处置').check()
  await dialog.getByLabel('理由').fill('电话随访')
  await dialog.getByRole('button', { name: '查看明文' }).click()
  await expect(dialog.getByText(/^(\d{17}[\dX]|\d{8}|[A-Z]\w{6,})$/).first()).toBeVisible()
  await dialog.getByRole('button', { name: '立即隐藏' }).click()
  await expect(dialog).toBeHidden()
  await page.goto('/audit?action=purchase.reveal')
  await expect(page.locator('tbody').getByText('查看明文').first()).toBeVisible()
})

test('CSV and XLSX hold the new row', async ({ page }) => {
  await signIn(page)
  const store = await storeOf(page, '350582')
  const program = await programOf('350582')
  const receipt = await sell(program, store.code)
  await program.dispose()
  const day = dayOf(new Date())
  await page.goto(`/purchases?area=350582&store=${store.code}&from=${day}&to=${day}`)
  await expect(page.locator('tbody tr.clickable').first()).toBeVisible()
  for (const format of ['CSV', 'XLSX']) {
    await page.getByRole('button', { name: '导出', exact: true }).click()
    const [made] = await Promise.all([
      page.waitForResponse((answer) => answer.url().endsWith('/api/exports') && answer.request().method() === 'POST'),
      page.getByRole('menuitem', { name: `导出 ${format}` }).click(),
    ])
    const { number } = (await made.json()) as { number: string }
    await page.getByRole('button', { name: /^消息/ }).click()
    const button = page
      .locator('.tray li')
      .filter({ hasText: number })
      .getByRole('button', { name: `下载 ${format}` })
    const [file] = await Promise.all([page.waitForEvent('download'), button.click({ timeout: 20_000 })])
    expect(file.suggestedFilename()).toContain(number)
    const bytes = await readFile(await file.path())
    const rows = await rowsOf(bytes, format)
    expect(rows.flat()).toContain(receipt)
    expect(rows.flat().join(' ')).not.toContain('13805950000')
    await page.keyboard.press('Escape')
    await page.mouse.click(5, 5)
  }
  await page.goto('/exports')
  await expect(page.getByText(/VGL-\d{8}-\d{6}/).first()).toBeVisible()
})

test('outside the own area nothing is found', async ({ page }) => {
  await signIn(page, 'jinjiang', '/?area=350502')
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(page.locator('.figure')).toHaveCount(0)
  const answer = await page.request.get('/api/pharmacy/overview?area=350502&from=2022-03-01&to=2022-03-02')
  expect(answer.status()).toBe(404)
})

test('a session that ends in the middle of a form asks for the password and keeps the form', async ({ page }) => {
  await signIn(page, 'director', '/accounts')
  await page.getByRole('button', { name: '邀请人员' }).click()
  const dialog = page.getByRole('dialog', { name: '邀请人员' })
  const username = `e2e.${Date.now()}`
  await dialog.getByLabel('姓名', { exact: true }).fill('陈新')
  await dialog.getByLabel('用户名').fill(username)
  await dialog.getByRole('combobox', { name: '角色' }).click()
  // Further down than the list shows at once.
  await dialog.getByRole('combobox', { name: '角色' }).press('ArrowUp')
  await page.getByTitle('只读', { exact: true }).click()
  // What the page asks in the background is held, or it might learn of the ended session first.
  await page.route(/\/api\//, (route) => (route.request().method() === 'GET' ? undefined : route.continue()))
  await page.context().clearCookies()
  await dialog.getByRole('button', { name: '生成邀请码' }).click()
  const again = page.getByRole('dialog', { name: '登录已过期' })
  await page.unroute(/\/api\//)
  await again.getByLabel('密码', { exact: true }).fill(password)
  await again.getByRole('button', { name: '登录' }).click()
  await expect(page.getByRole('dialog', { name: '邀请码' })).toBeVisible()
  await expect(page.getByText('只显示这一次')).toBeVisible()
})

const pages = {
  '/': '泉州市态势总览',
  '/purchases': '购药登记',
  '/exports': '数据导出',
  '/sharing': '数据共享',
  '/stores': '药店与一店一码',
  '/drugs': '药品目录',
  '/duties': '登记范围',
  '/clinics': '发热门诊',
  '/areas': '区划',
  '/parties': '市场主体',
  '/accounts': '账号',
  '/roles': '角色',
  '/api-keys': '接口密钥',
  '/audit': '审计日志',
  '/vault': '数据密钥',
  '/me': '我的账号',
}

test('every page has a title, no console error and passes axe at AA', async ({ page }) => {
  test.setTimeout(180_000)
  const complaints: string[] = []
  await signIn(page)
  const waiting = Object.entries(pages)
  // Two tabs at a time: a page that is being read by axe leaves the other core idle.
  const look = async (tab: Page) => {
    tab.on('pageerror', (error) => complaints.push(error.message))
    tab.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [path, title] = next
      await tab.goto(path)
      await expect(tab.getByRole('heading', { level: 1, name: title })).toBeVisible()
      await expect(tab).toHaveTitle(`${title} · 守望`)
      await expect(tab.getByText('正在加载…')).toHaveCount(0)
      await accessible(tab, path)
    }
  }
  await Promise.all([look(page), look(await page.context().newPage())])
  expect(complaints).toEqual([])
})
