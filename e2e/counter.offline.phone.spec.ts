import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { pickDrug, registerNew, stored } from './counter.fixture.ts'
import { accessible, fillPerson, newPerson, openCounter as open, pin, press } from './page.fixture.ts'

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

const goneOnline = async (context: BrowserContext, page: Page) => {
  await context.setOffline(false)
  await page.evaluate(() => dispatchEvent(new Event('online')))
}

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
