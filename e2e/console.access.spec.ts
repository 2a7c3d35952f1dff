import { type Browser, expect, type Page, request } from '@playwright/test'
import { addDays, dayOf } from '@vigil/codes'
import { Secret, TOTP } from 'otpauth'
import { confirm, logged, row, saleOf, test, unique } from './console.fixture.ts'

/** The code of an authenticator app, `steps` of 30 s from now: the server lets one go ahead, and takes each code once. */
const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 })

const modules = (page: Page) => page.getByRole('navigation', { name: '模块', exact: true })

async function pickRole(page: Page, role: string): Promise<void> {
  await page.getByRole('dialog').getByRole('combobox', { name: '角色' }).click()
  await page.getByTitle(role, { exact: true }).click()
}

/** The code that a dialog shows once. */
async function secretOf(page: Page, title: string): Promise<string> {
  const dialog = page.getByRole('dialog', { name: title, exact: true })
  const secret = (await dialog.locator('.one-time-code').textContent()) ?? ''
  await dialog.getByRole('button', { name: '已经记下' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByText(secret)).toHaveCount(0)
  return secret
}

async function acceptInvitation(page: Page, username: string, code: string, password: string): Promise<void> {
  await page.goto('/invite')
  await page.getByLabel('用户名').fill(username)
  await page.getByLabel('邀请码').fill(code)
  await page.getByLabel('新密码').fill(password)
  await page.getByLabel('再输一次').fill(password)
  await page.getByRole('button', { name: '设置并登录' }).click()
}

async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.goto('/')
  await page.getByLabel('用户名').fill(username)
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '登录' }).click()
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^账号：/ }).click()
  await page.getByRole('menuitem', { name: '退出登录' }).click()
  await expect(page.getByLabel('用户名')).toBeVisible()
}

/** A browser of somebody else. */
async function otherPage(browser: Browser, options = {}): Promise<Page> {
  return (await browser.newContext({ reducedMotion: 'reduce', ...options })).newPage()
}

test('an invited officer sets a password and a second factor; is reset, disabled and enabled', async ({
  page,
  browser,
}) => {
  const username = `e2e.${unique().toLowerCase()}`
  const [first, second] = ['green-pear-on-a-hill', 'slow-boat-to-jinjiang']
  await page.goto('/accounts')
  await page.getByRole('button', { name: '邀请人员' }).click()
  const invite = page.getByRole('dialog', { name: '邀请人员' })
  await invite.getByLabel('姓名', { exact: true }).fill('许小安')
  await invite.getByLabel('用户名').fill(username)
  await invite.getByRole('button', { name: '生成邀请码' }).click()
  await expect(invite).toContainText('请选择角色')
  await pickRole(page, '县区监管')
  await invite.getByRole('button', { name: '生成邀请码' }).click()
  const code = await secretOf(page, '邀请码')
  await page.goto(`/accounts?q=${username}`)
  await expect(row(page, username)).toContainText('待激活')

  const officer = await otherPage(browser)
  await acceptInvitation(officer, username, `${code}X`, first)
  await expect(officer.getByRole('alert')).toContainText('邀请码不正确')
  await officer.getByLabel('邀请码').fill(code)
  await officer.getByRole('button', { name: '设置并登录' }).click()
  await expect(modules(officer)).toBeVisible()
  await officer.goto('/me')
  await officer.getByRole('button', { name: '开始设置' }).click()
  const secret = (await officer.locator('.one-time-code').textContent()) ?? ''
  await officer.getByLabel('6 位数字').fill(codeOf(secret))
  await officer.getByRole('button', { name: '确认启用' }).click()
  await expect(officer.locator('.recovery li')).toHaveCount(8)
  await officer.getByRole('button', { name: '已经记下，继续' }).click()
  await expect(officer.getByText('已启用。更换手机请联系管理员重置账号。')).toBeVisible()
  await signOut(officer)

  await signIn(officer, username, first)
  await officer.getByLabel('动态口令').fill('000000')
  await officer.getByRole('button', { name: '登录' }).click()
  await expect(officer.getByRole('alert')).toContainText('动态口令不正确')
  await officer.getByLabel('动态口令').fill(codeOf(secret, 1))
  await officer.getByRole('button', { name: '登录' }).click()
  await expect(modules(officer)).toBeVisible()

  await page.reload()
  await expect(row(page, username)).toContainText('已启用')
  await row(page, username).getByRole('button').click()
  const drawer = page.getByRole('dialog', { name: '许小安' })
  await expect(drawer.locator('.device-list li')).toHaveCount(1)
  await drawer.getByRole('button', { name: '重置' }).click()
  await confirm(page, '重置 许小安')
  const again = await secretOf(page, '重置码')
  await officer.reload()
  await expect(officer.getByLabel('用户名')).toBeVisible()
  await signIn(officer, username, first)
  await expect(officer.getByRole('alert')).toContainText('用户名或密码不正确')
  await acceptInvitation(officer, username, again, second)
  await expect(modules(officer)).toBeVisible()

  await drawer.getByRole('button', { name: '停用' }).click()
  await confirm(page, '停用 许小安')
  await officer.reload()
  await signIn(officer, username, second)
  await expect(officer.getByRole('alert')).toContainText('账号已停用')
  await drawer.getByRole('button', { name: '启用' }).click()
  await confirm(page, '启用 许小安')
  await signIn(officer, username, second)
  await expect(modules(officer)).toBeVisible()
  for (const action of ['account.invite', 'account.reset', 'account.disable', 'account.enable'])
    await logged(page, action, ({ outcome }) => outcome === 'done')
  await officer.context().close()
})

test('a counter whose device is revoked asks for the code of the store again', async ({ page, browser }) => {
  const model = `VIGIL-${unique()}`
  const counter = await otherPage(browser, {
    viewport: { width: 390, height: 844 },
    userAgent: `Mozilla/5.0 (Linux; ${model}) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36`,
  })
  await counter.goto('/c/DEMO-0001')
  await counter.getByRole('textbox').fill('DEMO-0001-OPEN')
  await counter.getByRole('button', { name: '下一步' }).click()
  await counter.getByRole('heading', { name: '设置 6 位 PIN' }).waitFor()
  await counter.keyboard.type('135790')
  await counter.getByRole('heading', { name: '再输入一次' }).waitFor()
  await counter.keyboard.type('135790')
  await expect(counter.getByRole('group', { name: '身份证号码键盘' })).toBeVisible()

  await page.goto('/accounts?kind=store&q=demo-0001')
  await row(page, 'demo-0001').getByRole('button').click()
  const drawer = page.getByRole('dialog', { name: '守望示范大药房' })
  const device = drawer.locator('.device-list li').filter({ hasText: model })
  await expect(device).toContainText('最近使用')
  await device.getByRole('button', { name: '撤销' }).click()
  await confirm(page, /^撤销设备：/)
  await expect(device).toContainText('已撤销')
  await expect(device.getByRole('button')).toHaveCount(0)

  await counter.reload()
  const pin = counter.getByRole('dialog', { name: '输入 PIN' })
  await expect(pin).toBeVisible()
  await counter.keyboard.type('135790')
  await expect(pin.getByRole('alert')).toContainText('本机已被停用')
  await pin.getByRole('button', { name: '用激活码重新开通本机' }).click()
  await expect(counter.getByRole('heading', { name: '开通本机' })).toBeVisible()
  await logged(page, 'device.revoke', ({ outcome }) => outcome === 'done')
  await counter.context().close()
})

test('a key for a program is shown once, works, and stops when revoked', async ({ page }) => {
  const name = `连锁 ${unique()}`
  await page.goto('/api-keys')
  await page.getByRole('button', { name: '新建密钥' }).click()
  const dialog = page.getByRole('dialog', { name: '新建接口密钥' })
  await dialog.getByLabel('名称').fill(name)
  await dialog.getByLabel('有效天数').fill('1')
  await pickRole(page, '连锁接口')
  await dialog.getByRole('button', { name: '创建' }).click()
  const key = await secretOf(page, '接口密钥')
  await expect(row(page, name)).toContainText('有效')
  await expect(row(page, name)).toContainText(key.slice(0, 6))

  const program = await request.newContext({
    baseURL: process.env.VIGIL_E2E_URL ?? '',
    extraHTTPHeaders: { authorization: `Bearer ${key}` },
  })
  const sold = await program.post('/api/purchases', { data: await saleOf(program, 'DEMO-0001') })
  expect(await sold.json()).toMatchObject({ results: [{ status: 'registered' }] })
  expect((await program.get('/api/accounts')).status()).toBe(403)

  await row(page, name)
    .getByRole('button', { name: `撤销 ${name}` })
    .click()
  await confirm(page, `撤销接口密钥：${name}`)
  await expect(row(page, name)).toContainText('已撤销')
  expect((await program.get('/api/pharmacy/drugs?q=blf')).status()).toBe(401)
  await program.dispose()
})

test('a role of the bureau’s own is made, changed and offered to the invited', async ({ page }) => {
  const name = `巡查员 ${unique()}`
  await page.goto('/roles')
  await page.getByRole('button', { name: '新增角色' }).click()
  const dialog = page.getByRole('dialog', { name: '新增角色' })
  await dialog.getByLabel('名称').fill(name)
  await dialog.getByLabel('代码').fill('大写 X')
  await dialog.getByLabel('查看药店').check()
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(dialog).toContainText('2–40 位小写字母、数字或横线')
  await dialog.getByLabel('代码').fill(unique().toLowerCase())
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(dialog).toBeHidden()
  await expect(row(page, name)).toContainText('必须')
  await page.getByRole('button', { name: `修改角色 ${name}` }).click()
  const change = page.getByRole('dialog', { name: `修改角色：${name}` })
  await change.getByLabel('查看区划').check()
  await change.getByRole('switch').click()
  await change.getByRole('button', { name: '保存' }).click()
  await expect(change).toBeHidden()
  await expect(row(page, name)).toContainText('查看区划')
  await expect(row(page, name)).toContainText('自愿')
  await page.goto('/accounts')
  await page.getByRole('button', { name: '邀请人员' }).click()
  await pickRole(page, name)
})

test('a registration duty is added for a time to come and changed', async ({ page }) => {
  const note = `通告 ${unique()}`
  const [from, before, to] = [40, 39, 50].map((days) => addDays(dayOf(new Date()), days))
  await page.goto('/duties')
  await page.getByRole('button', { name: '新增范围' }).click()
  const dialog = page.getByRole('dialog', { name: '新增登记范围' })
  const fill = async (label: string, day = '') => {
    await dialog.getByLabel(label).fill(day)
    await dialog.getByLabel(label).press('Enter')
  }
  await dialog.getByLabel('止咳').uncheck()
  await fill('起', from)
  await fill('止（不填为长期）', before)
  await dialog.getByLabel('依据与说明').fill(note)
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(dialog).toContainText('不能早于开始日期')
  await fill('止（不填为长期）', to)
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(dialog).toBeHidden()
  await expect(row(page, note)).toContainText('未开始')
  await expect(row(page, note)).not.toContainText('止咳')
  await row(page, note).getByRole('button', { name: /^修改/ }).click()
  const change = page.getByRole('dialog', { name: '修改登记范围' })
  await expect(change.getByLabel('起')).toHaveValue(from ?? '')
  await change.getByLabel('止咳').check()
  await change.getByRole('button', { name: '保存' }).click()
  await expect(change).toBeHidden()
  await expect(row(page, note)).toContainText('止咳')
})
