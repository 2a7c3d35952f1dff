import { expect, test } from '@playwright/test'
import { pickDrug, registerNew, stored } from './counter.fixture.ts'
import { accessible, fillPerson, newPerson, openCounter as open, press, store } from './page.fixture.ts'

test('a first-time buyer is registered and stands on the list of the day, masked', async ({ page }) => {
  await open(page)
  await press(page, newPerson())
  await expect(page.getByText(/晋江市/).first()).toBeVisible()
  await fillPerson(page, '王小芳')
  await pickDrug(page)
  await page.getByRole('button', { name: /^增加/ }).click()
  await page.getByRole('button', { name: '无不适' }).click()
  await page.getByRole('button', { name: '完成登记' }).click()
  await expect(page.getByRole('heading', { name: '登记完成' })).toBeVisible()
  await expect(page.locator('.receipt')).toHaveText(/登记号 [0-9A-Z]{3}-[0-9A-Z]{3}/)
  await page.getByRole('button', { name: '今日' }).click()
  const first = page.locator('.line').first()
  await expect(first).toContainText('王**')
  await expect(first).toContainText('×2')
  await expect(first).toContainText('已登记')
  await expect(first).not.toContainText('王小芳')
})

test('a returning buyer takes 18 digits and at most four taps', async ({ page }) => {
  const id = newPerson()
  await open(page)
  await registerNew(page, id)
  await page.getByRole('button', { name: '下一位' }).click()
  await page.evaluate(() => {
    const counted = window as unknown as { taps: number }
    counted.taps = 0
    addEventListener('click', () => (counted.taps += 1), true)
  })
  await press(page, id)
  await expect(page.getByText('登记过的顾客，信息是否不变？')).toBeVisible()
  await expect(page.locator('.known')).toContainText('王**')
  await expect(page.locator('.known')).toContainText('138****1234')
  await page.getByRole('button', { name: '信息不变' }).click()
  await page.getByRole('list', { name: '药品' }).getByRole('button').first().click()
  await page.getByRole('button', { name: '无不适' }).click()
  await page.getByRole('button', { name: '完成登记' }).click()
  await expect(page.getByRole('heading', { name: '登记完成' })).toBeVisible()
  const taps = await page.evaluate(() => (window as unknown as { taps: number }).taps)
  expect(taps - 18).toBeGreaterThan(0)
  expect(taps - 18).toBeLessThanOrEqual(4)
})

test('fever shows the three nearest clinics with distance, a call and a slip', async ({ page }) => {
  await open(page)
  await page.getByRole('textbox', { name: /身份证号码/ }).fill(newPerson())
  await fillPerson(page, '陈国强')
  await pickDrug(page)
  await page.getByRole('button', { name: '咳嗽', exact: true }).click()
  await page.getByLabel('体温', { exact: true }).click()
  await press(page, '373')
  await expect(page.getByText('将提示就近发热门诊')).toBeVisible()
  await page.getByRole('button', { name: '完成登记' }).click()
  await expect(page.getByRole('heading', { name: '请引导到最近的发热门诊' })).toBeVisible()
  const clinics = page.locator('.referral > .clinics > li')
  await expect(clinics).toHaveCount(3)
  for (const clinic of await clinics.all()) {
    await expect(clinic.locator('.clinic-distance')).toHaveText(/\d (米|公里)/)
    await expect(clinic.locator('a')).toHaveAttribute('href', /^tel:\+?\d{7,}$/)
  }
  await accessible(page, 'clinics')
  await page.getByRole('button', { name: /给顾客看/ }).click()
  await expect(page.getByRole('dialog', { name: '发热门诊引导单' })).toContainText('登记号')
  await accessible(page, 'slip')
})

test('wrong numbers are told at once and in words', async ({ page }) => {
  await open(page)
  const number = page.getByRole('textbox', { name: /身份证号码/ })
  const told = page.locator('#f-documentNumber-problem')
  await number.fill('350582199003071061')
  await expect(told).toContainText('号码校验不通过')
  await expect(number).toHaveAttribute('aria-invalid', 'true')
  await number.fill('350582199002301060')
  await expect(told).toContainText('出生日期 1990-02-30 不存在')
  await number.fill('350582209903071061')
  await expect(told).toContainText('晚于今天')
  await number.fill('３５０５８２１９９００３０７１０６Ｘ')
  await expect(page.getByText('女 · 1990-03-07 生')).toBeVisible()
  await page.getByRole('button', { name: '修改证件' }).click()
  await page.getByRole('button', { name: /证件类型/ }).click()
  await page.getByRole('button', { name: '港澳居民来往内地通行证' }).click()
  await page.getByLabel('证件号码').fill('A1234567')
  await page.getByRole('button', { name: '下一步' }).click()
  await expect(told).toContainText('以H（香港）或M（澳门）开头')
  await expect(page.getByLabel('证件号码')).toBeFocused()
})

test('missing answers are told at their places', async ({ page }) => {
  await open(page)
  await page.getByRole('textbox', { name: /身份证号码/ }).fill(newPerson())
  await page.getByRole('button', { name: '下一步：选药品' }).click()
  await expect(page.getByText('请输入姓名')).toBeVisible()
  await expect(page.getByText('请输入手机号码')).toBeVisible()
  await expect(page.getByText('请输入详细住址')).toBeVisible()
  await expect(page.getByLabel('姓名')).toBeFocused()
  await accessible(page, 'missing')
  await fillPerson(page, '周杰')
  await page.getByRole('button', { name: '完成登记' }).click()
  await expect(page.getByText('请选择药品')).toBeVisible()
  await expect(page.getByText('没有症状请点“无不适”')).toBeVisible()
})

test('a refusal is shown at the field, mended, and sent under the same id', async ({ page }) => {
  await open(page)
  const ids: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST' && new URL(request.url()).pathname === '/api/purchases')
      ids.push(request.postDataJSON().purchases[0].id)
  })
  // The profile is gone between the question and the sale.
  await page.route('**/api/pharmacy/buyers/lookup', (route) =>
    route.fulfill({
      json: { known: true, name: '吴*', mobile: '139****0000', residence: '晋江市…', hasEmergencyContact: false },
    }),
  )
  await page.getByRole('textbox', { name: /身份证号码/ }).fill(newPerson())
  await page.getByRole('button', { name: '信息不变' }).click()
  await pickDrug(page)
  await page.getByRole('button', { name: '无不适' }).click()
  await page.getByRole('button', { name: '完成登记' }).click()
  await expect(page.getByText('系统中没有此人的资料')).toBeVisible()
  await expect(page.getByRole('button', { name: '1 条需修改' })).toBeVisible()
  await fillPerson(page, '吴亮')
  await page.getByRole('button', { name: '重新上传' }).click()
  await expect(page.getByRole('heading', { name: '登记完成' })).toBeVisible()
  expect(ids).toHaveLength(2)
  expect(ids[0]).toBe(ids[1])
})

test('an entry is undone within five minutes', async ({ page }) => {
  await open(page)
  await registerNew(page, newPerson())
  const receipt = (await page.locator('.receipt strong').textContent()) ?? ''
  await expect(page.getByRole('button', { name: /撤销本条 4:\d\d/ })).toBeVisible()
  await page.getByRole('button', { name: /撤销本条/ }).click()
  await expect(page.getByRole('heading', { name: '已撤销' })).toBeVisible()
  const row = (await stored(page)).find((one) => one.receiptNo === receipt)
  expect(row?.status).toBe('undone')
})

test('an entry is corrected from the list of the day, with a reason', async ({ page }) => {
  await open(page)
  await registerNew(page, newPerson())
  const receipt = (await page.locator('.receipt strong').textContent()) ?? ''
  await page.getByRole('button', { name: '今日' }).click()
  await accessible(page, 'today')
  await page.locator('.line-main').first().click()
  await page.getByRole('button', { name: '更正', exact: true }).click()
  await page.getByRole('button', { name: '症状体温', exact: true }).click()
  await page.getByRole('button', { name: '咽痛' }).click()
  await page.getByRole('button', { name: '提交更正' }).click()
  await expect(page.getByText('请填写更正原因')).toBeVisible()
  await accessible(page, 'correction')
  await page.getByRole('button', { name: '症状或体温录错' }).click()
  await page.getByRole('button', { name: '提交更正' }).click()
  await expect(page.locator('.line').first()).toContainText('已更正')
  expect((await stored(page)).find((one) => one.receiptNo === receipt)?.status).toBe('corrected')
})

test('whom the drugs were for, and the history, are put right afterwards', async ({ page }) => {
  await open(page)
  await registerNew(page, newPerson())
  const receipt = (await page.locator('.receipt strong').textContent()) ?? ''
  const row = async () => (await stored(page)).find((one) => one.receiptNo === receipt)
  const correct = async () => {
    await page.locator('.line-main').first().click()
    await page.getByRole('button', { name: '更正', exact: true }).click()
  }
  await page.getByRole('button', { name: '今日' }).click()
  await correct()
  await page.getByRole('button', { name: '代购', exact: true }).click()
  await page.getByRole('button', { name: '旅居接触史', exact: true }).click()
  await page.getByRole('button', { name: '代购信息漏登' }).click()
  await page.getByRole('button', { name: '提交更正' }).click()
  await expect(page.getByText('请输入用药人姓名')).toBeVisible()
  await expect(page.getByText('请选择用药人与购药人的关系')).toBeVisible()
  await expect(page.getByLabel('用药人姓名')).toBeFocused()
  await page.getByLabel('用药人姓名').fill('林阿婆')
  await page.getByRole('button', { name: '家人' }).click()
  await page.getByLabel(/用药人证件号码/).fill('1')
  await page.getByLabel(/旅居或接触史/).fill('三亚返回')
  await accessible(page, 'after')
  const sent = page.waitForRequest((request) => request.url().endsWith('/corrections'))
  await page.getByLabel(/用药人证件号码/).fill('')
  await page.getByRole('button', { name: '提交更正' }).click()
  expect((await sent).postDataJSON().changes).toEqual({
    boughtFor: { name: '林阿婆', relation: 'family' },
    history: '三亚返回',
  })
  await expect(page.locator('.line').first()).toContainText('已更正')
  expect(await row()).toMatchObject({ status: 'corrected', proxy: true })
  await correct()
  await page.getByRole('button', { name: '代购', exact: true }).click()
  await page.getByRole('button', { name: '本人用药' }).click()
  await page.getByRole('textbox', { name: '原因' }).fill('顾客说明系本人用药')
  await page.getByRole('button', { name: '提交更正' }).click()
  await expect.poll(async () => (await row())?.proxy).toBe(false)
})

test('a phone whose clock is a day ahead registers at the right time', async ({ page }) => {
  await page.clock.install({ time: Date.now() + 86_400_000 })
  await open(page)
  await registerNew(page, newPerson())
  await expect(page.getByRole('heading', { name: '登记完成' })).toBeVisible()
  const [row] = await stored(page)
  expect(Math.abs(Date.parse(row?.soldAt ?? '') - Date.now())).toBeLessThan(120_000)
})

test('every screen fits 360 px, with targets for a thumb, and passes axe', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  const fits = async () => {
    await accessible(page, 'screen')
    const found = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      small: [...document.querySelectorAll<HTMLElement>('button, a[href], input, select')]
        .filter((element) => element.offsetParent !== null)
        .map((element) => ({ text: element.textContent || element.id, box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.width < 44 || box.height < 44)
        .map(({ text, box }) => `${text} ${box.width}×${box.height}`),
      tiny: [...document.querySelectorAll<HTMLElement>('body *')]
        .filter((element) => element.childNodes.length > 0 && element.offsetParent !== null)
        .filter((element) => Number.parseFloat(getComputedStyle(element).fontSize) < 16)
        .map((element) => element.className),
    }))
    expect(found).toEqual({ wide: 360, small: [], tiny: [] })
  }
  await page.goto(`/c/${store.code}`)
  await page.getByLabel('激活码').waitFor()
  await fits()
  await open(page)
  await fits()
  const id = newPerson()
  await page.getByRole('textbox', { name: /身份证号码/ }).fill(id)
  await page.getByLabel('姓名').waitFor()
  await fits()
  await page.getByRole('button', { name: '其他地区…' }).click()
  await page.getByRole('button', { name: '泉州台商投资区' }).waitFor()
  await fits()
  await page.keyboard.press('Escape')
  await fillPerson(page, '赵敏')
  await pickDrug(page)
  await page.getByRole('button', { name: /代购/ }).click()
  await fits()
  await page.getByRole('button', { name: /代购/ }).click()
  await page.getByRole('button', { name: '发热', exact: true }).click()
  await page.getByRole('button', { name: '完成登记' }).click()
  await page.getByRole('heading', { name: '登记完成' }).waitFor()
  await fits()
  await page.getByRole('button', { name: '下一位' }).click()
  await page.getByRole('textbox', { name: /身份证号码/ }).fill(id)
  await page.getByText('信息是否不变').waitFor()
  await fits()
  await page.getByRole('button', { name: '今日' }).click()
  await page.locator('.line-main').first().click()
  await fits()
  await page.getByRole('button', { name: '更正', exact: true }).click()
  for (const part of ['证件', '购药人', '药品', '症状体温', '代购', '旅居接触史'])
    await page.getByRole('button', { name: part, exact: true }).click()
  await fits()
})
