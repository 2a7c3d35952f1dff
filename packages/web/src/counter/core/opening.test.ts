import type { CheckIn, OwnOpening } from '@vigil/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openingCount, saidOf, sendable, shanghaiDay } from './opening.ts'

const day = '2026-11-23'
const at = (time: string) => new Date(`${day}T${time}:00+08:00`).toISOString()
const entry = (id: string, time: string): CheckIn => ({ id, state: 'open', saidAt: at(time) })
const own = (...ids: [string, string][]): OwnOpening => ({
  day,
  storeCode: 'STORE-A',
  before: '10:00',
  entries: ids.map(([id, time]) => ({
    id,
    state: 'closed',
    reason: 'holiday',
    note: '',
    backOn: null,
    source: 'counter',
    saidAt: at(time),
    receivedAt: at(time),
    actor: '店员',
  })),
})

test('the latest statement comes first, whether it was sent or waits', () => {
  const said = saidOf(day, own(['a', '08:00'], ['b', '09:00']), [entry('b', '09:00'), entry('c', '09:30')])
  expect(said.map(({ saidAt, waiting }) => [saidAt, waiting])).toEqual([
    [at('09:30'), true],
    [at('09:00'), false],
    [at('08:00'), false],
  ])
  expect(saidOf('2026-11-24', own(['a', '08:00']), [])).toEqual([])
})

test('one has to check in, and is late after ten', () => {
  expect(openingCount(day, Date.parse(at('09:59')), [])).toEqual({ open: 1, overdue: 0 })
  expect(openingCount(day, Date.parse(at('10:00')), [])).toEqual({ open: 1, overdue: 1 })
  expect(openingCount(day, Date.parse(at('10:00')), saidOf(day, null, [entry('a', '08:00')]))).toEqual({
    open: 0,
    overdue: 0,
  })
})

test('the day is that of Shanghai', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }), (date) => {
      const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short' }).format(date)
      expect(shanghaiDay(date.getTime())).toBe(shown)
    }),
  )
})

test('what is older than three days is given up', () => {
  const waiting = [entry('a', '08:00')]
  expect(sendable(waiting, Date.parse(at('08:00')) + 3 * 86_400_000 - 1)).toHaveLength(1)
  expect(sendable(waiting, Date.parse(at('08:00')) + 3 * 86_400_000)).toHaveLength(0)
})
