import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkReplies, isOverdue, type Question } from './notice.domain.ts'

const questions: Question[] = [
  { code: 'cause', text: '原因', kind: 'text', required: true },
  { code: 'when', text: '何时', kind: 'choice', required: true, options: ['今天', '明天'] },
  { code: 'count', text: '几笔', kind: 'number', required: false },
]
const codes = (replies: { code: string; value: string }[]) => checkReplies(questions, replies).map(({ code }) => code)
const whole = [
  { code: 'cause', value: '漏登' },
  { code: 'when', value: '今天' },
]

test('answers are taken when every required question has one that fits', () => {
  expect(codes(whole)).toEqual([])
  expect(codes([...whole, { code: 'count', value: '12' }])).toEqual([])
})

test('what is missing, unknown, repeated or does not fit is named', () => {
  expect(codes(whole.slice(1))).toEqual(['required'])
  expect(codes([...whole, { code: 'other', value: 'x' }])).toEqual(['unknown'])
  expect(codes([...whole, whole[0]!])).toEqual(['repeated'])
  expect(codes([whole[0]!, { code: 'when', value: '后天' }])).toEqual(['choice'])
  expect(codes([...whole, { code: 'count', value: '十二' }])).toEqual(['number'])
  expect(codes([{ code: 'cause', value: '  ' }, whole[1]!])).toEqual(['required'])
})

test('no set of answers passes without the required ones', () => {
  const reply = fc.record({
    code: fc.constantFrom('cause', 'when', 'count', 'x'),
    value: fc.constantFrom('今天', '1', 'a', ' '),
  })
  fc.assert(
    fc.property(fc.array(reply, { maxLength: 5 }), (replies) => {
      const ok = codes(replies).length === 0
      const given = (code: string, fits: (value: string) => boolean) =>
        replies.filter((one) => one.code === code && fits(one.value)).length === 1
      if (ok) expect(given('cause', (v) => v.trim() !== '') && given('when', (v) => v === '今天')).toBe(true)
    }),
  )
})

test('a notice is late when it was not done by its due time; a withdrawn one never is', () => {
  const dueAt = new Date('2026-03-02')
  const [before, after] = [new Date('2026-03-01'), new Date('2026-03-03')]
  expect(isOverdue({ state: 'sent', dueAt, doneAt: null }, before)).toBe(false)
  expect(isOverdue({ state: 'sent', dueAt, doneAt: null }, after)).toBe(true)
  expect(isOverdue({ state: 'done', dueAt, doneAt: before }, after)).toBe(false)
  expect(isOverdue({ state: 'done', dueAt, doneAt: after }, after)).toBe(true)
  expect(isOverdue({ state: 'withdrawn', dueAt, doneAt: null }, after)).toBe(false)
  expect(isOverdue({ state: 'sent', dueAt: null, doneAt: null }, after)).toBe(false)
})
