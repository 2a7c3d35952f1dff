import { expect, test } from 'vitest'
import { causeText, dueText, eventText } from './words.ts'

test('time left and time passed are told in the unit that one would say', () => {
  const now = Date.parse('2022-12-20T00:00:00Z')
  const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString()
  expect(dueText(at(30), now)).toBe('剩 30 分钟')
  expect(dueText(at(90), now)).toBe('剩 1 小时')
  expect(dueText(at(-2880), now)).toBe('已超期 2 天')
  expect(dueText(null, now)).toBe('')
})

test('causes and events are told with their figures', () => {
  const cause = { grade: 'yellow', ruleVersion: 0, foundAt: '' } as const
  expect(causeText({ ...cause, kind: 'repeat', detail: { days: 7, stores: 2, purchases: 3 } })).toBe(
    '7 天内在 2 家药店购药 3 次',
  )
  expect(causeText({ ...cause, kind: 'fever', detail: { temperatureTenths: 391, symptoms: ['fever'] } })).toBe(
    '最高体温 39.1 ℃；症状：发热',
  )
  const event = { at: '', actor: '', causes: [], about: 'VGF-1', text: null, outcome: null }
  expect(eventText({ ...event, kind: 'handed' })).toBe('转交 VGF-1')
  expect(eventText({ ...event, kind: 'closed', about: null, outcome: 'sent' })).toBe('办结：已引导发热门诊')
})
