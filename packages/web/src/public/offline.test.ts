import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkOffline, fetchKeys, type KnownKeys, keptKeys } from './offline.ts'
import { bytesOf, readToken } from './token.ts'
import { rowsOf, verdictOf } from './verdict.ts'

// The same certificate, key and token stand in certificate.test.ts of the server: writer and reader are held together by them.
const token =
  'Af6BLBLzq0zmAZqo8AAAcACAAAAAAAAAAaurq6urq6urq6urq6urq6urq6urq6urq6urq6urq6ur1RPBpY4M6AeuobeH6QULMjYxMTIyLTdLUTIHSkot5LuTMRBDQzIwMjYxMTIyMDAwMDAx10KC3Bb7nvG_h3IhBLUIXwZ_r0apfF8ialXYDdeEZm0dpGb9iDbtHxZUFLG3s5hro48f8R4jbVrM2PAHMfxeAA'
const facts = {
  ...{ number: 'CC20261122000001', lot: '261122-7KQ2', gtin: '00200000000174', grams: 25_400_001, boxes: 1000 },
  ...{ warehouse: 'JJ-仓1', issuedOn: '2026-11-22' },
}
const key = { keyId: 'fe812c12f3ab4ce6', x: '6kpsY-KcUgq-9VB7Ey7F-ZVHdq6-vnuSQh7qaRRG0iw' }
const keys: KnownKeys = { keys: [key], at: '2026-11-22T01:00:00.000Z' }
const stateOf = async (text: string, known: KnownKeys | null = keys) => (await checkOffline(text, known)).state

test('a genuine certificate is told by key alone, and what it cannot know is said', async () => {
  const check = await checkOffline(`https://sw.example.cn/z/${token}`, keys)
  expect(check).toEqual({ state: 'genuine', facts, keys })
  const verdict = verdictOf({ kind: 'checked', check })
  expect([verdict.tone, verdict.word]).toEqual(['wait', '签名真实'])
  expect(verdict.todo.join()).toMatch(/断网时查不到.*撤销.*召回/)
  const told = rowsOf({ kind: 'checked', check }).map(([, value]) => value)
  for (const value of [facts.number, facts.lot, '1000 箱，净重 25400.001 千克', '2026-11-22 09:00 取得'])
    expect(told).toContain(value)
})

test('with any sign changed it is not genuine, and nothing of it is told', async () => {
  const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  await fc.assert(
    fc.asyncProperty(fc.nat(token.length - 1), fc.constantFrom(...signs), async (at, sign) => {
      fc.pre(token[at] !== sign)
      const check = await checkOffline(token.slice(0, at) + sign + token.slice(at + 1), keys)
      expect(['forged', 'no-token', 'other-key']).toContain(check.state)
      expect([check.facts, rowsOf({ kind: 'checked', check })]).toEqual([null, []])
    }),
    { numRuns: 200 },
  )
})

test('another key, none, or one that is not what it says proves nothing', async () => {
  expect(await stateOf(token, null)).toBe('no-key')
  expect(await stateOf(token, { ...keys, keys: [{ ...key, keyId: '0'.repeat(16) }] })).toBe('other-key')
  expect(await stateOf(token, { ...keys, keys: [{ ...key, x: `A${key.x.slice(1)}` }] })).toBe('other-key')
  for (const text of ['', '随便写的', 'https://sw.example.cn/z/', token.slice(0, 90)])
    expect(await stateOf(text)).toBe('no-token')
})

test('no text is read as a token by accident, and nothing is thrown', () => {
  fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => readToken(text) === null))
  expect([bytesOf('AB'), bytesOf('A='), bytesOf('AA')?.length]).toEqual([null, null, 1])
})

test('keys are kept with those that were known before, and stay when the server cannot be asked', async () => {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  }
  expect(keptKeys(storage)).toBeNull()
  const answering = (body: unknown) => async () => new Response(JSON.stringify(body))
  const newer = { keys: [{ keyId: 'a'.repeat(16), x: 'AA' }], at: '2026-12-01T00:00:00.000Z' }
  await fetchKeys(answering(keys), storage)
  const both = await fetchKeys(answering(newer), storage)
  expect(both).toEqual({ keys: [...newer.keys, key], at: newer.at })
  expect(await fetchKeys(() => Promise.reject(new TypeError('network')), storage)).toEqual(both)
  expect(await fetchKeys(async () => new Response('', { status: 500 }), storage)).toEqual(both)
})
