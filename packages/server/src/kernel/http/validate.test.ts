import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { compile, fieldErrors } from './validate.ts'

const closed = { additionalProperties: false } as const
const person = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 5 }), age: Type.Optional(Type.Integer({ minimum: 0 })) },
  closed,
)
const schema = Type.Object(
  {
    person,
    day: Type.Optional(Type.String({ format: 'date' })),
    tags: Type.Optional(Type.Array(Type.String({ enum: ['a', 'b'] }), { maxItems: 2, uniqueItems: true })),
    level: Type.Optional(Type.Union([Type.Integer({ maximum: 9 }), Type.Null()])),
  },
  closed,
)
const check = compile(schema, 'body')
const told = (value: unknown) => {
  const good = check(value)
  return good ? [] : fieldErrors(check.errors).map(({ pointer, code, detail }) => `${pointer} ${code} ${detail}`)
}

describe('a body', () => {
  test.each<[unknown, string[]]>([
    [{ person: { name: '林' } }, []],
    [{ person: { name: '林' }, level: null }, []],
    [{}, ['/person required 必填']],
    [{ person: {} }, ['/person/name required 必填']],
    [{ person: { name: '' } }, ['/person/name minLength 不能为空']],
    [{ person: { name: '林林林林林林' } }, ['/person/name maxLength 最多 5 个字符']],
    [{ person: { name: 5 } }, ['/person/name type 应为文本']],
    [{ person: { name: '林', age: '5' } }, ['/person/age type 应为整数']],
    [{ person: { name: '林', age: -1 } }, ['/person/age minimum 不能小于 0']],
    [{ person: { name: '林', height: 1 } }, ['/person/height additionalProperties 不认识的字段 height']],
    [{ person: { name: '林' }, day: '2026-02-30' }, ['/day format 格式应为日期(YYYY-MM-DD)']],
    [{ person: { name: '林' }, tags: ['c'] }, ['/tags/0 enum 只能是：a、b']],
    [{ person: { name: '林' }, tags: ['a', 'a'] }, ['/tags uniqueItems 有重复的项']],
    [{ person: { name: '林' }, level: 10 }, ['/level maximum 不能大于 9']],
    [{ person: { name: '林' }, level: 'x' }, ['/level type 应为整数']],
    [{ person: { name: 'a\0' } }, ['/person/name storable 含有无法保存的字符，请删除后重新输入']],
    [{ person: { name: '\ud83d' } }, ['/person/name storable 含有无法保存的字符，请删除后重新输入']],
    [{ person: { name: '👍' } }, []],
    [[], [' type 应为对象']],
  ])('%j', (value, expected) => {
    expect(told(value)).toEqual(expected)
  })

  test('tells all wrong fields at once, each once, at most a hundred', () => {
    expect(told({ person: { name: '', age: -1 }, day: 'x', tags: ['c', 'd', 'e'] }).length).toBeGreaterThanOrEqual(6)
    const many = compile(Type.Array(Type.Integer()), 'body')
    expect(many(Array.from({ length: 500 }, () => 'x'))).toBe(false)
    expect(fieldErrors(many.errors)).toHaveLength(100)
  })
})

test('what comes as text is converted, a body is not', () => {
  const query = compile(
    Type.Object({ limit: Type.Integer({ default: 50 }), on: Type.Optional(Type.Boolean()) }),
    'querystring',
  )
  const value: Record<string, unknown> = { limit: '20', on: 'true' }
  expect(query(value)).toBe(true)
  expect(value).toEqual({ limit: 20, on: true })
  const empty: Record<string, unknown> = {}
  expect(query(empty) && empty.limit).toBe(50)
  expect(query({ limit: '20a' })).toBe(false)
})

test('the schema that was given stays as it is', () => {
  expect(JSON.stringify(schema)).not.toContain('storable')
})
