import { Secret } from 'otpauth'
import { describe, expect, test } from 'vitest'
import { newRecoveryCodes, newTotp, totpStep, useRecoveryCode } from './totp.ts'

// RFC 6238, appendix B (SHA-1), last six digits.
const secret = Secret.fromUTF8('12345678901234567890').base32
const vectors = [
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
] as const

describe('time-based codes', () => {
  test.each(vectors)('RFC 6238 at %d s', (seconds, code) => {
    expect(totpStep(secret, code, new Date(seconds * 1000), null)).toBe(Math.floor(seconds / 30))
  })

  test('one step early or late is taken, two are not', () => {
    const at = (seconds: number) => totpStep(secret, '005924', new Date((1234567890 + seconds) * 1000), null)
    expect([at(-60), at(-30), at(0), at(30), at(60)]).toEqual([undefined, 41152263, 41152263, 41152263, undefined])
  })

  test('a step works once and none before it works afterwards', () => {
    const now = new Date(1234567890_000)
    expect(totpStep(secret, '005924', now, 41152263)).toBeUndefined()
    expect(totpStep(secret, '005924', now, 41152264)).toBeUndefined()
    expect(totpStep(secret, '005924', now, 41152262)).toBe(41152263)
  })

  test.each(['', '05924', '0005924', '00592x', '\uff1005924', '005925'])('refuses %j', (code) => {
    expect(totpStep(secret, code, new Date(1234567890_000), null)).toBeUndefined()
  })

  test('a new secret has 160 bits and a scannable address', () => {
    const { secret: made, uri } = newTotp('zhang.wei')
    expect(Secret.fromBase32(made).bytes.length).toBe(20)
    expect(uri).toMatch(/^otpauth:\/\/totp\/.*zhang\.wei\?/)
    expect(uri.length).toBeLessThanOrEqual(400)
    expect(newTotp('w'.repeat(60)).uri.length).toBeLessThanOrEqual(400)
  })
})

test('a recovery code works once, typed in any way', async () => {
  const { codes, hashes } = await newRecoveryCodes('018f0000-0000-7000-8000-000000000001')
  expect(new Set(codes).size).toBe(8)
  const typed = ` ${codes[3]!.slice(0, 5).toLowerCase()}-${codes[3]!.slice(5)} `
  const rest = await useRecoveryCode('018f0000-0000-7000-8000-000000000001', typed, hashes)
  expect(rest).toHaveLength(7)
  expect(await useRecoveryCode('018f0000-0000-7000-8000-000000000001', typed, rest!)).toBeUndefined()
  expect(await useRecoveryCode('018f0000-0000-7000-8000-000000000002', codes[0]!, hashes)).toBeUndefined()
  expect(await useRecoveryCode('018f0000-0000-7000-8000-000000000001', 'ZZZZZZZZZZ', hashes)).toBeUndefined()
})
