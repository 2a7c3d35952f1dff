import { expect, test } from 'vitest'
import { periodOf } from './period.ts'
import { mostViews, readViews, searchOf, viewOf, withView } from './views.ts'

test('a preset moves along with the calendar, picked days stay', () => {
  const moving = viewOf('近一周发热', { ...periodOf('7'), fever: '1', open: 'x' })
  expect(moving).toMatchObject({ preset: '7', search: { fever: '1' } })
  expect(moving.search).not.toHaveProperty('open')
  expect(searchOf(moving)).toMatchObject({ ...periodOf('7'), fever: '1' })
  const fixed = viewOf('春节', { from: '2022-01-31', to: '2022-02-06' }, ['soldAt'])
  expect(fixed.preset).toBeUndefined()
  expect(searchOf(fixed)).toMatchObject({ from: '2022-01-31', to: '2022-02-06' })
  expect(readViews(JSON.stringify([moving, fixed])).map(searchOf)).toMatchObject([searchOf(moving), searchOf(fixed)])
})

test('what is malformed on the device is left out', () => {
  expect(readViews(null)).toEqual([])
  expect(readViews('{')).toEqual([])
  expect(readViews('{"name":"a"}')).toEqual([])
  const kept = [
    null,
    7,
    { name: '' },
    { name: '甲' },
    { name: '乙', search: { area: '<x>', q: 5 }, preset: 'soon', columns: [1, 'a'] },
  ]
  const [only, ...rest] = readViews(JSON.stringify(kept))
  expect(rest).toEqual([])
  expect(only).toMatchObject({ name: '乙', columns: ['a'] })
  expect(only?.search.area).toBeUndefined()
  expect(only?.preset).toBeUndefined()
})

test('the same name replaces, and the oldest makes room', () => {
  const of = (name: string, q: string) => viewOf(name, { q })
  expect(withView([of('甲', '1')], of('甲', '2')).map(({ search }) => search.q)).toEqual(['2'])
  const many = Array.from({ length: mostViews }, (_, index) => of(`v${index}`, ''))
  const next = withView(many, of('新', ''))
  expect(next).toHaveLength(mostViews)
  expect(next.at(-1)?.name).toBe('新')
  expect(next[0]?.name).toBe('v1')
})
