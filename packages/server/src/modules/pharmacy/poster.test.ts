import { expect, test } from 'vitest'
import { readPdf, readQr } from './poster.fixture.ts'
import { posterPdf, posterUrl } from './poster.pdf.ts'

const publicUrl = 'https://shouwang.example.cn'
const stores = [
  { code: 'P35058200001', name: '青阳康民大药房', area: '晋江市 青阳市场监督管理所' },
  { code: 'JJ-0002', name: '国大药房连锁有限公司福建泉州晋江市青阳街道世纪大道第1023分店', area: '晋江市' },
]

async function make(list: Iterable<(typeof stores)[number]>, size: 'A4' | 'A6'): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of posterPdf(list, { size, publicUrl })) chunks.push(chunk)
  return Buffer.concat(chunks)
}

// ISO 216 in points of 1/72 inch: 210 × 297 mm and 105 × 148 mm.
test.each([
  ['A4', 595.28, 841.89],
  ['A6', 297.64, 419.53],
] as const)('%s: one page per store in its own size, with its name, code and QR code', async (size, width, height) => {
  const pdf = readPdf(await make(stores, size))
  expect(pdf.pages.map((page) => [page.width, page.height])).toEqual([
    [width, height],
    [width, height],
  ])
  for (const [at, store] of stores.entries()) {
    const page = pdf.pages[at]
    if (!page) throw new Error('page is missing')
    const text = page.texts.join('')
    expect(text).toContain(store.name)
    expect(text).toContain(`店码 ${store.code}`)
    expect(text).toContain('监管热线 12315')
    for (const step of ['扫码登记', '出示证件', '发热就诊']) expect(text).toContain(step)
    expect(text).not.toContain('\ufffd')
    expect(await readQr(page)).toEqual([posterUrl(publicUrl, store.code)])
  }
})

test('both Chinese fonts are embedded as subsets', async () => {
  const bytes = await make(stores.slice(0, 1), 'A4')
  expect(
    readPdf(bytes)
      .embedded.map((name) => name.replace(/^[A-Z]{6}\+/, ''))
      .sort(),
  ).toEqual(['NotoSansHans-Bold', 'NotoSansHans-Regular'])
  expect(bytes.length).toBeLessThan(400_000)
})

test('pages are drawn as they are read: an unread rest is never drawn', async () => {
  let drawn = 0
  function* many() {
    for (; drawn < 5000; drawn++) yield { code: `P${drawn}`, name: `第${drawn}药房`, area: '晋江市' }
  }
  for await (const _ of posterPdf(many(), { size: 'A4', publicUrl })) if (drawn > 50) break
  const stopped = drawn
  expect(stopped).toBeLessThan(1000)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(drawn).toBe(stopped)
})

test('a thousand posters are one file', async () => {
  const list = Array.from({ length: 1000 }, (_, at) => ({ code: `P${at}`, name: `第${at}药房`, area: '晋江市' }))
  const pdf = readPdf(await make(list, 'A6'))
  expect(pdf.pages.length).toBe(1000)
  expect(pdf.pages[999]?.texts.join('')).toContain('第999药房')
}, 30_000)

test('the address in the code keeps a code in its place', () => {
  expect(posterUrl(publicUrl, 'P/../1')).toBe(`${publicUrl}/c/P%2F..%2F1`)
})
