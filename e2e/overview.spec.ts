import { expect } from '@playwright/test'
import { test } from './console.fixture.ts'

test('the overview leads from the map to a county, its band and the period before', async ({ page }) => {
  await page.goto('/')
  const map = page.getByRole('img', { name: /个下级单位的店均登记/ })
  await expect(map).toBeVisible()
  await page.getByRole('radiogroup', { name: '地图着色' }).getByText('较上周').click()
  await expect(page.getByRole('img', { name: /个下级单位的较上周/ })).toBeVisible()
  await page.getByRole('radiogroup', { name: '曲线内容' }).getByText('与上期对比').click()
  await expect(page.getByText(/本期（.*）[\d,]+，上期（.*）[\d,]+/)).toBeVisible()
  await page.getByRole('radiogroup', { name: '曲线内容' }).getByText('预期与预警').click()
  await expect(page.getByText(/四类合计登记笔数与预期/)).toBeVisible()
  await page.getByRole('radiogroup', { name: '曲线内容' }).getByText('今日分时').click()
  await page.getByRole('radiogroup', { name: '图或表' }).last().getByText('表').click()
  await expect(page.getByRole('cell', { name: '8 时', exact: true })).toBeVisible()
  const outline = map.or(page.getByRole('img', { name: /个下级单位的/ })).locator('path')
  expect(await outline.count()).toBeGreaterThan(10)
  await page.goto('/?area=350582')
  await expect(page.getByRole('heading', { name: '晋江市态势总览' })).toBeVisible()
  await page.getByRole('radiogroup', { name: '曲线内容' }).getByText('预期与预警').click()
  await expect(page.getByText(/四类合计登记笔数与预期/)).toBeVisible()
  await page.getByRole('radiogroup', { name: '图或表' }).getByText('表').click()
  await expect(page.getByRole('columnheader', { name: '区间上限' })).toBeVisible()
})

test('the wall shows the day without a mouse', async ({ page }) => {
  await page.goto('/screen')
  await expect(page.getByRole('heading', { name: '泉州市零售药店疫情防控哨点' })).toBeVisible()
  await expect(page.getByText('今日登记', { exact: true })).toBeVisible()
  await expect(page.getByRole('region', { name: '今日辖区排行' }).getByRole('listitem').first()).toBeVisible()
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(wide).toBeLessThanOrEqual(0)
})
