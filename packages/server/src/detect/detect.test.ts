import { DetectionError } from '@vigil/detection'
import { expect, test } from 'vitest'
import { runSeries, toText } from './run.ts'
import { readSeries } from './series.ts'

const csv = (rows: readonly (readonly [string, number, string?])[]) =>
  ['date,count,series', ...rows.map(([date, count, series = '']) => [date, count, series].join(','))].join('\n')

test('a file is split into its series, and its steps tell how many make a year', () => {
  const [a, b] = readSeries(
    csv([
      ['2024-01-01', 3, 'a'],
      ['2024-01-31', 4, 'b'],
      ['2024-01-08', 5, 'a'],
      ['2024-03-02', 6, 'b'],
    ]),
  )
  expect(a).toEqual({ name: 'a', dates: ['2024-01-01', '2024-01-08'], counts: [3, 5], freq: 52 })
  expect(b?.freq).toBe(12)
  expect(readSeries('count,date\n1,2024-01-01\n2,2024-01-02')[0]).toMatchObject({ name: '', counts: [1, 2], freq: 365 })
})

test.each([
  [
    'a gap',
    [
      ['2024-01-01', 1],
      ['2024-01-08', 1],
      ['2024-01-22', 1],
    ],
    'option',
    2,
  ],
  [
    'a date before',
    [
      ['2024-01-01', 1],
      ['2024-01-08', 1],
      ['2024-01-01', 1],
    ],
    'unordered',
    2,
  ],
  ['no such date', [['2024-02-30', 1]], 'not-finite', 0],
] as const)('%s is refused with its row', (_, rows, code, index) => {
  let caught: unknown
  try {
    readSeries(csv(rows))
  } catch (error) {
    caught = error
  }
  expect(caught).toBeInstanceOf(DetectionError)
  expect(caught).toMatchObject({ code, index })
})

test('an empty count is a missing one, not a zero; other text is refused', () => {
  const rows = ['', '2', 'NA', '4', '6', '5', '3', '9'].map((count, i) => `2024-01-0${i + 1},${count}`)
  const [series] = readSeries(['date,count', ...rows].join('\n'))
  const printed = runSeries('ears', series!, { baseline: 7, range: [3, 8] })
  const [missing, tested] = printed.points
  expect(missing).toMatchObject({ untested: 'missing', alarm: false, expected: null })
  expect(tested).toMatchObject({ untested: null, expected: 4 })
  expect(() => runSeries('ears', series!, { missing: 'refuse' })).toThrow(
    expect.objectContaining({ code: 'not-finite', index: 0 }) as DetectionError,
  )
  expect(JSON.parse(JSON.stringify(missing)).count).toBeNull()
  expect(toText(printed).split('\n')[1]).toMatch(/^2024-01-03\tNA\t.*missing$/)
  expect(() => readSeries('date,count\n2024-01-01,3\n2024-01-02,many')).toThrow(/not a count: many.*index 1/)
})

test('options have the names and the counting from 1 of R; the text marks the alarm', () => {
  const counts = [1, 3, 2, 2, 1, 3, 2, 20, 2]
  const rows = counts.map((count, i) => [`2024-01-0${i + 1}`, count] as const)
  const [series] = readSeries(csv(rows))
  const printed = runSeries('earsC', series!, { method: 'C1', baseline: 7, range: [8, 9] })
  expect(printed.points.map(({ date, alarm }) => [date, alarm])).toEqual([
    ['2024-01-08', true],
    ['2024-01-09', false],
  ])
  // Mean 2 and standard deviation √(4/6) of the seven days, z = 3.090232 (any table of the normal distribution).
  expect(printed.points[0]?.upper).toBeCloseTo(2 + 3.0902323 * Math.sqrt(4 / 6), 6)
  expect(toText(printed).split('\n')[1]).toMatch(/^2024-01-08\t20\t2\t.*ALARM/)
  expect(() => runSeries('earsC', series!, { base: 7 })).toThrow('has no option base')
})
