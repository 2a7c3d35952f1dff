import type { AreaNode } from '@vigil/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AreaNames } from '../area/index.ts'
import { accountParser } from './account.line.ts'

const area = (code: string, name: string, path: string, parent: string | null): AreaNode => ({
  code,
  name,
  level: 'county',
  parent,
  path,
  lon: null,
  lat: null,
  standard: true,
})
const areas = [
  area('350500', '泉州市', '/350500/', null),
  area('350582', '晋江市', '/350500/350582/', '350500'),
  area('350582S01', '青阳所', '/350500/350582/350582S01/', '350582'),
  area('350583', '南安市', '/350500/350583/', '350500'),
  area('350582S02', '城关所', '/350500/350582/350582S02/', '350582'),
  area('350582S03', '城关所', '/350500/350582/350582S03/', '350582'),
]
const roles = [
  { code: 'viewer', name: '只读' },
  { code: 'officer', name: '所级监管' },
  { code: 'a', name: '同名' },
  { code: 'b', name: '同名' },
]
const scope = ['/350500/350582/']
const parser = () => accountParser(roles, new AreaNames(areas), scope)
const row = (change: Record<string, string> = {}) => ({
  username: 'Lin.Xiaoming',
  displayName: '林小明',
  role: '只读',
  area: '晋江市',
  store: '',
  ...change,
})

test('a line gives every role in every area, by name or code, each once', () => {
  expect(parser()(row({ role: '只读，OFFICER、只读', area: '350582s01；晋江市' }), 2)).toEqual({
    ok: {
      username: 'lin.xiaoming',
      displayName: '林小明',
      roles: '只读、所级监管',
      areas: '青阳所、晋江市',
      grants: [
        { roleCode: 'viewer', areaCode: '350582S01' },
        { roleCode: 'officer', areaCode: '350582S01' },
        { roleCode: 'viewer', areaCode: '350582' },
        { roleCode: 'officer', areaCode: '350582' },
      ],
    },
  })
})

test.each([
  ['a name that two roles bear', { role: '同名' }, 'role', /有 2 个叫“同名”的角色/],
  ['a name that two areas bear', { area: '城关所' }, 'area', /有 2 个叫“城关所”的区划/],
  ['an area above the own one', { area: '泉州市' }, 'area', /不存在，或不在您的管辖范围内/],
  ['an area beside the own one', { area: '350583' }, 'area', /不存在，或不在您的管辖范围内/],
  ['a short user name', { username: '林' }, 'username', /3 至 60 位/],
  ['no role', { role: '、' }, 'role', /请填写角色/],
  ['no area', { area: ' ' }, 'area', /请填写区划/],
  ['a store in two areas', { store: 'S-1', area: '晋江市、青阳所' }, 'store', /只能填该药店所在的一个/],
])('%s is refused with the reason', (_name, change, column, message) => {
  const parsed = parser()(row(change), 2)
  expect(parsed).toEqual({ errors: [{ column, message: expect.stringMatching(message) }] })
})

test('a name that stood in a row of an earlier attempt is remembered', () => {
  const parse = parser()
  parse(row(), undefined)
  expect(parse(row({ username: 'LIN.XIAOMING' }), 7)).toEqual({
    errors: [{ column: 'username', message: '与前面一行的用户名相同，请删除其中一行' }],
  })
})

test('whatever a file says, no user name is taken twice and no grant leaves the own area', () => {
  const cell = (list: readonly string[]) =>
    fc
      .array(fc.oneof(fc.constantFrom(...list), fc.string({ maxLength: 8 })), { maxLength: 4 })
      .map((all) => all.join('、'))
  const line = fc.record({
    username: fc.oneof(fc.constantFrom('abc', 'ABC', 'a.b', 'ａｂｃ'), fc.string({ maxLength: 70 })),
    displayName: fc.string({ maxLength: 70 }),
    role: cell(roles.flatMap(({ code, name }) => [code, name])),
    area: cell(areas.flatMap(({ code, name }) => [code, name])),
    store: fc.constantFrom('', 'S-1'),
  })
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const parse = parser()
      const taken = lines
        .map((each, at) => parse(each, at + 2))
        .flatMap((parsed) => ('ok' in parsed ? [parsed.ok] : []))
      expect(new Set(taken.map(({ username }) => username)).size).toBe(taken.length)
      for (const { username, grants } of taken) {
        expect(username).toMatch(/^[a-z0-9._-]{3,60}$/)
        expect(grants.length).toBeGreaterThan(0)
        expect(grants.length).toBeLessThanOrEqual(20)
        for (const { areaCode } of grants) expect(areas.find(({ code }) => code === areaCode)?.path).toMatch(scope[0]!)
      }
    }),
  )
})
