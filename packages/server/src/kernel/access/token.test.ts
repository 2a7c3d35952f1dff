import { expect, test } from 'vitest'
import { hashCode, newApiKey, newCode, newRecoveryCode, newToken, normalCode } from './token.ts'

test('secrets have the length and alphabet that they promise', () => {
  expect(newToken()).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(newApiKey()).toMatch(/^vgl_[0-9A-Za-z]{32}$/)
  expect(newCode()).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/)
  expect(newRecoveryCode()).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/)
  expect(new Set(Array.from({ length: 1000 }, newCode)).size).toBe(1000)
})

test('a code is understood as people type it', () => {
  const code = newCode()
  for (const typed of [code.toLowerCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `])
    expect(hashCode(typed)).toEqual(hashCode(code))
  expect(normalCode('oO-iI-lL')).toBe('001111')
  expect(normalCode('AB—12')).toBe('AB12')
  expect(hashCode('AAAA-AAAA-AAAA')).not.toEqual(hashCode('AAAA-AAAA-AAAB'))
})
