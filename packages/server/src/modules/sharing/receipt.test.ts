import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Answer, judge, type ReceiptRule } from './receipt.domain.ts'

const sha256 = createHash('sha256').update('file').digest('hex')
const base64 = createHash('sha256').update('file').digest('base64')
const sent = { rows: 12, sha256 }
const rule: ReceiptRule = {
  kind: 'json',
  field: 'code',
  value: '0',
  number: 'data.no',
  digest: 'data.digest',
  rows: 'data.rows',
}
const good = { code: 0, data: { no: 'R-1', digest: sha256, rows: 12 } }
const answer = (body: unknown, change: Partial<Answer> = {}): Answer => ({
  status: 200,
  mediaType: 'application/json',
  text: typeof body === 'string' ? body : JSON.stringify(body),
  ...change,
})
const codeOf = (given: Answer, by: ReceiptRule = rule) => {
  const verdict = judge(by, given, sent)
  return verdict.ok ? 'ok' : verdict.code
}

describe('an answer is a receipt', () => {
  test('when it has the value, the number, the digest and the rows', () => {
    expect(judge(rule, answer(good), sent)).toEqual({ ok: true, number: 'R-1' })
    for (const digest of [base64, sha256.toUpperCase(), `sha-256=:${base64}:`, `SHA256:${sha256}`])
      expect(codeOf(answer({ ...good, data: { ...good.data, digest, rows: '12' } }))).toBe('ok')
  })
  test('by the status alone where nothing else is asked', () => {
    expect(judge({ kind: 'status' }, answer('', { status: 204, mediaType: '' }), sent)).toEqual({
      ok: true,
      number: null,
    })
    expect(codeOf(answer('收到', { mediaType: 'text/plain' }), { kind: 'status' })).toBe('ok')
  })
  test('when a boolean or a text says success', () => {
    expect(codeOf(answer({ success: true }), { kind: 'json', field: 'success', value: 'true' })).toBe('ok')
    expect(codeOf(answer({ a: { b: 'OK' } }), { kind: 'json', field: 'a.b', value: 'OK' })).toBe('ok')
  })
})

describe('an answer is none', () => {
  test.each([
    ['an error inside a 200', answer({ ...good, code: 500 }), 'not-success'],
    ['a page', answer('<!DOCTYPE html><p>登录', { mediaType: 'text/html' }), 'page'],
    ['a page that says it is JSON', answer(' <html>…'), 'page'],
    ['nothing', answer(' '), 'no-receipt'],
    ['no JSON', answer('OK'), 'not-json'],
    ['half of it', answer('{"code":0,'), 'not-json'],
    ['no field', answer({ status: 0 }), 'no-field'],
    ['an object in its place', answer({ ...good, code: { value: 0 } }), 'no-field'],
    ['another digest', answer({ ...good, data: { ...good.data, digest: sha256.replace(/^./, 'x') } }), 'wrong-digest'],
    ['no digest', answer({ ...good, data: { no: 'R', rows: 12 } }), 'wrong-digest'],
    ['other rows', answer({ ...good, data: { ...good.data, rows: 11 } }), 'wrong-rows'],
    ['no number', answer({ ...good, data: { ...good.data, no: undefined } }), 'no-number'],
    ['a redirect', answer(good, { status: 302 }), 'redirect'],
    ['a refusal', answer(good, { status: 403 }), 'http-403'],
    ['a fault', answer(good, { status: 500 }), 'http-500'],
    ['a page where the status would do', answer('<html>', { mediaType: 'text/html' }), 'page'],
  ] as const)('%s', (_name, given, code) => {
    expect(codeOf(given)).toBe(code)
  })
  test('a prototype is no field', () => {
    const by: ReceiptRule = { kind: 'json', field: 'constructor.name', value: 'Object' }
    expect(codeOf(answer({}), by)).toBe('no-field')
  })
  test('whatever comes, it is judged, and success has a 2xx and the value', () => {
    const code = fc.oneof({ weight: 3, arbitrary: fc.constantFrom<unknown>(0, '0', 1, null, [0]) }, fc.jsonValue())
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      code.map((value) => JSON.stringify({ code: value })),
    )
    let good = 0
    fc.assert(
      fc.property(fc.constantFrom(100, 200, 201, 204, 302, 404, 500), text, (status, body) => {
        const verdict = judge({ kind: 'json', field: 'code', value: '0' }, answer(body, { status }), sent)
        if (!verdict.ok) {
          expect(verdict.message.length).toBeGreaterThan(3)
          return
        }
        good++
        expect(status >= 200 && status < 300).toBe(true)
        expect(String(JSON.parse(body).code)).toBe('0')
      }),
      { numRuns: 500 },
    )
    expect(good).toBeGreaterThan(5)
  })
  test('only what a person must mend is hopeless', () => {
    const hopeless = (status: number) => {
      const verdict = judge(rule, answer('', { status }), sent)
      return !verdict.ok && verdict.hopeless
    }
    expect([301, 307, 400, 401, 403, 404, 413].map(hopeless)).not.toContain(false)
    expect([408, 409, 425, 429, 500, 502, 503].map(hopeless)).not.toContain(true)
  })
  test('the message repeats no personal data', () => {
    const verdict = judge(rule, answer({ ...good, code: '350582199001011234 重复' }), sent)
    expect(verdict.ok ? '' : verdict.message).toBe('接收方未签收：回执“code”应为“0”，实为“＊ 重复”')
  })
})
