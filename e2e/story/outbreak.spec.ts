import { expect, type Page } from '@playwright/test'
import { citizenIdCheckDigit, uuidv7 } from '@vigil/codes'
import { logged, test } from '../console.fixture.ts'
import { accessible, openCounter, phonePage, store } from '../page.fixture.ts'

// An outbreak in one county of a running city, from the first sale to the finding: registered sales are all it is made of.
const county = { code: '350582', name: '晋江市' }

interface State {
  readonly class: 'antipyretic' | 'cough' | 'antibiotic' | 'antiviral'
  readonly state: { observed: number; expected: number | null; upper: number | null; grade: string | null } | null
}

async function read<T>(page: Page, path: string): Promise<T> {
  const answer = await page.request.get(path)
  expect(answer.status(), path).toBe(200)
  return (await answer.json()) as T
}

/** Today's state of the county in each class. */
async function states(page: Page): Promise<Map<State['class'], NonNullable<State['state']>>> {
  const found = new Map<State['class'], NonNullable<State['state']>>()
  for (const name of ['antipyretic', 'cough', 'antibiotic', 'antiviral'] as const) {
    const { ready, own } = await read<{ ready: boolean; own: State | null }>(
      page,
      `/api/surveillance/states?area=${county.code}&class=${name}`,
    )
    if (ready && own?.state && own.state.expected !== null) found.set(name, own.state)
  }
  return found
}

const classNames = { antipyretic: '退热', cough: '止咳', antibiotic: '抗生素', antiviral: '抗病毒' } as const

/** Codes of all stores of the county. */
async function storesOf(page: Page): Promise<string[]> {
  const codes: string[] = []
  for (let cursor = ''; ; ) {
    const path = `/api/pharmacy/stores?area=${county.code}&status=active&limit=100${cursor && `&cursor=${cursor}`}`
    const { items, next } = await read<{ items: { code: string }[]; next: string | null }>(page, path)
    codes.push(...items.map(({ code }) => code))
    if (next === null) return codes
    cursor = encodeURIComponent(next)
  }
}

let serial = 0
/** Registers sales of one drug to as many persons never seen before, over the stores in turn. */
async function sell(page: Page, drugId: string, stores: readonly string[], count: number): Promise<void> {
  for (let done = 0; done < count; done++) {
    serial += 1
    const birth = new Date(Date.UTC(1950, 0, 1 + (serial % 20_000))).toISOString().slice(0, 10).replace(/-/g, '')
    const first = `350582${birth}${100 + (Date.now() % 900)}`
    const soldAt = new Date()
    const purchase = {
      id: uuidv7(soldAt.getTime()),
      // Everywhere alike, as people live; the store whose counter answers below has its share and some more.
      storeCode: serial % 25 === 0 ? store.code : stores[serial % stores.length],
      soldAt: soldAt.toISOString(),
      documentType: 'citizen-id',
      documentNumber: first + citizenIdCheckDigit(first),
      person: {
        name: '林病家',
        mobile: `138${String(10_000_000 + serial)}`,
        residenceAreaCode: county.code,
        residenceAddress: `青阳街道 ${serial} 号`,
      },
      items: [{ drugId, quantity: 1 }],
      symptoms: ['cough'],
      temperatureTenths: 367,
    }
    const answer = await page.request.post('/api/purchases', { data: { purchases: [purchase] } })
    expect((await answer.json()).results[0].status).toBe('registered')
  }
}

const alertsOf = async (page: Page, name: string) => {
  const { items } = await read<{ items: { id: string; class: string; grade: string; state: string }[] }>(
    page,
    `/api/alerts?area=${county.code}&limit=100`,
  )
  return items.filter((one) => one.class === name && one.state !== 'closed' && one.state !== 'faded')
}

async function confirm(page: Page, title: string, fill?: (dialog: ReturnType<Page['getByRole']>) => Promise<unknown>) {
  const dialog = page.getByRole('dialog', { name: title })
  await fill?.(dialog)
  await dialog.getByRole('button', { name: /^确\s?定$/ }).click()
  await expect(dialog).toBeHidden()
}

test('an outbreak raises one orange alert; its stores answer, the CDC is asked, a finding closes it', async ({
  page,
  browser,
}) => {
  // The two months of the city come after its address.
  await expect.poll(async () => (await states(page)).size, { timeout: 600_000, intervals: [3000] }).toBe(4)
  let name: State['class'] | undefined
  await expect
    .poll(
      async () => {
        const quiet = [...(await states(page))].filter(([, { grade }]) => grade === null)
        for (const [one] of quiet) if ((await alertsOf(page, one)).length === 0) name ??= one
        return name
      },
      { timeout: 300_000, intervals: [3000] },
    )
    .toBeDefined()
  const watched = name!
  const { items: drugs } = await read<{ items: { id: string }[] }>(
    page,
    `/api/pharmacy/drugs?q=a&class=${watched}&limit=1`,
  )
  const stores = await storesOf(page)

  await page.goto('/alerts')
  await expect(page.getByText('实时', { exact: false }).first()).toBeVisible()
  const toast = page.getByRole('alert').filter({ hasText: '橙色预警' }).filter({ hasText: classNames[watched] })
  const grades = async () => (await alertsOf(page, watched)).map(({ grade }) => grade)
  // The wave rises until the watch calls it orange.
  for (let wave = 0; wave < 60 && !(await grades()).includes('orange'); wave++) {
    const { observed, expected } = (await states(page)).get(watched)!
    expect(observed, 'still not orange').toBeLessThan(6 * (expected ?? 0) + 100)
    await sell(page, drugs[0]!.id, stores, Math.max(4, Math.round(0.08 * (expected ?? 0))))
    await page.waitForTimeout(4000)
  }
  await expect(toast).toBeVisible()
  expect(await grades()).toEqual(['orange'])
  await toast.getByRole('button', { name: '查看' }).click()
  await expect(page.getByText(/^YJ-\d{8}-\d{4}$/)).toBeVisible()
  await accessible(page, 'alert')
  await page.screenshot({ path: 'test-results/story-alert.png', fullPage: true })

  await page.getByRole('button', { name: /^受\s?理$/ }).click()
  await expect(page.getByText('已受理').first()).toBeVisible()
  const contributing = page.getByRole('region', { name: '贡献药店' })
  await expect(contributing.getByText(store.name).first()).toBeVisible()
  await page.getByRole('button', { name: '询问药店' }).click()
  await confirm(page, '询问药店')
  await expect(page.getByText('核查中').first()).toBeVisible()

  const phone = await phonePage(browser)
  await openCounter(phone)
  await phone.getByRole('button', { name: /^待办/ }).click()
  await phone
    .getByRole('button', { name: /请核实近日/ })
    .first()
    .click()
  await phone.screenshot({ path: 'test-results/story-counter.png', fullPage: true })
  for (const box of await phone.getByRole('textbox').all()) await box.fill('近两日感冒顾客明显增多')
  await phone.getByRole('button', { name: '提交答复' }).click()
  await expect(phone.getByText('已答复，监管人员会看到')).toBeVisible()
  await phone.context().close()
  await page.reload()
  await expect(page.getByText('近两日感冒顾客明显增多').first()).toBeVisible()

  await page.getByRole('button', { name: '转疾控' }).click()
  await confirm(page, '转疾控核查')
  await page.getByRole('button', { name: '登记回执' }).click()
  await confirm(page, `登记 ${county.name}疾病预防控制中心 的回执`, (dialog) =>
    dialog.getByLabel('回执内容').fill('流调确认为学校聚集性流感'),
  )
  await page.getByRole('button', { name: '给出结论' }).click()
  await confirm(page, '给出结论', async (dialog) => {
    await dialog.getByText('属实', { exact: true }).click()
    await dialog.getByLabel('依据').fill('疾控核查属实')
  })
  await page.getByRole('button', { name: /^办\s?结$/ }).click()
  await confirm(page, '办结预警')
  await expect(page.getByText('已办结').first()).toBeVisible()
  const number = await page.getByText(/^YJ-\d{8}-\d{4}$/).textContent()
  await logged(page, 'alert.close', ({ object, outcome }) => object === `alert:${number}` && outcome === 'done')
  await page.goto('/response')
  await expect(page.getByRole('row').filter({ hasText: county.name })).toContainText('%')
  await page.screenshot({ path: 'test-results/story-response.png', fullPage: true })
})
