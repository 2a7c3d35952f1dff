import { ApiError } from '@vigil/contract/client'
import { expect, test } from 'vitest'
import { fieldMessages, pathOf, problemOf } from './problem.ts'

const error = new ApiError({
  type: 'about:blank',
  title: '填写有误',
  status: 422,
  code: 'invalid',
  errors: [
    { pointer: '/changes/person/mobile', detail: '手机号应为 11 位' },
    { pointer: '/changes/person/mobile', detail: '号段不存在' },
    { pointer: '/reason', detail: '请填写理由' },
  ],
})

test('a pointer becomes the path of a form field', () => {
  expect(pathOf('/grants/0/areaCode')).toEqual(['grants', 0, 'areaCode'])
  expect(pathOf('/body/reason')).toEqual(['reason'])
  expect(pathOf('#/a~1b/~0c')).toEqual(['a/b', '~c'])
  expect(pathOf('')).toEqual([])
})

test('messages of one field are kept together and can be moved to the form', () => {
  expect(fieldMessages(error)).toEqual([
    { name: ['changes', 'person', 'mobile'], errors: ['手机号应为 11 位', '号段不存在'] },
    { name: ['reason'], errors: ['请填写理由'] },
  ])
  expect(fieldMessages(error, (path) => (path[0] === 'changes' ? path.slice(1) : undefined))).toHaveLength(1)
})

test('what is no answer of the server still says something', () => {
  expect(problemOf(new TypeError('x is undefined')).title).toBe('页面出错')
  expect(problemOf(error).code).toBe('invalid')
})
