import { expect, type Locator, type Page } from '@playwright/test'
import { dayOf } from '@vigil/codes'
import { openTable, writeErrorFile } from '../packages/server/src/kernel/tabular/index.ts'
import { creditCode, download, logged, test, unique } from './console.fixture.ts'

const csv = (rows: readonly string[][]) => Buffer.from(`\uFEFF${rows.map((row) => row.join(',')).join('\r\n')}\r\n`)

async function xlsx(rows: readonly string[][]): Promise<Buffer> {
  const [heads = [], ...body] = rows
  const raw = body.map((cells, at) => ({ rowNumber: at + 2, raw: [...cells], problems: [] }))
  return Buffer.concat(await writeErrorFile({ heads, rows: raw, format: 'xlsx' }).toArray())
}

/** Heads and rows of a file as an import reads them. */
async function tableOf(bytes: Buffer, filename: string, head: string): Promise<string[][]> {
  const table = await openTable(bytes, { filename, columns: [{ key: 'first', heads: [head], required: true }] })
  const rows: string[][] = [table.heads]
  for await (const row of table.rows) rows.push(row.raw)
  return rows
}

const upload = (dialog: Locator, name: string, buffer: Buffer) =>
  dialog.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer })

interface Journey {
  readonly path: string
  readonly button: string
  readonly format: 'csv' | 'xlsx'
  readonly heads: readonly string[]
  /** Cells of a row; `name` is unique, `bad` stands in the column that is wrong in the second row. */
  readonly row: (name: string, bad?: string) => string[]
  readonly bad: string
  /** Column and reason as the report tells them. */
  readonly told: readonly [string, RegExp]
  /** Field in which the new entry is looked for, and the button that starts the search. */
  readonly find?: string
}

const journeys: readonly Journey[] = [
  {
    path: '/stores',
    button: '导入药店',
    format: 'csv',
    heads: ['药店名称', '统一社会信用代码', '地址', '区县', '电话'],
    row: (name, bad) => [name, bad ?? creditCode(), `世纪大道 ${name} 号`, '晋江市', '0595-85600000'],
    bad: '91350582MA0000000X',
    told: ['统一社会信用代码', /校验不通过/],
    find: '药店名称、编号或地址',
  },
  {
    path: '/drugs',
    button: '导入药品',
    format: 'xlsx',
    heads: ['类别', '通用名', '规格'],
    row: (name, bad) => [bad ?? '止咳', `${name}糖浆`, '100 ml'],
    bad: '保健品',
    told: ['类别', /“保健品”无法识别/],
    find: '查找药品',
  },
  {
    path: '/parties',
    button: '导入市场主体',
    format: 'csv',
    heads: ['统一社会信用代码', '名称', '地址', '区划'],
    row: (name, bad) => [creditCode(), name, `青华路 ${name} 号`, bad ?? '晋江市'],
    bad: '不存在县',
    told: ['区划', /“不存在县”不存在，或不在您的管辖范围内/],
    find: '名称或统一社会信用代码',
  },
  {
    path: '/areas',
    button: '导入所和网格',
    format: 'csv',
    heads: ['名称', '上级', '级别'],
    row: (name, bad) => [`${name}市场监督管理所`, '晋江市', bad ?? '所'],
    bad: '街道',
    told: ['级别', /“街道”无法识别/],
    find: '查找区划',
  },
  {
    path: '/clinics',
    button: '导入发热门诊',
    format: 'csv',
    heads: ['名称', '地址', '电话', '区县', '经度', '纬度'],
    row: (name, bad) => [`${name}医院`, '泉安中路 1 号', '0595-85678900', '晋江市', bad ?? '118.57', '24.80'],
    bad: '318.57',
    told: ['经度', /经度应为 73 至 136 之间/],
  },
]

for (const { path, button, format, heads, row, bad, told, find } of journeys)
  test(`${button}：a bad row is told, its file is mended and sent again`, async ({ page }) => {
    const [good, mended] = [`好${unique()}`, `改${unique()}`]
    const second = row(mended, bad)
    const fileOf = (rows: readonly string[][]) => (format === 'csv' ? csv(rows) : xlsx(rows))
    await page.goto(path)
    await page.getByRole('button', { name: button }).click()
    const dialog = page.getByRole('dialog', { name: button })
    await upload(dialog, `名单.${format}`, await fileOf([[...heads], row(good), second]))
    const report = dialog.getByRole('status')
    await expect(report).toContainText('共 2 行：导入 1 行，未导入 1 行')
    const problem = report.locator('tbody tr').filter({ hasText: told[0] })
    await expect(problem).toContainText('3')
    await expect(problem).toContainText(told[1])

    const { name, bytes } = await download(page, report.getByRole('button', { name: '下载错误行' }))
    expect(name).toBe(`名单-错误行.${format}`)
    const [errorHeads = [], refused = [], ...more] = await tableOf(bytes, name, heads[0] ?? '')
    expect(errorHeads).toEqual([...heads, '行号', '错误原因'])
    expect(refused.slice(0, heads.length)).toEqual(second)
    expect(refused.at(-1)).toMatch(told[1])
    expect(more).toEqual([])

    const right = row(mended)
    const mend = refused.map((cell, at) => (cell === bad ? (right[at] ?? '') : cell))
    await upload(dialog, name, await fileOf([errorHeads, mend]))
    await expect(report).toContainText('共 1 行：导入 1 行，未导入 0 行')
    await expect(report.locator('tbody')).toHaveCount(0)
    await dialog.getByRole('button', { name: '关闭', exact: true }).last().click()
    await expect(dialog).toBeHidden()
    for (const each of [good, mended]) {
      if (find) {
        await page.getByLabel(find).fill(each)
        await page.getByLabel(find).press('Enter')
      }
      await expect(page.locator('main')).toContainText(each)
    }
  })

test('a file that is no table is refused with the reason', async ({ page }) => {
  await page.goto('/stores')
  await page.getByRole('button', { name: '导入药店' }).click()
  const dialog = page.getByRole('dialog', { name: '导入药店' })
  await upload(
    dialog,
    '名单.csv',
    csv([
      ['无关', '列'],
      ['1', '2'],
    ]),
  )
  await expect(dialog.getByRole('alert')).toContainText('药店名称')
})

/** Imports stores without accounts, all with `mark` in the name. */
async function newStores(page: Page, mark: string, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, at) => [
    `${mark}药店${at + 1}`,
    creditCode(),
    `${mark}路 ${at} 号`,
    '晋江市',
  ])
  const answer = await page.request.post('/api/pharmacy/stores/import', {
    multipart: {
      file: {
        name: '药店.csv',
        mimeType: 'text/csv',
        buffer: csv([['药店名称', '统一社会信用代码', '地址', '区县'], ...rows]),
      },
    },
  })
  expect(await answer.json()).toMatchObject({ accepted: count, rejected: 0 })
}

const rowsOf = (page: Page) => page.getByRole('region', { name: '药店' }).locator('tbody tr.clickable')

test('many stores at once: accounts, posters, suspension with one reason', async ({ page }) => {
  const mark = unique()
  await page.goto('/')
  await newStores(page, mark, 3)
  const chosen = page.getByRole('region', { name: '所选药店' })
  const find = page.getByLabel('药店名称、编号或地址')
  await page.goto(`/stores?q=${mark}药店2`)
  await rowsOf(page).getByRole('checkbox').check()
  // What is ticked stays under another search.
  await find.fill(mark)
  await find.press('Enter')
  await expect(rowsOf(page)).toHaveCount(3)
  await rowsOf(page)
    .filter({ hasText: `${mark}药店1` })
    .getByRole('checkbox')
    .check()
  await expect(chosen).toContainText('已选 2 家')
  await page.locator('thead').getByRole('checkbox').check()
  await expect(chosen).toContainText('已选 3 家')

  await chosen.getByRole('button', { name: '生成账号' }).click()
  const dialog = page.getByRole('dialog', { name: '所选 3 家药店：一店一码一账号' })
  await dialog.getByRole('button', { name: '生成', exact: true }).click()
  await expect(dialog).toContainText('新生成 3 个账号，已有 0 个')
  const sheet = await download(page, dialog.getByRole('button', { name: '下载激活码表（XLSX）' }))
  expect(sheet.name).toBe('一店一码激活码-3家.xlsx')
  const lines = await tableOf(sheet.bytes, sheet.name, '药店编号')
  expect(lines).toHaveLength(4)
  expect(new Set(lines.slice(1).map((line) => line[5])).size).toBe(3)
  await expect(dialog.getByRole('button', { name: '已下载' })).toBeDisabled()
  await dialog.getByRole('button', { name: '关闭', exact: true }).last().click()
  await expect(rowsOf(page).filter({ hasText: '待激活' })).toHaveCount(3)

  await chosen.getByRole('button', { name: '二维码海报' }).click()
  const posters = await download(page, page.getByRole('menuitem', { name: /A6/ }))
  expect(posters.name).toMatch(/\.pdf$/)
  expect(posters.bytes.subarray(0, 5).toString()).toBe('%PDF-')

  await chosen.getByRole('button', { name: '暂停' }).click()
  const ask = page.getByRole('dialog', { name: '暂停所选 3 家药店' })
  await ask.getByRole('button', { name: '确定' }).click()
  await expect(ask).toContainText('请写明理由')
  await ask.getByLabel('理由').fill(`专项检查 ${mark}`)
  await ask.getByRole('button', { name: '确定' }).click()
  await expect(page.getByText('已暂停 3 家')).toBeVisible()
  await expect(chosen).toHaveCount(0)
  await expect(rowsOf(page).filter({ hasText: '暂停' })).toHaveCount(3)

  await page.goto('/audit?action=store.set-status')
  await page.locator('tbody tr').filter({ hasText: mark }).first().getByText('原始内容').click()
  await expect(
    page
      .locator('pre')
      .filter({ hasText: `专项检查 ${mark}` })
      .first(),
  ).toBeVisible()
  await expect(page.locator('pre').filter({ hasText: `专项检查 ${mark}` })).toHaveCount(3)
})

test('a view is kept through a reload and opens with its filter in the fields', async ({ page }) => {
  await page.goto('/stores?q=示范&status=active')
  await page.getByRole('button', { name: '视图' }).click()
  await page.getByLabel('视图名称').fill('示范店')
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await page.goto('/stores')
  await expect(page.getByLabel('药店名称、编号或地址')).toHaveValue('')
  await page.reload()
  await page.getByRole('button', { name: '视图' }).click()
  await page.getByRole('button', { name: '示范店', exact: true }).click()
  await expect(page).toHaveURL(/status=active/)
  await expect(page.getByLabel('药店名称、编号或地址')).toHaveValue('示范')
  await expect(rowsOf(page)).toHaveCount(1)
  await page.goBack()
  await expect(page.getByLabel('药店名称、编号或地址')).toHaveValue('')
  await page.getByRole('button', { name: '视图' }).click()
  await page.getByRole('button', { name: '删除视图 示范店' }).click()
  await expect(page.getByRole('button', { name: '示范店', exact: true })).toHaveCount(0)
})

test('one store: particulars, suspension and reopening', async ({ page }) => {
  const mark = unique()
  await page.goto('/')
  await newStores(page, mark, 1)
  await page.goto(`/stores?q=${mark}`)
  await page.getByRole('button', { name: `查看 ${mark}药店1` }).click()
  const drawer = page.getByRole('dialog', { name: `${mark}药店1` })
  await expect(drawer).toContainText(`${mark}路 0 号`)
  for (const [step, state] of [
    ['暂停', '暂停'],
    ['恢复营业', '营业'],
  ] as const) {
    await drawer.getByRole('button', { name: step }).click()
    const ask = page.getByRole('dialog', { name: `${step}：${mark}药店1` })
    await ask.getByLabel('理由').fill('检查')
    await ask.getByRole('button', { name: '确定' }).click()
    await expect(ask).toBeHidden()
    await expect(drawer.locator('tr').filter({ hasText: '状态' })).toContainText(state)
  }
  await drawer.getByRole('link', { name: '本店登记' }).click()
  await expect(page.getByRole('heading', { name: '购药登记' })).toBeVisible()
  await expect(page.getByRole('navigation', { name: '所在区划' })).toContainText(`${mark}药店1`)
})

test('on a narrow screen stores are cards that can be ticked and opened', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/stores?q=示范')
  const card = page.getByRole('list', { name: '药店' }).locator('> li')
  await expect(card).toHaveCount(1)
  await card.getByRole('checkbox').check()
  await expect(page.getByRole('region', { name: '所选药店' })).toContainText('已选 1 家')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await card.getByRole('button', { name: /^查看/ }).click()
  await expect(page.getByRole('dialog')).toContainText('DEMO-0001')
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(beyond).toBeLessThanOrEqual(0)
})

test('a correction with the home chosen by name is shown, kept beside the original and exported', async ({ page }) => {
  const day = dayOf(new Date())
  await page.goto('/purchases?status=valid')
  await page.locator('tbody tr.clickable').first().getByRole('button').click()
  const drawer = page.getByRole('dialog', { name: /^登记 / })
  const receipt = (await drawer.locator('.ant-drawer-title').textContent())?.replace('登记 ', '') ?? ''
  expect(receipt).not.toBe('')
  await drawer.getByRole('button', { name: '更正', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: `更正登记 ${receipt}` })
  await dialog.getByLabel('个人信息').check()
  await dialog.getByLabel('姓名', { exact: true }).fill('苏更正')
  await dialog.getByLabel('手机', { exact: true }).fill('13959500001')
  await dialog.getByLabel('住址区划').click()
  for (const name of ['福建省', '厦门市', '思明区'])
    await page.getByRole('menuitemcheckbox', { name, exact: true }).click()
  await expect(dialog.getByTitle('福建省 厦门市 思明区')).toBeVisible()
  await dialog.getByLabel('详细住址').fill('中华街道 1 号')
  await dialog.getByRole('button', { name: '提交更正' }).click()
  await expect(dialog).toContainText('请写明更正理由')
  await dialog.getByLabel('更正理由').fill('姓名写错')
  await dialog.getByRole('button', { name: '提交更正' }).click()
  await expect(page.getByText('已更正，原记录保留')).toBeVisible()
  await expect(dialog).toBeHidden()
  await expect(drawer.locator('tr').filter({ hasText: '购药人' }).first()).toContainText('苏**')
  await expect(drawer.getByRole('heading', { name: '历次版本' })).toBeVisible()
  await expect(drawer).toContainText('姓名写错')

  await drawer.getByRole('button', { name: '查看明文' }).click()
  const clear = page.getByRole('dialog', { name: '查看个人信息明文' })
  await clear.getByLabel('随访处置').check()
  await clear.getByLabel('理由').fill('电话随访')
  await clear.getByRole('button', { name: '查看明文' }).click()
  await expect(clear.locator('tr').filter({ hasText: '住址' })).toContainText('思明区')
  await expect(clear.locator('tr').filter({ hasText: '姓名' })).toContainText('苏更正')
  await clear.getByRole('button', { name: '立即隐藏' }).click()

  await page.goto(`/purchases?status=corrected&to=${day}`)
  await expect(page.locator('tbody tr.clickable').first()).toBeVisible()
  const shown = await page.locator('tbody tr.clickable').count()
  await page.getByRole('button', { name: '导出', exact: true }).click()
  await page.getByRole('menuitem', { name: '导出 XLSX（脱敏）' }).click()
  const told = (await page.getByText(/已(开始)?导出 VGL-/).textContent()) ?? ''
  const number = /VGL-\d{8}-\d{6}/.exec(told)?.[0] ?? ''
  await page.goto('/exports')
  const file = await download(page, page.getByRole('button', { name: `下载 ${number}` }))
  const rows = await tableOf(file.bytes, 'x.xlsx', '流水号')
  expect(rows.slice(1).flat()).toContain(receipt)
  expect(rows).toHaveLength(shown + 1)
  expect(rows.flat()).not.toContain('苏更正')
  await logged(
    page,
    'purchase.correct',
    ({ actor, detail }) => actor !== '' && JSON.stringify(detail).includes('姓名写错'),
  )
})
