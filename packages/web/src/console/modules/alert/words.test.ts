import { expect, test } from 'vitest'
import { clockOf, findingText, placeText, spanText } from './words.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString()
const now = (minute: number) => Date.parse(at(minute))

test('the clock says how long is left, how long it is over, and how long it took', () => {
  const open = { openedAt: at(0), dueAt: at(60), answeredAt: null, state: 'new' as const }
  expect(clockOf(open, now(10))).toEqual({ text: '剩余 50 分钟', tone: 'info' })
  expect(clockOf(open, now(50)).tone).toBe('warn')
  expect(clockOf(open, now(150))).toEqual({ text: '已超时 1 小时 30 分', tone: 'bad' })
  expect(clockOf({ ...open, answeredAt: at(30), state: 'taken' }, now(999))).toEqual({
    text: '30 分钟后响应',
    tone: 'good',
  })
  expect(clockOf({ ...open, answeredAt: at(90), state: 'taken' }, now(999)).text).toBe('1 小时 30 分后响应，超时')
  expect(clockOf({ ...open, state: 'faded' }, now(999)).text).toBe('无人响应')
})

test('places, findings and spans in words', () => {
  const place = (name: string) => ({ kind: 'county' as const, code: name, name })
  expect(placeText({ places: ['甲', '乙'].map(place), beyond: 1 })).toBe('甲、乙（另有辖区外 1 个县）')
  expect(placeText({ places: ['甲', '乙', '丙', '丁'].map(place), beyond: 0 })).toBe('甲、乙、丙 等 4 处')
  expect(findingText({ finding: 'explained', explanation: 'promotion' })).toBe('有合理解释 · 促销')
  expect(findingText({ finding: null, explanation: null })).toBe('—')
  expect([3 * 1440, 120, 125, 59].map(spanText)).toEqual(['3 天', '2 小时', '2 小时 5 分', '59 分钟'])
})
