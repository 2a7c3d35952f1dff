import { describe, expect, test } from 'vitest'
import { allAreas, areaName, areaPath, childrenOf, demoCities, findArea, homeArea } from './areas.ts'
import { FORMER_PREFIXES } from './areas-former.ts'

describe('tree of GB/T 2260', () => {
  test.each([
    ['350000', '福建省'],
    ['350500', '福建省泉州市'],
    ['350582', '福建省泉州市晋江市'],
    ['110105', '北京市朝阳区'],
    ['500229', '重庆市城口县'],
    ['419001', '河南省济源市'],
    ['469001', '海南省五指山市'],
    ['659001', '新疆维吾尔自治区石河子市'],
    ['441900', '广东省东莞市'],
    ['810000', '香港特别行政区'],
    ['350501', undefined],
    ['419000', undefined],
    ['999999', undefined],
  ])('%s is %s', (code, name) => {
    expect(areaName(code)).toBe(name)
  })

  test('levels and parents', () => {
    expect(findArea('350582')).toEqual({
      code: '350582',
      name: '晋江市',
      level: 'county',
      parent: '350500',
      standard: true,
    })
    expect(findArea('110105')?.parent).toBe('110000')
    expect(findArea('419001')?.parent).toBe('410000')
    expect(findArea('430271')?.standard).toBe(false)
    expect(areaPath('350582').map((area) => area.level)).toEqual(['province', 'city', 'county'])
  })

  test('34 provinces; 16 districts in Beijing and Shanghai, 38 units in Chongqing', () => {
    expect(childrenOf('')).toHaveLength(34)
    expect([childrenOf('110000').length, childrenOf('310000').length, childrenOf('500000').length]).toEqual([
      16, 16, 38,
    ])
    expect(childrenOf('350500').map((area) => area.name)).toHaveLength(12)
    expect(childrenOf('nowhere')).toEqual([])
  })

  test('every area has a known parent of a higher level and a code of its own', () => {
    const rank = { province: 0, city: 1, county: 2 }
    const all = allAreas()
    expect(new Set(all.map((area) => area.code)).size).toBe(all.length)
    for (const area of all) {
      if (area.parent === undefined) expect(area.level).toBe('province')
      else expect(rank[findArea(area.parent)!.level]).toBeLessThan(rank[area.level])
    }
  })
})

describe('home area of a citizen ID', () => {
  test.each([
    ['350582', '福建省泉州市晋江市', true],
    ['35058219900101123X', '福建省泉州市晋江市', true],
    // 株洲县, 渌口区 since 2018
    ['430221', '湖南省株洲市', false],
    // 晋江县 in 晋江地区, 泉州市 since 1985
    ['352421', '福建省泉州市', false],
    // 临汾地区, a city since 2000
    ['142601', '山西省临汾市', false],
    // 重庆市 within 四川省 until 1997
    ['510212', '重庆市', false],
    ['110229', '北京市', false],
    ['140321', '山西省阳泉市平定县', true],
    ['142521', '山西省', false],
  ])('%s → %s', (prefix, name, exact) => {
    expect(homeArea(prefix)).toMatchObject({ name, exact })
  })

  test('an unknown province or too few digits have none', () => {
    expect(homeArea('990101')).toBeUndefined()
    expect(homeArea('3505')).toBeUndefined()
  })

  test('every former prefecture leads to a living city and is not a living prefix itself', () => {
    for (const [prefix, code] of Object.entries(FORMER_PREFIXES)) {
      expect(findArea(code), `${prefix} → ${code}`).toBeDefined()
      expect(findArea(`${prefix}00`), prefix).toBeUndefined()
    }
  })
})

describe('demonstration cities', () => {
  test('Quanzhou has its 13 county-level units, two of them zones without a standard code', () => {
    const quanzhou = demoCities.find((city) => city.id === 'quanzhou')!
    expect(quanzhou.counties).toHaveLength(13)
    expect(quanzhou.counties.filter((county) => !county.standard).map((county) => county.name)).toEqual([
      '泉州开发区',
      '泉州台商投资区',
    ])
  })

  test('codes and names agree with GB/T 2260, zones do not collide with it', () => {
    for (const city of demoCities) {
      expect(findArea(city.code)).toMatchObject({ name: city.name, parent: city.provinceCode })
      for (const { code, name, standard } of city.counties) {
        if (standard) expect(findArea(code)).toMatchObject({ name, parent: city.code })
        else expect(findArea(code)).toBeUndefined()
      }
    }
    expect(demoCities.map((city) => city.counties.length)).toEqual([13, 9, 6, 17])
  })

  test('every standard county of the city but Kinmen is there, within 1.5 degrees of the centre', () => {
    for (const city of demoCities) {
      const expected = childrenOf(city.code).filter((area) => area.standard && area.name !== '金门县')
      const listed = city.counties.filter((county) => county.standard).map((county) => county.code)
      expect(listed.sort()).toEqual(expected.map((area) => area.code))
      for (const { lon, lat } of city.counties)
        expect(Math.max(Math.abs(lon - city.lon), Math.abs(lat - city.lat))).toBeLessThan(1.5)
    }
  })
})
