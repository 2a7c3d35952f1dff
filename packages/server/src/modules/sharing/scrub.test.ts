import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scrub } from './scrub.domain.ts'

test.each([
  ['{"msg":"证件 350582199001011234 重复"}', '{"msg":"证件 ＊ 重复"}'],
  ['电话 138 0013 8000，备用 0595-85600000', '电话 ＊，备用 ＊'],
  ['{"name":"林小明","userName":"a\\"b","age":30}', '{"name":"＊","userName":"＊","age":30}'],
  ['{"姓名": "林小明", "code": 500}', '{"姓名": "＊", "code": 500}'],
  ['passport E12345678 exists', 'passport ＊ exists'],
  ['<!DOCTYPE html><html><script>var a=1</script><h1>请登录</h1>\n<p>内网</p>', '请登录 内网'],
  ['a\u0000b\r\n\tc', 'a b c'],
])('%j is kept as %j', (answer, kept) => {
  expect(scrub(answer)).toBe(kept)
})

test('a secret that is echoed is not kept', () => {
  expect(scrub('bad token Bearer s3cr3t!', ['Bearer s3cr3t!'])).toBe('bad token ＊')
})

test('at most 500 characters, no run of seven digits and no mobile, wherever it stands', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 6000 }), fc.string({ maxLength: 600 }), (before, after) => {
      const kept = scrub(`${before}13800138000${after}`)
      expect(kept.length).toBeLessThanOrEqual(500)
      expect(kept).not.toMatch(/\d{7}/)
    }),
  )
})
