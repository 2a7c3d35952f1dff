import { expect, test } from 'vitest'
import { deliveryState, destinationState, scheduleText } from './words.ts'

test('a schedule is read aloud', () => {
  expect(scheduleText({ every: 'day', at: '06:30' })).toBe('每天 06:30')
  expect(scheduleText({ every: 'hours', hours: 4 })).toBe('每 4 小时')
  expect(scheduleText({ every: 'week', weekday: 7, at: '08:00' })).toBe('每周日 08:00')
})

test('what could not be delivered comes before everything else', () => {
  expect(destinationState({ state: 'paused', dead: 2, failing: 1 })).toEqual({ name: '2 次未送达', tone: 'bad' })
  expect(destinationState({ state: 'active', dead: 0, failing: 1 })).toEqual({ name: '1 次待重试', tone: 'warn' })
  expect(destinationState({ state: 'paused', dead: 0, failing: 0 }).name).toBe('已暂停')
  expect(destinationState({ state: 'active', dead: 0, failing: 0 }).name).toBe('正常')
})

test('a delivery that failed and waits is not shown as under way', () => {
  expect(deliveryState({ status: 'waiting', error: '接收方超时' }).name).toBe('失败待重试')
  expect(deliveryState({ status: 'waiting', error: null }).name).toBe('推送中')
  expect(deliveryState({ status: 'held', error: '无明文导出权限' })).toEqual({ name: '已暂缓', tone: 'bad' })
  expect(deliveryState({ status: 'dead', error: '接收方超时' })).toEqual({ name: '未送达', tone: 'bad' })
})
