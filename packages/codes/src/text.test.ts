import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHalfWidth } from './index.ts'

test.each([
  ['３５０５８２', '350582'],
  ['ＡＢｃ　ｄ', 'ABc d'],
  ['\u200b\ufeff 王\u00a0芳 \u200d', '王 芳'],
  ['青阳街道（东）', '青阳街道（东）'],
  ['', ''],
])('%j → %j', (text, expected) => {
  expect(toHalfWidth(text)).toBe(expected)
})

test('doing it twice changes nothing more', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(toHalfWidth(toHalfWidth(text))).toBe(toHalfWidth(text))
    }),
  )
})
