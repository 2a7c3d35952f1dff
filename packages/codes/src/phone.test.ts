import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkMobile, checkPhone } from './index.ts'

test.each(['13812341234', '+86 138 1234 1234', '0086-138-1234-1234', '8613812341234', '１３８１２３４１２３４'])(
  'mobile %s',
  (text) => {
    expect(checkMobile(text)).toEqual({ ok: true, value: '13812341234' })
  },
)

test.each([
  ['', 'empty'],
  ['1381234123', 'length'],
  ['138123412345', 'length'],
  ['12812341234', 'prefix'],
  ['23812341234', 'prefix'],
  ['1381234123a', 'characters'],
])('mobile %s is refused as %s', (text, code) => {
  expect(checkMobile(text)).toMatchObject({ ok: false, code })
})

test('exactly 1, 3–9 and nine digits pass', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\d{11}$/), (text) => {
      expect(checkMobile(text).ok).toBe(text[0] === '1' && text[1]! >= '3')
    }),
  )
})

test.each([
  ['138 1234 1234', '13812341234', 'mobile'],
  ['0595-22345678', '0595-22345678', 'landline'],
  ['(010) 6234 5678', '010-62345678', 'landline'],
  ['+86 595 2234 5678', '0595-22345678', 'landline'],
  ['12315', '', ''],
  ['400-812-3456', '4008123456', 'service'],
  ['95588', '95588', 'service'],
  ['+852 9123 4567', '+85291234567', 'hong-kong'],
  ['+853 6612 3456', '+85366123456', 'macau'],
  ['+853 66123', '', ''],
  ['+886 0912 345 678', '+886912345678', 'taiwan'],
  ['22345678', '', ''],
  ['', '', ''],
])('telephone %s', (text, number, kind) => {
  const result = checkPhone(text)
  if (kind === '') expect(result.ok).toBe(false)
  else expect(result).toEqual({ ok: true, value: { number, kind } })
})
