import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { setLanguage, t } from './text.ts'

afterEach(() => setLanguage({}))

test('a text without translation is itself', () => {
  fc.assert(fc.property(fc.string(), (text) => t(text) === text))
})

test('values stand where their names stood, whatever they hold', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer(),
      (name, count) => t('{name}：共 {count} 家，{name}', { name, count }) === `${name}：共 ${count} 家，${name}`,
    ),
  )
  expect(t('共 {count} 家', {})).toBe('共 {count} 家')
})

test('another language may put the values elsewhere', () => {
  setLanguage({ '{from} 至 {to}': 'until {to}, from {from}' })
  expect(t('{from} 至 {to}', { from: 'a', to: 'b' })).toBe('until b, from a')
  expect(t('没有译文')).toBe('没有译文')
})
