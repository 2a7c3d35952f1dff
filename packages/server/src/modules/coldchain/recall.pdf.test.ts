import { expect, test } from 'vitest'
import { readPdf } from '../pharmacy/poster.fixture.ts'
import { recallOf } from './recall.domain.ts'
import { type RecallPaper, recallPdf } from './recall.pdf.ts'
import { scoreMock, settleRecall } from './recall.settle.domain.ts'

const move = (
  at: number,
  kind: 'enter' | 'ship' | 'receive' | 'sell',
  holder: string,
  grams: number,
  dispatch: string | null = null,
) => ({
  lot: 'A',
  kind,
  holder,
  grams,
  dispatch,
  at,
  event: `e${at}`,
})
const shops = 120
const recall = settleRecall(
  recallOf({
    roots: ['A'],
    movements: [
      move(0, 'enter', 'warehouse', 1_000_001),
      ...Array.from({ length: shops }, (_, at) => [
        move(3 * at + 1, 'ship', 'warehouse', -7_000, `d${at}`),
        ...(at > 0
          ? [move(3 * at + 2, 'receive', `shop${at}`, 7_000, `d${at}`), move(3 * at + 3, 'sell', `shop${at}`, -1)]
          : []),
      ]).flat(),
    ],
    flows: [],
    dispatches: Array.from({ length: shops }, (_, at) => ({
      id: `d${at}`,
      from: 'warehouse',
      to: `shop${at}`,
      lostGrams: 0,
      received: at > 0,
    })),
  }),
  [{ lot: 'A', holder: 'shop1', grams: 6_000, at: 0 }],
)
const paper: RecallPaper = {
  number: '晋召〔2026〕3号',
  issuer: '晋江市市场监督管理局',
  date: '2026年11月22日',
  reason: '核酸检测阳性',
  lots: ['261122-7KQ2 冷冻去骨牛前八件套'],
  started: '2026-11-22 09:00',
  closed: '2026-11-22 10:12',
  recall,
  now: null,
  problems: [],
  nameOf: (key) => `${key} 冻品有限公司`,
  disposals: ['shop1 冻品有限公司 2026-11-22 封存 6 千克'],
  mock: null,
}
const make = async (more: Partial<RecallPaper> = {}) => {
  const chunks: Uint8Array[] = []
  for await (const chunk of recallPdf({ ...paper, ...more })) chunks.push(chunk)
  return readPdf(Buffer.concat(chunks)).pages.map(({ texts }) => texts)
}

test('the certificate lists every line, and its fates sum to the total it states', async () => {
  const pages = await make()
  const texts = pages.flat()
  expect(pages.length).toBeGreaterThan(3)
  expect(texts.filter((text) => text === '去向').length).toBeGreaterThanOrEqual(pages.length - 1)
  expect(texts.filter((text) => text.startsWith('已售出')).length).toBeGreaterThanOrEqual(shops - 1)
  const grams = texts
    .filter((text) => /^(在库|在途|已售出|去向不明)　/.test(text))
    .map((text) => Number(/　([\d,]+) 克/.exec(text)![1]!.replaceAll(',', '')))
  expect(grams).toHaveLength(4)
  expect(grams.reduce((sum, each) => sum + each, 0)).toBe(1_000_001)
  expect(texts.join('')).toContain('1,000,001 克（1000.001 千克）')
  expect(texts).toContain('在库*')
  expect(texts.some((text) => text.startsWith('warehouse 冻品有限公司 → sh'))).toBe(true)
  expect(texts.join('')).toContain('等共 119 项')
})

test('an exercise says that it is one, with its score', async () => {
  const mock = scoreMock(recall, { startedAt: 0, endedAt: 72 * 60_000 })
  const text = (await make({ mock })).flat().join('')
  expect(text).toContain('模拟召回完整性证明')
  expect(text).toContain(`${mock.score} 分，不合格；用时 72 分钟`)
})

test('fates that do not sum make no certificate', async () => {
  await expect(make({ recall: { ...recall, total: recall.total + 1 } })).rejects.toThrow(
    'the fates sum to 1000001 g, not 1000002 g',
  )
  const now = { ...recall.byFate, destroyed: recall.byFate['on-hand'], 'on-hand': 1 }
  await expect(make({ now })).rejects.toThrow('the fates sum to 1000002 g')
})
