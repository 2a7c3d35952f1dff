import { expect, type Locator } from '@playwright/test'
import { dayOf } from '@vigil/codes'
import { writeErrorFile } from '../packages/server/src/kernel/tabular/index.ts'
import { creditCode, download, logged, test, unique } from './console.fixture.ts'
import { csv, tableOf } from './console.table.ts'

async function xlsx(rows: readonly string[][]): Promise<Buffer> {
  const [heads = [], ...body] = rows
  const raw = body.map((cells, at) => ({ rowNumber: at + 2, raw: [...cells], problems: [] }))
  return Buffer.concat(await writeErrorFile({ heads, rows: raw, format: 'xlsx' }).toArray())
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
