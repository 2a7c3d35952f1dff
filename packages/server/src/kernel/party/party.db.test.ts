import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { creditCodeCheckDigit, organizationCodeCheckDigit } from '@vigil/codes'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestApp } from '../../testing/app.ts'
import { callerAt, cityPath, createShop } from '../../testing/shop.ts'

let app: TestApp
beforeAll(async () => {
  app = await createShop()
})
afterAll(() => app.close())

const boss = callerAt(cityPath, 'party.manage', 'party.read')
/** The n-th credit code of an invented enterprise (GB 32100). */
function creditCode(n: number): string {
  const organization = `MA${String(n).padStart(6, '0')}`
  const body = `91350582${organization}${organizationCodeCheckDigit(organization)}`
  return body + creditCodeCheckDigit(body)
}
const head = '统一社会信用代码,名称,许可证号,地址,区划,经度,纬度,状态'
const send = (lines: string[], caller = boss) =>
  app.modules.handlers['party.import']({
    caller,
    upload: { filename: '主体.csv', stream: Readable.from([Buffer.from([head, ...lines].join('\n'))]), fields: {} },
  } as never)
const list = (query = {}, caller = boss) => app.modules.handlers['party.list']({ caller, query } as never)

test('good rows are in, each bad one is told by row and column and comes back as a file', async () => {
  const wrong = `${creditCode(3).slice(0, 17)}${creditCode(3).endsWith('1') ? '2' : '1'}`
  const report = await send([
    `${creditCode(1)},甲药店,闽A1,人民路1号,晋江市,118.55,24.81,存续`,
    `${creditCode(1)},甲药店,闽A1,人民路2号,350582S01,,,停业`,
    `${creditCode(2)},乙药店,,江滨路1号,南安市,,,注销`,
    `${wrong},丙药店,,江滨路2号,南安市,,,`,
    `${creditCode(4)},丁药店,,江滨路3号,福州市,,,`,
    `${creditCode(5)},戊药店,,江滨路4号,南安市,24.81,118.55,`,
    `${creditCode(6)},己药店,,江滨路5号,泉州市,,,开了`,
    `${creditCode(1)},甲药店,,人民路1号,晋江市,,,`,
    `${creditCode(7)},,,,南安市,118.5,,`,
  ])
  expect(report).toMatchObject({ total: 9, accepted: 3, rejected: 6 })
  expect(report.problems.map(({ row, column }) => `${row} ${column}`)).toEqual([
    '5 统一社会信用代码',
    '6 区划',
    '7 经度',
    '7 纬度',
    '8 区划',
    '8 状态',
    '9 统一社会信用代码',
    '10 名称',
    '10 地址',
    '10 纬度',
  ])
  const { body } = await app.modules.handlers['file.download']({
    caller: boss,
    params: { id: report.errorFileId },
  } as never)
  expect((await buffer(body as AsyncIterable<Uint8Array>)).toString()).toContain('丁药店,,江滨路3号,福州市')
  const { items } = await list()
  expect(
    items.map(({ name, kind, status, areaName, premises }) => ({ name, kind, status, areaName, premises })),
  ).toEqual([
    { name: '乙药店', kind: 'enterprise', status: 'closed', areaName: '南安市', premises: 1 },
    { name: '甲药店', kind: 'enterprise', status: 'active', areaName: '晋江市', premises: 2 },
  ])
  await send([`${creditCode(1)},甲药店,闽A1,人民路1号,晋江市,,,关闭`])
  expect((await list({ q: creditCode(1) })).items).toMatchObject([{ status: 'suspended', premises: 2 }])
})

test('each sees and imports only within his own area', async () => {
  const county = callerAt(`${cityPath}350583/`, 'party.manage', 'party.read')
  expect((await list({}, county)).items.map((item) => item.name)).toEqual(['乙药店'])
  await expect(list({ area: '350582' }, county)).rejects.toMatchObject({ details: { status: 404 } })
  const report = await send([`${creditCode(8)},辛药店,,人民路3号,晋江市,,,`], county)
  expect(report.problems).toMatchObject([{ row: 2, column: '区划', detail: expect.stringContaining('管辖范围') }])
  const reader = callerAt(cityPath, 'party.read')
  await expect(send([], reader)).rejects.toMatchObject({ details: { status: 403 } })
})

test('pages follow each other without gap or repetition', async () => {
  await send(Array.from({ length: 25 }, (_, n) => `${creditCode(100 + n)},店${n},,长路${n}号,南安市,,,`))
  const seen: string[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await list({ limit: 10, q: '店', ...(cursor && { cursor }) })
    seen.push(...page.items.map((item) => item.name))
    cursor = page.next
  }
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen).toHaveLength(27)
  await expect(list({ cursor: 'x' })).rejects.toMatchObject({ details: { status: 400 } })
})
