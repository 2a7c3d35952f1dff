import { expect, type Page } from '@playwright/test'
import { readPdf } from '../packages/server/src/modules/pharmacy/poster.fixture.ts'
import { codeOn, dayAhead, phoneOf, receive, trade } from './cold.fixture.ts'
import { creditCode, download, test } from './console.fixture.ts'
import { accessible, fitsWidth, phonePage } from './page.fixture.ts'

const paper = { name: 'paper.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 e2e') }

async function fillDeclaration(page: Page, supplierLot: string): Promise<void> {
  await page.getByRole('button', { name: '选择商品' }).click()
  await page.getByLabel('按名称或条码查找').fill('三文鱼')
  await page.getByRole('button', { name: /冻三文鱼/ }).click()
  const typed: [string, string][] = [
    ['原产国（地区）', '挪威'],
    ['境外生产企业注册编号', 'N-418'],
    ['供应商批号', supplierLot],
    ['集装箱号或提单号', 'CSQU3054384'],
    ['生产日期', dayAhead(-30)],
    ['保质期至', dayAhead(300)],
    ['箱数', '12'],
    ['净重', '120.5'],
    ['到仓日期', dayAhead(4)],
    ['车牌号', '闽C·12345'],
    ['司机姓名', '王建军'],
    ['司机手机号', '13800000000'],
  ]
  for (const [label, value] of typed) await page.getByLabel(label).fill(value)
  await page.getByLabel('集中监管仓').selectOption({ label: '晋江市进口冷链食品集中监管仓（晋江市）' })
  await page.getByLabel('到仓日期').fill(dayAhead(4))
  const hours = page.getByLabel('到仓时段')
  await expect(hours.locator('option').nth(1)).toBeAttached()
  await hours.selectOption({ index: 1 + (Date.now() % 20) })
}

test('a lot goes from its declaration to a plate, and a positive test recalls every gram of it', async ({
  page: desk,
  browser,
}) => {
  test.setTimeout(180_000)
  const supplierLot = `E2E-${Date.now().toString(36).toUpperCase()}`
  const owner = await phonePage(browser)
  const complaints: string[] = []
  for (const page of [owner, desk]) page.on('pageerror', (error) => complaints.push(error.message))

  await test.step('the owner signs in', async () => {
    await owner.goto('/cold')
    await accessible(owner, 'sign-in')
    await expect(async () => {
      await owner.getByLabel('用户名').fill('importer')
      await owner.getByLabel('密码').fill('shouwang-demo')
      await owner.getByRole('button', { name: '登录', exact: true }).click()
      await expect(owner.getByRole('heading', { name: '待办' })).toBeVisible({ timeout: 2000 })
    }).toPass({ timeout: 30_000 })
    await fitsWidth(owner)
  })

  const declaration =
    await test.step('the owner declares: wrong fields are named, and a lost network loses nothing', async () => {
      await owner.getByRole('link', { name: '申报' }).click()
      await owner.getByRole('link', { name: '新申报' }).click()
      await owner.getByRole('button', { name: '提交申报' }).click()
      await expect(owner.getByText('请填写境外生产企业注册编号')).toBeVisible()
      await expect(owner.getByText('请选择集中监管仓')).toBeVisible()
      await fillDeclaration(owner, supplierLot)
      await expect(owner.getByText('集装箱号的校验位不对，请核对')).toBeVisible()
      await owner.getByLabel('集装箱号或提单号').fill('CSQU3054383')
      await accessible(owner, 'declaration')
      await owner.route('**/api/coldchain/declarations', (route) => route.abort())
      await owner.getByRole('button', { name: '提交申报' }).click()
      await expect(owner.getByText('填写的内容已保存在本机')).toBeVisible()
      await owner.unroute('**/api/coldchain/declarations')
      await owner.reload()
      await expect(owner.getByLabel('供应商批号')).toHaveValue(supplierLot)
      await owner.getByRole('button', { name: '提交申报' }).click()
      await expect(owner.getByRole('heading', { name: '随附单证' })).toBeVisible()
      await fitsWidth(owner)
      return owner.url().split('/').at(-1)!
    })

  await test.step('the owner uploads the four documents and says what arrived', async () => {
    for (const [at, kind] of ['报关单', '检验检疫证明', '核酸检测证明', '消毒证明'].entries()) {
      const button = owner.getByRole('button', { name: new RegExp(`上传\\s*\\S*${kind}`) })
      await button.click()
      await owner.getByLabel('单证编号').fill(`NO-${at}`)
      await owner.getByLabel('签发日期').fill(dayAhead(0))
      await owner.getByLabel('照片或 PDF').setInputFiles(paper)
      await button.click()
      await expect(owner.getByText(`${at + 1} / 4 项`)).toBeVisible()
    }
    await owner.getByRole('button', { name: '与申报一致，填入申报数' }).click()
    await owner.getByRole('button', { name: '货主报数' }).click()
    await expect(owner.getByText('已报数，等待对方')).toBeVisible()
  })

  const warehouse = await phoneOf(browser, 'warehouse')
  await test.step('the warehouse counts the same, and the lot is in', async () => {
    await warehouse.goto(`/cold/declarations/${declaration}`)
    await warehouse.getByLabel('实到箱数').fill('12')
    await warehouse.getByLabel('实到净重').fill('120.5')
    await warehouse.getByRole('button', { name: '监管仓报数' }).click()
    await expect(warehouse.getByText('数量一致，已入仓')).toBeVisible()
  })

  const dialog = desk.getByRole('dialog')
  const sample = async (subject: string, result: string) => {
    await desk.getByRole('button', { name: '登记采样' }).click()
    await dialog.getByText(subject, { exact: true }).click()
    await dialog.getByLabel('样品编号').fill(`${supplierLot}-${subject}-${result}`)
    await dialog.getByRole('button', { name: '登记', exact: true }).click()
    await expect(dialog).toBeHidden()
    await desk.getByRole('button', { name: '登记结果' }).click()
    await dialog.getByText(result, { exact: true }).click()
    await dialog.getByLabel('检测机构').fill('晋江市疾控中心')
    await dialog.getByRole('button', { name: '登记', exact: true }).click()
    await expect(dialog).toBeHidden()
  }
  await test.step('the inspector samples, enters results and the disinfection, and releases', async () => {
    await desk.goto('/coldchain')
    await desk.getByLabel('批次号、供应商批号、柜号或申报号').fill(supplierLot)
    await desk.getByLabel('批次号、供应商批号、柜号或申报号').press('Enter')
    const row = desk.getByRole('row', { name: new RegExp(supplierLot) })
    await row.getByRole('button', { name: /冻三文鱼/ }).click()
    await expect(desk.getByText('没有登记消毒')).toBeVisible()
    for (const subject of ['食品', '外包装', '运输工具']) await sample(subject, '阴性')
    await desk.getByRole('button', { name: '登记消毒' }).click()
    await dialog.getByLabel('消毒剂').fill('过氧乙酸')
    await dialog.getByRole('button', { name: '登记', exact: true }).click()
    await expect(desk.getByText('放行条件已具备')).toBeVisible()
    await desk.getByRole('button', { name: '放行', exact: true }).click()
    await dialog.getByRole('button', { name: '确定' }).click()
    await expect(desk.getByText('已放行')).toBeVisible()
  })
  const lotId = new URL(desk.url()).pathname.split('/').at(-1)!

  const anybody = await phonePage(browser)
  let scanned = ''
  const holds = async (word: string) => {
    await anybody.goto(scanned)
    await expect(anybody.getByRole('heading', { level: 1 })).toHaveText(word)
  }
  await test.step('the warehouse makes the certificate for the trader; its code opens the public page', async () => {
    await warehouse.goto(`/cold/house/${lotId}`)
    await warehouse.getByLabel('收货方').fill('晋江鑫达')
    await warehouse.getByRole('button', { name: /晋江鑫达/ }).click()
    await warehouse.getByLabel('出仓箱数').fill('6')
    await warehouse.getByLabel('出仓千克数').fill('60.5')
    await accessible(warehouse, 'certificate')
    await warehouse.getByRole('button', { name: '开具证明' }).click()
    scanned = await codeOn(warehouse.getByRole('img', { name: /的二维码/ }))
    await fitsWidth(warehouse)
    await holds('有效')
    for (const text of ['冻三文鱼', '6 箱，净重 60.5 千克']) await expect(anybody.getByText(text)).toBeVisible()
  })

  await test.step('the warehouse ships by weight to the trader, who receives and ships on', async () => {
    await trade(warehouse, lotId, '发货', '60.5', '晋江鑫达')
  })
  const trader = await phoneOf(browser, 'trader')
  await receive(trader, '60.5')
  await trade(trader, lotId, '发货', '20', '南安百味')
  await expect(trader.getByText('40.5 千克').first()).toBeVisible()
  await expect(trader.getByText('收货方 晋江鑫达冷冻食品批发部')).toBeVisible()
  await accessible(trader, 'lot')

  const processor = await phoneOf(browser, 'processor')
  const made = await test.step('the processor cuts fillets, with its yield, and ships them to a shop', async () => {
    await receive(processor, '20')
    // The certificate of the trader is not the processor's to see.
    await processor.goto(`/cold/lots/${lotId}`)
    await expect(processor.getByRole('heading', { name: '流水' })).toBeVisible()
    await expect(processor.getByRole('button', { name: '二维码' })).toHaveCount(0)
    await processor.getByRole('link', { name: '办理业务' }).click()
    await processor.getByRole('button', { name: '加工', exact: true }).click()
    await processor.getByLabel('投入净重').fill('20')
    await processor.getByRole('button', { name: '选择商品' }).click()
    await processor.getByRole('button', { name: /三文鱼柳/ }).click()
    await processor.getByLabel('产出净重').fill('16')
    await expect(processor.getByText('得率 80.0%')).toBeVisible()
    await processor.getByRole('button', { name: '确认加工' }).click()
    await expect(processor.getByText('加工 20 千克 已登记')).toBeVisible()
    await processor.getByRole('link', { name: '库存' }).click()
    await fitsWidth(processor)
    await processor.getByRole('link', { name: /三文鱼柳.*16 千克/s }).click()
    await expect(processor.getByText('加工单位')).toBeVisible()
    const id = new URL(processor.url()).pathname.split('/').at(-1)!
    await trade(processor, id, '发货', '12', '石狮万家')
    return id
  })

  const shop = await phoneOf(browser, 'shop')
  await test.step('the shop receives and sells: it is on a plate', async () => {
    await receive(shop, '12')
    await trade(shop, made, '销售', '3.25')
    await expect(shop.getByText('8.75 千克').first()).toBeVisible()
    await holds('有效')
  })

  await test.step('a positive test stops it and drafts the recall, which the inspector calls out', async () => {
    await desk.reload()
    await sample('食品', '阳性')
    await expect(desk.getByText('放行已撤销').first()).toBeVisible()
    await holds('已撤销')
    await desk.getByRole('button', { name: '启动召回' }).click()
    await dialog.getByLabel('理由').fill('市冷链专班 林局长')
    await dialog.getByRole('button', { name: '确定' }).click()
    await expect(desk.getByText('已清点 0/4 家')).toBeVisible()
  })

  await test.step('each holder confirms its grams with one tap', async () => {
    for (const [page, kilograms] of [
      [warehouse, '60'],
      [trader, '40.5'],
      [processor, '4'],
      [shop, '8.75'],
    ] as const) {
      await page.goto('/cold')
      await page
        .getByRole('link', { name: /召回待确认/ })
        .first()
        .click()
      if (page === shop) await accessible(shop, 'recall')
      await page.getByRole('button', { name: `与账面一致，确认 ${kilograms} 千克` }).click()
      await expect(page.getByText('已报数。')).toBeVisible()
    }
  })

  await test.step('what is destroyed is written down, and the certificate sums to the gram', async () => {
    await desk.getByRole('link', { name: '召回详情' }).click()
    await desk.reload()
    await expect(desk.getByText('已清点 4/4 家')).toBeVisible()
    await desk.getByRole('button', { name: '登记销毁' }).click()
    await dialog.getByLabel('销毁地点').click()
    await dialog.getByLabel('销毁地点').fill('晋江市进口')
    await desk.getByTitle(/^晋江市进口冷链食品集中监管仓/).click()
    await dialog.getByLabel('批次').click()
    await desk
      .getByTitle(/^\d{6}/)
      .first()
      .click()
    await dialog.getByLabel('重量（克）').fill('60000')
    await dialog.getByLabel('销毁指令编号').fill('销毁令 1 号')
    await dialog.getByLabel('监销人').fill('王所长')
    await dialog.getByRole('button', { name: '登记销毁' }).click()
    await expect(desk.getByRole('list', { name: '现在的去向' })).toContainText('已销毁 60 kg')
    await accessible(desk, 'recall')
    await desk.getByRole('button', { name: '完成', exact: true }).click()
    await dialog.getByLabel('理由').fill('监管仓在库全部销毁，其余封存')
    await dialog.getByRole('button', { name: '确定' }).click()
    const { name, bytes } = await download(desk, desk.getByRole('button', { name: '下载完整性证明' }))
    expect(name).toMatch(/^CR.*\.pdf$/)
    const lines = readPdf(bytes).pages.flatMap(({ texts }) => texts)
    const of = (head: string) => {
      const from = lines.indexOf(head)
      const sums = lines.slice(from + 1).map((line) => /^\S+　([\d,]+) 克/.exec(line)?.[1])
      const end = sums.indexOf(undefined)
      return sums.slice(0, end).reduce((sum, grams) => sum + Number(grams!.replaceAll(',', '')), 0)
    }
    expect(lines.join('')).toContain('120,500 克（120.5 千克）')
    expect([of('启动时去向'), of('完成时去向')]).toEqual([120_500, 120_500])
  })

  await test.step('the trader registers a partner', async () => {
    await trader.goto('/cold/partners')
    await trader.getByRole('button', { name: '登记往来单位' }).click()
    await trader.getByRole('button', { name: '登记单位' }).click()
    await expect(trader.getByText('请填写单位名称')).toBeVisible()
    await trader.getByLabel('单位名称').fill(`小店 ${supplierLot}`)
    await trader.getByLabel('统一社会信用代码').fill(creditCode())
    await trader.getByLabel('所在县区').selectOption('350582')
    await trader.getByLabel('地址').fill('东街 1 号')
    await trader.getByRole('button', { name: '登记单位' }).click()
    await expect(trader.getByText(`小店 ${supplierLot}`).first()).toBeVisible()
  })
  expect(complaints).toEqual([])
  for (const page of [owner, warehouse, trader, processor, shop, anybody]) await page.context().close()
})
