import type { Scope } from '../../kernel/db/index.ts'
import type { AreaFacts } from './reference.table.ts'
import type { Reference } from './reference.ts'

export type FoundArea = { readonly area: AreaFacts; readonly county: string } | { readonly problem: string }

/** The county in which an area lies; undefined above counties. */
export function countyOf(reference: Pick<Reference, 'area'>, area: Pick<AreaFacts, 'path'>): string | undefined {
  return area.path.split('/').find((code) => code !== '' && reference.area(code)?.level === 'county')
}

const inScope = (area: AreaFacts, scope: Scope) => scope.some((path) => area.path.startsWith(path))

/**
 * Finds areas for one import: by code, by own name, or by name with those above it (晋江市青阳市场监督管理所). Only areas in
 * the scope exist; a name that several of them bear has to be replaced by the code.
 */
export function areaFinder(reference: Reference, scope: Scope): (county: string, office: string) => FoundArea {
  const byName = new Map<string, AreaFacts[]>()
  const add = (name: string, area: AreaFacts) => {
    const list = byName.get(name)
    if (!list) byName.set(name, [area])
    else if (!list.includes(area)) list.push(area)
  }
  for (const area of reference.areas()) {
    if (!inScope(area, scope)) continue
    let name = ''
    for (const step of area.path.split('/').filter(Boolean).reverse()) {
      name = reference.areaName(step) + name
      add(name, area)
    }
  }
  const one = (text: string, below: string): AreaFacts | string => {
    const code = reference.area(text.toUpperCase())
    const found = (code ? [code] : (byName.get(text.replace(/\s/g, '')) ?? [])).filter(
      (area) => inScope(area, scope) && area.path.startsWith(below),
    )
    const [first, second] = found
    if (!first) return `“${text}”不存在，或不在您的管辖范围内`
    return second ? `有多个“${text}”，请填写区划代码` : first
  }
  return (countyText, officeText) => {
    if (countyText === '' && officeText === '') return { problem: '请填写区县或监管所' }
    const outer = countyText === '' ? undefined : one(countyText, '/')
    // One may write the county although one's own area is an office inside it.
    const known = outer === undefined || typeof outer === 'string' ? undefined : outer
    if (typeof outer === 'string' && officeText === '') return { problem: outer }
    const inner = officeText === '' ? known : one(officeText, known?.path ?? '/')
    if (inner === undefined || typeof inner === 'string') return { problem: inner ?? '请填写区县或监管所' }
    if (
      typeof outer === 'string' &&
      !reference.areaFullName(inner.code).includes(countyText) &&
      !inner.path.includes(`/${countyText}/`)
    )
      return { problem: outer }
    const county = countyOf(reference, inner)
    return county === undefined
      ? { problem: `“${inner.name}”不是区县或监管所，请填写到区县或监管所` }
      : { area: inner, county }
  }
}
