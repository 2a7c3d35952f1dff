import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import type { PurchaseItem } from '@vigil/contract'
import { accessible, fillPerson, newPerson, openCounter as open, pin, press, store } from './page.fixture.ts'

async function pickDrug(page: Page): Promise<void> {
  await page.getByRole('searchbox').fill('blf')
  await page.getByRole('list', { name: '药品' }).getByRole('button').first().click()
}

async function registerNew(page: Page, id: string, name = '王小芳'): Promise<void> {
  await page.getByRole('textbox', { name: /身份证号码/ }).fill(id)
  await fillPerson(page, name)
  await pickDrug(page)
  await page.getByRole('button', { name: '无不适' }).click()
  await page.getByRole('button', { name: '完成登记' }).click()
}

/** Rows of today's list of the store, as the server has them. */
/** Waits until the drugs are kept on the device: without the network it could not ask for them. */
async function drugsKept(page: Page): Promise<void> {
  const kept = () =>
    new Promise<boolean>((resolve, reject) => {
      const opening = indexedDB.open('vigil-counter')
      opening.onerror = () => reject(opening.error)
      opening.onsuccess = () => {
        const pack = opening.result.transaction('kv').objectStore('kv').get('pack')
        pack.onerror = () => reject(pack.error)
        pack.onsuccess = () => {
          opening.result.close()
          resolve(pack.result !== undefined)
        }
      }
    })
  await expect.poll(() => page.evaluate(kept)).toBe(true)
}

async function stored(page: Page): Promise<PurchaseItem[]> {
  const answer = await page.request.get('/api/purchases/today')
  expect(answer.status()).toBe(200)
  return (await answer.json()).items
}

const goneOnline = async (context: BrowserContext, page: Page) => {
  await context.setOffline(false)
  await page.evaluate(() => dispatchEvent(new Event('online')))
}

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

test('offline: entries wait through a reload and are uploaded once', async ({ page, context }) => {
  await open(page)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await expect.poll(() => page.evaluate(() => caches.match('/c/').then((kept) => kept !== undefined))).toBe(true)
  await drugsKept(page)
  const before = (await stored(page)).length
  await context.setOffline(true)
  await registerNew(page, newPerson(), '张伟')
  await expect(page.getByRole('heading', { name: '已保存，待上传' })).toBeVisible()
  await page.getByRole('button', { name: '下一位' }).click()
  await registerNew(page, newPerson(), '刘洋')
  await expect(page.getByRole('button', { name: '2 待上传' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('button', { name: '2 待上传' })).toBeVisible()
  await expect(page.getByText('离线 · 可继续登记')).toBeVisible()
  await accessible(page, 'offline')
  await goneOnline(context, page)
  await expect(page.getByRole('button', { name: /待上传/ })).toHaveCount(0)
  const rows = await stored(page)
  expect(rows.length - before).toBe(2)
  expect((rows[0]?.soldAt ?? '') > (rows[1]?.soldAt ?? '')).toBe(true)
})

test('an answer lost on the way back is asked for again; the sale counts once', async ({ page }) => {
  await open(page)
  const before = (await stored(page)).length
  let lost = 0
  await page.route('**/api/purchases', async (route) => {
    if (lost > 0) return route.continue()
    lost += 1
    await route.fetch()
    await route.abort('connectionreset')
  })
  await registerNew(page, newPerson())
  await expect(page.getByRole('heading', { name: '已保存，待上传' })).toBeVisible()
  expect((await stored(page)).length - before).toBe(1)
  // The next try comes by itself after some seconds, and the page that is open becomes the receipt.
  await expect(page.getByRole('heading', { name: '登记完成' })).toBeVisible()
  expect((await stored(page)).length - before).toBe(1)
})

test('what waits on the device is not readable there', async ({ page, context }) => {
  await open(page)
  await drugsKept(page)
  await context.setOffline(true)
  const id = newPerson()
  await registerNew(page, id, '欧阳明月')
  await expect(page.getByRole('heading', { name: '已保存，待上传' })).toBeVisible()
  const kept = await page.evaluate(
    () =>
      new Promise<{ text: string; extractable: boolean }>((resolve, reject) => {
        const opening = indexedDB.open('vigil-counter')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const tx = opening.result.transaction(['queue', 'kv'])
          const rows = tx.objectStore('queue').getAll()
          const key = tx.objectStore('kv').get('queue-key')
          tx.oncomplete = () => {
            const bytes = rows.result.map((row) => String.fromCharCode(...new Uint8Array(row.sealed.data)))
            const clear = rows.result.map(({ sealed, ...rest }) => JSON.stringify(rest))
            resolve({ text: [...bytes, ...clear].join('\n'), extractable: key.result.extractable })
          }
        }
      }),
  )
  expect(kept.text.length).toBeGreaterThan(500)
  expect(kept.text).not.toContain(id)
  expect(kept.text).not.toContain('13800131234')
  expect(kept.extractable).toBe(false)
})

test('a session that ends in the middle asks the PIN over the form and sends what was typed', async ({
  page,
  context,
}) => {
  await open(page)
  await page.getByRole('textbox', { name: /身份证号码/ }).fill(newPerson())
  await fillPerson(page, '林志')
  await pickDrug(page)
  await page.getByRole('button', { name: '无不适' }).click()
  const names = (await context.cookies()).map((cookie) => cookie.name).filter((name) => !/device/.test(name))
  expect(names.length).toBeGreaterThan(0)
  // What the page asks in the background is held, or it might learn of the ended session before the sale does.
  const isAsked = (url: URL) => url.pathname.startsWith('/api/')
  await page.route(isAsked, (route) => (route.request().method() === 'GET' ? undefined : route.continue()))
  for (const name of names) await context.clearCookies({ name })
  await page.getByRole('button', { name: '完成登记' }).click()
  await expect(page.getByText('登录已过期，请重新输入 PIN')).toBeVisible()
  await page.unroute(isAsked)
  await accessible(page, 'lock')
  await press(page, '864209')
  await expect(page.getByText(/PIN 不正确/)).toBeVisible()
  await press(page, pin)
  await expect(page.getByRole('heading', { name: '登记完成' })).toBeVisible()
})

test('offline the PIN opens the locked page, a wrong one does not, and the form is as it was', async ({
  page,
  context,
}) => {
  await open(page)
  await page.getByRole('textbox', { name: /身份证号码/ }).fill(newPerson())
  await page.getByLabel('姓名').fill('黄小红')
  await page.getByRole('button', { name: '锁定' }).click()
  await context.setOffline(true)
  await press(page, '864209')
  await expect(page.getByText('PIN 不正确，离线时还可再试 4 次')).toBeVisible()
  await press(page, pin)
  await expect(page.getByLabel('姓名')).toHaveValue('黄小红')
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
