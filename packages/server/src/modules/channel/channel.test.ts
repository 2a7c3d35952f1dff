import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hintOf, isMail } from './address.ts'
import { tellAt, wants } from './audience.domain.ts'
import { readMail } from './mail.ts'
import { judgeRobot, robotBody, signedUrl } from './robot.ts'

const grades = ['blue', 'yellow', 'orange', 'red'] as const

describe('who is told', () => {
  const path = fc
    .array(fc.constantFrom('a', 'b'), { maxLength: 3 })
    .map((steps) => `/${steps.map((step) => `${step}/`).join('')}`)
  const choice = fc.record({
    grades: fc.subarray([...grades]),
    quiet: fc.constant(null),
    paths: fc.array(path, { maxLength: 3 }),
  })
  test('only of the own places, in the chosen grades; an escalated one by its level whatever it chose', () => {
    fc.assert(
      fc.property(
        choice,
        fc.constantFrom(...grades, null),
        fc.array(path, { minLength: 1, maxLength: 3 }),
        fc.option(path),
        fc.option(path, { nil: undefined }),
        (who, grade, paths, escalatedTo, level) => {
          const told = wants(who, { grade, paths, escalatedTo, level })
          const inside = who.paths.some((root) => paths.some((place) => place.startsWith(root)))
          if (!inside) expect(told).toBe(false)
          else if (escalatedTo !== null) expect(told).toBe(who.paths.includes(escalatedTo))
          else {
            const here = level === undefined || who.paths.includes(level)
            expect(told).toBe(here && (grade === null || who.grades.includes(grade)))
          }
        },
      ),
    )
  })

  const minute = fc.nat(1439)
  const clock = (n: number) => `${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`
  const minuteOf = (at: Date) => Math.floor(((at.getTime() + 8 * 3_600_000) % 86_400_000) / 60_000)
  test('quiet hours put off to their end, within a day, and never into themselves', () => {
    fc.assert(
      fc.property(minute, minute, fc.integer({ min: 0, max: 10 ** 9 }), (from, to, seconds) => {
        const now = new Date(Date.UTC(2026, 0, 1) + seconds * 1000)
        const quiet = { from: clock(from), to: clock(to) }
        const at = tellAt({ quiet }, { grade: 'orange', escalatedTo: null }, now)
        expect(at.getTime()).toBeGreaterThanOrEqual(now.getTime())
        expect(at.getTime() - now.getTime()).toBeLessThan(86_400_000)
        if (at > now) expect(minuteOf(at)).toBe(to)
        expect(tellAt({ quiet }, { grade: 'orange', escalatedTo: null }, at)).toEqual(at)
        expect(tellAt({ quiet }, { grade: 'red', escalatedTo: null }, now)).toBe(now)
        expect(tellAt({ quiet }, { grade: 'blue', escalatedTo: '/a/' }, now)).toBe(now)
      }),
    )
  })
  test('at night until the morning', () => {
    const quiet = { from: '22:00', to: '07:00' }
    const at = (now: string) => tellAt({ quiet }, { grade: 'yellow', escalatedTo: null }, new Date(now)).toISOString()
    expect(at('2026-03-01T23:30:00+08:00')).toBe('2026-03-01T23:00:00.000Z')
    expect(at('2026-03-02T06:59:00+08:00')).toBe('2026-03-01T23:00:00.000Z')
    expect(at('2026-03-02T07:00:00+08:00')).toBe('2026-03-01T23:00:00.000Z')
    expect(at('2026-03-02T12:00:00+08:00')).toBe('2026-03-02T04:00:00.000Z')
  })
})

describe('robots', () => {
  test('a failure inside a 200 is a failure, and anything but errcode 0 is no success', () => {
    expect(judgeRobot(200, '{"errcode":0,"errmsg":"ok"}')).toEqual({ ok: true })
    expect(judgeRobot(200, '{"errcode":93000,"errmsg":"invalid webhook url"}')).toMatchObject({
      ok: false,
      hopeless: true,
    })
    expect(judgeRobot(200, '{"errcode":310000}')).toMatchObject({ ok: false, code: 'errcode-310000', hopeless: true })
    expect(judgeRobot(200, '{"errcode":45009}')).toMatchObject({ ok: false, hopeless: false, asked: 60 })
    expect(judgeRobot(500, '{"errcode":0}')).toMatchObject({ ok: false, code: 'http-500', hopeless: false })
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        let answer: unknown
        try {
          answer = JSON.parse(text)
        } catch {
          answer = undefined
        }
        const good = (answer as { errcode?: unknown } | null | undefined)?.errcode === 0
        expect(judgeRobot(200, text).ok).toBe(good)
      }),
    )
  })
  test('DingTalk: time and HMAC-SHA256 as its documentation has them, beside the token', () => {
    const now = new Date('2026-03-01T00:00:00Z')
    const url = signedUrl('https://oapi.dingtalk.com/robot/send?access_token=T', 'SECabc', now)
    const expected = createHmac('sha256', 'SECabc').update('1772323200000\nSECabc').digest('base64')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      access_token: 'T',
      timestamp: '1772323200000',
      sign: expected,
    })
    expect(url.search).toContain(`sign=${encodeURIComponent(expected)}`)
    expect(signedUrl('https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=K', undefined, now).search).toBe('?key=K')
  })
  test('what people wrote is no markdown, and a long message fits and keeps its link', () => {
    const message = { title: '*预警*', text: '[点我](https://evil.invalid)', grade: 'red' as const }
    const { markdown } = JSON.parse(robotBody('wecom', message, 'https://vigil.example/alerts/1'))
    expect(markdown.content).toContain('\\[点我\\](https://evil.invalid)')
    expect(markdown.content).toContain('🔴 \\*预警\\*')
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 3000 }), (text) => {
        const body = JSON.parse(robotBody('wecom', { ...message, text }, 'https://vigil.example/a'))
        expect(Buffer.byteLength(body.markdown.content)).toBeLessThanOrEqual(4096)
        expect(body.markdown.content.endsWith('[查看详情](https://vigil.example/a)')).toBe(true)
      }),
      { numRuns: 30 },
    )
  })
})

describe('addresses', () => {
  test('one mailbox and nothing besides', () => {
    expect(['a@b.cn', 'li.si+x@mail.example.gov.cn'].map(isMail)).toEqual([true, true])
    expect(['a@b', 'a b@c.cn', 'a@c.cn, b@c.cn', 'a@c.cn\r\nBcc: x@y.cn', '张 <a@b.cn>', ''].map(isMail)).toEqual(
      Array(6).fill(false),
    )
  })
  test('a hint opens nothing', () => {
    expect(hintOf('email', 'lisi@example.cn')).toBe('l***@example.cn')
    expect(hintOf('wecom', 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123456789')).not.toContain('6789')
  })
  test('settings of mail that cannot be meant are told by name', () => {
    expect(readMail({})).toBeUndefined()
    expect(readMail({ VIGIL_SMTP_URL: 'smtps://h:465', VIGIL_SMTP_FROM: 'a@b.cn' })).toEqual({
      url: 'smtps://h:465',
      from: 'a@b.cn',
    })
    expect(() => readMail({ VIGIL_SMTP_URL: 'http://h', VIGIL_SMTP_FROM: 'a@b.cn' })).toThrow('VIGIL_SMTP_URL')
    expect(() => readMail({ VIGIL_SMTP_URL: 'smtp://h' })).toThrow('VIGIL_SMTP_FROM')
  })
})
