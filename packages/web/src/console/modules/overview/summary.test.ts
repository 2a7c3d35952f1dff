import { expect, test } from 'vitest'
import { seriesOf, summaryOf } from './summary.ts'

const days = ['2022-03-13', '2022-03-14']
const point = (day: string, drugClass: 'cough' | 'antiviral', purchases: number) => ({
  day,
  class: drugClass,
  purchases,
  buyers: 0,
  units: 0,
  fever: 0,
})
const curve = [point('2022-03-14', 'cough', 1200), point('2022-03-13', 'cough', 3), point('2022-03-13', 'antiviral', 7)]

test('a day without a row is zero, and every class has its line', () => {
  const series = seriesOf(curve, days, 'purchases', undefined)
  expect(series.map(({ name, values }) => [name, values])).toEqual([
    ['退热', [0, 0]],
    ['止咳', [3, 1200]],
    ['抗生素', [0, 0]],
    ['抗病毒', [7, 0]],
  ])
  expect(new Set(series.map(({ symbol }) => symbol)).size).toBe(4)
})

test('the words name the sum and the highest day, most first', () => {
  const series = seriesOf(curve, days, 'purchases', undefined)
  expect(summaryOf(series, days, 'purchases')).toBe(
    '2022-03-13 至 2022-03-14，各类登记笔数：止咳 1,203（最高 3月14日 1,200），抗病毒 7（最高 3月13日 7），退热 0，抗生素 0。',
  )
})
