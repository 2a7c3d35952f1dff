import { expect, test } from 'vitest'
import { deliveryState, quietText, targetState } from './words.ts'

test('a failure that is tried again is told from a message that waits, and from one given up', () => {
  expect(deliveryState({ status: 'waiting', error: null }).name).toBe('待推送')
  expect(deliveryState({ status: 'waiting', error: '连不上' })).toEqual({ name: '失败待重试', tone: 'warn' })
  expect(deliveryState({ status: 'dead', error: '连不上' })).toEqual({ name: '推送失败', tone: 'bad' })
})

test('a target is known for what it could not get, until it gets something again', () => {
  const last = (status: 'sent' | 'dead') => ({ status, at: '', error: null })
  expect(targetState({ active: true, dead: 2, last: last('dead') }).name).toBe('2 条未送达')
  expect(targetState({ active: true, dead: 2, last: last('sent') }).name).toBe('正常')
  expect(targetState({ active: false, dead: 2, last: null }).name).toBe('已停用')
  expect(quietText({ quiet: { from: '22:00', to: '07:00' } })).toBe('22:00 至 07:00 免打扰')
})
