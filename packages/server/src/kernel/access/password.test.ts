import { expect, test } from 'vitest'
import { Problem } from '../error/problem.ts'
import { assertGoodPassword, hashPassword, verifyPassword } from './password.ts'

test('agrees with the reference implementation of argon2id', async () => {
  // phc-winner-argon2, src/test.c: argon2id, t=2, m=2^16, p=1, "password", "somesalt".
  const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  expect(await verifyPassword('password', reference)).toEqual({ ok: true, stale: true })
  expect(await verifyPassword('Password', reference)).toEqual({ ok: false, stale: true })
})

test('hashes with today’s parameters, a new salt each time', async () => {
  const [one, two] = await Promise.all([hashPassword('守望守望守望守望'), hashPassword('守望守望守望守望')])
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  expect(one).not.toBe(two)
  expect(await verifyPassword('守望守望守望守望', one)).toEqual({ ok: true, stale: false })
})

test('a hash with weaker parameters is right but stale', async () => {
  const weak = await hashPassword('some password', { memory: 1024, passes: 1, parallelism: 1 })
  expect(await verifyPassword('some password', weak)).toEqual({ ok: true, stale: true })
})

test('without a stored hash, or with a broken one, nothing fits', async () => {
  for (const stored of [null, '', '$argon2id$v=19$m=19456,t=2,p=1$$', '$2b$10$abc'])
    expect(await verifyPassword('', stored)).toEqual({ ok: false, stale: false })
})

test('an unknown user costs the same work as a wrong password', async () => {
  const stored = await hashPassword('right right right')
  await verifyPassword('warm up', null)
  const time = async (hash: string | null) => {
    const start = performance.now()
    for (let i = 0; i < 8; i++) await verifyPassword('wrong wrong wrong', hash)
    return performance.now() - start
  }
  const known = await time(stored)
  const unknown = await time(null)
  expect(unknown).toBeGreaterThan(known * 0.25)
})

const refusedCode = (password: string, username = 'zhang.wei') => {
  try {
    assertGoodPassword(password, username)
    return undefined
  } catch (error) {
    return error instanceof Problem ? error.details.errors?.[0]?.code : 'thrown'
  }
}

test('refuses what is guessed first', () => {
  expect(refusedCode('short')).toBe('too-short')
  expect(refusedCode('守望守望守望守望守')).toBe('too-short')
  expect(refusedCode('my-Zhang.Wei-2026')).toBe('contains-username')
  expect(refusedCode('1234567890')).toBe('too-common')
  // Full-width digits are the same password.
  expect(refusedCode('\uff11234567890')).toBe('too-common')
  expect(refusedCode('aaaaaaaaaaaaaaab')).toBe('too-common')
  expect(refusedCode('Woaini5201314')).toBe('too-common')
  expect(refusedCode('plum rain lantern')).toBeUndefined()
})
