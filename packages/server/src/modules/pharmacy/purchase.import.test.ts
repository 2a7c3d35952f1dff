import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  parseDocumentType,
  parseDrugs,
  parseQuantity,
  parseRelation,
  parseSymptoms,
  parseTemperature,
  parseTime,
} from './purchase.import.domain.ts'
import { Occurrences } from './purchase.import.seen.ts'

const at = (text: string) => {
  const time = parseTime(text)
  return time === undefined ? undefined : new Date(time).toISOString()
}

describe('the time of a sale', () => {
  test.each([
    ['2022-03-14', '2022-03-13T16:00:00.000Z'],
    ['2022/3/14', '2022-03-13T16:00:00.000Z'],
    ['2022.3.14', '2022-03-13T16:00:00.000Z'],
    ['20220314', '2022-03-13T16:00:00.000Z'],
    ['2022年3月14日', '2022-03-13T16:00:00.000Z'],
    ['２０２２－０３－１４　１０：２２', '2022-03-14T02:22:00.000Z'],
    ['2022/3/14 9:05', '2022-03-14T01:05:00.000Z'],
    ['2022-03-14 10:22:33', '2022-03-14T02:22:33.000Z'],
    ['2022年3月14日10时22分', '2022-03-14T02:22:00.000Z'],
    ['2022年3月14日 下午2:05', '2022-03-14T06:05:00.000Z'],
    ['2022/3/14 12:05:00 AM', '2022-03-13T16:05:00.000Z'],
    ['20220314102233', '2022-03-14T02:22:33.000Z'],
    ['2022-03-14T10:22:33+08:00', '2022-03-14T02:22:33.000Z'],
    ['2022-03-14T10:22:33.123Z', '2022-03-14T10:22:33.000Z'],
    ['44634', '2022-03-13T16:00:00.000Z'],
    ['44634.4323', '2022-03-14T02:22:31.000Z'],
  ])('%s', (text, instant) => expect(at(text)).toBe(instant))

  test.each([
    '',
    '昨天',
    '2022-02-30',
    '2022-13-01',
    '14/3/2022',
    '2022-03-14 25:00',
    '2022-03-14 10:60',
    '3月14日',
    '12345678',
  ])('“%s” is none', (text) => expect(at(text)).toBeUndefined())

  test('is the same however it is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 946_684_800, max: 4_102_444_799 }), (seconds) => {
        const wall = new Date((seconds + 8 * 3600) * 1000).toISOString()
        const [day = '', clock = ''] = wall.slice(0, 19).split('T')
        const [y = '', m = '', d = ''] = day.split('-')
        const forms = [
          `${day} ${clock}`,
          `${y}/${Number(m)}/${Number(d)} ${clock}`,
          `${y}${m}${d} ${clock}`,
          `${y}年${Number(m)}月${Number(d)}日${clock}`,
          `${day}T${clock}+08:00`,
          `${(seconds + 8 * 3600) / 86_400 + 25_569}`,
        ]
        for (const form of forms.slice(0, 5)) expect(parseTime(form)).toBe(seconds * 1000)
        if (/^\d{5}(\.\d+)?$/.test(forms[5]!)) expect(parseTime(forms[5]!)).toBe(seconds * 1000)
      }),
    )
  })
  test('any text is answered, never thrown at', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseTime(text)))
  })
})

test.each([
  ['2', 2],
  ['２盒', 2],
  ['2.0', 2],
  ['99', 99],
  ['0', undefined],
  ['100', undefined],
  ['1.5', undefined],
  ['-1', undefined],
  ['', undefined],
])('quantity %s', (text, value) => expect(parseQuantity(text)).toBe(value))

test.each([
  ['38.5', 385],
  ['３８．５', 385],
  ['38.5℃', 385],
  ['38度5', 385],
  ['37', 370],
  ['', null],
  ['无', null],
  ['385', undefined],
  ['44', undefined],
  ['发热', undefined],
])('temperature %s', (text, value) => expect(parseTemperature(text)).toBe(value))

test('symptoms, documents and relations by all their names', () => {
  expect(parseSymptoms('发热、咳嗽')).toEqual(['fever', 'cough'])
  expect(parseSymptoms('发烧,头痛；头痛')).toEqual(['fever', 'other'])
  expect(parseSymptoms('无')).toEqual([])
  expect(parseDocumentType('')).toBe('citizen-id')
  expect(parseDocumentType('居民身份证')).toBe('citizen-id')
  expect(parseDocumentType('台胞证')).toBe('taiwan-permit')
  expect(parseDocumentType('驾驶证')).toBeUndefined()
  expect([parseRelation('家人'), parseRelation('房东')]).toEqual(['family', 'other'])
})

test('several drugs of one cell, as our export writes them', () => {
  expect(parseDrugs('布洛芬 0.3g×2、急支糖浆 每瓶100ml×1')).toEqual([
    { name: '布洛芬 0.3g', quantity: 2 },
    { name: '急支糖浆 每瓶100ml', quantity: 1 },
  ])
  expect(parseDrugs('甲×乙、丙')).toEqual([{ name: '甲×乙、丙', quantity: undefined }])
})

test('occurrences are counted like a map counts them', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 9000 }), (numbers) => {
      const seen = new Occurrences()
      const known = new Map<number, number>()
      for (const n of numbers) {
        const digest = Buffer.alloc(16)
        // Within the 53 bits that are compared: the rest of a digest never decides.
        digest.writeUInt32BE(n, 2)
        expect(seen.next(digest)).toBe(known.get(n) ?? 0)
        known.set(n, (known.get(n) ?? 0) + 1)
      }
    }),
    { numRuns: 20 },
  )
})
