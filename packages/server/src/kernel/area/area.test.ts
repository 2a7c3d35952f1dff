import { findArea as findStandard } from '@vigil/codes/areas'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { within } from '../access/caller.ts'
import { type AreaInput, planAreas } from './area.domain.ts'
import { standardAreas } from './area.seed.ts'
import type { AreaRow } from './area.store.ts'

const county = (code: string, name: string, city = '350500'): AreaRow => ({
  code,
  name,
  level: 'county',
  parent: city,
  path: `/350000/${city}/${code}/`,
  lon: null,
  lat: null,
  standard: true,
})
const above: AreaRow[] = [
  {
    code: '350000',
    name: '福建省',
    level: 'province',
    parent: null,
    path: '/350000/',
    lon: null,
    lat: null,
    standard: true,
  },
  {
    code: '350500',
    name: '泉州市',
    level: 'city',
    parent: '350000',
    path: '/350000/350500/',
    lon: null,
    lat: null,
    standard: true,
  },
]
const known = [...above, county('350582', '晋江市'), county('350583', '南安市')]
const row = (rowNumber: number, level: AreaInput['level'], name: string, parent: string, code = ''): AreaInput => ({
  rowNumber,
  code,
  name,
  parent,
  level,
  lon: null,
  lat: null,
})
const everywhere = ['/350000/350500/']
const codes = (plan: ReturnType<typeof planAreas>) => plan.put.map((area) => area.code)

/** Codes of a subtree by walking down the parents: what a prefix of paths must give too. */
function descend(areas: readonly AreaRow[], root: string): Set<string> {
  const found = new Set([root])
  for (let size = 0; size !== found.size; ) {
    size = found.size
    for (const area of areas) if (area.parent !== null && found.has(area.parent)) found.add(area.code)
  }
  return found
}
const byPath = (areas: readonly AreaRow[], root: AreaRow) =>
  new Set(areas.filter((area) => within(area.path, root.path)).map((area) => area.code))

describe('national areas', () => {
  const all = standardAreas()
  const byCode = new Map(all.map((area) => [area.code, area]))

  test('hold the country, the two zones of Quanzhou and the centres of its counties', () => {
    expect(all.length).toBeGreaterThan(3_000)
    expect(all.filter((area) => area.parent === '350500').length).toBeGreaterThanOrEqual(13)
    expect(byCode.get('350572')).toMatchObject({
      name: '泉州台商投资区',
      standard: false,
      path: '/350000/350500/350572/',
    })
    expect(byCode.get('350582')).toMatchObject({ lon: 118.55, lat: 24.78, standard: true })
    // Districts of a municipality and counties run by a province stand directly below the province.
    expect(byCode.get('110101')?.path).toBe('/110000/110101/')
    expect(byCode.get('419001')?.path).toBe('/410000/419001/')
  })

  test('every path ends in the own code and begins with the path of the parent', () => {
    for (const area of all) {
      const parent = area.parent === null ? '/' : byCode.get(area.parent)?.path
      expect(area.path).toBe(`${parent}${area.code}/`)
      if (area.standard) expect(findStandard(area.code)?.name).toBe(area.name)
    }
  })

  test.each(['350000', '350500', '110000', '350582'])('a prefix of paths is the subtree of %s by parents', (code) => {
    expect(byPath(all, byCode.get(code)!)).toEqual(descend(all, code))
  })
})

describe('import', () => {
  test('makes codes in the order of the file, grids before their office too', () => {
    const rows = [
      row(2, 'grid', '第一网格', '青阳所'),
      row(3, 'office', '青阳所', '晋江市'),
      row(4, 'office', '池店所', '350582'),
      row(5, 'office', '溪美所', '福建省泉州市南安市', '350583S07'),
      row(6, 'office', '柳城所', '泉州市南安市'),
      row(7, 'grid', '第一网格', '池店所'),
    ]
    const plan = planAreas(known, rows, everywhere)
    expect(plan.problems).toEqual([])
    expect(codes(plan)).toEqual(['350582S01', '350582S02', '350583S07', '350583S08', '350582S01G01', '350582S02G01'])
    expect(plan.put[4]?.path).toBe('/350000/350500/350582/350582S01/350582S01G01/')
  })

  test('tells each bad row', () => {
    const more = [...known, county('350681', '晋江市', '350600')]
    const rows = [
      row(2, 'office', '甲所', '晋江市'),
      row(3, 'office', '乙所', '泉州市'),
      row(4, 'grid', '丙网格', '350582'),
      row(5, 'office', '丁所', '不存在市'),
      row(6, 'office', '戊所', '350582', '350582S01'),
      row(7, 'office', '己所', '350582', '350582S01'),
      row(8, 'office', '庚所', '350582', '350583'),
      row(9, 'grid', '辛网格', '350582S01', '350582S01'),
      row(10, 'office', '壬所', '350582', '110000S01'),
      row(11, 'office', '癸所', '350582'),
      row(12, 'office', '癸所', '350582'),
      row(13, 'grid', '甲', '乙', '350582X'),
      row(14, 'grid', '乙', '甲', '350582Y'),
    ]
    const plan = planAreas(more, rows, ['/350000/'], new Set(['110000S01']))
    expect(Object.fromEntries(plan.problems.map(({ rowNumber, message }) => [rowNumber, message]))).toEqual({
      2: expect.stringContaining('有 2 个叫“晋江市”'),
      3: '所的上级应为县（市、区），“泉州市”是市',
      4: '网格的上级应为所，“350582”是县（市、区）',
      5: expect.stringContaining('不存在'),
      7: '与第 6 行重复，请删除其中一行',
      8: expect.stringContaining('350583 已属于另一个区划（南安市）'),
      9: '上级不能是自己',
      10: '代码 110000S01 已被使用',
      12: '与第 11 行重复，请删除其中一行',
      13: expect.stringContaining('不存在'),
      14: expect.stringContaining('不存在'),
    })
    expect(codes(plan)).toEqual(['350582S01', '350582S02'])
  })

  test('an area above the sender may not be changed, one outside does not exist for him', () => {
    const plan = planAreas(
      known,
      [row(2, 'office', '甲所', '350583'), row(3, 'office', '乙所', '晋江市')],
      ['/350000/350500/350582/'],
    )
    expect(plan.problems.map(({ message }) => message)).toEqual(['上级“350583”不存在，或不在您的管辖范围内'])
    expect(codes(plan)).toEqual(['350582S01'])
  })

  const offices = fc.array(
    fc.record({ county: fc.constantFrom('350582', '350583'), name: fc.constantFrom('甲所', '乙所', '丙所', '丁所') }),
    { maxLength: 8 },
  )
  const grids = fc.array(
    fc.record({
      office: fc.constantFrom('甲所', '乙所', '丙所', '丁所'),
      name: fc.string({ minLength: 1, maxLength: 3 }),
    }),
    {
      maxLength: 12,
    },
  )

  test('any file gives a tree in which paths and parents agree, and a second import changes no code', () => {
    fc.assert(
      fc.property(offices, grids, (someOffices, someGrids) => {
        const rows = [
          ...someGrids.map(({ office, name }, at) => row(100 + at, 'grid', name, office)),
          ...someOffices.map(({ county: parent, name }, at) => row(at + 2, 'office', name, parent)),
        ]
        const { put, problems } = planAreas(known, rows, everywhere)
        expect(put.length + new Set(problems.map((problem) => problem.rowNumber)).size).toBe(rows.length)
        const all = [...known, ...put].sort((a, b) => (a.path < b.path ? -1 : 1))
        expect(new Set(all.map((area) => area.code)).size).toBe(all.length)
        for (const area of all) expect(byPath(all, area)).toEqual(descend(all, area.code))
        const bad = new Set(problems.map((problem) => problem.rowNumber))
        const again = planAreas(
          all,
          rows.filter((each) => !bad.has(each.rowNumber)),
          everywhere,
        )
        expect(again).toEqual({ put, problems: [] })
      }),
    )
  })
})
