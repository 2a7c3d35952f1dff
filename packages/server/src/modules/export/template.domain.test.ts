import type { MappedColumn } from '@vigil/contract'
import { expect, test } from 'vitest'
import { withLiterals } from '../../kernel/db/index.ts'
import { formatDate, makerOf } from './export.column.ts'
import { bindColumns, guessColumns, type Head, problemsOf } from './template.domain.ts'

const heads: Head[] = [
  { column: 1, cell: 'A4', text: '序号', merge: null },
  { column: 2, cell: 'B4', text: '购药人 / 姓名', merge: null },
  { column: 3, cell: 'C4', text: '购药人 / 电话', merge: null },
]
const fields = [
  { key: 'name', name: '姓名' },
  { key: 'mobile', name: '手机号' },
]
const columns = bindColumns(guessColumns(heads, fields), heads)
const check = (present: Head[] | undefined, mapped: MappedColumn[] = columns) =>
  problemsOf({ sheet: '直报表', columns: mapped }, { sheets: ['直报表 (2)', '说明'], heads: present }, fields)

test('known heads are mapped, and the same workbook has no problem', () => {
  expect(columns.map(({ source, field }) => field ?? source)).toEqual(['number', 'name', 'mobile'])
  expect(check(heads)).toEqual([])
})

test('a renamed sheet is told with the sheets that there are', () => {
  const [problem] = check(undefined)
  expect(problem).toMatchObject({ code: 'sheet-missing' })
  expect(problem?.detail).toMatch(/“直报表”.*“直报表 \(2\)”、“说明”/)
})

test('a head cell that was merged, or taken out of its merge, is told with its cells', () => {
  const merged = heads.map((head) =>
    head.column > 1 ? { ...head, cell: 'B4', text: '购药人 / 姓名', merge: 'B4:C4' } : head,
  )
  expect(check(merged).map(({ code, detail }) => [code, /B4:C4/.test(detail)])).toEqual([
    ['head-merged', true],
    ['head-merged', true],
  ])
  const before = columns.map((column) => (column.column === 2 ? { ...column, merge: 'B4:C4' } : column))
  expect(check(heads, before)).toMatchObject([{ code: 'head-merged', column: 2, cell: 'B4' }])
})

test('a deleted column, a field that is no more, and a mapping of nothing are told', () => {
  expect(check(heads.slice(0, 2))).toMatchObject([{ code: 'column-missing', column: 3, cell: 'C4' }])
  const odd = columns.map((column) => (column.column === 2 ? { ...column, field: 'nothing' } : column))
  expect(check(heads, odd)).toMatchObject([{ code: 'field-unknown', column: 2 }])
  expect(check(heads, []).map(({ code }) => code)).toEqual(['empty'])
})

test('dates, decimals, codes with a default, and fields put together', () => {
  const at = new Date('2022-03-01T16:05:09Z')
  expect(formatDate(at, 'YYYY年M月D日 HH:mm:ss')).toBe('2022年3月2日 00:05:09')
  const list = new Map(
    [
      { key: 'at', name: '时间', type: 'datetime' as const, value: () => at },
      { key: 'n', name: '数', type: 'integer' as const, value: () => 3 },
      { key: 's', name: '症状', type: 'text' as const, value: () => '发热、皮疹' },
      { key: 'e', name: '空', type: 'text' as const, value: () => '' },
    ].map((field) => [field.key, field]),
  )
  const cell = (column: object) =>
    makerOf(list, { column: 1, source: 'field', ...column } as never, '', false).make({}, 7)
  expect(cell({ field: 'at', pattern: 'YYYYMMDDHHmm' })).toBe('202203020005')
  expect(cell({ field: 'n', decimals: 2 })).toBe('3.00')
  expect(cell({ field: 's', codes: [{ value: '发热', code: '1' }], otherwise: '9' })).toBe('1、9')
  expect(cell({ source: 'join', fields: ['s', 'e', 'n'], separator: '；' })).toBe('发热、皮疹；3')
  expect(cell({ source: 'number' })).toBe(7)
})

test('a parameter written out is data, whatever it holds', () => {
  const parameters = ["a'; drop table x; --\\", ['b"', "c'"], Buffer.from([1, 255]), true, null]
  expect(withLiterals({ sql: 'select $1, $2::text[], $3, $4, $5', parameters })).toBe(
    String.raw`select  E'a''; drop table x; --\\', ARRAY['b"','c''']::text[], '\x01ff'::bytea, true, NULL`,
  )
})
