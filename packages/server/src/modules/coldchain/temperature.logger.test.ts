import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { type LoggerOptions, readLogger } from './temperature.logger.ts'

const now = Date.UTC(2026, 11, 31)
const read = (text: string | Buffer, more: Partial<LoggerOptions> = {}) =>
  readLogger(typeof text === 'string' ? Buffer.from(text) : text, { now, ...more })
/** Readings as `local time in Beijing, tenths`. */
const shown = async (text: string | Buffer, more: Partial<LoggerOptions> = {}) =>
  (await read(text, more)).readings.map(({ at, tenths }) => [
    new Date(at + 8 * 3_600_000).toISOString().slice(0, 19),
    tenths,
  ])
const three = [
  ['2026-11-22T08:00:00', -185],
  ['2026-11-22T08:10:00', -179],
  ['2026-11-22T08:20:00', -183],
]

const elitech = `﻿精创数据记录仪报告
设备型号,RC-5+
设备编号: EF7213A00123
启动时间,2026-11-22 08:00:00
停止时间,2026-11-22 08:20:00
最大值,-17.9℃
最小值,-18.5℃
平均值,-18.2℃
平均动力学温度,-18.2℃
上限,-15.0℃
下限,-25.0℃
记录间隔,10分钟

序号,时间,温度(℃)
1,2026-11-22 08:00:00,-18.5
2,2026-11-22 08:10:00,-17.9
3,2026-11-22 08:20:00,-18.3
`
const files: readonly (readonly [name: string, text: string | Buffer, maker: string | null, unit: 'C' | 'F'])[] = [
  ['Elitech, GBK', iconv.encode(elitech.slice(1), 'gbk'), 'elitech', 'C'],
  ['Elitech, UTF-8 with a mark', elitech, 'elitech', 'C'],
  [
    'Testo: semicolons, decimal comma',
    'testo 184 T3;;\r\nSerial number: 44912345;;\r\n"Date / time";"1 [°C]";\r\n22.11.2026 08:00:00;-18,5;\r\n22.11.2026 08:10:00;-17,9;\r\n22.11.2026 08:20:00;-18,3;\r\n',
    'testo',
    'C',
  ],
  [
    'Tempmate: tabs, zone in the facts',
    'tempmate.-S1\nTime zone: UTC+01:00\nNo.\tDate/Time\tTemperature (°C)\tMark\n1\t22/11/2026 01:00:00\t-18.5\t\n2\t22/11/2026 01:10:00\t-17.9\t*\n3\t22/11/2026 01:20:00\t-18.3\t\n',
    'tempmate',
    'C',
  ],
  [
    'LIBERO: UTC',
    'LIBERO CB;Device ID: L12345678\nStart (UTC);2026-11-22 00:00:00\nNo;Date (UTC);Time (UTC);Temp [°C];Event\n1;2026-11-22;00:00:00;-18.5;\n2;2026-11-22;00:10:00;-17.9;\n3;2026-11-22;00:20:00;-18.3;\n',
    'libero',
    'C',
  ],
  [
    'TempTale: °F, month first, twelve hours',
    'Sensitech TempTale 4\nSerial Number: 1234567890\nPoint,Date,Time,Temperature (°F),Humidity (%RH)\n1,11/22/26,8:00:00 AM,-1.3,40\n2,11/22/26,8:10:00 AM,-0.2,41\n3,11/22/26,8:20:00 AM,-0.9,40\n',
    'sensitech',
    'F',
  ],
  ['two columns without a head', '2026/11/22 8:00,-18.5\n2026/11/22 8:10,-17.9\n2026/11/22 8:20,-18.3\n', null, 'C'],
  [
    'units in the cells, newest first',
    'time,reading\n2026-11-22T08:20:00+08:00,-18.3°C\n2026-11-22T08:10:00+08:00,-17.9°C\n2026-11-22T08:00:00+08:00,−18.5°C\n',
    null,
    'C',
  ],
  [
    'Chinese dates and afternoon',
    '日期时间,温度\n2026年11月22日 上午8:00,-18.5\n2026年11月22日 上午8:10,-17.9\n2026年11月22日 上午8:20,-18.3\n',
    null,
    'C',
  ],
  [
    'months by name',
    'Timestamp|Temp (C)\n22-Nov-2026 08:00|-18.5\n22-Nov-2026 08:10|-17.9\n22-Nov-2026 08:20|-18.3\n',
    null,
    'C',
  ],
]
test.each(files)('%s', async (_name, text, maker, unit) => {
  expect(await shown(text)).toEqual(three)
  expect(await read(text)).toMatchObject({ problems: [], maker, unit })
})
test('the serial number is found among the facts', async () => {
  expect((await read(elitech)).serial).toBe('EF7213A00123')
  expect((await read(files[2]![1])).serial).toBe('44912345')
})

describe('what is no reading is named with its line', () => {
  test('and the rest is taken', async () => {
    const file = await read(
      [
        '时间,温度',
        '2026-11-22 08:00,-18.5',
        '2026-11-22 08:10,---',
        '2026-11-22 08:20,',
        '昨天,-18',
        '2026-11-22 08:30,-18.2',
        '',
        '2026-11-22 08:30,-18.2',
        '2026-11-22 08:30,-17',
        '2026-11-22 08:10,-18',
        '2026-13-22 08:40,-18',
        '2026-11-22 08:50,999',
        '2027-06-01 00:00,-18',
        '2026-11-22 09:00,-18.1',
      ].join('\n'),
    )
    expect(file.readings.map(({ tenths }) => tenths)).toEqual([-185, -182, -181])
    expect(file.problems).toEqual([
      { line: 3, message: '温度看不懂：---' },
      { line: 4, message: '没有温度' },
      { line: 5, message: '时间看不懂：昨天' },
      { line: 8, message: '与第 6 行重复' },
      { line: 9, message: '与第 6 行同一时间而温度不同' },
      { line: 10, message: '时间早于前面的记录，记录仪的时钟可能被调过' },
      { line: 11, message: '没有这一天' },
      { line: 12, message: '温度超出量程：999' },
      { line: 13, message: '时间晚于现在，请核对记录仪的时钟' },
    ])
  })
  test('a file without a table says so', async () => {
    for (const text of ['', 'hello\nworld', '姓名,电话\n王明,13800000000\n'])
      expect(await read(text)).toMatchObject({
        readings: [],
        problems: [{ line: 0, message: expect.stringContaining('没有找到时间列') }],
      })
  })
  test('a quote left open is named', async () => {
    expect(await read('time,temp\n2026-11-22 08:00,"-18\n2026-11-22 08:10,-18\n')).toMatchObject({
      readings: [],
      problems: [{ line: 2 }],
    })
  })
  test('a date that reads two ways is not guessed, unless somebody says how', async () => {
    const text = 'time,temp\n05/06/2026 08:00,-18\n05/06/2026 09:00,-18.5\n'
    expect((await read(text)).problems[0]).toEqual({ line: 0, message: expect.stringContaining('分不清') })
    expect((await shown(text, { order: 'dmy' }))[0]).toEqual(['2026-06-05T08:00:00', -180])
    expect((await shown(text, { order: 'mdy' }))[0]).toEqual(['2026-05-06T08:00:00', -180])
  })
  test('days that go by tell which number is the day', async () => {
    const hours = Array.from({ length: 80 }, (_, at) => new Date(Date.UTC(2026, 4, 3, at)))
    const lines = hours.map(
      (each) => `${each.getUTCMonth() + 1}/${each.getUTCDate()}/2026 ${each.getUTCHours()}:00,-18`,
    )
    expect((await shown(`time,temp\n${lines.join('\n')}`))[79]).toEqual(['2026-05-06T07:00:00', -180])
  })
})

test('whatever is written is read back, in every style', async () => {
  const two = (value: number) => String(value).padStart(2, '0')
  const styles = [
    (d: Date) => d.toISOString().replace(/\.000Z/, 'Z'),
    (d: Date) =>
      `${two(d.getUTCDate())}.${two(d.getUTCMonth() + 1)}.${d.getUTCFullYear()} ${d.toISOString().slice(11, 19)}`,
    (d: Date) =>
      `${d.getUTCMonth() + 1}/${d.getUTCDate()}/${d.getUTCFullYear()} ${d.getUTCHours() % 12 || 12}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())} ${d.getUTCHours() < 12 ? 'AM' : 'PM'}`,
    (d: Date) => `${d.getUTCFullYear()}年${d.getUTCMonth() + 1}月${d.getUTCDate()}日 ${d.toISOString().slice(11, 19)}`,
  ]
  await fc.assert(
    fc.asyncProperty(
      fc.nat(20_000_000),
      fc.array(fc.tuple(fc.integer({ min: 60, max: 86_400 }), fc.integer({ min: -600, max: 600 })), {
        minLength: 20,
        maxLength: 60,
      }),
      fc.constantFrom(...styles.keys()),
      fc.constantFrom(',', ';', '\t'),
      fc.boolean(),
      async (start, steps, style, delimiter, reversed) => {
        let at = Date.UTC(2026, 0, 1) / 1000 + start
        const expected = steps.map(([wait, tenths]) => {
          at += wait
          return { at: at * 1000, tenths }
        })
        const rows = expected.map((each, i) =>
          [i + 1, styles[style]!(new Date(each.at)), (each.tenths / 10).toFixed(1)].join(delimiter),
        )
        const text = `No${delimiter}Date Time${delimiter}Temp (°C)\n${(reversed ? rows.toReversed() : rows).join('\n')}`
        const file = await readLogger(Buffer.from(text), {
          now: Date.UTC(2028, 0, 1),
          offset: 0,
          order: style === 1 ? 'dmy' : 'mdy',
        })
        expect(file).toMatchObject({ readings: expected, problems: [] })
      },
    ),
    { numRuns: 60 },
  )
})

test('a month of a reading a minute is read in a moment', async () => {
  const rows = Array.from(
    { length: 43_200 },
    (_, at) => `${at + 1},${new Date(Date.UTC(2026, 9, 1, 0, at)).toISOString().slice(0, 19)},-18.${at % 10}`,
  )
  const started = performance.now()
  const file = await read(`No,Time,Temperature\n${rows.join('\n')}`)
  expect(file.readings).toHaveLength(43_200)
  expect(performance.now() - started).toBeLessThan(3_000)
})
